using System.Security.Cryptography;
using Arw.Core.Journal.Inspection;
using Arw.Core.Primitives;

namespace Arw.Core.Journal.Verification;

/// <summary>Reads the blobs that rows refer to, piece by piece: there, of the right length, with the content that their name promises, and the payload that the row recorded.</summary>
/// <param name="blobs">Where they are.</param>
/// <param name="faults">Where what is wrong is noted.</param>
/// <param name="copy">Holds the last blob that was read, for who writes it elsewhere; null for nobody.</param>
internal sealed class BlobCheck(BlobStore blobs, FaultList faults, MemoryStream? copy = null) : IDisposable
{
    private readonly IncrementalHash _content = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash _salted = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _piece = new byte[64 * 1024];

    /// <summary>Blobs that were read, once for each event that refers to them.</summary>
    public long Count { get; private set; }

    public void Check(StoredRow row)
    {
        Count++;
        if (Problem(row) is { } problem)
        {
            faults.Add(FaultKind.Blob, row.Seq, $"Event {row.Seq}: {problem}");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _content.Dispose();
        _salted.Dispose();
    }

    private string? Problem(StoredRow row)
    {
        var digest = row.PayloadRef;
        if (!Digest.IsWellFormed(digest))
        {
            return "its reference to a large payload is no digest.";
        }

        long length = 0;
        copy?.SetLength(0);
        _salted.AppendData(row.Salt);
        try
        {
            using var file = new FileStream(blobs.PathOf(digest), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
            for (int read; (read = file.Read(_piece)) > 0; length += read)
            {
                _content.AppendData(_piece, 0, read);
                _salted.AppendData(_piece, 0, read);
                copy?.Write(_piece, 0, read);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _content.GetHashAndReset();
            _salted.GetHashAndReset();
            return e is FileNotFoundException or DirectoryNotFoundException ? $"its payload, the blob {digest}, is missing." : $"its payload, the blob {digest}, cannot be read: {e.Message}";
        }

        var content = _content.GetHashAndReset();
        var salted = _salted.GetHashAndReset();
        return Digest.Format(content) != digest ? $"its payload, the blob {digest}, is damaged."
            : length != row.PayloadBytes || !row.PayloadDigest.SequenceEqual(salted) ? "its payload is not the one that was recorded."
            : null;
    }
}
