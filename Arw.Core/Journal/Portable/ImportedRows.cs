using Arw.Core.Primitives;
using Microsoft.Data.Sqlite;

namespace Arw.Core.Journal.Portable;

/// <summary>Events on their way into a new journal: each must follow from the one before and have the payload that it recorded, or it is refused.</summary>
internal sealed class ImportedRows : IDisposable
{
    private readonly Dictionary<string, (string? Project, long Seq)> _unexplained = new(StringComparer.Ordinal);
    private readonly JournalWriter _writer;
    private readonly BlobStore _blobs;
    private byte[] _hash = ChainHash.Genesis;
    private string? _waiting;
    private bool _open;

    public ImportedRows(string path, BlobStore blobs) =>
        (_writer, _blobs) = (new JournalWriter(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString()), blobs);

    public long Events { get; private set; }

    public long Blobs { get; private set; }

    public long Head { get; private set; }

    public string HeadHash => Convert.ToHexStringLower(_hash);

    /// <summary>Keeps a large payload; the next event must be the one that refers to it, so that nothing comes in that no event vouches for.</summary>
    public async Task<Refusal?> KeepAsync(string? digest, byte[] bytes, CancellationToken cancel)
    {
        if (_waiting is not null || Digest.Of(bytes) != digest)
        {
            return Bad(_waiting is null ? $"The large payload is not the one that its digest \"{digest}\" names." : $"No event refers to the large payload {_waiting}.");
        }

        await _blobs.PutAsync(bytes, cancel);
        _waiting = digest;
        Blobs++;
        return null;
    }

    /// <summary>Writes an event.</summary>
    public async Task<Refusal?> AddAsync(EventRow row, CancellationToken cancel)
    {
        if (row.Seq != Head + 1)
        {
            return Bad($"Event {row.Seq} follows event {Head}.");
        }

        if (_waiting is not null && row.PayloadRef != _waiting)
        {
            return Bad($"Event {row.Seq} does not refer to the large payload {_waiting} before it.");
        }

        _waiting = null;
        if (row is { Payload: null, PayloadRef: null, Salt: null })
        {
            // Erased: the event that says so comes later, or the file is not taken.
            _unexplained[JournalEvents.Subject(row.Seq)] = (row.Project, row.Seq);
        }
        else if (await PayloadAsync(row, cancel) is not { } payload || row.Salt is null || row.PayloadBytes != payload.Length
            || !ChainHash.PayloadDigest(row.Salt, payload).AsSpan().SequenceEqual(row.PayloadDigest))
        {
            return Bad($"The payload of event {row.Seq} is not the one that was recorded.");
        }

        if (!_open)
        {
            _writer.Begin();
            _open = true;
        }

        var recorded = row.Hash;
        _writer.Insert(row, _hash);
        if (!row.Hash.AsSpan().SequenceEqual(recorded))
        {
            return Bad($"Event {row.Seq} does not follow from the event before it: one of the two was changed.");
        }

        if (row.Kind == JournalEvents.Erased.Name && row.Subject is { } erased)
        {
            _unexplained.Remove(erased);
        }
        else if (row.Kind == JournalEvents.Expired.Name && row.Payload is { } payload)
        {
            var expired = ArwJson.FromUtf8<PayloadsExpired>(payload);
            foreach (var (subject, _) in _unexplained.Where(u => u.Value.Project == expired.Project && u.Value.Seq <= expired.UpTo).ToList())
            {
                _unexplained.Remove(subject);
            }
        }

        (Head, _hash) = (row.Seq, row.Hash);
        Events++;
        return null;
    }

    /// <summary>What still speaks against taking the rows when all have come; null for nothing.</summary>
    public Refusal? Missing() => _unexplained.Count == 0 ? null : Bad($"The payload of {_unexplained.Keys.First()} is gone, and nothing says why.");

    /// <summary>Makes durable what was added.</summary>
    public void Commit()
    {
        if (_open)
        {
            _writer.Commit(Head, _hash);
            _open = false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    private static Refusal Bad(string message) =>
        new("export_damaged", message, "Nothing was imported. Export the journal again, or take another copy of the file.", 422);

    private async Task<byte[]?> PayloadAsync(EventRow row, CancellationToken cancel)
    {
        if (row.PayloadRef is not { } digest)
        {
            return row.Payload;
        }

        return row.Payload is null && (await _blobs.GetAsync(digest, cancel)).TryGet(out var bytes, out _) ? bytes : null;
    }
}
