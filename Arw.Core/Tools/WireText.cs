using System.Text;

namespace Arw.Core.Tools;

/// <summary>Text as decoded.</summary>
/// <param name="Text">The text.</param>
/// <param name="Encoding">Name of the encoding that was used.</param>
/// <param name="Warning">What was wrong with the declared one; null for nothing.</param>
public sealed record DecodedText(string Text, string Encoding, string? Warning);

/// <summary>Turns bytes from the wire into text, in the encodings found in the wild. Never fails: what fits no encoding becomes U+FFFD.</summary>
public static class WireText
{
    private const string Utf8Name = "utf-8";
    private const string LatinName = "windows-1252";

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly Lazy<EncodingProvider> Pages = new(() => CodePagesEncodingProvider.Instance);

    /// <summary>The charset parameter of a content type; null for none.</summary>
    public static string? CharsetOf(string? contentType)
    {
        foreach (var part in (contentType ?? "").Split(';').Skip(1))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && part.AsSpan(0, equals).Trim().Equals("charset", StringComparison.OrdinalIgnoreCase))
            {
                return part[(equals + 1)..].Trim().Trim('"', '\'');
            }
        }

        return null;
    }

    /// <summary>Whether a body is text, by its content type or, failing that, by its bytes.</summary>
    public static bool IsText(string? contentType, ReadOnlySpan<byte> bytes)
    {
        var type = (contentType ?? "").Split(';')[0].Trim().ToLowerInvariant();
        if (type.StartsWith("text/", StringComparison.Ordinal) || type.EndsWith("+json", StringComparison.Ordinal) || type.EndsWith("+xml", StringComparison.Ordinal)
            || type is "application/json" or "application/xml" or "application/javascript" or "application/x-www-form-urlencoded" or "application/yaml" or "application/x-ndjson")
        {
            return true;
        }

        return type.Length == 0 && !bytes[..Math.Min(bytes.Length, 1024)].Contains((byte)0);
    }

    /// <summary>Decodes bytes. A byte order mark decides; then what was declared, unless the bytes say otherwise; then UTF-8; then windows-1252.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="declared">The declared charset; null for none.</param>
    /// <param name="cut">The bytes may end in the middle of a character.</param>
    public static DecodedText Decode(ReadOnlySpan<byte> bytes, string? declared, bool cut = false)
    {
        if (Mark(bytes) is var (marked, length))
        {
            return new DecodedText(marked.GetString(bytes[length..]), marked.WebName, null);
        }

        if (Unmarked16(bytes) is { } wide)
        {
            return new DecodedText(wide.GetString(bytes), wide.WebName, null);
        }

        var encoding = Find(declared);
        var unknown = encoding is null && !string.IsNullOrEmpty(declared) ? $"The declared encoding \"{Short(declared)}\" is not known." : null;
        var isUtf8 = IsUtf8(bytes, cut);
        if (isUtf8 && (encoding is null || IsLatin(encoding) || encoding.WebName.StartsWith("utf-16", StringComparison.Ordinal)))
        {
            // Valid UTF-8 with multi-byte characters is practically never anything else, whatever the label says.
            var plain = !bytes.ContainsAnyExceptInRange((byte)0, (byte)127);
            return new DecodedText(Encoding.UTF8.GetString(bytes), Utf8Name, plain || encoding is null ? unknown : $"It is labelled {encoding.WebName} but is UTF-8.");
        }

        if (encoding is null or UTF8Encoding && !isUtf8)
        {
            return new DecodedText(Latin.GetString(bytes), LatinName, unknown ?? $"It is not valid UTF-8; it was read as {LatinName}.");
        }

        return new DecodedText(encoding!.GetString(bytes), encoding.WebName, null);
    }

    private static Encoding Latin => Pages.Value.GetEncoding(1252) ?? Encoding.Latin1;

    private static Encoding? Find(string? name)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > 40)
        {
            return null;
        }

        // By web practice these labels mean windows-1252.
        var label = name.Trim().ToLowerInvariant();
        if (label is "iso-8859-1" or "latin1" or "latin-1" or "l1" or "iso8859-1" or "us-ascii" or "ascii" or "ansi" or "cp1252" or "windows-1252")
        {
            return Latin;
        }

        if (label is "utf-8" or "utf8" or "unicode-1-1-utf-8" or "utf8mb4")
        {
            return Encoding.UTF8;
        }

        if (label is "utf-7" or "csutf7")
        {
            return null;
        }

        try
        {
            return Pages.Value.GetEncoding(label) ?? Encoding.GetEncoding(label);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static bool IsLatin(Encoding encoding) => encoding.IsSingleByte && encoding.CodePage is 1252 or 28591 or 28605 or 1250 or 20127;

    private static bool IsUtf8(ReadOnlySpan<byte> bytes, bool cut)
    {
        for (var drop = 0; drop <= (cut ? Math.Min(3, bytes.Length) : 0); drop++)
        {
            try
            {
                StrictUtf8.GetCharCount(bytes[..^drop]);
                return true;
            }
            catch (DecoderFallbackException)
            {
                // A cut body may end in the middle of a character: try without its last bytes.
            }
        }

        return false;
    }

    private static (Encoding Encoding, int Length)? Mark(ReadOnlySpan<byte> b) => b switch
    {
        [0xef, 0xbb, 0xbf, ..] => (Encoding.UTF8, 3),
        [0xff, 0xfe, 0, 0, ..] => (Encoding.UTF32, 4),
        [0, 0, 0xfe, 0xff, ..] => (new UTF32Encoding(bigEndian: true, byteOrderMark: false), 4),
        [0xff, 0xfe, ..] => (Encoding.Unicode, 2),
        [0xfe, 0xff, ..] => (Encoding.BigEndianUnicode, 2),
        _ => null,
    };

    private static Encoding? Unmarked16(ReadOnlySpan<byte> b) => b switch
    {
        [(byte)'<' or (byte)'{', 0, not 0, 0, ..] => Encoding.Unicode,
        [0, (byte)'<' or (byte)'{', 0, not 0, ..] => Encoding.BigEndianUnicode,
        _ => null,
    };

    private static string Short(string text) => text.Length > 40 ? text[..40] + "…" : text;
}
