using Arw.Core.Beliefs;
using Arw.Core.State;
using Arw.Core.World;
using Arw.Web.Components.Status;

namespace Arw.Web.Features.World;

/// <summary>What the map of a project shows: claims and what they rest on, or the answer to a question.</summary>
public sealed class MapView(WorldNodesModel nodes, WorldEdgesModel edges, WorldSelector selector)
{
    /// <summary>Most nodes drawn: a page stays quick up to here.</summary>
    public const int MostNodes = 240;

    private const int MostClaims = 90;
    private const int MostAnswers = 24;
    private const int MostEdges = 1500;

    // What made a claim is on its page; on the map it would hide what matters.
    private static readonly NodeKind[] Drawn = [NodeKind.Claim, NodeKind.Topic, NodeKind.Entity, NodeKind.Source, NodeKind.File];

    /// <summary>Nodes, claims first.</summary>
    public IReadOnlyList<WorldNode> Nodes { get; private set; } = [];

    /// <summary>Edges between them.</summary>
    public IReadOnlyList<WorldEdge> Edges { get; private set; } = [];

    /// <summary>Claims of the project in all.</summary>
    public int Claims { get; private set; }

    /// <summary>Claims that nobody has judged.</summary>
    public int ToReview { get; private set; }

    /// <summary>Claims that contradict each other.</summary>
    public int Conflicts { get; private set; }

    /// <summary>The claims that are shown.</summary>
    public IEnumerable<WorldNode> ShownClaims => Nodes.Where(n => n.Kind == NodeKind.Claim);

    /// <summary>Pulls the map.</summary>
    /// <param name="project">The project.</param>
    /// <param name="question">What the person asks; null or empty = the surest claims.</param>
    /// <param name="status">Claims of one status only; null = all.</param>
    public void Pull(string? project, string? question, BeliefStatus? status)
    {
        var all = new TableQuery { Where = [new("project", Op.Equal, project), new("kind", Op.Equal, "claim")], OrderBy = "confidence", Limit = MostClaims * 4 };
        Claims = nodes.Rows.Count(all);
        var found = nodes.Rows.Query(all);
        ToReview = found.Count(n => n.Claim?.Status == BeliefStatus.Proposed);
        Conflicts = found.Count(n => n.Claim?.Status == BeliefStatus.Conflict);
        var claims = string.IsNullOrWhiteSpace(question)
            ? found.Where(n => status is null ? n.Claim?.Stands == true : n.Claim?.Status == status).Take(MostClaims)
            : selector.Select(project, question, MostAnswers).Select(s => nodes.Rows.Find(WorldIds.Claim(s.Belief.Id))).OfType<WorldNode>();
        var shown = claims.ToDictionary(n => n.Id, StringComparer.Ordinal);
        Edges = Around(shown);
        Nodes = [.. shown.Values.OrderBy(n => n.Kind).ThenByDescending(n => n.Confidence).ThenBy(n => n.Id, StringComparer.Ordinal)];
    }

    /// <summary>How a claim stands.</summary>
    public static (StatusKind Kind, string Word) Status(BeliefRow claim) => claim.Status switch
    {
        BeliefStatus.Accepted => (StatusKind.Done, "Accepted"),
        BeliefStatus.Conflict => (StatusKind.Warning, "In conflict"),
        BeliefStatus.Rejected => (StatusKind.Refused, "Rejected"),
        BeliefStatus.Retracted => (StatusKind.Cancelled, "Taken back"),
        _ => (StatusKind.Proposed, "Not judged"),
    };

    /// <summary>The words of an edge.</summary>
    public static string Words(RelationKind kind) => string.Concat(kind.ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : char.ToLowerInvariant(c).ToString()));

    private List<WorldEdge> Around(Dictionary<string, WorldNode> shown)
    {
        if (shown.Count == 0)
        {
            return [];
        }

        var near = edges.Rows.Query(new TableQuery { Where = [new("src", Op.In, shown.Keys.ToArray())], OrderBy = "last", Limit = MostEdges });
        // Things that several claims share come first: they are what makes it a map.
        foreach (var group in near.GroupBy(e => e.Dst, StringComparer.Ordinal).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal))
        {
            if (!shown.ContainsKey(group.Key) && shown.Count < MostNodes && nodes.Rows.Find(group.Key) is { } node && Drawn.Contains(node.Kind))
            {
                shown[group.Key] = node;
            }
        }

        return [.. near.Where(e => shown.ContainsKey(e.Dst))];
    }
}
