using System.Globalization;
using System.Net;
using Arw.Core.Policy.Capabilities;
using Arw.Core.Primitives;

namespace Arw.Core.Beliefs.Diffs;

/// <summary>A project's public beliefs as a diff for another home: what stands, is not in conflict, and has a source at a public address. Statements without an address, files of the project, places in the
/// own network, people's names, relations and judgements stay here.</summary>
public static class DiffExport
{
    // Names that mean something only inside a network.
    private static readonly string[] PrivateEnds = [".local", ".localhost", ".internal", ".lan", ".home", ".home.arpa", ".corp", ".test", ".invalid", ".onion"];

    /// <summary>The surest public beliefs of a project, at most as many as a diff holds.</summary>
    /// <param name="project">The project.</param>
    /// <param name="beliefs">What is held.</param>
    /// <param name="from">The name under which this home speaks.</param>
    public static QueueDiffInput Of(string? project, BeliefsModel beliefs, string from)
    {
        var (shared, bytes) = (new List<DiffChange>(), 0);
        foreach (var row in beliefs.Surest(project, 10 * DiffRules.MaxChanges))
        {
            if (shared.Count < DiffRules.MaxChanges && row.Status is BeliefStatus.Proposed or BeliefStatus.Accepted && Change(row) is { } change
                && ArwJson.ToUtf8(change).Length + 1 is var size && bytes + size < DiffRules.MaxBytes)
            {
                shared.Add(change);
                bytes += size;
            }
        }

        return new(shared)
        {
            Format = DiffRules.Format,
            From = from,
            Summary = string.Create(CultureInfo.InvariantCulture, $"{shared.Count} public beliefs of the project {project}"),
        };
    }

    /// <summary>Whether an address is one that anybody could look at: http or https, no user name in it, a public host.</summary>
    internal static bool IsPublic(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0 && !uri.IsLoopback
        && (IPAddress.TryParse(uri.IdnHost, out var address)
            ? !NonPublicAddress.Contains(address)
            : uri.IdnHost.Contains('.', StringComparison.Ordinal) && !Array.Exists(PrivateEnds, e => uri.IdnHost.TrimEnd('.').EndsWith(e, StringComparison.OrdinalIgnoreCase)));

    private static DiffChange? Change(BeliefRow row)
    {
        // As sure as the sources that go along make it.
        var sources = row.Sources.Where(s => IsPublic(s.Evidence?.Url)).OrderByDescending(s => s.Weight).ThenBy(s => s.Key, StringComparer.Ordinal).Take(ClaimRules.MaxParts).ToList();
        return sources.Count == 0 ? null : new DiffChange(DiffOp.Add, row.Text)
        {
            Subject = row.Subject,
            Predicate = row.Predicate,
            Topic = row.Topic,
            Confidence = Math.Round(Math.Min(BeliefFold.MaxConfidence, 1 - sources.Aggregate(1.0, (doubt, s) => doubt * (1 - s.Weight))), 6),
            Provenance = row.Actor is { } actor && !actor.StartsWith("person:", StringComparison.Ordinal) ? actor : null,
            Evidence = [.. sources.Select(s => s.Evidence!)],
        };
    }
}
