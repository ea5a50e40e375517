using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Egress;
using Arw.Core.Episodes;
using Arw.Core.Files;
using Arw.Core.Journal;
using Arw.Core.Notes;
using Arw.Core.Shell;
using Arw.Core.State;

namespace Arw.Core.Memory.Taint;

/// <summary>
/// How content from outside is followed, by what the journal shows and never by what an agent says. It is brought in by every request that left through the guard (chats with a model on this machine excepted), feeds, unpacked archives, programs that nothing held, and events of outside
/// sources. It spreads from an episode to the agent that acts in it and to the files written in it, and from such a file, or the state of such a project, to the episode that reads it.
/// </summary>
public static class TaintFold
{
    private const string Outside = "ext.";
    private const string AgentPrefix = "agent:";
    private const string Reads = "file.read";
    private const string Unpacks = "archive.unpack";
    private const string ReadsFeed = "feed.read";
    private const string AsksModel = "model.chat";
    private const string ReadsState = "state.read";
    private const string Unknown = "something whose record was erased";

    // What permissions are, and what a person let in: no content from outside.
    private static readonly HashSet<string> Safe = new(StringComparer.Ordinal) { "beliefs", "egress_settings", "leases", "memory", "memory_views", "models", "policy", "projects", "redaction", "retention" };

    private static string AnyFile(string? project) => $"project:{project}";

    private static string Living(string action) => $"action:{action}";

    /// <summary>Changes the rows by an event, if it brings something in or spreads it. Where a payload was erased, what it could have said is taken as said.</summary>
    public static void Apply(IRowSet<TaintRow> rows, JournalEvent e)
    {
        if (e.Kind.StartsWith(Outside, StringComparison.Ordinal))
        {
            Bring(rows, e, e.CorrId, e.Actor, $"an event of an outside source ({e.Kind})");
        }
        else if (e.Erased)
        {
            Lost(rows, e);
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
        else if (EpisodeEvents.Started.Is(e) && EpisodeEvents.Started.Read(e).Parent is { } parent && rows.Find(TaintModel.Episode(parent)) is { } above)
        {
            Bring(rows, e, e.CorrId, e.Actor, above.How);
        }
    }

    private static void Lost(IRowSet<TaintRow> rows, JournalEvent e)
    {
        if (e.Kind == ActionEvents.Submitted.Name && e.Subject is { } id)
        {
            rows.Put(id, new TaintRow(id, Unknown, e.Seq) { Time = e.Recorded, Project = e.Project, CorrId = e.CorrId, Actor = e.Actor });
            Join(rows, e);
        }
        else if (e.Kind == EgressEvents.Opened.Name || e.Kind == ShellEvents.Started.Name || e.Kind == ActionEvents.Completed.Name)
        {
            var by = e.Kind == ActionEvents.Completed.Name && e.Subject is { } done ? rows.Find(done) : null;
            Bring(rows, e, e.CorrId, by?.Actor ?? e.Actor, $"{Unknown} ({e.Kind})");
        }
        else if (e.Kind == FileEvents.Written.Name || e.Kind == NoteEvents.Appended.Name)
        {
            Pass(rows, e, e.Subject?[(e.Subject.IndexOf('/', StringComparison.Ordinal) + 1)..] ?? "");
        }
        else if (e.Kind == ShellEvents.Ended.Name)
        {
            // It could have changed any file: the row of no path stands for all.
            Pass(rows, e, "");
        }

        if (e.Subject is { } ended && (e.Kind == ActionEvents.Completed.Name || e.Kind == ActionEvents.Failed.Name || e.Kind == ActionEvents.Refused.Name || e.Kind == ActionEvents.Cancelled.Name))
        {
            rows.Delete(ended);
        }
    }

    // An agent that joins an episode reads what is in it.
    private static void Join(IRowSet<TaintRow> rows, JournalEvent e)
    {
        if (e.CorrId is { } corr && rows.Find(TaintModel.Episode(corr)) is { } tainted)
        {
            Bring(rows, e, null, e.Actor, tainted.How);
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
            if (action.Kind is Reads or Unpacks or ReadsFeed or ReadsState)
            {
                rows.Put(Living(action.Id), new TaintRow(Living(action.Id), action.Kind, e.Seq) { Time = e.Recorded, Project = e.Project, CorrId = e.CorrId, Actor = e.Actor, Path = PathOf(action.Input) });
            }

            Join(rows, e);
        }
        else if (ActionEvents.Queued.Is(e) && ActionEvents.Queued.Read(e) is { Input: { } input } queued && rows.Find(Living(queued.Id)) is { } living)
        {
            rows.Put(living.Id, living with { Path = PathOf(input) ?? living.Path });
        }
        else if (ActionEvents.Completed.Is(e))
        {
            Complete(rows, e, ActionEvents.Completed.Read(e));
        }
        else if (e.Subject is { } subject && (ActionEvents.Failed.Is(e) || ActionEvents.Refused.Is(e) || ActionEvents.Cancelled.Is(e)))
        {
            rows.Delete(subject);
        }
    }

    private static void Complete(IRowSet<TaintRow> rows, JournalEvent e, ActionCompleted done)
    {
        var living = rows.Find(Living(done.Id));
        rows.Delete(Living(done.Id));
        if (done.Kind is not (Reads or Unpacks or ReadsFeed or ReadsState))
        {
            return;
        }

        // Without its beginning, which may have been erased, it is still known that it was one of these.
        var how = done.Kind switch
        {
            ReadsFeed => $"the feed {living?.Path}".TrimEnd(),
            Unpacks => $"the archive {living?.Path}".TrimEnd(),
            ReadsState => living?.Path is { } model && Safe.Contains(model) ? null : StateOf(rows, e, living)?.How,
            _ => living?.Path is not { } path ? "a file" : (rows.Find(TaintModel.File(e.Project, path)) ?? rows.Find(TaintModel.File(e.Project, ""))) is { } file ? $"{path}, which holds {file.How}" : null,
        };
        if (how is not null)
        {
            Bring(rows, e, e.CorrId, living?.Actor ?? e.Actor, how);
        }
    }

    // The home's state shows what others have read: all of it to people, to agents that of the project.
    private static TaintRow? StateOf(IRowSet<TaintRow> rows, JournalEvent e, TaintRow? living) =>
        rows.Find(TaintModel.State(living?.Actor?.StartsWith(AgentPrefix, StringComparison.Ordinal) == true ? e.Project : null));

    // A new file holds what its episode holds; a change of a file that held something keeps it.
    private static void Write(IRowSet<TaintRow> rows, JournalEvent e, FileWritten written)
    {
        if (rows.Find(Living(written.Action)) is { How: Unpacks or Unknown } archive)
        {
            Mark(rows, e, written.Path, archive.How == Unpacks ? $"the archive {archive.Path}" : Unknown);
        }
        else if (!Pass(rows, e, written.Path) && written is { BeforeDigest: null, Already: false })
        {
            rows.Delete(TaintModel.File(e.Project, written.Path));
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
        var from = (e.CorrId is { } corr ? rows.Find(TaintModel.Episode(corr)) : null)
            ?? (e.Actor.StartsWith(AgentPrefix, StringComparison.Ordinal) ? rows.Find(e.Actor) : null);
        if (from is not null)
        {
            Mark(rows, e, path, from.How);
        }

        return from is not null;
    }

    private static void Mark(IRowSet<TaintRow> rows, JournalEvent e, string path, string how)
    {
        Put(rows, e, TaintModel.File(e.Project, path), how, e.Project);
        Put(rows, e, AnyFile(e.Project), path.Length > 0 ? path : "a file that another changed", e.Project);
        Show(rows, e, how);
    }

    private static void Bring(IRowSet<TaintRow> rows, JournalEvent e, string? corrId, string actor, string how)
    {
        if (corrId is not null)
        {
            Put(rows, e, TaintModel.Episode(corrId), how, e.Project);
        }

        Show(rows, e, how);

        if (actor.StartsWith(AgentPrefix, StringComparison.Ordinal))
        {
            Put(rows, e, actor, how, null);
        }
    }

    private static void Show(IRowSet<TaintRow> rows, JournalEvent e, string how)
    {
        Put(rows, e, TaintModel.State(e.Project), how, e.Project);
        Put(rows, e, TaintModel.State(null), how, null);
    }

    // The first time is what is told; later ones change nothing.
    private static void Put(IRowSet<TaintRow> rows, JournalEvent e, string key, string how, string? project)
    {
        if (rows.Find(key) is null)
        {
            rows.Put(key, new TaintRow(key, how, e.Seq) { Time = e.Recorded, Project = project, CorrId = e.CorrId });
        }
    }

    private static string? PathOf(JsonNode? input) =>
        input is JsonObject members && (members["path"] ?? members["url"] ?? members["model"]) is { } path && path.GetValueKind() == JsonValueKind.String ? (string?)path : null;
}
