using System.IO.Compression;
using Arw.Core.Primitives;
using ZstdSharp;

namespace Arw.Core.Archives;

/// <summary>Unpacks zip, tar, gzip and zstd, and archives inside of them, into a quarantine. What an archive says about names and kinds is judged before anything is written, and no name of its is ever a name on disk.</summary>
public static class ArchiveJail
{
    private static readonly string[] Extensions = [".zip", ".tar", ".gz", ".tgz", ".zst", ".tzst"];

    /// <summary>Unpacks an archive, all of it or nothing. Refusals: <c>archive_path</c>, <c>archive_link</c>, <c>archive_device</c>, <c>archive_collision</c>, <c>archive_encrypted</c>, <c>archive_lies</c>, <c>archive_malformed</c>, <c>archive_unsupported</c>, <c>archive_bomb</c>, <c>archive_too_large</c>, <c>archive_too_deep</c>, <c>archive_too_slow</c>.</summary>
    /// <param name="name">The archive's file name: what is packed alone (<c>notes.txt.gz</c>) is named after it.</param>
    /// <param name="archive">Its bytes.</param>
    /// <param name="quarantine">Where its files go, empty and disposed by the caller.</param>
    /// <param name="limits">How much it may unfold to.</param>
    /// <param name="time">The clock of the time limit.</param>
    /// <param name="cancel">Stops it.</param>
    public static Result<QuarantinedFile[]> Unpack(string name, ReadOnlyMemory<byte> archive, Quarantine quarantine, ArchiveLimits limits, TimeProvider time, CancellationToken cancel)
    {
        if (archive.Length > limits.MaxArchiveBytes)
        {
            return ArchiveRefusals.TooLarge($"it has {archive.Length:N0} bytes, and {limits.MaxArchiveBytes:N0} are possible");
        }

        try
        {
            var intake = new ArchiveIntake(quarantine, limits, time, cancel);
            Open(name, archive, "", 1, intake);
            return quarantine.Files.ToArray();
        }
        catch (ArchiveRefusedException e)
        {
            return e.Refusal;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or ZstdException or FormatException or ArgumentException or OverflowException or NotSupportedException)
        {
            return ArchiveRefusals.Malformed(e.Message.TrimEnd('.'));
        }
    }

    private static void Open(string name, ReadOnlyMemory<byte> archive, string folder, int depth, ArchiveIntake intake)
    {
        if (depth > intake.Limits.MaxDepth)
        {
            throw new ArchiveRefusedException(ArchiveRefusals.TooDeep(intake.Limits.MaxDepth));
        }

        intake.Enter(folder, archive.Length);
        var first = intake.Files;
        switch (archive.Span)
        {
            case [0x1F, 0x8B, ..]:
                using (var packed = new ByteStream(archive))
                using (var gzip = new GZipStream(packed, CompressionMode.Decompress))
                {
                    Packed(name, gzip, intake);
                    GzipTrailer(archive.Span, intake.Unfolded);
                }

                break;
            case [0x28, 0xB5, 0x2F, 0xFD, ..]:
                using (var packed = new ByteStream(archive))
                using (var zstd = new DecompressionStream(packed, checkEndOfStream: true))
                {
                    Packed(name, zstd, intake);
                }

                break;
            case [(byte)'P', (byte)'K', ..]:
                new ZipArchiveReader(archive, intake).Read();
                break;
            case var tar when TarArchiveReader.IsTar(tar):
                using (var bytes = new ByteStream(archive))
                {
                    TarArchiveReader.Read(intake.Meter(bytes), intake);
                }

                break;
            default:
                throw new ArchiveRefusedException(ArchiveRefusals.Unsupported("it is no zip, tar, gzip or zstd file"));
        }

        foreach (var file in intake.Since(first).Where(f => Extensions.Contains(Path.GetExtension(f.Path), StringComparer.OrdinalIgnoreCase)).ToList())
        {
            // It is replaced by what it holds.
            var bytes = intake.Take(file);
            Open(file.Path[(file.Path.LastIndexOf('/') + 1)..], bytes, $"{file.Path}.unpacked", depth + 1, intake);
        }
    }

    // What a stream holds is a tar archive or one file.
    private static void Packed(string name, Stream stream, ArchiveIntake intake)
    {
        var metered = intake.Meter(stream);
        var head = new byte[512];
        var length = metered.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        using var whole = new HeadedStream(head.AsMemory(0, length), metered);
        if (TarArchiveReader.IsTar(head.AsSpan(0, length)))
        {
            TarArchiveReader.Read(whole, intake);
        }
        else
        {
            intake.File(Path.GetFileNameWithoutExtension(name) is { Length: > 0 } stem ? stem : "content", whole, null);
        }
    }

    // A truncated stream decompresses to its beginning without a word, and the length at its end is what a bomb lies about.
    private static void GzipTrailer(ReadOnlySpan<byte> archive, long unfolded)
    {
        var said = archive.Length >= 18 ? System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(archive[^4..]) : 0;
        if (archive.Length < 18 || said != (uint)unfolded)
        {
            throw new ArchiveRefusedException(ArchiveRefusals.Lies($"its end says that it holds {said:N0} bytes, and it holds {unfolded:N0}"));
        }
    }
}
