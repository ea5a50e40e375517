using System.IO.Compression;
using System.Runtime.InteropServices;
using Arw.Core.Journal.Inspection;
using Arw.Core.Primitives;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Arw.Core.Journal.Archive;

/// <summary>A segment on disk: rows of table <c>events</c> as a small database, compressed with Brotli. So whatever reads the journal reads a segment with the same statements.</summary>
internal static class SegmentFile
{
    /// <summary>Most events in a segment.</summary>
    public const int MostEvents = 8192;

    /// <summary>Bytes of payloads at which a segment ends.</summary>
    public const long FullAt = 8 * 1024 * 1024;

    // A segment is at most full and one more payload; a damaged manifest must not allocate gigabytes.
    private const long LongestImage = 256 * 1024 * 1024;

    private const string Table = """
        CREATE TABLE events (seq INTEGER NOT NULL PRIMARY KEY, recorded INTEGER NOT NULL, time INTEGER NOT NULL, kind TEXT NOT NULL, subject TEXT, actor TEXT NOT NULL, project TEXT, corr_id TEXT, span_id TEXT, parent_id TEXT,
            payload BLOB, payload_ref TEXT, payload_bytes INTEGER NOT NULL, salt BLOB, payload_digest BLOB NOT NULL, hash BLOB NOT NULL);
        """;

    /// <summary>Where a segment lies: its name has its events and the start of its digest, so that a rewritten one lies beside the one it replaces.</summary>
    /// <exception cref="SegmentDamagedException">The manifest has no digest.</exception>
    public static string PathOf(string folder, SegmentManifest manifest) => !Digest.IsWellFormed(manifest.Digest)
        ? throw new SegmentDamagedException(manifest, "has no digest", null)
        : Path.Combine(folder, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{manifest.First:D12}-{manifest.Last:D12}.{manifest.Digest[7..15]}.seg"));

    /// <summary>An empty segment in memory.</summary>
    public static SqliteConnection New()
    {
        var image = new SqliteConnection("Data Source=:memory:;Pooling=False");
        image.Open();
        Run(image, Table);
        return image;
    }

    /// <summary>Writes a segment durably. Nothing refers to the file yet.</summary>
    /// <param name="folder">Folder of the segments.</param>
    /// <param name="image">The rows.</param>
    /// <param name="hashBefore">Chain hash of the event before the first.</param>
    /// <returns>Its manifest, unsigned.</returns>
    public static SegmentManifest Write(string folder, SqliteConnection image, string hashBefore)
    {
        var bytes = Serialize(image);
        var packed = Compress(bytes);
        var manifest = Describe(image, hashBefore) with { Digest = Digest.Of(packed), Bytes = packed.Length, ImageBytes = bytes.Length };
        DurableFolder.Create(folder);
        var path = PathOf(folder, manifest);
        var temporary = path + ".tmp";
        try
        {
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1))
            {
                file.Write(packed);
                DurableFolder.Flush(file.SafeFileHandle, temporary);
            }

            File.Move(temporary, path, overwrite: true);
            DurableFolder.Sync(folder);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        return manifest;
    }

    /// <summary>Opens a segment for reading: it is what its manifest says, or it is not opened.</summary>
    /// <param name="folder">Folder of the segments.</param>
    /// <param name="manifest">What it must be.</param>
    /// <param name="change">Whether the rows in memory are going to be changed.</param>
    /// <exception cref="SegmentDamagedException">The file is missing or another one.</exception>
    public static SqliteConnection Open(string folder, SegmentManifest manifest, bool change = false)
    {
        byte[] packed;
        try
        {
            packed = File.ReadAllBytes(PathOf(folder, manifest));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SegmentDamagedException(manifest, e is FileNotFoundException or DirectoryNotFoundException ? "is missing" : $"cannot be read: {e.Message}", e);
        }

        if (Digest.Of(packed) != manifest.Digest || manifest.ImageBytes is < 512 or > LongestImage)
        {
            throw new SegmentDamagedException(manifest, "is damaged", null);
        }

        var connection = new SqliteConnection("Data Source=:memory:;Pooling=False");
        try
        {
            connection.Open();
            Deserialize(connection, packed, manifest, change);
            Run(connection, $"PRAGMA query_only={(change ? "OFF" : "ON")}; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;");
            return connection;
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException or SqliteException or SegmentDamagedException)
        {
            connection.Dispose();
            throw e as SegmentDamagedException ?? new SegmentDamagedException(manifest, "is damaged", e);
        }
    }

    private static SegmentManifest Describe(SqliteConnection image, string hashBefore)
    {
        using var command = image.CreateCommand();
        command.CommandText = "SELECT min(seq), max(seq), sum(payload_bytes), count(payload_ref), (SELECT hash FROM events ORDER BY seq DESC LIMIT 1), (SELECT recorded FROM events ORDER BY seq LIMIT 1), (SELECT recorded FROM events ORDER BY seq DESC LIMIT 1) FROM events";
        using var row = command.ExecuteReader();
        row.Read();
        return new SegmentManifest
        {
            ArwSegment = SegmentManifest.Version,
            First = row.GetInt64(0),
            Last = row.GetInt64(1),
            PayloadBytes = row.GetInt64(2),
            BlobEvents = row.GetInt64(3),
            HashBefore = hashBefore,
            HashLast = Convert.ToHexStringLower((byte[])row[4]),
            Since = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5)),
            Until = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6)),
            Blobs = Texts(image, "SELECT DISTINCT payload_ref FROM events WHERE payload_ref IS NOT NULL ORDER BY payload_ref"),
            Kinds = Tally.Count(image, Tally.ByKind),
            Projects = Tally.Count(image, Tally.ByProject),
            Actors = Tally.Count(image, Tally.ByActor),
            Digest = "",
            Bytes = 0,
            ImageBytes = 0,
        };
    }

    private static byte[] Compress(byte[] bytes)
    {
        using var into = new MemoryStream();
        using (var brotli = new BrotliStream(into, CompressionLevel.Optimal, leaveOpen: true))
        {
            brotli.Write(bytes);
        }

        return into.ToArray();
    }

    private static byte[] Serialize(SqliteConnection image)
    {
        var at = raw.sqlite3_serialize(image.Handle, "main", out var length, 0);
        if (at == IntPtr.Zero)
        {
            throw new IOException("A segment does not fit into memory.");
        }

        try
        {
            var bytes = new byte[length];
            Marshal.Copy(at, bytes, 0, bytes.Length);
            return bytes;
        }
        finally
        {
            raw.sqlite3_free(at);
        }
    }

    private static void Deserialize(SqliteConnection connection, byte[] packed, SegmentManifest manifest, bool change)
    {
        var length = (int)manifest.ImageBytes;
        var bytes = new byte[length];
        using (var brotli = new BrotliStream(new MemoryStream(packed), CompressionMode.Decompress))
        {
            if (brotli.ReadAtLeast(bytes, length, throwOnEndOfStream: false) != length || brotli.ReadByte() >= 0)
            {
                throw new SegmentDamagedException(manifest, "is damaged", null);
            }
        }

        // SQLite takes the memory over and frees it with the connection, in an error too.
        var at = raw.sqlite3_malloc64(length);
        if (at == IntPtr.Zero)
        {
            throw new SegmentDamagedException(manifest, "does not fit into memory", null);
        }

        Marshal.Copy(bytes, 0, at, length);
        SqliteException.ThrowExceptionForRC(
            raw.sqlite3_deserialize(connection.Handle, "main", at, length, length, raw.SQLITE_DESERIALIZE_FREEONCLOSE | (change ? raw.SQLITE_DESERIALIZE_RESIZEABLE : raw.SQLITE_DESERIALIZE_READONLY)), connection.Handle);
    }

    private static List<string> Texts(SqliteConnection image, string sql)
    {
        using var command = image.CreateCommand();
#pragma warning disable CA2100 // constants only
        command.CommandText = sql;
#pragma warning restore CA2100
        using var rows = command.ExecuteReader();
        var texts = new List<string>();
        while (rows.Read())
        {
            texts.Add(rows.GetString(0));
        }

        return texts;
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // constants only
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}

/// <summary>A segment is not what its manifest says: what it held cannot be read.</summary>
public sealed class SegmentDamagedException : Exception
{
    internal SegmentDamagedException(SegmentManifest manifest, string what, Exception? inner)
        : base($"The archived segment with events {manifest.First} to {manifest.Last} {what}.", inner) => Segment = manifest;

    /// <summary>What it should be.</summary>
    public SegmentManifest Segment { get; }
}
