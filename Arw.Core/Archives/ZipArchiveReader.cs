using System.IO.Compression;
using System.Text;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Arw.Core.Archives;

/// <summary>
/// Reads zip. A zip says everything twice, in front of each entry and in the directory at its end, and programs differ in whom they believe: here both must
/// agree, entries must lie one after another without gap or overlap, and length and checksum must be those of what was unfolded.
/// </summary>
internal sealed class ZipArchiveReader(ReadOnlyMemory<byte> archive, ArchiveIntake intake)
{
    private const int EndLength = 22;
    private const int CentralLength = 46;
    private const int LocalLength = 30;
    private const uint EndMark = 0x06054B50;
    private const uint CentralMark = 0x02014B50;
    private const uint LocalMark = 0x04034B50;
    private const ushort Encrypted = 0x2041;
    private const ushort Described = 0x0008;
    private const ushort Utf8Names = 0x0800;
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);
    private static readonly uint[] Crc = [.. Enumerable.Range(0, 256).Select(i => Enumerable.Range(0, 8).Aggregate((uint)i, (c, _) => (c & 1) != 0 ? (c >> 1) ^ 0xEDB88320 : c >> 1))];

    private sealed record Entry(string Name, ushort Flags, ushort Method, uint Sum, uint Packed, uint Length, uint Mode, uint Local);

    public void Read()
    {
        var bytes = archive.Span;
        var end = bytes.Length - EndLength;
        if (end < 0 || ReadUInt32LittleEndian(bytes[end..]) != EndMark)
        {
            // A comment at the end could hide a second directory; nobody needs one.
            throw Refuse(bytes.LastIndexOf((ReadOnlySpan<byte>)[0x50, 0x4B, 5, 6]) >= 0
                ? ArchiveRefusals.Lies("there is something after its end")
                : ArchiveRefusals.Malformed("it has no end"));
        }

        var (count, size, start) = (ReadUInt16LittleEndian(bytes[(end + 10)..]), ReadUInt32LittleEndian(bytes[(end + 12)..]), ReadUInt32LittleEndian(bytes[(end + 16)..]));
        if (count == ushort.MaxValue || size == uint.MaxValue || start == uint.MaxValue)
        {
            throw Refuse(ArchiveRefusals.Unsupported("it is a zip64"));
        }

        if (ReadUInt32LittleEndian(bytes[(end + 4)..]) != 0 || ReadUInt16LittleEndian(bytes[(end + 8)..]) != count)
        {
            throw Refuse(ArchiveRefusals.Unsupported("it is one part of several"));
        }

        if ((long)start + size != end)
        {
            throw Refuse(ArchiveRefusals.Lies("its directory is not where it says"));
        }

        var entries = Directory(bytes[..end], (int)start, count);
        CheckLayout(entries, start);
        foreach (var entry in entries)
        {
            Unfold(entry);
        }
    }

    private static List<Entry> Directory(ReadOnlySpan<byte> bytes, int at, int count)
    {
        var entries = new List<Entry>();
        while (at < bytes.Length)
        {
            var head = bytes[at..];
            if (head.Length < CentralLength || ReadUInt32LittleEndian(head) != CentralMark)
            {
                throw Refuse(ArchiveRefusals.Malformed("its directory breaks off"));
            }

            var (name, extra, comment) = (ReadUInt16LittleEndian(head[28..]), ReadUInt16LittleEndian(head[30..]), ReadUInt16LittleEndian(head[32..]));
            var next = CentralLength + name + extra + comment;
            if (next > head.Length)
            {
                throw Refuse(ArchiveRefusals.Malformed("its directory breaks off"));
            }

            var flags = ReadUInt16LittleEndian(head[8..]);
            var text = Name(head.Slice(CentralLength, name), flags);
            CheckExtra(head.Slice(CentralLength + name, extra), text);
            entries.Add(new Entry(
                text, flags, ReadUInt16LittleEndian(head[10..]), ReadUInt32LittleEndian(head[16..]), ReadUInt32LittleEndian(head[20..]), ReadUInt32LittleEndian(head[24..]),
                ReadUInt32LittleEndian(head[38..]) >> 16, ReadUInt32LittleEndian(head[42..])));
            at += next;
        }

        return entries.Count == count ? entries : throw Refuse(ArchiveRefusals.Lies($"its end says {count:N0} entries, and its directory has {entries.Count:N0}"));
    }

    // Each entry begins where the one before ends, the first at the beginning, the last ends at the directory.
    private void CheckLayout(List<Entry> entries, uint directory)
    {
        var bytes = archive.Span;
        var at = 0L;
        foreach (var entry in entries.OrderBy(e => e.Local))
        {
            if (entry.Local != at)
            {
                throw Refuse(ArchiveRefusals.Lies(entry.Local < at ? "its entries overlap" : "there is something between its entries that its directory does not name"));
            }

            if (at + LocalLength > directory || ReadUInt32LittleEndian(bytes[(int)at..]) != LocalMark)
            {
                throw Refuse(ArchiveRefusals.Malformed("an entry is not where its directory says"));
            }

            var local = bytes[(int)at..(int)directory];
            CheckLocal(local, entry);
            at += Data(local) + entry.Packed;
            if ((entry.Flags & Described) != 0)
            {
                at += Descriptor(bytes, at, directory, entry);
            }
        }

        if (at != directory)
        {
            throw Refuse(ArchiveRefusals.Lies(at > directory ? "its entries overlap" : "there is something before its directory that it does not name"));
        }
    }

    private static void CheckLocal(ReadOnlySpan<byte> local, Entry entry)
    {
        var (name, extra) = (ReadUInt16LittleEndian(local[26..]), ReadUInt16LittleEndian(local[28..]));
        if (LocalLength + name + extra > local.Length)
        {
            throw Refuse(ArchiveRefusals.Malformed("an entry breaks off"));
        }

        var said = Name(local.Slice(LocalLength, name), entry.Flags);
        CheckExtra(local.Slice(LocalLength + name, extra), said);
        var numbers = (ReadUInt32LittleEndian(local[14..]), ReadUInt32LittleEndian(local[18..]), ReadUInt32LittleEndian(local[22..]));
        var agrees = numbers == (entry.Sum, entry.Packed, entry.Length) || ((entry.Flags & Described) != 0 && numbers == (0, 0, 0));
        if (said != entry.Name || ReadUInt16LittleEndian(local[6..]) != entry.Flags || ReadUInt16LittleEndian(local[8..]) != entry.Method || !agrees)
        {
            throw Refuse(ArchiveRefusals.Lies($"{ArchiveRefusals.Quote(entry.Name)} is another in its directory than at its place"));
        }
    }

    private static int Data(ReadOnlySpan<byte> local) => LocalLength + ReadUInt16LittleEndian(local[26..]) + ReadUInt16LittleEndian(local[28..]);

    // Checksum and lengths after the data, with or without a mark before them.
    private static int Descriptor(ReadOnlySpan<byte> bytes, long at, uint directory, Entry entry)
    {
        var rest = at <= directory ? bytes[(int)at..(int)directory] : [];
        var skip = rest.Length >= 16 && ReadUInt32LittleEndian(rest) == 0x08074B50 ? 4 : 0;
        return rest.Length >= skip + 12
            && (ReadUInt32LittleEndian(rest[skip..]), ReadUInt32LittleEndian(rest[(skip + 4)..]), ReadUInt32LittleEndian(rest[(skip + 8)..])) == (entry.Sum, entry.Packed, entry.Length)
                ? skip + 12
                : throw Refuse(ArchiveRefusals.Lies($"{ArchiveRefusals.Quote(entry.Name)} is another in its directory than at its place"));
    }

    private void Unfold(Entry entry)
    {
        if ((entry.Flags & Encrypted) != 0 || entry.Method == 99)
        {
            throw Refuse(ArchiveRefusals.Encrypted(entry.Name));
        }

        switch (entry.Mode & 0xF000)
        {
            case 0 or 0x8000 or 0x4000:
                break;
            case 0xA000:
                throw Refuse(ArchiveRefusals.Link(entry.Name));
            default:
                throw Refuse(ArchiveRefusals.Device(entry.Name));
        }

        if (entry.Method is not (0 or 8))
        {
            throw Refuse(ArchiveRefusals.Unsupported($"{ArchiveRefusals.Quote(entry.Name)} is packed by method {entry.Method}"));
        }

        if (entry.Name.EndsWith('/'))
        {
            if (entry.Length != 0)
            {
                throw Refuse(ArchiveRefusals.Lies($"the folder {ArchiveRefusals.Quote(entry.Name)} has content"));
            }

            intake.Folder(entry.Name);
            return;
        }

        var start = (int)entry.Local + Data(archive.Span[(int)entry.Local..]);
        using var packed = new ByteStream(archive.Slice(start, (int)entry.Packed));
        using var unfolding = entry.Method == 8 ? new DeflateStream(packed, CompressionMode.Decompress) : (Stream)packed;
        using var summed = new SummedStream(intake.Meter(unfolding));
        intake.File(entry.Name, summed, entry.Length);
        if (summed.Sum != entry.Sum)
        {
            throw Refuse(ArchiveRefusals.Lies($"the checksum of {ArchiveRefusals.Quote(entry.Name)} is not that of its content"));
        }
    }

    private static string Name(ReadOnlySpan<byte> bytes, ushort flags)
    {
        try
        {
            return Ascii.IsValid(bytes) || (flags & Utf8Names) != 0 ? Strict.GetString(bytes) : throw Refuse(ArchiveRefusals.Unsupported("a name is not in UTF-8"));
        }
        catch (DecoderFallbackException)
        {
            throw Refuse(ArchiveRefusals.Malformed("a name is not valid UTF-8"));
        }
    }

    // A second name, which some programs prefer; and a mark of encryption.
    private static void CheckExtra(ReadOnlySpan<byte> extra, string name)
    {
        while (extra.Length >= 4)
        {
            var (id, size) = (ReadUInt16LittleEndian(extra), ReadUInt16LittleEndian(extra[2..]));
            var field = 4 + size <= extra.Length ? extra.Slice(4, size) : throw Refuse(ArchiveRefusals.Malformed("an extra field breaks off"));
            if (id == 0x7075 && (size < 5 || Encoding.UTF8.GetString(field[5..]) != name))
            {
                throw Refuse(ArchiveRefusals.Lies($"{ArchiveRefusals.Quote(name)} has a second name"));
            }

            if (id is 0x9901 or 0x0017)
            {
                throw Refuse(ArchiveRefusals.Encrypted(name));
            }

            extra = extra[(4 + size)..];
        }
    }

    private static ArchiveRefusedException Refuse(Primitives.Refusal refusal) => new(refusal);

    private sealed class SummedStream(Stream inner) : ForwardStream
    {
        private uint _sum = uint.MaxValue;

        public uint Sum => ~_sum;

        public override int Read(Span<byte> buffer)
        {
            var length = inner.Read(buffer);
            foreach (var b in buffer[..length])
            {
                _sum = Crc[(byte)(_sum ^ b)] ^ (_sum >> 8);
            }

            return length;
        }
    }
}
