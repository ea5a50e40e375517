using System.CommandLine;
using Arw.Core.Journal.Portable;
using Arw.Web.Hosting;

namespace Arw.Web.Commands;

/// <summary><c>journal export</c> and <c>journal import</c>.</summary>
internal static class PortableCommands
{
    public static Command MakeExport(Option<string?> folder, Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "The file to write; .ndjson.gz is a good ending." };
        var force = new Option<bool>("--force") { Description = "Overwrite it when it is there." };
        var command = new Command("export", "Writes the journal with its large payloads into one file: gzip over lines of JSON, the first a manifest. Projects' files, keys and tokens are not in it.") { file, force };
        command.SetAction((parse, cancel) => Task.Run(() =>
        {
            if (!JournalCommands.Place(parse.GetValue(folder)).TryGet(out var place, out var refusal))
            {
                return terminal.Refuse(refusal, ExitCode.BadUse);
            }

            var path = parse.GetRequiredValue(file);
            using var progress = new ProgressLine(terminal);
            if (!new JournalExporter(place.Journal, terminal.Time).Run(path, parse.GetValue(force), (done, total) => progress.Report("Writing events", done, total), cancel).TryGet(out var report, out refusal))
            {
                return terminal.Refuse(refusal, refusal.Code is "journal_damaged" or "journal_unreadable" or "export_failed" ? ExitCode.Found : ExitCode.BadUse);
            }

            terminal.Out.WriteLine($"{path}: {Words(report)}");
            return ExitCode.Fine;
        }));
        return command;
    }

    public static Command MakeImport(Option<string?> folder, Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "A file that \"journal export\" wrote." };
        var command = new Command("import", "Restores an exported journal, bit for bit, into a data folder that has none. A file whose chain does not hold is refused, and nothing is written.") { file };
        command.SetAction(async (parse, cancel) =>
        {
            var path = parse.GetRequiredValue(file);
            if (!JournalCommands.Place(parse.GetValue(folder)).TryGet(out var place, out var refusal))
            {
                return terminal.Refuse(refusal, ExitCode.BadUse);
            }

            if (!File.Exists(path))
            {
                return terminal.Refuse(new("no_file", $"There is no file \"{path}\".", "Name a file that \"journal export\" wrote."), ExitCode.BadUse);
            }

            try
            {
                using var held = DataFolder.Open(place.Options.StateDir);
                using var progress = new ProgressLine(terminal);
                if (!(await new JournalImporter(place.Journal).RunAsync(path, (done, total) => progress.Report("Writing events", done, total), cancel)).TryGet(out var report, out refusal))
                {
                    return terminal.Refuse(refusal, refusal.Code == "conflict" ? ExitCode.BadUse : ExitCode.Found);
                }

                terminal.Out.WriteLine($"{place.Options.StateDir}: {Words(report)}");
                return ExitCode.Fine;
            }
            catch (StartUpRefusedException e)
            {
                return terminal.Refuse(e.Refusal, ExitCode.BadUse);
            }
        });
        return command;
    }

    private static string Words(PortableReport report) =>
        $"{JournalCommands.Count(report.Events, "event", "events")}, {JournalCommands.Count(report.Blobs, "large payload", "large payloads")}. Head: event {JournalCommands.Number(report.Head)}, hash {report.HeadHash}.";
}
