using System.CommandLine;
using Arw.Core.Journal;
using Arw.Core.Retention;
using Arw.Core.State;
using Arw.Web.Components.Formats;
using Arw.Web.Hosting;
using Microsoft.Data.Sqlite;

namespace Arw.Web.Commands;

/// <summary><c>journal prune</c>.</summary>
internal static class PruneCommand
{
    public static Command Make(Option<string?> folder, Terminal terminal)
    {
        var archive = new Option<string?>("--archive-after") { Description = "Move events that are older into segments. [ARW_ARCHIVE_AFTER]", HelpName = "30d" };
        var age = new Option<string?>("--retention-age") { Description = "Drop events that are older. [ARW_RETENTION_AGE]", HelpName = "365d" };
        var size = new Option<string?>("--retention-size") { Description = "Drop the oldest events until it takes no more than that. [ARW_RETENTION_SIZE]", HelpName = "20GB" };
        var command = new Command("prune", "Takes one turn of retention now, and gives the database's free pages back to the disk. Needs the data folder for itself.") { archive, age, size };
        command.SetAction(async (parse, cancel) =>
        {
            string[] args =
            [
                .. Given("--state-dir", parse.GetValue(folder)), .. Given("--archive-after", parse.GetValue(archive)),
                .. Given("--retention-age", parse.GetValue(age)), .. Given("--retention-size", parse.GetValue(size)),
            ];
            if (!OptionsReader.Read(args).TryGet(out var options, out var refusal))
            {
                return terminal.Refuse(refusal, ExitCode.BadUse);
            }

            var place = new JournalOptions { DataDir = options.StateDir };
            if (!File.Exists(place.JournalPath))
            {
                return terminal.Refuse(new("no_journal", $"There is no journal in \"{place.DataDir}\".", "Name the data folder with --state-dir, or in ARW_STATE_DIR."), ExitCode.BadUse);
            }

            try
            {
                using var held = DataFolder.Open(options.StateDir);
                return await RunAsync(options, held, place, terminal, cancel);
            }
            catch (StartUpRefusedException e)
            {
                return terminal.Refuse(e.Refusal, ExitCode.BadUse);
            }
            catch (Exception e) when (DataFolder.Explain(options.StateDir, e) is { } fault)
            {
                return terminal.Refuse(fault, ExitCode.Found);
            }
        });
        return command;
    }

    private static async Task<int> RunAsync(ArwOptions options, DataFolder held, JournalOptions place, Terminal terminal, CancellationToken cancel)
    {
        var before = new FileInfo(place.JournalPath).Length;
        RetentionReport report;
        long head;
        await using (var home = ArwHost.Unstarted(options, held))
        {
            var journal = home.Services.GetRequiredService<EventJournal>();
            await journal.Archive.TidyAsync(cancel);
            await home.Services.GetRequiredService<StateHost>().StartAsync(cancel);
            using var progress = new ProgressLine(terminal);
            head = journal.Head;
            report = await home.Services.GetRequiredService<RetentionTurn>().RunAsync((step, upTo) => progress.Report(step, upTo, head), cancel);
        }

        using (var database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = place.JournalPath, Pooling = false }.ToString()))
        {
            database.Open();
            using var command = database.CreateCommand();
            command.CommandTimeout = 0;
            command.CommandText = "VACUUM; PRAGMA wal_checkpoint(TRUNCATE);";
            command.ExecuteNonQuery();
        }

        terminal.Out.WriteLine($"{place.DataDir}: {JournalCommands.Count(report.Segments, "segment", "segments")} written, {JournalCommands.Count(report.Dropped, "event", "events")} dropped, older payloads of {JournalCommands.Count(report.Expired.Count, "project", "projects")} erased, {JournalCommands.Count(report.Blobs, "large payload", "large payloads")} removed.");
        terminal.Out.WriteLine($"The database takes {Format.Bytes(new FileInfo(place.JournalPath).Length)}; before it took {Format.Bytes(before)}.");
        return ExitCode.Fine;
    }

    private static string[] Given(string name, string? value) => value is null ? [] : [name, value];
}
