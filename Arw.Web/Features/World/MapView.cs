using Arw.Core.Beliefs;
using Arw.Core.State;
using Arw.Core.World;
using Arw.Web.Components.Formats;
using Arw.Web.Components.Status;

namespace Arw.Web.Features.World;

/// <summary>What the map of a project shows: claims under their topics, or the answer to a question, with their sources on demand.</summary>
public sealed class MapView(WorldNodesModel nodes, WorldEdgesModel edges, WorldSelector selector)
{
    /// <summary>Most nodes drawn: a page stays quick up to here.</summary>
    public const int MostNodes = 240;

    private const int MostClaims = 90;
    private const int MostAnswers = 24;
    private const int MostEdges = 1500;

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
    /// <param name="status">Claims of one status only; null = all that stand.</param>
    /// <param name="selected">Id of the node that is open: its sources are shown; null = none.</param>
    /// <param name="sources">Whether the sources of all claims are shown.</param>
    public void Pull(string? project, string? question, BeliefStatus? status, string? selected = null, bool sources = false)
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
        Edges = Around(shown, selected, sources);
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

    /// <summary>The same in the few words that a card has room for: how many sources speak for it, unless a person must look.</summary>
    public static string Short(BeliefRow claim) =>
        claim.Status is BeliefStatus.Proposed or BeliefStatus.Accepted && claim.Sources.Count > 0 ? Format.Count(claim.Sources.Count, "source", "sources") : Status(claim).Word;

    /// <summary>Which end of an edge stands first on the map: topics stand before their claims, else edges read as they point.</summary>
    public static (string First, string Second) Direction(WorldEdge edge) =>
        edge.Kind == RelationKind.Mentions ? (edge.Dst, edge.Src) : (edge.Src, edge.Dst);

    /// <summary>What a claim is related to, for the table.</summary>
    public IEnumerable<(string Words, WorldNode Node)> Related(string claim) => Edges
        .Where(e => e.Src == claim && e.Kind != RelationKind.Mentions)
        .Select(e => (Words(e.Kind), Nodes.First(n => n.Id == e.Dst)));

    /// <summary>The words of an edge.</summary>
    public static string Words(RelationKind kind) => string.Concat(kind.ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : char.ToLowerInvariant(c).ToString()));

    private List<WorldEdge> Around(Dictionary<string, WorldNode> shown, string? selected, bool sources)
    {
        if (shown.Count == 0)
        {
            return [];
        }

        var near = edges.Rows.Query(new TableQuery { Where = [new("src", Op.In, shown.Keys.ToArray())], OrderBy = "last", Limit = MostEdges });
        // Things that several claims share come first: they are what makes it a map.
        foreach (var group in near.GroupBy(e => e.Dst, StringComparer.Ordinal).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal))
        {
            if (!shown.ContainsKey(group.Key) && shown.Count < MostNodes && nodes.Rows.Find(group.Key) is { } node
                && Draws(node, sources || group.Any(e => e.Src == selected || e.Dst == selected)))
            {
                shown[group.Key] = node;
            }
        }

        // A contradiction is kept from both ends, and drawn once.
        return [.. near.Where(e => shown.ContainsKey(e.Dst) && (e.Kind != RelationKind.Contradicts || string.CompareOrdinal(e.Src, e.Dst) < 0 || !near.Any(o => o.Kind == e.Kind && o.Src == e.Dst && o.Dst == e.Src)))
            .OrderBy(e => e.Src, StringComparer.Ordinal).ThenBy(e => e.Kind).ThenBy(e => e.Dst, StringComparer.Ordinal)];
    }

    // What made a claim is told beside the map; on it, it would hide what matters.
    private static bool Draws(WorldNode node, bool sources) => node.Kind switch
    {
        NodeKind.Claim or NodeKind.Topic or NodeKind.Entity => true,
        NodeKind.Source or NodeKind.File => sources,
        _ => false,
    };
}
