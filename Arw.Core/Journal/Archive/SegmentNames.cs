using Microsoft.Data.Sqlite;

namespace Arw.Core.Journal.Archive;

/// <summary>The subjects and episodes that occur in a segment, and where: what table <c>archived</c> must know.</summary>
internal static class SegmentNames
{
    private const string Sql = """
        SELECT 0, subject, min(seq), max(seq) FROM events WHERE subject IS NOT NULL GROUP BY subject
        UNION ALL SELECT 1, corr_id, min(seq), max(seq) FROM events WHERE corr_id IS NOT NULL GROUP BY corr_id
        """;

    private const string Note = """
        INSERT INTO archived (field, name, first, last) VALUES ($field, $name, $first, $last)
        ON CONFLICT (field, name) DO UPDATE SET first = min(first, excluded.first), last = max(last, excluded.last)
        """;

    /// <summary>All names in a segment.</summary>
    public static List<ArchivedName> Of(SqliteConnection image)
    {
        using var command = image.CreateCommand();
        command.CommandText = Sql;
        using var rows = command.ExecuteReader();
        var names = new List<ArchivedName>();
        while (rows.Read())
        {
            names.Add(new ArchivedName { Field = rows.GetInt64(0), Name = rows.GetString(1), First = rows.GetInt64(2), Last = rows.GetInt64(3) });
        }

        return names;
    }

    /// <summary>Notes names, in this transaction. Said again it changes nothing.</summary>
    public static void Write(SqliteConnection database, IEnumerable<ArchivedName> names)
    {
        using var command = database.CreateCommand();
        command.CommandText = Note;
        var (field, text, first, last) = (command.Parameters.AddWithValue("$field", 0L), command.Parameters.AddWithValue("$name", ""), command.Parameters.AddWithValue("$first", 0L), command.Parameters.AddWithValue("$last", 0L));
        foreach (var name in names)
        {
            (field.Value, text.Value, first.Value, last.Value) = (name.Field, name.Name, name.First, name.Last);
            command.ExecuteNonQuery();
        }
    }
}
