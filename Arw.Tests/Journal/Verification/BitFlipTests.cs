using System.Text;
using Microsoft.Data.Sqlite;
using Xunit.Abstractions;

namespace Arw.Tests.Journal.Verification;

/// <summary>Single bits of a closed journal's database are flipped: each flip is detected, or everything that can be read from the file is what it was.</summary>
public sealed class BitFlipTests(ITestOutputHelper output)
{
    private const int Seed = 20261125;
    private const int Events = 240;

    [Theory]
    [InlineData(false, 1000)]
    [InlineData(true, 200)]
    public async Task Verify_AfterAnySingleBitFlip_DetectsItOrNothingIsDifferent(bool archived, int flips)
    {
        using var journal = await RecordedJournal.MakeAsync(Events);
        if (archived)
        {
            await journal.ArchiveAsync();
            journal.Edit("VACUUM");
        }

        // Free pages, as a migration leaves them.
        journal.Edit("CREATE TABLE passing (x); INSERT INTO passing SELECT randomblob(900) FROM events LIMIT 12; DROP TABLE passing;");
        var path = journal.Options.JournalPath;
        var original = Dump(path);
        Assert.True(journal.Verify().Holds, string.Join('\n', journal.Verify().Faults));
        var length = new FileInfo(path).Length;
        var random = new Random(Seed);
        var (detected, harmless) = (0, 0);
        var missed = new List<string>();
        for (var i = 0; i < flips; i++)
        {
            // Every tenth flip is in the file's header, which is small and has the most to say.
            var (offset, bit) = (i % 10 == 0 ? random.NextInt64(100) : random.NextInt64(length), random.Next(8));
            Flip(path, offset, bit);
            if (!journal.Verify().Holds)
            {
                detected++;
            }
            else if (Dump(path) == original)
            {
                harmless++;
            }
            else
            {
                missed.Add($"byte {offset}, bit {bit}");
            }

            Flip(path, offset, bit);
        }

        output.WriteLine($"{length} bytes, {flips} flips: {detected} detected, {harmless} harmless, {missed.Count} missed");
        Assert.Empty(missed);
        Assert.Equal(flips, detected + harmless);
        Assert.InRange(detected, archived ? flips / 6 : flips * 2 / 5, flips);
        Assert.True(journal.Verify().Holds);
        Assert.Equal(original, Dump(path));
    }

    private static void Flip(string path, long offset, int bit)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1);
        file.Position = offset;
        var value = file.ReadByte();
        file.Position = offset;
        file.WriteByte((byte)(value ^ (1 << bit)));
    }

    // Every value of every row of every table with its type, the definitions included: all that a reader can get out of the file.
    private static string Dump(string path)
    {
        try
        {
            using var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=False");
            connection.Open();
            var text = new StringBuilder();
            foreach (var query in new[]
            {
                "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name",
                "SELECT * FROM __EFMigrationsHistory ORDER BY MigrationId",
                "SELECT * FROM __EFMigrationsLock",
                "SELECT * FROM events ORDER BY seq",
                "SELECT * FROM segments ORDER BY first",
                "SELECT * FROM cuts ORDER BY up_to",
                "SELECT * FROM archived ORDER BY field, name",
                "SELECT field, name, first FROM archived NOT INDEXED ORDER BY rowid",
                // Through the indexes, as the home reads.
                "SELECT seq, subject FROM events WHERE subject IS NOT NULL ORDER BY subject, seq",
                "SELECT seq, corr_id FROM events WHERE corr_id IS NOT NULL ORDER BY corr_id, seq",
            })
            {
                Append(text, connection, query);
            }

            return text.ToString();
        }
        catch (SqliteException e)
        {
            return e.Message;
        }
    }

    private static void Append(StringBuilder text, SqliteConnection connection, string query)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // constants of this test
        command.CommandText = query;
#pragma warning restore CA2100
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            for (var i = 0; i < rows.FieldCount; i++)
            {
                var value = rows.GetValue(i);
                text.Append(value.GetType().Name).Append('=').Append(value is byte[] bytes ? Convert.ToHexString(bytes) : value).Append('|');
            }

            text.AppendLine();
        }
    }
}
