using System.Text;

namespace Arw.Core.Access;

/// <summary>The owner's token: from the configuration, or made at first start and kept in the data folder, readable by its owner only.</summary>
public sealed class AdminToken
{
    private const string FileName = "admin.token";
    private readonly string _hash;

    private AdminToken(string hash, string? secret) => (_hash, Secret) = (hash, secret);

    /// <summary>The token in clear, for the redactor; null when only its hash is configured.</summary>
    public string? Secret { get; }

    /// <summary>A token that is known in clear.</summary>
    public static AdminToken FromSecret(string secret) => new(SecretSource.Hash(secret), secret);

    /// <summary>A token of which only the SHA-256 is known.</summary>
    /// <param name="hex">64 hexadecimal digits.</param>
    public static AdminToken FromHash(string hex) => new("sha256:" + hex.ToLowerInvariant(), null);

    /// <summary>The token kept in the data folder, made when there is none.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="secrets">Where a new token comes from.</param>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    public static AdminToken FromFolder(string folder, SecretSource secrets)
    {
        var path = Path.Combine(folder, FileName);
        if (File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } kept)
        {
            return FromSecret(kept);
        }

        var secret = secrets.New(PrincipalKind.Person);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(path, options))
        {
            file.Write(Encoding.ASCII.GetBytes(secret + "\n"));
            file.Flush(flushToDisk: true);
        }

        return FromSecret(secret);
    }

    /// <summary>Whether this is the token; compared in constant time.</summary>
    public bool Is(string secret) => SecretSource.Same(SecretSource.Hash(secret), _hash);
}
