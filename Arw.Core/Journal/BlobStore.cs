using System.Security.Cryptography;
using Arw.Core.Primitives;

namespace Arw.Core.Journal;

/// <summary>Content-addressed files under the data folder: what is too large for a journal row. Written durably, file and name, before the event that refers to them; verified on every read.</summary>
/// <param name="folder">Folder of the blobs; created on first write.</param>
public sealed class BlobStore(string folder)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _held = new(StringComparer.Ordinal);
    private long _bytes = -1;

    /// <summary>Bytes of all blobs; counted once, then kept.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                if (_bytes < 0)
                {
                    _bytes = Directory.Exists(folder)
                        ? new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length)
                        : 0;
                }

                return _bytes;
            }
        }
    }

    /// <summary>Bytes of one blob; 0 when it is not there.</summary>
    internal long BytesOf(string digest) => new FileInfo(PathOf(digest)) is { Exists: true } file ? file.Length : 0;

    /// <summary>Digests of all blobs on disk.</summary>
    internal IReadOnlyList<string> All() => !Directory.Exists(folder) ? [] :
    [
        .. Directory.EnumerateDirectories(folder).SelectMany(d => Directory.EnumerateFiles(d).Select(f => $"sha256:{Path.GetFileName(d)}{Path.GetFileName(f)}")).Where(Digest.IsWellFormed),
    ];

    /// <summary>Keeps the bytes and returns their digest. Idempotent; a damaged file of that digest is replaced.</summary>
    /// <exception cref="IOException">They could not be made durable: nothing is left behind.</exception>
    public async ValueTask<string> PutAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        var digest = Digest.Of(bytes.Span);
        var path = PathOf(digest);
        if (File.Exists(path) && Digest.Of(await File.ReadAllBytesAsync(path, cancel)) == digest)
        {
            return digest;
        }

        var parent = Path.GetDirectoryName(path)!;
        DurableFolder.Create(parent);
        var temporary = $"{path}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}.tmp";
        try
        {
            await using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.Asynchronous))
            {
                await file.WriteAsync(bytes, cancel);
                DurableFolder.Flush(file.SafeFileHandle, temporary);
            }

            File.Move(temporary, path, overwrite: true);
            DurableFolder.Sync(parent);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        Count(bytes.Length);
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

    /// <summary>Keeps a blob from being removed until <see cref="Release"/>: for an event that will refer to it and is not written yet. Taken before <see cref="PutAsync"/>.</summary>
    internal void Hold(string digest)
    {
        lock (_gate)
        {
            _held[digest] = _held.GetValueOrDefault(digest) + 1;
        }
    }

    /// <summary>Ends one hold.</summary>
    internal void Release(string digest)
    {
        lock (_gate)
        {
            if (--_held[digest] == 0)
            {
                _held.Remove(digest);
            }
        }
    }

    /// <summary>Removes a blob durably, unless an event refers to it or is about to. True when it is gone.</summary>
    /// <param name="digest">Its digest.</param>
    /// <param name="isReferred">Whether a written event refers to it; asked while no new one can come to.</param>
    internal bool TryRemove(string digest, Func<string, bool> isReferred)
    {
        lock (_gate)
        {
            if (_held.ContainsKey(digest) || isReferred(digest))
            {
                return false;
            }

            var path = PathOf(digest);
            if (File.Exists(path))
            {
                var length = new FileInfo(path).Length;
                File.Delete(path);
                DurableFolder.Sync(Path.GetDirectoryName(path)!);
                _bytes -= _bytes < 0 ? 0 : length;
            }

            return true;
        }
    }

    private void Count(long bytes)
    {
        lock (_gate)
        {
            _bytes += _bytes < 0 ? 0 : bytes;
        }
    }

    /// <summary>Where a blob lies.</summary>
    /// <param name="digest">A well-formed digest.</param>
    internal string PathOf(string digest) => Path.Combine(folder, digest[7..9], digest[9..]);
}
