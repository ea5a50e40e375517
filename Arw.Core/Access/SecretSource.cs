using System.Security.Cryptography;
using System.Text;
using Arw.Core.Primitives;

namespace Arw.Core.Access;

/// <summary>Makes secrets that cannot be guessed: 160 random bits as 32 letters and digits.</summary>
/// <param name="fill">Fills a span with random bytes; the operating system's generator by default.</param>
public sealed class SecretSource(Action<Span<byte>>? fill = null)
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    private readonly Action<Span<byte>> _fill = fill ?? RandomNumberGenerator.Fill;

    /// <summary>A new secret: 32 characters of base 32.</summary>
    public string New()
    {
        Span<byte> bytes = stackalloc byte[32];
        _fill(bytes);
        var text = new StringBuilder(32);
        foreach (var b in bytes)
        {
            text.Append(Alphabet[b & 31]);
        }

        return text.ToString();
    }

    /// <summary>A new secret of a credential, <c>arw_agent_…</c>: the prefix lets scanners of leaked secrets know it.</summary>
    public string New(PrincipalKind kind) => $"arw_{kind.ToString().ToLowerInvariant()}_{New()}";

    /// <summary>Whether a secret has this hash, in time that does not depend on where they differ.</summary>
    /// <param name="digest">Digest of the presented secret.</param>
    /// <param name="expected">The kept digest.</param>
    internal static bool Same(string digest, string expected) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(digest), Encoding.ASCII.GetBytes(expected));

    /// <summary>The kept form of a secret.</summary>
    internal static string Hash(string secret) => Digest.Of(secret);
}
