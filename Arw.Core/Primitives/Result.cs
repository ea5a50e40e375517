using System.Diagnostics.CodeAnalysis;

namespace Arw.Core.Primitives;

/// <summary>Either a value or a <see cref="Refusal"/>. Both convert implicitly, so that methods simply return one of them.</summary>
/// <typeparam name="T">Type of the value.</typeparam>
public readonly struct Result<T>
{
    private readonly T? _value;

    private Result(T? value, Refusal? refusal)
    {
        _value = value;
        Refusal = refusal;
    }

    /// <summary>The refusal, or null when there is a value.</summary>
    public Refusal? Refusal { get; }

    /// <summary>True when there is a value.</summary>
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool Ok => Refusal is null;

    /// <summary>The value; asking a refusal for it is a fault of the caller.</summary>
    public T Value => Ok ? _value! : throw new InvalidOperationException($"No value, but a refusal: {Refusal}");

    /// <summary>The value when there is one, else the refusal; always exactly one of the two.</summary>
    public bool TryGet([MaybeNullWhen(false)] out T value, [NotNullWhen(false)] out Refusal? refusal)
    {
        value = _value;
        refusal = Refusal;
        return refusal is null;
    }

    /// <summary>Maps the value and passes a refusal on.</summary>
    public Result<TOut> Map<TOut>(Func<T, TOut> map) => Ok ? map(_value!) : Refusal;

    /// <summary>A result with a value.</summary>
    public static implicit operator Result<T>(T value) => new(value, null);

    /// <summary>A result without one.</summary>
    public static implicit operator Result<T>(Refusal refusal) => new(default, refusal);
}

/// <summary>The value of an operation that has nothing to say but that it worked.</summary>
public readonly record struct Done;
