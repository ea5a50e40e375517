using System.Net;
using System.Text.Json;
using Arw.Core.Actions;
using Arw.Core.Egress;
using Arw.Core.Episodes;
using Arw.Core.Files;
using Arw.Core.Journal;
using Arw.Core.Notes;
using Arw.Core.Shell;
using Arw.Core.State;

namespace Arw.Core.Memory.Taint;

/// <summary>Where content from outside has come in, or an action that may bring it in.</summary>
/// <param name="Id"><c>episode:CORR</c>, <c>agent:NAME</c>, <c>file:PROJECT/PATH</c> or <c>project:ID</c> (some file of it); <c>action:ID</c> while such an action lives.</param>
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

/// <summary>
/// The read model <c>taint</c>: which episodes, agents and files hold content from outside, by what the journal shows and never by what an agent says.
/// Brought in by every request that left through the guard (chats with a model on this machine excepted), feeds, unpacked archives, programs that nothing held, and events of outside sources. It spreads from an episode to the agent that acts in it and to the files written in it,
/// and from such a file to the episode that reads it. Columns: project, time.
/// </summary>
public sealed class TaintModel : TableModel<TaintRow>
{
    private const string Outside = "ext.";
    private const string AgentPrefix = "agent:";
    private const string Reads = "file.read";
    private const string Unpacks = "archive.unpack";
    private const string ReadsFeed = "feed.read";
    private const string AsksModel = "model.chat";

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

    /// <summary>Key of a file's row.</summary>
    public static string File(string? project, string path) => $"file:{project}/{path}";

    private static string AnyFile(string? project) => $"project:{project}";

    private static string Living(string action) => $"action:{action}";

    /// <inheritdoc/>
    protected override void Fold(IRowSet<TaintRow> rows, JournalEvent e)
    {
        if (e.Kind.StartsWith(Outside, StringComparison.Ordinal))
        {
            Bring(rows, e, e.CorrId, e.Actor, $"an event of an outside source ({e.Kind})");
        }
        else if (EgressEvents.Opened.Is(e))
        {
            Request(rows, e, EgressEvents.Opened.Read(e));
        }
        else if (e.Kind.StartsWith("actions.", StringComparison.Ordinal))
        {
            Act(rows, e);
        }
        else if (FileEvents.Written.Is(e))
        {
            Write(rows, e, FileEvents.Written.Read(e));
        }
        else if (NoteEvents.Appended.Is(e))
        {
            Pass(rows, e, NoteEvents.Appended.Read(e).Path);
        }
        else if (ShellEvents.Started.Is(e))
        {
            Start(rows, e, ShellEvents.Started.Read(e));
        }
        else if (ShellEvents.Ended.Is(e))
        {
            foreach (var change in ShellEvents.Ended.Read(e).Changed)
            {
                Pass(rows, e, change.Path);
            }
        }
        else if (EpisodeEvents.Started.Is(e) && EpisodeEvents.Started.Read(e).Parent is { } parent && rows.Find(Episode(parent)) is { } above)
        {
            Bring(rows, e, e.CorrId, e.Actor, above.How);
        }
    }

    private static void Request(IRowSet<TaintRow> rows, JournalEvent e, EgressOpened request)
    {
        var isLocalModel = request.Tool == AsksModel && IPAddress.TryParse(request.Address, out var address) && IPAddress.IsLoopback(address);
        if (!isLocalModel)
        {
            Bring(rows, e, e.CorrId, e.Actor, $"{request.Method} {request.Host}");
        }
    }

    private static void Act(IRowSet<TaintRow> rows, JournalEvent e)
    {
        if (ActionEvents.Submitted.Is(e))
        {
            var action = ActionEvents.Submitted.Read(e);
            if (action.Kind is Reads or Unpacks or ReadsFeed)
            {
                rows.Put(Living(action.Id), new TaintRow(Living(action.Id), action.Kind, e.Seq) { Time = e.Recorded, Project = e.Project, CorrId = e.CorrId, Actor = e.Actor, Path = PathOf(action.Input) });
            }

            // An agent that joins an episode reads what is in it.
            if (e.CorrId is { } corr && rows.Find(Episode(corr)) is { } tainted)
            {
                Bring(rows, e, null, e.Actor, tainted.How);
            }
        }
        else if (e.Subject is { } subject && rows.Find(subject) is { } living)
        {
            if (ActionEvents.Queued.Is(e))
            {
                rows.Put(subject, living with { Path = PathOf(ActionEvents.Queued.Read(e).Input) ?? living.Path });
            }
            else if (ActionEvents.Completed.Is(e))
            {
                Complete(rows, e, living);
                rows.Delete(subject);
            }
            else if (ActionEvents.Failed.Is(e) || ActionEvents.Refused.Is(e) || ActionEvents.Cancelled.Is(e))
            {
                rows.Delete(subject);
            }
        }
    }

    private static void Complete(IRowSet<TaintRow> rows, JournalEvent e, TaintRow living)
    {
        var how = living.How switch
        {
            ReadsFeed => $"the feed {living.Path}",
            Unpacks => $"the archive {living.Path}",
            _ => rows.Find(File(e.Project, living.Path ?? "")) is { } file ? $"{living.Path}, which holds {file.How}" : null,
        };
        if (how is not null)
        {
            Bring(rows, e, living.CorrId, living.Actor!, how);
        }
    }

    // A new file holds what its episode holds; a change of a file that held something keeps it.
    private static void Write(IRowSet<TaintRow> rows, JournalEvent e, FileWritten written)
    {
        if (rows.Find(Living(written.Action)) is { How: Unpacks } archive)
        {
            Mark(rows, e, written.Path, $"the archive {archive.Path}");
        }
        else if (!Pass(rows, e, written.Path) && written is { BeforeDigest: null, Already: false })
        {
            rows.Delete(File(e.Project, written.Path));
        }
    }

    // What a program reads of the project does not show: it counts as having read all of it.
    private static void Start(IRowSet<TaintRow> rows, JournalEvent e, ProcessStarted started)
    {
        if (!started.Contained)
        {
            Bring(rows, e, e.CorrId, e.Actor, "a program that ran without a sandbox");
        }
        else if (rows.Find(AnyFile(e.Project)) is { } files)
        {
            Bring(rows, e, e.CorrId, e.Actor, $"a program that could read {files.How}");
        }
    }

    private static bool Pass(IRowSet<TaintRow> rows, JournalEvent e, string path)
    {
        var from = (e.CorrId is { } corr ? rows.Find(Episode(corr)) : null)
            ?? (e.Actor.StartsWith(AgentPrefix, StringComparison.Ordinal) ? rows.Find(e.Actor) : null);
        if (from is not null)
        {
            Mark(rows, e, path, from.How);
        }

        return from is not null;
    }

    private static void Mark(IRowSet<TaintRow> rows, JournalEvent e, string path, string how)
    {
        Put(rows, e, File(e.Project, path), how, e.Project);
        Put(rows, e, AnyFile(e.Project), path, e.Project);
    }

    private static void Bring(IRowSet<TaintRow> rows, JournalEvent e, string? corrId, string actor, string how)
    {
        if (corrId is not null)
        {
            Put(rows, e, Episode(corrId), how, e.Project);
        }

        if (actor.StartsWith(AgentPrefix, StringComparison.Ordinal))
        {
            Put(rows, e, actor, how, null);
        }
    }

    // The first time is what is told; later ones change nothing.
    private static void Put(IRowSet<TaintRow> rows, JournalEvent e, string key, string how, string? project)
    {
        if (rows.Find(key) is null)
        {
            rows.Put(key, new TaintRow(key, how, e.Seq) { Time = e.Recorded, Project = project, CorrId = e.CorrId });
        }
    }

    private static string? PathOf(System.Text.Json.Nodes.JsonNode? input) =>
        input is System.Text.Json.Nodes.JsonObject members && (members["path"] ?? members["url"]) is { } path && path.GetValueKind() == JsonValueKind.String ? (string?)path : null;
}
