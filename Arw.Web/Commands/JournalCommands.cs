using System.CommandLine;
using System.Globalization;
using Arw.Core.Journal;
using Arw.Core.Primitives;
using Arw.Web.Hosting;

namespace Arw.Web.Commands;

/// <summary><c>journal …</c>: what can be done with a data folder's journal from the command line.</summary>
internal static class JournalCommands
{
    /// <summary>The commands in one line each: for <c>--help</c> and the README.</summary>
    public static readonly (string Usage, string Meaning)[] Summary =
    [
        ("journal verify [--anchor [FILE]]", "Check the file, every event and every large payload, and that the journal still contains what the anchor vouches for."),
        ("journal stats", "Count what is in it."),
        ("journal tail [--follow] [--prefix a.,b.]", "Print the newest events, and go on with those that come."),
        ("journal export FILE", "Write it with its large payloads into one portable file."),
        ("journal backup FOLDER", "Copy it with segments and large payloads, as it is at one moment, and verify the copy."),
        ("journal restore FOLDER [--replace]", "Put such a copy into the data folder, after verifying it."),
        ("journal prune", "Archive and drop now what the configured retention lets go, and give free pages back."),
        ("journal import FILE", "Restore such a file, bit for bit, into an empty data folder."),
    ];

    public static Command Make(Terminal terminal)
    {
        var folder = new Option<string?>("--state-dir")
        {
            Description = "The data folder. [ARW_STATE_DIR, or the per-user one]",
            HelpName = "FOLDER",
            Recursive = true,
        };
        return new Command("journal", "Works on the journal of a data folder. verify, stats, tail, export and backup only read, and run beside a live home.")
        {
            folder,
            VerifyCommand.Make(folder, terminal),
            StatsCommand.Make(folder, terminal),
            TailCommand.Make(folder, terminal),
            PortableCommands.MakeExport(folder, terminal),
            PortableCommands.MakeImport(folder, terminal),
            BackupCommands.MakeBackup(folder, terminal),
            BackupCommands.MakeRestore(folder, terminal),
            PruneCommand.Make(folder, terminal),
        };
    }

    /// <summary>The configuration that a command works with: the environment's, and the folder that was named.</summary>
    public static Result<(ArwOptions Options, JournalOptions Journal)> Place(string? folder) =>
        OptionsReader.Read(folder is null ? [] : ["--state-dir", folder]).Map(o => (o, new JournalOptions { DataDir = o.StateDir }));

    public static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Count(long value, string one, string many) => $"{Number(value)} {(value == 1 ? one : many)}";
}
