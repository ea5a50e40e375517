using System.CommandLine;
using System.Globalization;
using System.Text;
using Arw.Core.Journal;
using Arw.Core.Journal.Inspection;
using Arw.Core.Primitives;
using Arw.Web.Components.Formats;

namespace Arw.Web.Commands;

/// <summary><c>journal stats</c>.</summary>
internal static class StatsCommand
{
    private const int Shown = 15;

    public static Command Make(Option<string?> folder, Terminal terminal)
    {
        var json = new Option<bool>("--json") { Description = "Print them as JSON." };
        var command = new Command("stats", "Counts what is in the journal: events and payloads by kind, project and actor, and the files' sizes.") { json };
        command.SetAction(parse => Run(parse.GetValue(folder), parse.GetValue(json), terminal));
        return command;
    }

    private static int Run(string? folder, bool json, Terminal terminal)
    {
        if (!JournalCommands.Place(folder).TryGet(out var place, out var refusal) || !JournalFile.Open(place.Journal).TryGet(out var journal, out refusal))
        {
            return terminal.Refuse(refusal, refusal.Code == "journal_unreadable" ? ExitCode.Found : ExitCode.BadUse);
        }

        using (journal)
        {
            var stats = journal.Stats();
            terminal.Out.WriteLine(json ? Encoding.UTF8.GetString(ArwJson.ToUtf8(stats)) : Text(stats, place.Journal));
            return ExitCode.Fine;
        }
    }

    private static string Text(JournalStats stats, JournalOptions place)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{place.JournalPath}: {JournalCommands.Count(stats.Events, "event", "events")}{(stats.Since is { } since ? $" from {Rfc3339.Format(since)} to {Rfc3339.Format(stats.Until!.Value)}" : "")}.");
        text.AppendLine(CultureInfo.InvariantCulture, $"Payloads {Format.Bytes(stats.PayloadBytes)}, of which {JournalCommands.Count(stats.BlobEvents, "is", "are")} beside the journal in {JournalCommands.Count(stats.Blobs, "file", "files")}.");
        text.AppendLine(CultureInfo.InvariantCulture, $"On disk: journal {Size(place.JournalPath)}, write-ahead log {Size(place.JournalPath + "-wal")}, large payloads {Format.Bytes(Folder(place.BlobsPath))}.");
        if (stats.Segments > 0)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"Archived: {JournalCommands.Count(stats.ArchivedEvents, "event", "events")} in {JournalCommands.Count(stats.Segments, "segment", "segments")} of {Format.Bytes(stats.SegmentBytes)}.");
        }

        if (stats.DroppedTo > 0)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"Dropped by retention: events up to {JournalCommands.Number(stats.DroppedTo)}.");
        }

        Table(text, "Kind", stats.Kinds);
        Table(text, "Project", stats.Projects);
        Table(text, "Actor", stats.Actors);
        return text.ToString().TrimEnd();
    }

    private static void Table(StringBuilder text, string title, IReadOnlyList<Tally> tallies)
    {
        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"{"Events",12}  {"Payloads",10}  {title}");
        foreach (var tally in tallies.Take(Shown))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{tally.Events,12:N0}  {Format.Bytes(tally.PayloadBytes),10}  {Terminal.Plain(tally.Name)}");
        }

        if (tallies.Count > Shown)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{tallies.Skip(Shown).Sum(t => t.Events),12:N0}  {Format.Bytes(tallies.Skip(Shown).Sum(t => t.PayloadBytes)),10}  … {JournalCommands.Number(tallies.Count - Shown)} more");
        }
    }

    private static string Size(string path) => Format.Bytes(File.Exists(path) ? new FileInfo(path).Length : 0);

    private static long Folder(string path) =>
        Directory.Exists(path) ? new DirectoryInfo(path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length) : 0;
}
