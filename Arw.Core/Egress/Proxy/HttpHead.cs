using System.Buffers;
using System.Text;

namespace Arw.Core.Egress.Proxy;

/// <summary>One header field.</summary>
/// <param name="Name">Name as sent.</param>
/// <param name="Value">Value without surrounding white space; bytes above ASCII as Latin-1.</param>
internal readonly record struct Field(string Name, string Value)
{
    /// <summary>Whether it has this name, whatever the case.</summary>
    public bool Is(string name) => Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}

/// <summary>The head of an HTTP/1 message: its first line and its fields. What two readers could read differently is refused, not repaired.</summary>
/// <param name="First">The three parts of the first line: method, target, version, or version, status, reason.</param>
/// <param name="Fields">Fields in order.</param>
internal sealed record HttpHead((string A, string B, string C) First, IReadOnlyList<Field> Fields)
{
    private const int MaxFields = 128;

    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    // What concerns one connection only and is never passed on.
    private static readonly string[] HopByHop = ["Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection", "TE", "Upgrade"];

    /// <summary>Where a head ends: the position after its empty line; null when it is not there yet.</summary>
    public static SequencePosition? End(in ReadOnlySequence<byte> bytes)
    {
        var reader = new SequenceReader<byte>(bytes);
        return reader.TryReadTo(out ReadOnlySequence<byte> _, "\r\n\r\n"u8) ? reader.Position : null;
    }

    /// <summary>Reads a whole head, its empty line included; null when it is malformed.</summary>
    public static HttpHead? Parse(in ReadOnlySequence<byte> bytes)
    {
        var lines = Encoding.Latin1.GetString(bytes)[..^4].Split("\r\n");
        if (lines.Length > MaxFields + 1 || Array.Exists(lines, l => l.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0) || lines[0].Split(' ', 3) is not [var a, var b, var c])
        {
            return null;
        }

        var fields = new List<Field>(lines.Length - 1);
        foreach (var line in lines.AsSpan(1))
        {
            // A line that begins with white space would continue the one before it.
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || !IsToken(line[..colon]))
            {
                return null;
            }

            fields.Add(new Field(line[..colon], line[(colon + 1)..].Trim(' ', '\t')));
        }

        return new HttpHead((a, b, c), fields);
    }

    /// <summary>Whether the text is a token: a method or a field's name.</summary>
    public static bool IsToken(string text) => text.Length > 0 && text.AsSpan().IndexOfAnyExcept(TokenCharacters) < 0;

    /// <summary>The value of a field; null when it is absent, or there twice.</summary>
    public string? One(string name)
    {
        string? found = null;
        foreach (var field in Fields)
        {
            if (field.Is(name))
            {
                if (found is not null)
                {
                    return null;
                }

                found = field.Value;
            }
        }

        return found;
    }

    /// <summary>How often a field is there.</summary>
    public int Count(string name) => Fields.Count(f => f.Is(name));

    /// <summary>Whether a field that lists words names this one.</summary>
    public bool Lists(string name, string word) =>
        Fields.Any(f => f.Is(name) && f.Value.Split(',').Any(v => v.Trim().Equals(word, StringComparison.OrdinalIgnoreCase)));

    /// <summary>The fields that may be passed on to the next machine.</summary>
    public IEnumerable<Field> EndToEnd() =>
        Fields.Where(f => !Array.Exists(HopByHop, f.Is) && !Lists("Connection", f.Name));

    /// <summary>The bytes of a head.</summary>
    public static byte[] Write(string first, IEnumerable<Field> fields)
    {
        var text = new StringBuilder(first).Append("\r\n");
        foreach (var field in fields)
        {
            text.Append(field.Name).Append(": ").Append(field.Value).Append("\r\n");
        }

        return Encoding.Latin1.GetBytes(text.Append("\r\n").ToString());
    }
}
