using Microsoft.Data.Sqlite;

namespace Arw.Core.Journal.Inspection;

/// <summary>What is in a journal, counted.</summary>
public sealed record JournalStats
{
    /// <summary>Events in it.</summary>
    public required long Events { get; init; }

    /// <summary>Seq of the first; 0 = none.</summary>
    public required long First { get; init; }

    /// <summary>Seq of the last; 0 = none.</summary>
    public required long Head { get; init; }

    /// <summary>When the first was recorded; null for none.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>When the last was recorded; null for none.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Sum of all payloads, those of blobs included.</summary>
    public required long PayloadBytes { get; init; }

    /// <summary>Events whose payload is a blob.</summary>
    public required long BlobEvents { get; init; }

    /// <summary>Different blobs that they refer to.</summary>
    public required long Blobs { get; init; }

    /// <summary>Archived segments.</summary>
    public long Segments { get; init; }

    /// <summary>Events in them.</summary>
    public long ArchivedEvents { get; init; }

    /// <summary>Bytes of their files.</summary>
    public long SegmentBytes { get; init; }

    /// <summary>Seq of the last event that retention dropped; 0 = none.</summary>
    public long DroppedTo { get; init; }

    /// <summary>Events by kind, most first.</summary>
    public required IReadOnlyList<Tally> Kinds { get; init; }

    /// <summary>Events by project, most first; – stands for the whole home.</summary>
    public required IReadOnlyList<Tally> Projects { get; init; }

    /// <summary>Events by actor, most first.</summary>
    public required IReadOnlyList<Tally> Actors { get; init; }
}

/// <summary>How much there is of one thing.</summary>
/// <param name="Name">Of what.</param>
/// <param name="Events">Events.</param>
/// <param name="PayloadBytes">Sum of their payloads.</param>
public sealed record Tally(string Name, long Events, long PayloadBytes)
{
    internal const string ByKind = "SELECT kind, count(*), sum(payload_bytes) FROM events WHERE seq > $after GROUP BY kind ORDER BY 2 DESC, 1";

    internal const string ByProject = "SELECT ifnull(project, '–'), count(*), sum(payload_bytes) FROM events WHERE seq > $after GROUP BY project ORDER BY 2 DESC, 1";

    internal const string ByActor = "SELECT actor, count(*), sum(payload_bytes) FROM events WHERE seq > $after GROUP BY actor ORDER BY 2 DESC, 1";

    /// <summary>Counts events after a seq, most first.</summary>
    internal static IReadOnlyList<Tally> Count(SqliteConnection connection, string by, long after = long.MinValue)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // one of the constants above
        command.CommandText = by;
#pragma warning restore CA2100
        command.Parameters.AddWithValue("$after", after);
        using var rows = command.ExecuteReader();
        var tallies = new List<Tally>();
        while (rows.Read())
        {
            tallies.Add(new Tally(rows.GetString(0), rows.GetInt64(1), rows.GetInt64(2)));
        }

        return tallies;
    }

    /// <summary>Counts of several parts as one, most first.</summary>
    internal static IReadOnlyList<Tally> Sum(IEnumerable<Tally> parts) => [.. parts
        .GroupBy(t => t.Name, StringComparer.Ordinal)
        .Select(g => new Tally(g.Key, g.Sum(t => t.Events), g.Sum(t => t.PayloadBytes)))
        .OrderByDescending(t => t.Events).ThenBy(t => t.Name, StringComparer.Ordinal)];
}
