using System.Text;
using System.Text.Json;
using Arw.Core.Journal.Anchoring;
using Arw.Core.Journal.Inspection;
using Arw.Core.Primitives;

namespace Arw.Core.Journal.Archive;

/// <summary>What a segment holds, said by the home that wrote it: enough to place it in the chain, to count it and to pass it over without opening it.</summary>
public sealed record SegmentManifest
{
    /// <summary>The format that this program writes and reads.</summary>
    public const int Version = 1;

    // No other thing that is ever signed by this key can be taken for a segment.
    private const string Domain = "arw.journal.segment.v1\n";

    /// <summary>Version of the format: 1.</summary>
    public required int ArwSegment { get; init; }

    /// <summary>Seq of the first event.</summary>
    public required long First { get; init; }

    /// <summary>Seq of the last event.</summary>
    public required long Last { get; init; }

    /// <summary>Chain hash of the event before the first, 64 lower-case hex digits.</summary>
    public required string HashBefore { get; init; }

    /// <summary>Chain hash of the last event.</summary>
    public required string HashLast { get; init; }

    /// <summary>When the first event was recorded.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When the last event was recorded.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>Digest of the file as it lies on disk.</summary>
    public required string Digest { get; init; }

    /// <summary>Length of the file in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>Length of what is in it in bytes.</summary>
    public required long ImageBytes { get; init; }

    /// <summary>Sum of all payloads, those of blobs included.</summary>
    public required long PayloadBytes { get; init; }

    /// <summary>Events whose payload is a blob.</summary>
    public required long BlobEvents { get; init; }

    /// <summary>Digests of the blobs that its events refer to, in order.</summary>
    public required IReadOnlyList<string> Blobs { get; init; }

    /// <summary>Events by kind.</summary>
    public required IReadOnlyList<Tally> Kinds { get; init; }

    /// <summary>Events by project; – stands for the whole home.</summary>
    public required IReadOnlyList<Tally> Projects { get; init; }

    /// <summary>Events by actor.</summary>
    public required IReadOnlyList<Tally> Actors { get; init; }

    /// <summary>The key that signed.</summary>
    public string KeyId { get; init; } = "";

    /// <summary>Ed25519 over the canonical form (RFC 8785) of the other members, base64url.</summary>
    public string Signature { get; init; } = "";

    /// <summary>Events in it.</summary>
    public long Events() => Last - First + 1;

    /// <summary>The manifest signed by a key.</summary>
    public SegmentManifest Sign(HeadKey key)
    {
        var named = this with { KeyId = key.Id };
        return named with { Signature = key.Sign(named.Signed()) };
    }

    /// <summary>Whether the key that it names did sign it.</summary>
    public bool IsSigned() => HeadKey.Verify(KeyId, Signed(), Signature);

    /// <summary>Whether an event in it can pass a filter.</summary>
    public bool MayMatch(EventFilter filter) =>
        (filter.Project is not { } project || Projects.Any(p => p.Name == project))
        && (filter.VisibleProjects is not { } visible || Projects.Any(p => visible.Contains(p.Name)))
        && (filter.Prefixes.Count == 0 || Kinds.Any(k => filter.Prefixes.Any(p => k.Name.StartsWith(p, StringComparison.Ordinal))));

    private byte[] Signed() => Encoding.UTF8.GetBytes(Domain + CanonicalJson.Text(JsonSerializer.SerializeToNode(this with { Signature = "" }, ArwJson.Options)));
}
