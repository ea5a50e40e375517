using System.Diagnostics.CodeAnalysis;

namespace Arw.Core.Policy.Cedar;

/// <summary>What was read, or why it was not: never both.</summary>
public readonly struct CedarResult<T>
    where T : class
{
    private readonly IReadOnlyList<CedarError>? _errors;

    private CedarResult(T? value, IReadOnlyList<CedarError>? errors) => (Value, _errors) = (value, errors);

    /// <summary>What was read; null when there are errors.</summary>
    public T? Value { get; }

    /// <summary>What is wrong, in the order of the text; empty when there is a value.</summary>
    public IReadOnlyList<CedarError> Errors => _errors ?? [];

    /// <summary>True when there is a value.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    public bool Ok => Value is not null;

    /// <summary>What was read.</summary>
    public static implicit operator CedarResult<T>(T value) => new(value, null);

    /// <summary>What is wrong.</summary>
    public static implicit operator CedarResult<T>(CedarError error) => new(null, [error]);

    /// <summary>What is wrong; at least one error.</summary>
    public static implicit operator CedarResult<T>(List<CedarError> errors) => new(null, errors);

    /// <summary>The value.</summary>
    /// <exception cref="FormatException">There is none; its message holds all errors. For texts that are part of the program.</exception>
    public T OrThrow() => Value ?? throw new FormatException(string.Join(Environment.NewLine, Errors));
}
