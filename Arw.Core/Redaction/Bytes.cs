using System.Buffers;

namespace Arw.Core.Redaction;

/// <summary>Alphabets of secrets, and what stands beside them.</summary>
internal static class Bytes
{
    private const string LowerLetters = "abcdefghijklmnopqrstuvwxyz";
    private const string UpperLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const string Digits10 = "0123456789";

    public static readonly SearchValues<byte> Digits = Of(Digits10);
    public static readonly SearchValues<byte> Hex = Of(Digits10 + "abcdef");
    public static readonly SearchValues<byte> AnyHex = Of(Digits10 + "abcdefABCDEF");
    public static readonly SearchValues<byte> HexAndDashes = Of(Digits10 + "abcdefABCDEF-");
    public static readonly SearchValues<byte> Base32 = Of(UpperLetters + "234567");
    public static readonly SearchValues<byte> LowerBase32 = Of(LowerLetters + "234567");
    public static readonly SearchValues<byte> Upper = Of(UpperLetters + Digits10);
    public static readonly SearchValues<byte> Lower = Of(LowerLetters + Digits10);
    public static readonly SearchValues<byte> Letters = Of(LowerLetters + UpperLetters);
    public static readonly SearchValues<byte> Alphanumeric = Of(LowerLetters + UpperLetters + Digits10);
    public static readonly SearchValues<byte> Word = Of(LowerLetters + UpperLetters + Digits10 + "_");
    public static readonly SearchValues<byte> Url64 = Of(LowerLetters + UpperLetters + Digits10 + "_-");
    public static readonly SearchValues<byte> Url64Dots = Of(LowerLetters + UpperLetters + Digits10 + "_-.");
    public static readonly SearchValues<byte> Url64Equals = Of(LowerLetters + UpperLetters + Digits10 + "_-=");
    public static readonly SearchValues<byte> Base64 = Of(LowerLetters + UpperLetters + Digits10 + "+/");
    public static readonly SearchValues<byte> Base64Equals = Of(LowerLetters + UpperLetters + Digits10 + "+/=");
    public static readonly SearchValues<byte> Token68 = Of(LowerLetters + UpperLetters + Digits10 + "._~+/-");
    public static readonly SearchValues<byte> AzureSecret = Of(LowerLetters + UpperLetters + Digits10 + "_.~-");

    /// <summary>An alphabet of these characters.</summary>
    public static SearchValues<byte> Of(string characters) => SearchValues.Create(System.Text.Encoding.ASCII.GetBytes(characters));

    /// <summary>How many bytes from a place on are of an alphabet, counted up to a limit.</summary>
    public static int Run(ReadOnlySpan<byte> text, int at, SearchValues<byte> alphabet, int limit)
    {
        var rest = text.Slice(at, Math.Min(limit, text.Length - at));
        var end = rest.IndexOfAnyExcept(alphabet);
        return end < 0 ? rest.Length : end;
    }

    /// <summary>How many bytes before a place are of an alphabet, counted up to a limit.</summary>
    public static int RunBefore(ReadOnlySpan<byte> text, int at, SearchValues<byte> alphabet, int limit)
    {
        var before = text.Slice(Math.Max(0, at - limit), Math.Min(limit, at));
        return before.Length - 1 - before.LastIndexOfAnyExcept(alphabet);
    }

    /// <summary>Whether a word may begin here: nothing before it, or no letter, digit or underscore, or a percent-encoded character.</summary>
    public static bool Begins(ReadOnlySpan<byte> text, int at) =>
        at == 0 || !IsWord(text[at - 1]) || (at >= 3 && text[at - 3] == '%' && char.IsAsciiHexDigit((char)text[at - 2]) && char.IsAsciiHexDigit((char)text[at - 1]));

    /// <summary>Whether a word may end here.</summary>
    public static bool Ends(ReadOnlySpan<byte> text, int at) => at >= text.Length || !char.IsAsciiLetterOrDigit((char)text[at]);

    /// <summary>Whether a sign before a place only marks its line, as in a diff.</summary>
    public static bool FollowsLineMark(ReadOnlySpan<byte> text, int at) =>
        at > 0 && text[at - 1] is (byte)'+' or (byte)'-' && (at == 1 || text[at - 2] == '\n');

    public static bool IsWord(byte b) => char.IsAsciiLetterOrDigit((char)b) || b == '_';

    /// <summary>Whether a text has a variety of characters as only something drawn at random has: <c>xxxx…</c> and <c>0000…</c> in documentation have not.</summary>
    public static bool IsVaried(ReadOnlySpan<byte> text, int least = 6)
    {
        UInt128 seen = 0;
        foreach (var b in text)
        {
            seen |= (UInt128)1 << (b & 127);
        }

        return UInt128.PopCount(seen) >= (UInt128)Math.Min(least, Math.Max(text.Length / 2, 2));
    }

    /// <summary>Shannon's entropy of the bytes, in bits each.</summary>
    public static double Entropy(ReadOnlySpan<byte> text)
    {
        Span<int> counts = stackalloc int[128];
        counts.Clear();
        foreach (var b in text)
        {
            counts[b & 127]++;
        }

        var bits = 0.0;
        foreach (var count in counts)
        {
            if (count > 0)
            {
                var share = count / (double)text.Length;
                bits -= share * Math.Log2(share);
            }
        }

        return bits;
    }
}
