using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using NSec.Cryptography;

namespace Arw.Core.Journal.Anchoring;

/// <summary>The Ed25519 key of a home, which signs heads of its journal. Made at first start and kept in the data folder, readable by its owner only. Its id is the public key itself, so that a signature can be checked with nothing else at hand.</summary>
public sealed class HeadKey : IDisposable
{
    /// <summary>Name of the key's file in the data folder.</summary>
    public const string FileName = "journal.key";

    private const string Prefix = "ed25519:";
    private static readonly SignatureAlgorithm Algorithm = SignatureAlgorithm.Ed25519;
    private readonly Key _key;

    private HeadKey(Key key) => _key = key;

    /// <summary><c>ed25519:</c> and the public key in base64url.</summary>
    public string Id => Prefix + Base64Url.EncodeToString(_key.PublicKey.Export(KeyBlobFormat.RawPublicKey));

    /// <summary>The key kept in a data folder, made when there is none.</summary>
    /// <exception cref="IOException">The file cannot be read or written, or holds no key.</exception>
    public static HeadKey FromFolder(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (File.Exists(path))
        {
            return Read(path);
        }

        var made = new HeadKey(Key.Create(Algorithm, new KeyCreationParameters { ExportPolicy = KeyExportPolicies.AllowPlaintextExport }));
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        // Whole or not at all: a key cut short by a crash would be taken for a damaged one for ever.
        var temporary = path + ".new";
        File.Delete(temporary);
        using (var file = new FileStream(temporary, options))
        {
            file.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(made._key.Export(KeyBlobFormat.RawPrivateKey)) + "\n"));
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path);
        return made;
    }

    /// <summary>Id of the key in a data folder; null when there is none that can be read.</summary>
    public static string? IdIn(string folder)
    {
        try
        {
            using var key = Read(Path.Combine(folder, FileName));
            return key.Id;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>Signs bytes.</summary>
    public string Sign(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(Algorithm.Sign(_key, bytes));

    /// <summary>Whether a signature over some bytes is of the key with this id.</summary>
    public static bool Verify(string keyId, ReadOnlySpan<byte> bytes, string signature) =>
        TryPublic(keyId, out var key) && Decoded(signature, 64) is { } raw && Algorithm.Verify(key, bytes, raw);

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    private static bool TryPublic(string keyId, [NotNullWhen(true)] out PublicKey? key)
    {
        key = null;
        return keyId.StartsWith(Prefix, StringComparison.Ordinal)
            && Decoded(keyId.AsSpan(Prefix.Length), 32) is { } raw
            && PublicKey.TryImport(Algorithm, raw, KeyBlobFormat.RawPublicKey, out key);
    }

    private static byte[]? Decoded(ReadOnlySpan<char> text, int length)
    {
        var bytes = new byte[length];
        return text.Length == Base64Url.GetEncodedLength(length) && Base64Url.TryDecodeFromChars(text, bytes, out var written) && written == length ? bytes : null;
    }

    private static HeadKey Read(string path)
    {
        var text = File.ReadAllText(path).Trim();
        var bytes = new byte[64];
        return Convert.TryFromBase64String(text, bytes, out var length)
            && Key.TryImport(Algorithm, bytes.AsSpan(0, length), KeyBlobFormat.RawPrivateKey, out var key)
            && key is not null
            ? new HeadKey(key)
            : throw new InvalidDataException($"\"{path}\" holds no key.");
    }
}
