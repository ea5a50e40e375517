using System.Formats.Tar;

namespace Arw.Core.Archives;

/// <summary>Reads tar: plain files and folders only, lengths as the framework checks them, and nothing after the end.</summary>
internal static class TarArchiveReader
{
    /// <summary>Whether it begins with the header of an entry: told by its checksum, which the oldest form has too and the framework does not check.</summary>
    public static bool IsTar(ReadOnlySpan<byte> head) => head.Length >= 512 && IsSummed(head);

    public static void Read(Stream stream, ArchiveIntake intake)
    {
        using var reader = new TarReader(stream, leaveOpen: true);
        while (reader.GetNextEntry() is { } entry)
        {
            switch (entry.EntryType)
            {
                case TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile:
                    intake.File(entry.Name, entry.DataStream ?? Stream.Null, entry.Length);
                    break;
                case TarEntryType.Directory:
                    intake.Folder(entry.Name);
                    break;
                case TarEntryType.SymbolicLink or TarEntryType.HardLink:
                    throw new ArchiveRefusedException(ArchiveRefusals.Link(entry.Name));
                case TarEntryType.CharacterDevice or TarEntryType.BlockDevice or TarEntryType.Fifo:
                    throw new ArchiveRefusedException(ArchiveRefusals.Device(entry.Name));
                case TarEntryType.GlobalExtendedAttributes:
                    break;
                default:
                    throw new ArchiveRefusedException(ArchiveRefusals.Unsupported($"{ArchiveRefusals.Quote(entry.Name)} is of kind {entry.EntryType}"));
            }
        }

        var rest = new byte[4096];
        for (var length = stream.Read(rest); length > 0; length = stream.Read(rest))
        {
            if (rest.AsSpan(0, length).ContainsAnyExcept((byte)0))
            {
                throw new ArchiveRefusedException(ArchiveRefusals.Lies("there is something after its end"));
            }
        }
    }

    private static bool IsSummed(ReadOnlySpan<byte> head)
    {
        var said = 0;
        foreach (var b in head.Slice(148, 8))
        {
            if (b is >= (byte)'0' and <= (byte)'7')
            {
                said = said * 8 + b - '0';
            }
        }

        var sum = 8 * ' ';
        for (var i = 0; i < 512; i++)
        {
            sum += i is >= 148 and < 156 ? 0 : head[i];
        }

        return said > 8 * ' ' && said == sum;
    }
}
