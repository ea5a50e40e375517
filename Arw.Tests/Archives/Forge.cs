using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace Arw.Tests.Archives;

/// <summary>One entry of a zip, and what it says differently in its two places.</summary>
internal sealed record ZipEntrySpec(string Name, byte[]? Content = null)
{
    public byte[]? RawName { get; init; }

    public string? LocalName { get; init; }

    public ushort Flags { get; init; } = 0x0800;

    public ushort Method { get; init; } = 8;

    public ushort? LocalMethod { get; init; }

    public uint Mode { get; init; } = 0x81A4;

    public uint? Sum { get; init; }

    public uint? LocalSum { get; init; }

    public uint? Length { get; init; }

    public uint? LocalLength { get; init; }

    public long? Offset { get; init; }

    public byte[] Extra { get; init; } = [];

    public bool Hidden { get; init; }

    public bool Described { get; init; }
}

/// <summary>Writes archives byte by byte, so that they can be wrong in any way.</summary>
internal static class Forge
{
    public static byte[] Zip(params ZipEntrySpec[] entries) => Zip(entries, _ => { });

    public static byte[] Zip(ZipEntrySpec[] entries, Action<byte[]> spoilEnd, byte[]? before = null, byte[]? after = null)
    {
        using var zip = new MemoryStream();
        using var writer = new BinaryWriter(zip);
        writer.Write(before ?? []);
        var central = new List<(ZipEntrySpec Entry, byte[] Name, byte[] Packed, uint Sum, uint Length, uint At)>();
        foreach (var e in entries)
        {
            var content = e.Content ?? [];
            var packed = e.Method == 8 ? Deflate(content) : content;
            var (sum, length) = (e.Sum ?? Crc32(content), e.Length ?? (uint)content.Length);
            var name = e.RawName ?? Encoding.UTF8.GetBytes(e.Name);
            var localName = e.LocalName is null ? name : Encoding.UTF8.GetBytes(e.LocalName);
            var flags = (ushort)(e.Flags | (e.Described ? 8 : 0));
            central.Add((e with { Flags = flags }, name, packed, sum, length, (uint)zip.Position));
            writer.Write(0x04034B50u);
            writer.Write((ushort)20);
            writer.Write(flags);
            writer.Write(e.LocalMethod ?? e.Method);
            writer.Write(0u);
            writer.Write(e.Described ? 0u : e.LocalSum ?? sum);
            writer.Write(e.Described ? 0u : (uint)packed.Length);
            writer.Write(e.Described ? 0u : e.LocalLength ?? length);
            writer.Write((ushort)localName.Length);
            writer.Write((ushort)e.Extra.Length);
            writer.Write(localName);
            writer.Write(e.Extra);
            writer.Write(packed);
            if (e.Described)
            {
                writer.Write(0x08074B50u);
                writer.Write(sum);
                writer.Write((uint)packed.Length);
                writer.Write(length);
            }
        }

        var start = (uint)zip.Position;
        foreach (var (e, name, packed, sum, length, at) in central.Where(c => !c.Entry.Hidden))
        {
            writer.Write(0x02014B50u);
            writer.Write((ushort)0x0314);
            writer.Write((ushort)20);
            writer.Write(e.Flags);
            writer.Write(e.Method);
            writer.Write(0u);
            writer.Write(sum);
            writer.Write((uint)packed.Length);
            writer.Write(length);
            writer.Write((ushort)name.Length);
            writer.Write((ushort)e.Extra.Length);
            writer.Write((ushort)0);
            writer.Write((ushort)0);
            writer.Write((ushort)0);
            writer.Write(e.Mode << 16);
            writer.Write((uint)(e.Offset ?? at));
            writer.Write(name);
            writer.Write(e.Extra);
        }

        var end = new byte[22];
        var count = (ushort)entries.Count(e => !e.Hidden);
        BitConverter.TryWriteBytes(end, 0x06054B50u);
        BitConverter.TryWriteBytes(end.AsSpan(8), count);
        BitConverter.TryWriteBytes(end.AsSpan(10), count);
        BitConverter.TryWriteBytes(end.AsSpan(12), (uint)zip.Position - start);
        BitConverter.TryWriteBytes(end.AsSpan(16), start);
        spoilEnd(end);
        writer.Write(end);
        writer.Write(after ?? []);
        return zip.ToArray();
    }

    public static byte[] Tar(params TarEntry[] entries)
    {
        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var entry in entries)
            {
                writer.WriteEntry(entry);
            }
        }

        return tar.ToArray();
    }

    public static TarEntry File(string name, string content = "x") => new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) };

    public static TarEntry Link(TarEntryType type, string name, string target) => new PaxTarEntry(type, name) { LinkName = target };

    /// <summary>A header of the oldest form that everybody reads, with any name, type and length.</summary>
    public static byte[] RawTar(string name, char type, long length, byte[]? content = null, string? checksum = null, string? size = null)
    {
        var header = new byte[512];
        Encoding.UTF8.GetBytes(name).CopyTo(header, 0);
        Encoding.ASCII.GetBytes("0000644\00000000\00000000\0").CopyTo(header, 100);
        Encoding.ASCII.GetBytes(size ?? Convert.ToString(length, 8).PadLeft(11, '0') + "\0").CopyTo(header, 124);
        Encoding.ASCII.GetBytes("00000000000\0").CopyTo(header, 136);
        Encoding.ASCII.GetBytes("        ").CopyTo(header, 148);
        header[156] = (byte)type;
        Encoding.ASCII.GetBytes("ustar\000").CopyTo(header, 257);
        Encoding.ASCII.GetBytes(checksum ?? Convert.ToString(header.Sum(b => b), 8).PadLeft(6, '0') + "\0 ").CopyTo(header, 148);
        var body = content ?? [];
        return [.. header, .. body, .. new byte[(512 - body.Length % 512) % 512], .. new byte[1024]];
    }

    public static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }

    public static byte[] Zstd(byte[] content)
    {
        using var compressor = new ZstdSharp.Compressor(3);
        return compressor.Wrap(content).ToArray();
    }

    private static byte[] Deflate(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            deflate.Write(content);
        }

        return packed.ToArray();
    }

    private static uint Crc32(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320u : crc >> 1;
            }
        }

        return ~crc;
    }
}
