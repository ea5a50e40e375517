namespace Arw.Bench.Report;

/// <summary>One thing that is measured, and its part of the results file.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Budget">What it must meet.</param>
/// <param name="Run">Measures it.</param>
internal sealed record Section(string Name, string Title, string Budget, Func<BenchOptions, Task<Table>> Run)
{
    /// <summary>True for what takes a quarter of an hour or more: run by its name only, never as one of <c>all</c>.</summary>
    public bool Long { get; init; }
}

/// <summary>What a section found.</summary>
/// <param name="Head">Names of the columns.</param>
/// <param name="Rows">Rows of cells.</param>
/// <param name="Note">How it was measured, in a sentence or two.</param>
internal sealed record Table(IReadOnlyList<string> Head, IReadOnlyList<IReadOnlyList<string>> Rows, string Note);
