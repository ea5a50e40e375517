using Arw.Core.Journal;
using Arw.Core.Projects;
using Arw.Core.State;

namespace Arw.Core.Memory.Taint;

/// <summary>Where content from outside has come in, or an action that may bring it in.</summary>
/// <param name="Id"><c>episode:CORR</c>, <c>agent:NAME</c>, <c>file:PROJECT/PATH</c> or <c>project:ID</c> (some file of it) or <c>state:ID</c> (something that its read models show; without an id, the home's); <c>action:ID</c> while such an action lives.</param>
/// <param name="How">What brought it in, in words, to follow "content came from outside: ".</param>
/// <param name="Seq">Seq of the event that shows it.</param>
public sealed record TaintRow(string Id, string How, long Seq)
{
    /// <summary>When.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>Project; null for an agent, which keeps what it has read wherever it works.</summary>
    public string? Project { get; init; }

    /// <summary>The episode in which it came in.</summary>
    public string? CorrId { get; init; }

    /// <summary>Who acts, of a living action; null otherwise.</summary>
    public string? Actor { get; init; }

    /// <summary>The file that a living action reads; null otherwise.</summary>
    public string? Path { get; init; }
}

/// <summary>The read model <c>taint</c>: which episodes, agents and files hold content from outside. Columns: project, time.</summary>
public sealed class TaintModel : TableModel<TaintRow>
{
    /// <inheritdoc/>
    public override string Id => "taint";

    /// <inheritdoc/>
    protected internal override IReadOnlyList<Column<TaintRow>> Columns { get; } =
    [
        new("project", t => t.Project),
        new("time", t => t.Time),
    ];

    /// <summary>Key of an episode's row.</summary>
    public static string Episode(string corrId) => $"episode:{corrId}";

    /// <summary>Key of a file's row: the subject of its events, so that it is known even where their payload was erased.</summary>
    /// <param name="project">Its project.</param>
    /// <param name="path">Its path, with or without <c>project://</c>.</param>
    public static string File(string? project, string path) => $"file:{project}/{(path.StartsWith(ProjectPath.Scheme, StringComparison.Ordinal) ? path[ProjectPath.Scheme.Length..] : path)}";

    /// <summary>Key of the row that says that something from outside came into a project, and stands in what the home shows of it.</summary>
    /// <param name="project">The project; null = into any.</param>
    public static string State(string? project) => $"state:{project}";

    /// <inheritdoc/>
    protected override void Fold(IRowSet<TaintRow> rows, JournalEvent e) => TaintFold.Apply(rows, e);
}
