using System.Security.Cryptography;
using Arw.Core.Journal.Inspection;

namespace Arw.Core.Journal.Verification;

/// <summary>Checks rows one after the other: types, order, gaps, payload digest, chain. Each row is held to the stored hash of the one before, so that one edited row is one fault and not a fault of all that follow.</summary>
internal sealed class RowCheck
{
    private readonly FaultList _faults;
    private readonly BlobCheck _blobs;
    private readonly Tombstones _tombstones;
    private readonly ChainHash _chain = new();
    private readonly byte[] _previous = new byte[32];
    private readonly byte[] _expected = new byte[32];
    private byte[] _payload = new byte[4096];

    // Whether _previous is the stored hash of the event right before the next one.
    private bool _linked;

    /// <summary>A check that begins after an event.</summary>
    /// <param name="faults">Where what is wrong is noted.</param>
    /// <param name="blobs">Checks large payloads.</param>
    /// <param name="tombstones">Explains payloads that are gone.</param>
    /// <param name="after">Seq of that event; 0 = it begins with the first.</param>
    /// <param name="hashBefore">Its stored hash, <see cref="ChainHash.Genesis"/> before the first; null when it has none.</param>
    public RowCheck(FaultList faults, BlobCheck blobs, Tombstones tombstones, long after, byte[]? hashBefore)
    {
        (_faults, _blobs, _tombstones, LastSeq) = (faults, blobs, tombstones, after);
        _linked = hashBefore is { Length: 32 };
        if (_linked)
        {
            hashBefore!.CopyTo(_previous, 0);
        }
    }

    public long Events { get; private set; }

    public long Blobs => _blobs.Count;

    public long LastSeq { get; private set; }

    public ReadOnlySpan<byte> LastHash => _previous;

    public FaultList Faults => _faults;

    public void Check(StoredRow row)
    {
        Events++;
        var seq = row.Seq;
        if (seq <= LastSeq)
        {
            _faults.Add(FaultKind.Order, seq, $"Event {seq} stands after event {LastSeq}.");
            _linked = false;
        }
        else if (seq > LastSeq + 1)
        {
            _faults.Add(FaultKind.Missing, LastSeq + 1, seq == LastSeq + 2 ? $"Event {LastSeq + 1} is missing." : $"Events {LastSeq + 1} to {seq - 1} are missing.");
            _linked = false;
        }

        if (row.Misfit is { } column)
        {
            _faults.Add(FaultKind.Row, seq, $"Event {seq}: column {column} holds something that no home writes there.");
        }
        else if (row.Hash.Length != 32 || row.PayloadDigest.Length != 32)
        {
            _faults.Add(FaultKind.Row, seq, $"Event {seq}: its hash or payload digest is not 32 bytes long.");
        }
        else
        {
            CheckPayload(row);
            CheckChain(row);
        }

        _linked = row.Hash.Length == 32;
        if (_linked)
        {
            row.Hash.CopyTo(_previous);
        }

        LastSeq = Math.Max(LastSeq, seq);
    }

    private void CheckChain(StoredRow row)
    {
        if (!_linked)
        {
            return;
        }

        row.HashAfter(_previous, _chain, _expected);
        if (!row.Hash.SequenceEqual(_expected))
        {
            _faults.Add(FaultKind.Chain, row.Seq, $"Event {row.Seq} ({row.Kind}) does not follow from the event before it: one of the two was changed.");
        }
    }

    private void CheckPayload(StoredRow row)
    {
        if (!row.HasSalt && !row.HasPayload && !row.HasPayloadRef && _tombstones.Has(row))
        {
            return;
        }

        if (!row.HasSalt || row.HasPayload == row.HasPayloadRef)
        {
            _faults.Add(FaultKind.Payload, row.Seq, $"Event {row.Seq}: {(row.HasPayload && row.HasPayloadRef ? "there are two payloads" : "its payload is gone")}, and nothing says why.");
        }
        else if (row.HasPayloadRef)
        {
            _blobs.Check(row);
        }
        else if (row.Payload.Length != row.PayloadBytes || !DigestOf(row.Salt, row.Payload).SequenceEqual(row.PayloadDigest))
        {
            _faults.Add(FaultKind.Payload, row.Seq, $"Event {row.Seq}: its payload is not the one that was recorded.");
        }
    }

    // One call over one buffer: an incremental hash costs several times as much for a payload of a few hundred bytes.
    private ReadOnlySpan<byte> DigestOf(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> payload)
    {
        var length = salt.Length + payload.Length;
        if (_payload.Length < length)
        {
            _payload = new byte[length * 2];
        }

        salt.CopyTo(_payload);
        payload.CopyTo(_payload.AsSpan(salt.Length));
        SHA256.HashData(_payload.AsSpan(0, length), _expected);
        return _expected;
    }
}
