using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Primitives;

namespace Arw.Core.Journal.Anchoring;

/// <summary>A statement of a home: at this moment its journal ended with this event and this hash, and so holds all that leads to it. One line of an anchor.</summary>
/// <param name="Seq">Seq of the last event then.</param>
/// <param name="Hash">Its chain hash, 64 lower-case hex digits.</param>
/// <param name="Recorded">When the home said so (home clock).</param>
/// <param name="KeyId">The key that signed.</param>
/// <param name="Signature">Ed25519 over the canonical form (RFC 8785) of the other members, base64url.</param>
public sealed record SignedHead(long Seq, string Hash, DateTimeOffset Recorded, string KeyId, string Signature)
{
    // No other thing that is ever signed by this key can be taken for a head.
    private const string Domain = "arw.journal.head.v1\n";

    /// <summary>Signs a head.</summary>
    public static SignedHead Sign(HeadKey key, long seq, ReadOnlySpan<byte> hash, DateTimeOffset recorded)
    {
        var head = new SignedHead(seq, Convert.ToHexStringLower(hash), Rfc3339.Truncate(recorded), key.Id, "");
        return head with { Signature = key.Sign(head.Signed()) };
    }

    /// <summary>Whether the key that it names did sign it.</summary>
    public bool IsSigned() => HeadKey.Verify(KeyId, Signed(), Signature);

    /// <summary>As a line, its end included.</summary>
    public byte[] ToLine() => [.. ArwJson.ToUtf8(this), (byte)'\n'];

    /// <summary>A line read back; null when it is none.</summary>
    public static SignedHead? FromLine(ReadOnlySpan<byte> line)
    {
        try
        {
            return ArwJson.FromUtf8<SignedHead>(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private byte[] Signed() => Encoding.UTF8.GetBytes(Domain + CanonicalJson.Text(new JsonObject
    {
        ["seq"] = Seq,
        ["hash"] = Hash,
        ["recorded"] = Rfc3339.Format(Recorded),
        ["key_id"] = KeyId,
    }));
}
