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
            var claim = BeliefEvents.Proposed.Read(e);
            foreach (var line in Lines(claim, e.Project, e.Actor, e.ParentId))
            {
                See(rows, e, line);
            }
        }
        else if (BeliefEvents.Restored.Is(e))
        {
            Restore(rows, e, BeliefEvents.Restored.Read(e));
        }
        else if (BeliefFold.Judgement(e) is var (judged, status))
        {
            var (src, dst) = (WorldIds.Claim(judged.Id), WorldIds.Actor(e.Project, e.Actor));
            if (status == BeliefStatus.Accepted)
            {
                See(rows, e, new(src, RelationKind.VerifiedBy, dst));
            }
            else if (judged.Diff is null)
            {
                // A diff may be undone; until then the belief does not stand, whoever once verified it.
                rows.Delete(WorldEdge.Key(src, RelationKind.VerifiedBy, dst));
            }
        }
        else if (FileEvents.Written.Is(e))
        {
            var written = FileEvents.Written.Read(e);
            See(rows, e, new(WorldIds.File(e.Project, written.Path), RelationKind.DerivedFrom, WorldIds.Task(e.Project, written.Action)));
        }
    }

    private static void Restore(IRowSet<WorldEdge> rows, JournalEvent e, BeliefRestored restored)
    {
        var project = e.Project;
        var lines = restored.Claim is { } claim ? Lines(claim, project, e.Actor, restored.Action) : [];
        if (restored.VerifiedBy is { } actor)
        {
            lines = lines.Append(new(WorldIds.Claim(restored.Id), RelationKind.VerifiedBy, WorldIds.Actor(project, actor)));
        }

        foreach (var line in lines)
        {
            Unsee(rows, line);
        }
    }

    /// <summary>The edges that a claim makes.</summary>
    private static IEnumerable<Line> Lines(BeliefProposed claim, string? project, string actor, string? action)
    {
        var id = WorldIds.Claim(claim.Id);
        foreach (var source in BeliefFold.SourcesOf(claim, claim.ClaimedBy ?? actor))
        {
            yield return new(id, RelationKind.DerivedFrom, WorldIds.Source(project, source), source.Weight, source.Evidence);
        }

        if (!string.IsNullOrWhiteSpace(claim.Subject))
        {
            yield return new(id, RelationKind.Mentions, WorldIds.Entity(project, claim.Subject), claim.Confidence);
        }

        if (!string.IsNullOrWhiteSpace(claim.Topic))
        {
            yield return new(id, RelationKind.Mentions, WorldIds.Topic(project, claim.Topic));
        }

        if ((claim.ClaimedByAction ?? action) is { } task)
        {
            yield return new(id, RelationKind.ObservedAt, WorldIds.Task(project, task));
        }

        foreach (var relation in claim.Relations.Where(r => r.Kind != RelationKind.Contradicts || !r.Target.StartsWith("belief:", StringComparison.Ordinal)))
        {
            yield return new(id, relation.Kind, WorldIds.Target(project, relation.Target), claim.Confidence);
        }

        // A contradiction has no direction: it is drawn from both ends.
        foreach (var other in BeliefFold.Contradicted(claim).Select(WorldIds.Claim))
        {
            yield return new(id, RelationKind.Contradicts, other, claim.Confidence);
            yield return new(other, RelationKind.Contradicts, id, claim.Confidence);
        }
    }

    private static void See(IRowSet<WorldEdge> rows, JournalEvent e, Line line)
    {
        var key = WorldEdge.Key(line.Src, line.Kind, line.Dst);
        var edge = rows.Find(key) ?? new WorldEdge(line.Src, line.Kind, line.Dst, e.Recorded, e.Recorded) { Project = e.Project, Evidence = line.Evidence };
        rows.Put(key, edge with
        {
            Last = e.Recorded,
            Count = edge.Count + 1,
            Confidence = line.Confidence is { } c ? Math.Max(c, edge.Confidence ?? 0) : edge.Confidence,
        });
    }

    private static void Unsee(IRowSet<WorldEdge> rows, Line line)
    {
        var key = WorldEdge.Key(line.Src, line.Kind, line.Dst);
        if (rows.Find(key) is { Count: > 1 } edge)
        {
            rows.Put(key, edge with { Count = edge.Count - 1 });
        }
        else
        {
            rows.Delete(key);
        }
    }

    private readonly record struct Line(string Src, RelationKind Kind, string Dst, double? Confidence = null, BeliefEvidence? Evidence = null);
}
