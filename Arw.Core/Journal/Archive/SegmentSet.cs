using System.Text.Json;
using Arw.Core.Primitives;
using Microsoft.Data.Sqlite;

namespace Arw.Core.Journal.Archive;

/// <summary>What of a journal lies outside table <c>events</c> at one moment: the segments in order, and what was dropped before them.</summary>
/// <param name="Segments">Manifests, oldest first, without a gap.</param>
/// <param name="Cut">The last cut; null while nothing was dropped.</param>
public sealed record SegmentSet(IReadOnlyList<SegmentManifest> Segments, CutRecord? Cut)
{
    /// <summary>Nothing is archived.</summary>
    public static SegmentSet Empty { get; } = new([], null);

    /// <summary>Seq of the last event that was dropped; 0 = none.</summary>
    public long DroppedTo => Cut?.UpTo ?? 0;

    /// <summary>Seq of the last event that is not in table <c>events</c> any more; 0 = all are. Rows up to it that are still there are left over from an archiving and count for nothing.</summary>
    public long ArchivedTo => Segments.Count == 0 ? DroppedTo : Segments[^1].Last;

    /// <summary>The segment that holds an event; null for none.</summary>
    public SegmentManifest? Find(long seq)
    {
        var (low, high) = (0, Segments.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (seq < Segments[middle].First)
            {
                high = middle - 1;
            }
            else if (seq > Segments[middle].Last)
            {
                low = middle + 1;
            }
            else
            {
                return Segments[middle];
            }
        }

        return null;
    }

    /// <summary>What a database says.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="known">What it said before: manifests that are still there are not read again.</param>
    /// <exception cref="SqliteException">It cannot be read, or holds something that no home writes.</exception>
    internal static SegmentSet Read(SqliteConnection connection, SegmentSet known)
    {
        try
        {
            return HasTables(connection) ? ReadTables(connection, known) : Empty;
        }
        catch (Exception e) when (e is JsonException or InvalidCastException or FormatException or InvalidOperationException)
        {
            throw new SqliteException($"What is archived cannot be read: {e.Message}", SQLitePCL.raw.SQLITE_CORRUPT);
        }
    }

    private static SegmentSet ReadTables(SqliteConnection connection, SegmentSet known)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT record FROM cuts ORDER BY up_to DESC LIMIT 1";
        var cut = command.ExecuteScalar() is byte[] record ? ArwJson.FromUtf8<CutRecord>(record) : null;
        command.CommandText = "SELECT digest FROM segments ORDER BY first";
        var digests = new List<string>();
        using (var rows = command.ExecuteReader())
        {
            while (rows.Read())
            {
                digests.Add(rows.GetString(0));
            }
        }

        if (cut == known.Cut && digests.SequenceEqual(known.Segments.Select(s => s.Digest), StringComparer.Ordinal))
        {
            return known;
        }

        var old = known.Segments.ToDictionary(s => s.Digest, StringComparer.Ordinal);
        return new SegmentSet([.. digests.Select(d => old.GetValueOrDefault(d) ?? Manifest(connection, d))], cut);
    }

    private static SegmentManifest Manifest(SqliteConnection connection, string digest)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT manifest FROM segments WHERE digest = $digest";
        command.Parameters.AddWithValue("$digest", digest);
        return ArwJson.FromUtf8<SegmentManifest>((byte[])command.ExecuteScalar()!);
    }

    // A journal of an earlier release that is only read has none.
    internal static bool HasTables(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('segments', 'cuts')";
        return command.ExecuteScalar() is 2L;
    }
}
