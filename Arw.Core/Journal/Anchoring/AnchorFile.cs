using System.Text;

namespace Arw.Core.Journal.Anchoring;

/// <summary>An anchor: a file outside the data folder to which signed heads are only ever appended, one a line.</summary>
/// <param name="path">Where it is.</param>
public sealed class AnchorFile(string path)
{
    private const int LongestLine = 4096;

    /// <summary>Where it is.</summary>
    public string Path { get; } = path;

    /// <summary>The last whole line; null when there is none. The rest of a line that a crash cut short does not count.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public string? LastLine()
    {
        if (!File.Exists(Path))
        {
            return null;
        }

        using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[Math.Min(file.Length, 2 * LongestLine)];
        file.Position = file.Length - bytes.Length;
        file.ReadExactly(bytes);
        var end = bytes.AsSpan().LastIndexOf((byte)'\n');
        if (end < 0)
        {
            return null;
        }

        var start = bytes.AsSpan(0, end).LastIndexOf((byte)'\n') + 1;
        return Encoding.UTF8.GetString(bytes.AsSpan(start, end - start));
    }

    /// <summary>Whole lines with their numbers, from the first, in constant memory.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public IEnumerable<(long Number, string Text)> Lines()
    {
        using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        // The home may be writing: what is looked at is what was there at first.
        var whole = WholeLength(file);
        file.Position = 0;
        using var reader = new StreamReader(file, Encoding.UTF8);
        long number = 0;
        for (long read = 0; read < whole && reader.ReadLine() is { } line; read += Encoding.UTF8.GetByteCount(line) + 1)
        {
            yield return (++number, line);
        }
    }

    /// <summary>Adds a head, durably.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Append(SignedHead head)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!);
        using var file = new FileStream(Path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, 1);
        // The start of a line that a crash cut short goes: it would make the next one unreadable.
        file.SetLength(WholeLength(file));
        file.Position = file.Length;
        file.Write(head.ToLine());
        file.Flush(flushToDisk: true);
    }

    private static long WholeLength(FileStream file)
    {
        var tail = new byte[LongestLine];
        for (var end = file.Length; end > 0;)
        {
            var start = Math.Max(0, end - tail.Length);
            file.Position = start;
            var piece = tail.AsSpan(0, (int)(end - start));
            file.ReadExactly(piece);
            if (piece.LastIndexOf((byte)'\n') is var at and >= 0)
            {
                return start + at + 1;
            }

            end = start;
        }

        return 0;
    }
}
