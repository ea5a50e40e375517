using Arw.Core.Beliefs;
using Arw.Core.State;

namespace Arw.Core.World;

/// <summary>How much a project's map covers.</summary>
/// <param name="Entities">Entities on it.</param>
/// <param name="Claims">Claims on it.</param>
/// <param name="Edges">Edges on it.</param>
/// <param name="Kinds">Kinds of nodes on it.</param>
public sealed record WorldCoverage(int Entities, int Claims, int Edges, IReadOnlyList<NodeKind> Kinds);

/// <summary>Two beliefs that say different things.</summary>
/// <param name="A">The one with the smaller id.</param>
/// <param name="B">The other.</param>
public sealed record Contradiction(BeliefRow A, BeliefRow B);

/// <summary>The map of a project at a glance.</summary>
/// <param name="Version">Seq of the last event that changed nodes or edges of any project.</param>
/// <param name="Project">The project; null for things of no project.</param>
/// <param name="Entities">Entities last observed, at most 50.</param>
/// <param name="Claims">The surest claims, at most 50.</param>
/// <param name="Contradictions">Standing contradictions, at most 20.</param>
/// <param name="Stale">Claims not observed for an hour, oldest first, at most 20.</param>
/// <param name="Coverage">How much there is in all.</param>
public sealed record WorldMapView(
    long Version,
    string? Project,
    IReadOnlyList<WorldNode> Entities,
    IReadOnlyList<WorldNode> Claims,
    IReadOnlyList<Contradiction> Contradictions,
    IReadOnlyList<WorldNode> Stale,
    WorldCoverage Coverage);

/// <summary>Reads the map of a project.</summary>
public sealed class WorldMap(WorldNodesModel nodes, WorldEdgesModel edges, BeliefsModel beliefs, TimeProvider time)
{
    private const int MaxShown = 50;
    private const int MaxIssues = 20;
    private static readonly TimeSpan StaleAfter = TimeSpan.FromHours(1);

    /// <summary>The map of a project as it is now.</summary>
    public WorldMapView Read(string? project) => new(
        Math.Max(nodes.Version, edges.Version),
        project,
        Nodes(project, NodeKind.Entity, "observed", MaxShown),
        Nodes(project, NodeKind.Claim, "confidence", MaxShown),
        Contradictions(project),
        nodes.Rows.Query(new TableQuery
        {
            Where = [.. Of(project, NodeKind.Claim), new("observed", Op.Less, time.GetUtcNow() - StaleAfter)],
            OrderBy = "observed",
            Descending = false,
            Limit = MaxIssues,
        }),
        new WorldCoverage(
            Count(project, NodeKind.Entity),
            Count(project, NodeKind.Claim),
            edges.Rows.Count(new TableQuery { Where = [new("project", Op.Equal, project)] }),
            [.. Enum.GetValues<NodeKind>().Where(k => Count(project, k) > 0)]));

    private List<Contradiction> Contradictions(string? project)
    {
        var conflicted = beliefs.Rows.Query(new TableQuery
        {
            Where = [new("project", Op.Equal, project), new("status", Op.In, new[] { "conflict", "accepted" })],
            OrderBy = "updated",
            Limit = 4 * MaxIssues,
        });
        var found = new Dictionary<(string, string), Contradiction>();
        foreach (var row in conflicted)
        {
            foreach (var conflict in row.Conflicts.Where(c => c.Support > 0))
            {
                var (a, b) = string.CompareOrdinal(row.Id, conflict.Id) < 0 ? (row.Id, conflict.Id) : (conflict.Id, row.Id);
                if (found.Count < MaxIssues && !found.ContainsKey((a, b)) && beliefs.Rows.Find(conflict.Id) is { } other)
                {
                    found[(a, b)] = row.Id == a ? new(row, other) : new(other, row);
                }
            }
        }

        return [.. found.Values];
    }

    private IReadOnlyList<WorldNode> Nodes(string? project, NodeKind kind, string order, int limit) =>
        nodes.Rows.Query(new TableQuery { Where = Of(project, kind), OrderBy = order, Limit = limit });

    private int Count(string? project, NodeKind kind) => nodes.Rows.Count(new TableQuery { Where = Of(project, kind) });

    private static Condition[] Of(string? project, NodeKind kind) =>
        [new("project", Op.Equal, project), new("kind", Op.Equal, kind.ToString().ToLowerInvariant())];
}
