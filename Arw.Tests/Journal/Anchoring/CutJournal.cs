using Arw.Core.Journal;
using Microsoft.Data.Sqlite;

namespace Arw.Tests.Journal.Anchoring;

/// <summary>A copy of a data folder whose rows somebody changes.</summary>
internal sealed class CutJournal : IDisposable
{
    private readonly TempFolder _folder = new();

    public CutJournal() => Options = new JournalOptions { DataDir = _folder.Path };

    public JournalOptions Options { get; }

    public void Edit(string sql)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // made by the tests
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    /// <summary>Changes an event and hashes all that follow anew, as a forger would who knows how.</summary>
    public void Forge(long seq)
    {
        Edit($"UPDATE events SET actor = 'person:somebody-else' WHERE seq = {seq}");
        using var connection = Open();
        using var context = new JournalContext(JournalContext.OptionsFor(connection.ConnectionString));
        var chain = new ChainHash();
        var previous = ChainHash.Genesis;
        foreach (var row in context.Events.OrderBy(r => r.Seq))
        {
            previous = row.Hash = chain.Next(previous, row);
        }

        context.SaveChanges();
    }

    public void Dispose() => _folder.Dispose();

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={Options.JournalPath};Pooling=False");
        connection.Open();
        return connection;
    }
}
