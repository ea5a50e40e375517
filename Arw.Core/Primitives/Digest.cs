using System.Security.Cryptography;

namespace Arw.Core.Primitives;

/// <summary>Content digests, written <c>sha256:</c> and 64 lower-case hex digits.</summary>
public static class Digest
{
    private const string Prefix = "sha256:";
    private static readonly System.Buffers.SearchValues<char> Hex = System.Buffers.SearchValues.Create("0123456789abcdef");

    /// <summary>The digest of some bytes.</summary>
    public static string Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(bytes, hash);
        return Format(hash);
    }

    /// <summary>The digest of a text's UTF-8 bytes.</summary>
    public static string Of(string text) => Of(System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>A raw SHA-256 hash as digest text.</summary>
    public static string Format(ReadOnlySpan<byte> hash) => Prefix + Convert.ToHexStringLower(hash);

    /// <summary>True for well-formed digest text; safe to use as a file name after the prefix.</summary>
    public static bool IsWellFormed(string? text) =>
        text is { Length: 71 } && text.StartsWith(Prefix, StringComparison.Ordinal)
        && text.AsSpan(Prefix.Length).IndexOfAnyExcept(Hex) < 0;
}
