using Arw.Core.Primitives;

namespace Arw.Core.Journal;

/// <summary>Content-addressed files under the data folder: what is too large for a journal row. Written durably before the event that refers to them; verified on every read.</summary>
/// <param name="folder">Folder of the blobs; created on first write.</param>
public sealed class BlobStore(string folder)
{
    /// <summary>Keeps the bytes and returns their digest. Idempotent.</summary>
    public async ValueTask<string> PutAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        var digest = Digest.Of(bytes.Span);
        var path = PathOf(digest);
        if (File.Exists(path))
        {
            return digest;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = $"{path}.{Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(6))}.tmp";
        await using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.Asynchronous))
        {
            await file.WriteAsync(bytes, cancel);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
        return digest;
    }

    /// <summary>The bytes of a blob. A refusal when there is none; <see cref="InvalidDataException"/> when the file no longer has the content that its name promises.</summary>
    public async ValueTask<Result<byte[]>> GetAsync(string digest, CancellationToken cancel)
    {
        if (!Digest.IsWellFormed(digest))
        {
            return Refusal.Invalid($"\"{digest}\" is no digest.", "A digest is sha256: and 64 lower-case hex digits.");
        }

        var path = PathOf(digest);
        if (!File.Exists(path))
        {
            return Refusal.NotFound("blob", digest);
        }

        var bytes = await File.ReadAllBytesAsync(path, cancel);
        return Digest.Of(bytes) == digest ? bytes : throw new InvalidDataException($"The blob {digest} is damaged on disk.");
    }

    /// <summary>Where a blob lies.</summary>
    /// <param name="digest">A well-formed digest.</param>
    internal string PathOf(string digest) => Path.Combine(folder, digest[7..9], digest[9..]);
}
