using Arw.Core.Journal;
using Arw.Core.Journal.Verification;
using Microsoft.Data.Sqlite;

namespace Arw.Tests.Journal.Verification;

/// <summary>A closed journal with every column in use, small and large payloads, and free pages; files and rows can be damaged.</summary>
internal sealed class RecordedJournal : IDisposable
{
    private readonly TempFolder _folder = new();

    private RecordedJournal() => Options = new JournalOptions { DataDir = _folder.Path };

    public JournalOptions Options { get; }

    public string Folder => _folder.Path;

    public static async Task<RecordedJournal> MakeAsync(int events)
    {
        var made = new RecordedJournal();
        await using (var f = new JournalFixture(o => o with { DataDir = made.Folder }))
        {
            await f.FillAsync(events);
        }

        return made;
    }

    /// <summary>Moves most events into segments.</summary>
    public async Task ArchiveAsync()
    {
        await using var f = new JournalFixture(o => o with { DataDir = Folder });
        Archive.ArchivedJournal.Loosen(f.Journal, segment: 50, keep: 40);
        while (await f.Journal.Archive.ArchiveAsync(long.MaxValue) is not null)
        {
        }
    }

    public VerifyReport Verify() => new JournalVerifier(Options).Run();

    /// <summary>Changes rows as somebody with a database tool would.</summary>
    public void Edit(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Options.JournalPath};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // constants of the tests
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    public string[] BlobFiles() => Directory.GetFiles(Options.BlobsPath, "*", SearchOption.AllDirectories);

    public void Dispose() => _folder.Dispose();
}
