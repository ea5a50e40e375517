using System.CommandLine;
using Arw.Core.Journal.Backup;
using Arw.Web.Hosting;

namespace Arw.Web.Commands;

/// <summary><c>journal backup</c> and <c>journal restore</c>.</summary>
internal static class BackupCommands
{
    public static Command MakeBackup(Option<string?> folder, Terminal terminal)
    {
        var to = new Argument<string>("FOLDER") { Description = "The folder to make; it appears when the copy is whole and verified." };
        var command = new Command("backup", "Copies the journal with its segments and large payloads as it is at one moment, beside a live home, and verifies the copy. Projects' files, tokens and the private key are not in it.") { to };
        command.SetAction((parse, cancel) => Task.Run(() =>
        {
            if (!JournalCommands.Place(parse.GetValue(folder)).TryGet(out var place, out var refusal))
            {
                return terminal.Refuse(refusal, ExitCode.BadUse);
            }

            var path = parse.GetRequiredValue(to);
            using var progress = new ProgressLine(terminal);
            if (!new JournalBackup(place.Journal, terminal.Time).Run(path, progress.Report, cancel).TryGet(out var note, out refusal))
            {
                return terminal.Refuse(refusal, refusal.Code is "conflict" or "no_journal" ? ExitCode.BadUse : ExitCode.Found);
            }

            terminal.Out.WriteLine($"{path}: {Words(note)}");
            return ExitCode.Fine;
        }));
        return command;
    }

    public static Command MakeRestore(Option<string?> folder, Terminal terminal)
    {
        var from = new Argument<string>("FOLDER") { Description = "A folder that \"journal backup\" wrote." };
        var replace = new Option<bool>("--replace") { Description = "When the data folder holds a journal: move it aside, into a folder of its own there." };
        var command = new Command("restore", "Puts a backup into the data folder, after verifying it. Needs the data folder for itself.") { from, replace };
        command.SetAction((parse, cancel) => Task.Run(() =>
        {
            if (!JournalCommands.Place(parse.GetValue(folder)).TryGet(out var place, out var refusal))
            {
                return terminal.Refuse(refusal, ExitCode.BadUse);
            }

            try
            {
                using var held = DataFolder.Open(place.Options.StateDir);
                using var progress = new ProgressLine(terminal);
                if (!new JournalRestore(place.Journal, terminal.Time).Run(Path.GetFullPath(parse.GetRequiredValue(from)), parse.GetValue(replace), progress.Report, cancel).TryGet(out var restored, out refusal))
                {
                    return terminal.Refuse(refusal, refusal.Code is "conflict" or "no_backup" ? ExitCode.BadUse : ExitCode.Found);
                }

                terminal.Out.WriteLine($"{place.Options.StateDir}: {Words(restored.Note)}");
                if (restored.Aside is { } aside)
                {
                    terminal.Out.WriteLine($"The journal that was there is in {aside}.");
                }

                return ExitCode.Fine;
            }
            catch (StartUpRefusedException e)
            {
                return terminal.Refuse(e.Refusal, ExitCode.BadUse);
            }
        }));
        return command;
    }

    private static string Words(BackupNote note) =>
        $"{JournalCommands.Count(note.Events, "event", "events")}, {JournalCommands.Count(note.Segments, "segment", "segments")}, {JournalCommands.Count(note.Blobs, "large payload", "large payloads")}. Head: event {JournalCommands.Number(note.Head)}, hash {note.HeadHash}.";
}
