using Arw.Core.Primitives;

namespace Arw.Core.Recipes;

/// <summary>One thing wrong in a manifest.</summary>
/// <param name="Line">Line in the file, from 1.</param>
/// <param name="Column">Column in the file, from 1, in characters.</param>
/// <param name="Path">Where, as a JSON pointer: <c>/workflows/0/tool</c>; empty for the whole file.</param>
/// <param name="Message">What is wrong; quotes the text.</param>
/// <param name="Expected">What was expected; null when the message says it all.</param>
public sealed record RecipeProblem(int Line, int Column, string Path, string Message, string? Expected = null)
{
    /// <inheritdoc/>
    public override string ToString() => $"line {Line}, column {Column}: {Message}{(Expected is null ? "" : $" Expected {Expected}.")}";
}

/// <summary>Collects problems in the order of the file.</summary>
internal sealed class ProblemList
{
    // A broken file of the greatest size must not become a report that nobody can read.
    private const int Most = 100;
    private readonly List<RecipeProblem> _problems = [];

    public bool Any => _problems.Count > 0;

    public IReadOnlyList<RecipeProblem> Sorted() => [.. _problems.OrderBy(p => p.Line).ThenBy(p => p.Column).Take(Most)];

    public void Add(int line, int column, string path, string message, string? expected = null) =>
        _problems.Add(new RecipeProblem(line, column, path, message, expected));

    public void Add(ManifestNode node, string message, string? expected = null) =>
        Add(node.Line, node.Column, node.Path, message, expected);

    /// <summary>The refusal that carries all of them.</summary>
    public static Refusal Refuse(string what, IReadOnlyList<RecipeProblem> problems) => Refusal.Invalid(
        problems.Count == 1 ? $"{what} has a problem: {problems[0]}" : $"{what} has {problems.Count} problems; the first: {problems[0]}",
        "Correct the manifest at the lines named and try again.",
        problems);
}
