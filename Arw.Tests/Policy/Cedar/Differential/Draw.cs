using CsCheck;

namespace Arw.Tests.Policy.Cedar.Differential;

/// <summary>Choices by chance, from the property test's own source of it: a failing case is found again by its seed.</summary>
internal sealed class Draw(PCG chance)
{
    public int Below(int count) => (int)chance.Next((uint)count);

    public bool OneIn(int count) => Below(count) == 0;

    public T Any<T>(params IReadOnlyList<T> values) => values[Below(values.Count)];

    /// <summary>Some of the values, in their order.</summary>
    public List<T> Some<T>(params IReadOnlyList<T> values) => [.. values.Where(_ => OneIn(2))];

    /// <summary>Some of the values and at least one.</summary>
    public List<T> OneOrMore<T>(params IReadOnlyList<T> values) => Some(values) is { Count: > 0 } some ? some : [Any(values)];

    public string[] Times(int most, Func<string> make) => [.. Enumerable.Range(0, Below(most + 1)).Select(_ => make())];
}
