using System.CommandLine;
using System.Globalization;
using System.Text;
using Arw.Core.Journal;
using Arw.Core.Journal.Inspection;
using Arw.Core.Primitives;

namespace Arw.Web.Commands;

/// <summary><c>journal tail</c>.</summary>
internal static class TailCommand
{
    private const int Page = 500;
    private const int PayloadShown = 160;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(200);

    public static Command Make(Option<string?> folder, Terminal terminal)
    {
        var lines = new Option<int>("--lines", "-n") { Description = "How many of the newest events; 0 for none. [20]", DefaultValueFactory = _ => 20 };
        lines.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<int>() < 0)
            {
                given.AddError("--lines takes a number from 0.");
            }
        });
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with every event that is added, until interrupted." };
        var prefix = new Option<string?>("--prefix") { Description = "Kinds that begin with one of these only, comma-separated.", HelpName = "a.,b." };
        var episode = new Option<string?>("--corr-id") { Description = "One episode only.", HelpName = "ID" };
        var project = new Option<string?>("--project") { Description = "One project only.", HelpName = "ID" };
        var json = new Option<bool>("--json") { Description = "Print each event as the JSON that clients see, one a line." };
        var command = new Command("tail", "Prints the newest events, oldest first.") { lines, follow, prefix, episode, project, json };
        command.SetAction((parse, cancel) =>
        {
            var filter = new EventFilter
            {
                Prefixes = parse.GetValue(prefix)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [],
                CorrId = parse.GetValue(episode),
                Project = parse.GetValue(project),
            };
            return RunAsync(parse.GetValue(folder), parse.GetValue(lines), parse.GetValue(follow), filter, parse.GetValue(json), terminal, cancel);
        });
        return command;
    }

    private static async Task<int> RunAsync(string? folder, int lines, bool follow, EventFilter filter, bool json, Terminal terminal, CancellationToken cancel)
    {
        if (!JournalCommands.Place(folder).TryGet(out var place, out var refusal) || !JournalFile.Open(place.Journal).TryGet(out var journal, out refusal))
        {
            return terminal.Refuse(refusal, refusal.Code == "journal_unreadable" ? ExitCode.Found : ExitCode.BadUse);
        }

        using (journal)
        {
            var seen = journal.Head().Seq;
            Print(journal.Newest(lines, filter, seen), json, terminal);
            try
            {
                while (follow)
                {
                    // The head is read first: what is added meanwhile is for the next turn.
                    var head = journal.Head().Seq;
                    if (journal.Archived.DroppedTo is var dropped && seen < dropped)
                    {
                        terminal.Error.WriteLine($"Retention dropped the events up to {JournalCommands.Number(dropped)}.");
                        seen = dropped;
                    }

                    var events = journal.Read(seen, filter, Page, head);
                    Print(events, json, terminal);
                    seen = events.Count == Page ? events[^1].Seq : head;
                    if (events.Count < Page)
                    {
                        await Task.Delay(Pace, terminal.Time, cancel);
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // Interrupting is how following ends.
            }

            return ExitCode.Fine;
        }
    }

    private static void Print(IReadOnlyList<JournalEvent> events, bool json, Terminal terminal)
    {
        foreach (var e in events)
        {
            terminal.Out.WriteLine(json ? Encoding.UTF8.GetString(e.ToJson().Span) : Line(e));
        }

        terminal.Out.Flush();
    }

    private static string Line(JournalEvent e)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{e.Seq,8}  {Rfc3339.Format(e.Recorded)}  {e.Kind}  {e.Actor}");
        foreach (var (name, value) in new[] { ("", e.Subject), ("project:", e.Project), ("episode:", e.CorrId) })
        {
            if (value is not null)
            {
                text.Append("  ").Append(name).Append(value);
            }
        }

        var payload = e.PayloadRef is { } reference ? $"({reference.Digest}, {JournalCommands.Number(reference.Bytes)} bytes)" : Encoding.UTF8.GetString(e.Payload.Span);
        text.Append("  ").Append(payload.Length > PayloadShown ? payload[..PayloadShown] + "…" : payload);
        return Terminal.Plain(text.ToString());
    }
}
