using System.Text.Json;
using Arw.Core.Beliefs;
using Arw.Core.Files;
using Arw.Core.Journal;
using Arw.Core.State;

namespace Arw.Core.World;

/// <summary>The read model <c>world_edges</c>: how the nodes relate. Columns: project, kind, src, dst, last.</summary>
public sealed class WorldEdgesModel : TableModel<WorldEdge>
{
    /// <inheritdoc/>
    public override string Id => "world_edges";

    /// <inheritdoc/>
    protected internal override IReadOnlyList<Column<WorldEdge>> Columns { get; } =
    [
        new("project", r => r.Project),
        new("kind", r => JsonNamingPolicy.SnakeCaseLower.ConvertName(r.Kind.ToString())),
        new("src", r => r.Src),
        new("dst", r => r.Dst),
        new("last", r => r.Last),
    ];

    /// <inheritdoc/>
    protected override void Fold(IRowSet<WorldEdge> rows, JournalEvent e)
    {
        if (BeliefEvents.Proposed.Is(e))
        {
            Propose(rows, e, BeliefEvents.Proposed.Read(e));
        }
        else if (BeliefFold.Judgement(e) is var (judged, status))
        {
            var (src, dst) = (WorldIds.Claim(judged.Id), WorldIds.Actor(e.Project, e.Actor));
            if (status == BeliefStatus.Accepted)
            {
                See(rows, e, src, RelationKind.VerifiedBy, dst);
            }
            else
            {
                rows.Delete(WorldEdge.Key(src, RelationKind.VerifiedBy, dst));
            }
        }
        else if (FileEvents.Written.Is(e))
        {
            var written = FileEvents.Written.Read(e);
            See(rows, e, WorldIds.File(e.Project, written.Path), RelationKind.DerivedFrom, WorldIds.Task(e.Project, written.Action));
        }
    }

    private static void Propose(IRowSet<WorldEdge> rows, JournalEvent e, BeliefProposed claim)
    {
        var (id, project) = (WorldIds.Claim(claim.Id), e.Project);
        foreach (var source in BeliefFold.SourcesOf(claim, claim.ClaimedBy ?? e.Actor))
        {
            See(rows, e, id, RelationKind.DerivedFrom, WorldIds.Source(project, source), source.Weight, source.Evidence);
        }

        if (!string.IsNullOrWhiteSpace(claim.Subject))
        {
            See(rows, e, id, RelationKind.Mentions, WorldIds.Entity(project, claim.Subject), claim.Confidence);
        }

        if (!string.IsNullOrWhiteSpace(claim.Topic))
        {
            See(rows, e, id, RelationKind.Mentions, WorldIds.Topic(project, claim.Topic));
        }

        if ((claim.ClaimedByAction ?? e.ParentId) is { } action)
        {
            See(rows, e, id, RelationKind.ObservedAt, WorldIds.Task(project, action));
        }

        foreach (var relation in claim.Relations.Where(r => r.Kind != RelationKind.Contradicts || !r.Target.StartsWith("belief:", StringComparison.Ordinal)))
        {
            See(rows, e, id, relation.Kind, WorldIds.Target(project, relation.Target), claim.Confidence);
        }

        // A contradiction has no direction: it is drawn from both ends.
        foreach (var other in BeliefFold.Contradicted(claim).Select(WorldIds.Claim))
        {
            See(rows, e, id, RelationKind.Contradicts, other, claim.Confidence);
            See(rows, e, other, RelationKind.Contradicts, id, claim.Confidence);
        }
    }

    private static void See(IRowSet<WorldEdge> rows, JournalEvent e, string src, RelationKind kind, string dst, double? confidence = null, BeliefEvidence? evidence = null)
    {
        var key = WorldEdge.Key(src, kind, dst);
        var edge = rows.Find(key) ?? new WorldEdge(src, kind, dst, e.Recorded, e.Recorded) { Project = e.Project, Evidence = evidence };
        rows.Put(key, edge with
        {
            Last = e.Recorded,
            Count = edge.Count + 1,
            Confidence = confidence is { } c ? Math.Max(c, edge.Confidence ?? 0) : edge.Confidence,
        });
    }
}
