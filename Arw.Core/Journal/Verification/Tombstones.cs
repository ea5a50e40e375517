using Microsoft.Data.Sqlite;

namespace Arw.Core.Journal.Verification;

/// <summary>Which payloads are gone because somebody erased them: each such event has a <c>journal.erased</c> about it, which the chain covers like any other.</summary>
internal sealed class Tombstones : IDisposable
{
    private readonly SqliteCommand _find;

    /// <summary>Looks in a journal that is open.</summary>
    public Tombstones(SqliteConnection connection)
    {
        _find = connection.CreateCommand();
        _find.CommandText = "SELECT 1 FROM events WHERE subject = $subject AND kind = $kind AND seq > $seq LIMIT 1";
        _find.Parameters.AddWithValue("$kind", JournalEvents.Erased.Name);
        _find.Parameters.AddWithValue("$subject", "");
        _find.Parameters.AddWithValue("$seq", 0L);
    }

    /// <summary>Whether one stands for an event.</summary>
    public bool Has(long seq)
    {
        _find.Parameters["$subject"].Value = JournalEvents.Subject(seq);
        _find.Parameters["$seq"].Value = seq;
        return _find.ExecuteScalar() is not null;
    }

    /// <inheritdoc/>
    public void Dispose() => _find.Dispose();
}
