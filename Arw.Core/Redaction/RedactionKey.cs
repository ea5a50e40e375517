using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Arw.Core.Redaction;

/// <summary>The salt of one home's tags: equal secrets get equal tags within the home, and nobody without the salt can test a guess against a tag.</summary>
public sealed class RedactionKey
{
    private const string FileName = "redaction.key";
    private const int Bytes = 32;

    private readonly byte[] _salt;

    private RedactionKey(byte[] salt) => _salt = salt;

    /// <summary>A salt that is kept nowhere, for a process without a data folder.</summary>
    public static RedactionKey Passing() => new(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>The salt kept in the data folder, readable by its owner only; made when there is none.</summary>
    /// <param name="folder">The data folder.</param>
    /// <exception cref="IOException">The file cannot be read or written, or holds something else.</exception>
    public static RedactionKey FromFolder(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (File.Exists(path))
        {
            var kept = File.ReadAllBytes(path);
            return kept.Length == Bytes ? new RedactionKey(kept) : throw new IOException($"{path} is not a salt of {Bytes} bytes. Move it away; tags of equal secrets will then differ from earlier ones.");
        }

        Directory.CreateDirectory(folder);
        var salt = RandomNumberGenerator.GetBytes(Bytes);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(path, options);
        file.Write(salt);
        file.Flush(flushToDisk: true);
        return new RedactionKey(salt);
    }

    /// <summary>What stands where a value stood: <c>[redacted:github-pat:7f3a91c0]</c>, the same for the same value.</summary>
    public string Tag(string kind, ReadOnlySpan<byte> value)
    {
        Span<byte> mac = stackalloc byte[32];
        HMACSHA256.HashData(_salt, value, mac);
        return string.Create(CultureInfo.InvariantCulture, $"[redacted:{kind}:{Convert.ToHexStringLower(mac[..4])}]");
    }

    /// <summary>Bytes that only this home can make from a name: what a canary's value is made of, so that it need not be kept.</summary>
    public byte[] Derive(string name) => HMACSHA512.HashData(_salt, Encoding.UTF8.GetBytes(name));
}
