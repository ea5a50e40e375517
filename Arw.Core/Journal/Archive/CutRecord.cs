using System.Text;
using System.Text.Json;
using Arw.Core.Journal.Anchoring;
using Arw.Core.Primitives;

namespace Arw.Core.Journal.Archive;

/// <summary>A statement of a home: it dropped the events up to here, the chain goes on after this hash, and this is what the read models were then.</summary>
/// <param name="UpTo">Seq of the last event that was dropped.</param>
/// <param name="Hash">Its chain hash, 64 lower-case hex digits.</param>
/// <param name="Checkpoint">Digest of the read models folded up to it.</param>
/// <param name="Recorded">When (home clock).</param>
/// <param name="KeyId">The key that signed.</param>
/// <param name="Signature">Ed25519 over the canonical form (RFC 8785) of the other members, base64url.</param>
public sealed record CutRecord(long UpTo, string Hash, string Checkpoint, DateTimeOffset Recorded, string KeyId, string Signature)
{
    // No other thing that is ever signed by this key can be taken for a cut.
    private const string Domain = "arw.journal.cut.v1\n";

    /// <summary>Signs a cut.</summary>
    public static CutRecord Sign(HeadKey key, long upTo, string hash, string checkpoint, DateTimeOffset recorded)
    {
        var cut = new CutRecord(upTo, hash, checkpoint, Rfc3339.Truncate(recorded), key.Id, "");
        return cut with { Signature = key.Sign(cut.Signed()) };
    }

    /// <summary>Whether the key that it names did sign it.</summary>
    public bool IsSigned() => HeadKey.Verify(KeyId, Signed(), Signature);

    private byte[] Signed() => Encoding.UTF8.GetBytes(Domain + CanonicalJson.Text(JsonSerializer.SerializeToNode(this with { Signature = "" }, ArwJson.Options)));
}
