using System.Globalization;
using Arw.Core.Journal.Archive;
using Arw.Core.Journal.Inspection;
using Microsoft.Data.Sqlite;

namespace Arw.Core.Journal.Verification;

/// <summary>Holds table <c>archived</c> to the segments: an append is held to it where its subject has no event left in the database. Every name in a segment lies between the first and the last that the table gives, and both of these are events of that name.</summary>
/// <param name="journal">The journal.</param>
/// <param name="faults">Where what is wrong is noted.</param>
internal sealed class NameCheck(JournalFile journal, FaultList faults)
{
    private SegmentSet _archived = SegmentSet.Empty;

    /// <exception cref="SqliteException">The table cannot be read.</exception>
    public void Run()
    {
        // One moment of table and segments: a live home may be moving events.
        using var moment = journal.Connection.BeginTransaction(deferred: true);
        _archived = journal.Archived;
        foreach (var segment in _archived.Segments)
        {
            try
            {
                CheckCovered(journal.Shelf.Use(segment, SegmentNames.Of));
            }
            catch (SegmentDamagedException)
            {
                // Said where its events are checked.
            }
        }

        // In order of what they name, so that each segment is opened once.
        CheckNamed("SELECT field, name, first FROM archived ORDER BY first");
        CheckNamed("SELECT field, name, last FROM archived ORDER BY last");
    }

    private void CheckCovered(List<ArchivedName> names)
    {
        using var command = journal.Connection.CreateCommand();
        command.CommandText = "SELECT first, last FROM archived WHERE field = $field AND name = $name";
        var (field, text) = (command.Parameters.AddWithValue("$field", 0L), command.Parameters.AddWithValue("$name", ""));
        foreach (var name in names)
        {
            (field.Value, text.Value) = (name.Field, name.Name);
            using var row = command.ExecuteReader();
            if (!row.Read() || row.GetInt64(0) > name.First || row.GetInt64(1) < name.Last)
            {
                Add(name.First, name.Name);
            }
        }
    }

    private void CheckNamed(string sql)
    {
        using var command = journal.Connection.CreateCommand();
#pragma warning disable CA2100 // one of two constants
        command.CommandText = sql;
#pragma warning restore CA2100
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            var (field, name, seq) = (rows.GetInt64(0), rows.GetString(1), rows.GetInt64(2));
            var known = seq >= 1 && seq <= _archived.DroppedTo;
            if (field is not (ArchivedName.Subject or ArchivedName.CorrId) || (!known && !IsNamed(field, name, seq)))
            {
                Add(null, name);
            }
        }
    }

    private bool IsNamed(long field, string name, long seq)
    {
        var column = field == ArchivedName.Subject ? "subject" : "corr_id";
        try
        {
            return _archived.Find(seq) is { } segment ? journal.Shelf.Use(segment, Holds) : Holds(journal.Connection);
        }
        catch (SegmentDamagedException)
        {
            // Said where its events are checked.
            return true;
        }

        bool Holds(SqliteConnection connection)
        {
            using var command = connection.CreateCommand();
#pragma warning disable CA2100 // one of two constants
            command.CommandText = $"SELECT EXISTS (SELECT 1 FROM events WHERE seq = $seq AND {column} = $name)";
#pragma warning restore CA2100
            command.Parameters.AddWithValue("$seq", seq);
            command.Parameters.AddWithValue("$name", name);
            return command.ExecuteScalar() is 1L;
        }
    }

    private void Add(long? seq, string name) => faults.Add(
        FaultKind.Segment, seq, string.Create(CultureInfo.InvariantCulture, $"The database does not say rightly where \"{name}\" occurs in archived events{(seq is null ? "" : $", of which {seq} is one")}."));
}
