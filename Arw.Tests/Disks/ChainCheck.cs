using Arw.Core.Journal;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Arw.Tests.Disks;

/// <summary>Reads a closed journal from end to end, as an auditor would.</summary>
internal static class ChainCheck
{
    /// <summary>All rows, after asserting that they are gapless, chained, and have the payloads that the chain covers.</summary>
    public static IReadOnlyList<EventRow> Read(string folder) => [.. Walk(folder)];

    /// <summary>As <see cref="Read"/>, row by row.</summary>
    public static IEnumerable<EventRow> Walk(string folder)
    {
        var path = new JournalOptions { DataDir = folder }.JournalPath;
        using var context = new JournalContext(JournalContext.OptionsFor(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString()));
        var chain = new ChainHash();
        var (previous, seq) = (ChainHash.Genesis, 0L);
        foreach (var row in context.Events.AsNoTracking().OrderBy(r => r.Seq))
        {
            Assert.Equal(++seq, row.Seq);
            Assert.Equal(chain.Next(previous, row), row.Hash);
            if (row.Payload is not null)
            {
                Assert.Equal(ChainHash.PayloadDigest(row.Salt, row.Payload), row.PayloadDigest);
            }

            previous = row.Hash;
            yield return row;
        }
    }
}
