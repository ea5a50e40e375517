using System.CommandLine;
using System.Globalization;
using System.Text;
using Arw.Core.Journal.Verification;
using Arw.Core.Primitives;

namespace Arw.Web.Commands;

/// <summary><c>journal verify</c>.</summary>
internal static class VerifyCommand
{
    private const int Shown = 20;

    public static Command Make(Option<string?> folder, Terminal terminal)
    {
        var anchor = new Option<string?>("--anchor")
        {
            Description = "Also compare with the signed heads in this file; without a name, with the configured anchor.",
            HelpName = "FILE",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var key = new Option<string?>("--key") { Description = "Id of the key that must have signed the anchor. [the one in the data folder]", HelpName = "ID" };
        var json = new Option<bool>("--json") { Description = "Print the report as JSON." };
        var command = new Command("verify", "Checks the file with SQLite's own check, every event by its hash and its payload's digest, and every large payload. Exit code 0: it holds; 1: it does not.") { anchor, key, json };
        command.SetAction((parse, cancel) => Task.Run(() => Run(
            parse.GetValue(folder), parse.GetResult(anchor) is not null, parse.GetValue(anchor), parse.GetValue(key), parse.GetValue(json), terminal, cancel)));
        return command;
    }

    private static int Run(string? folder, bool anchored, string? anchorFile, string? key, bool json, Terminal terminal, CancellationToken cancel)
    {
        if (!JournalCommands.Place(folder).TryGet(out var place, out var refusal))
        {
            return terminal.Refuse(refusal, ExitCode.BadUse);
        }

        if (!File.Exists(place.Journal.JournalPath))
        {
            return terminal.Refuse(new Refusal("no_journal", $"There is no journal in \"{place.Journal.DataDir}\".", "Name the data folder with --state-dir, or in ARW_STATE_DIR."), ExitCode.BadUse);
        }

        var file = anchored ? anchorFile ?? place.Options.Anchor : null;
        if (anchored && !File.Exists(file))
        {
            return terminal.Refuse(new Refusal("no_anchor", file is null ? "No anchor is configured." : $"There is no anchor \"{file}\".", "Name the file after --anchor, or in ARW_ANCHOR."), ExitCode.BadUse);
        }

        var start = terminal.Time.GetTimestamp();
        VerifyReport report;
        using (var progress = new ProgressLine(terminal))
        {
            report = new JournalVerifier(place.Journal).Run(file is null ? null : new AnchorDemand(file, key), p => progress.Report(Words(p.Step), p.Done, p.Total), cancel);
        }

        terminal.Out.WriteLine(json ? Encoding.UTF8.GetString(ArwJson.ToUtf8(report)) : Text(report, place.Journal.JournalPath, file, terminal.Time.GetElapsedTime(start)));
        return report.Holds ? ExitCode.Fine : ExitCode.Found;
    }

    private static string Words(VerifyStep step) => step switch
    {
        VerifyStep.Structure => "Checking the file",
        VerifyStep.Events => "Checking events",
        _ => "Checking the anchor",
    };

    private static string Text(VerifyReport report, string path, string? anchor, TimeSpan took)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{path}: {JournalCommands.Count(report.Events, "event", "events")}, {JournalCommands.Count(report.Blobs, "large payload", "large payloads")}, checked in {took.TotalSeconds:0.0} s.");
        text.AppendLine(CultureInfo.InvariantCulture, $"Head: event {JournalCommands.Number(report.Head)}, hash {report.HeadHash}.");
        if (report.Segments > 0 || report.DroppedTo > 0)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{JournalCommands.Count(report.Segments, "archived segment", "archived segments")}{(report.DroppedTo > 0 ? $"; the events up to {JournalCommands.Number(report.DroppedTo)} were dropped" : "")}.");
        }

        if (report.Anchor is { } heads)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"Anchor {anchor}: {JournalCommands.Count(heads.Heads, "signed head", "signed heads")}, the last for event {JournalCommands.Number(heads.LastSeq)}, key {heads.KeyId ?? "–"}.");
            if (report.Head > heads.LastSeq)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"It does not vouch for the {JournalCommands.Count(report.Head - heads.LastSeq, "event", "events")} after that.");
            }
        }

        if (report.Holds)
        {
            return text.Append("The journal holds.").ToString();
        }

        text.Append(CultureInfo.InvariantCulture, $"The journal does NOT hold: {JournalCommands.Count(report.FaultCount, "fault", "faults")}");
        text.AppendLine(report.FirstBadSeq is { } seq ? $"; the first bad event is {JournalCommands.Number(seq)}." : ".");
        foreach (var fault in report.Faults.Take(Shown))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {fault.Kind.ToString().ToLowerInvariant(),-10} {Terminal.Plain(fault.Message)}");
        }

        return text.Append(report.FaultCount > Shown ? $"  … and {JournalCommands.Number(report.FaultCount - Shown)} more." : "").ToString().TrimEnd();
    }
}
