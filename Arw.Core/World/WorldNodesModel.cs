using System.Text.Json;
using Arw.Core.Beliefs;
using Arw.Core.Files;
using Arw.Core.Journal;
using Arw.Core.Projects;
using Arw.Core.State;

namespace Arw.Core.World;

/// <summary>The read model <c>world_nodes</c>: what the map of each project shows. Columns: project, kind, confidence, observed; searchable.</summary>
public sealed class WorldNodesModel : TableModel<WorldNode>
{
    private const int MaxProvenance = 5;

    /// <inheritdoc/>
    public override string Id => "world_nodes";

    /// <inheritdoc/>
    protected internal override IReadOnlyList<Column<WorldNode>> Columns { get; } =
    [
        new("project", n => n.Project),
        new("kind", n => JsonNamingPolicy.SnakeCaseLower.ConvertName(n.Kind.ToString())),
        new("confidence", n => n.Confidence),
        new("observed", n => n.Observed),
    ];

    /// <inheritdoc/>
    protected internal override Func<WorldNode, string> SearchText => n => n.Label;

    /// <inheritdoc/>
    protected override void Fold(IRowSet<WorldNode> rows, JournalEvent e)
    {
        BeliefFold.Apply(new ClaimRows(rows), e);
        var p = e.Project;
        if (BeliefEvents.Proposed.Is(e))
        {
            var claim = BeliefEvents.Proposed.Read(e);
            Touch(rows, e, new(WorldIds.Claim(claim.Id), NodeKind.Claim, claim.Text, e.Recorded));
            foreach (var node in Around(claim, e, e.ParentId))
            {
                Touch(rows, e, node);
            }
        }
        else if (BeliefEvents.Restored.Is(e))
        {
            var restored = BeliefEvents.Restored.Read(e);
            foreach (var node in restored.Claim is { } said ? Around(said, e, restored.Action).Select(n => n.Id).Append(WorldIds.Claim(said.Id)) : [])
            {
                Leave(rows, node);
            }

            if (restored.VerifiedBy is { } actor)
            {
                Leave(rows, WorldIds.Actor(p, actor));
            }
        }
        else if (BeliefEvents.Accepted.Is(e))
        {
            Name(rows, e, e.Actor, NodeKind.Actor, WorldIds.Actor);
        }
        else if (ProjectEvents.Created.Is(e))
        {
            var created = ProjectEvents.Created.Read(e);
            Touch(rows, e with { Project = created.Id }, new(WorldIds.Project(created.Id), NodeKind.Project, created.Title, e.Recorded));
        }
        else if (FileEvents.Written.Is(e))
        {
            var written = FileEvents.Written.Read(e);
            Touch(rows, e, new(WorldIds.File(p, written.Path), NodeKind.File, written.Path, e.Recorded) { Digest = written.AfterDigest });
            Name(rows, e, written.Action, NodeKind.Task, WorldIds.Task);
        }
    }

    /// <summary>The nodes that a claim stands beside.</summary>
    private static IEnumerable<WorldNode> Around(BeliefProposed claim, JournalEvent e, string? action)
    {
        var p = e.Project;
        var names = new[] { (claim.Subject, NodeKind.Entity, WorldIds.Entity), (claim.Topic, NodeKind.Topic, WorldIds.Topic), (claim.ClaimedByAction ?? action, NodeKind.Task, (Func<string?, string, string>)WorldIds.Task) }
            .Concat(claim.Relations.Where(r => !r.Target.StartsWith("belief:", StringComparison.Ordinal)).Select(r => ((string?)r.Target, NodeKind.Entity, (Func<string?, string, string>)WorldIds.Entity)));
        foreach (var (name, kind, id) in names)
        {
            if (!string.IsNullOrWhiteSpace(name))
            {
                yield return new(id(p, name), kind, name, e.Recorded);
            }
        }

        foreach (var source in BeliefFold.SourcesOf(claim, claim.ClaimedBy ?? e.Actor))
        {
            yield return new(WorldIds.Source(p, source), WorldIds.IsFile(source) ? NodeKind.File : NodeKind.Source, source.Evidence?.Title ?? source.Key, e.Recorded);
        }
    }

    // A thing that nothing mentions any more leaves the map.
    private static void Leave(IRowSet<WorldNode> rows, string id)
    {
        if (rows.Find(id) is not { } node)
        {
            return;
        }

        if (node.Mentions > 1)
        {
            rows.Put(id, node with { Mentions = node.Mentions - 1 });
        }
        else
        {
            rows.Delete(id);
        }
    }

    private static void Name(IRowSet<WorldNode> rows, JournalEvent e, string? name, NodeKind kind, Func<string?, string, string> id)
    {
        if (!string.IsNullOrWhiteSpace(name))
        {
            Touch(rows, e, new(id(e.Project, name), kind, name, e.Recorded));
        }
    }

    private static void Touch(IRowSet<WorldNode> rows, JournalEvent e, WorldNode seen)
    {
        var node = rows.Find(seen.Id) ?? seen with { Project = e.Project };
        rows.Put(node.Id, node with
        {
            Digest = seen.Digest ?? node.Digest,
            Observed = e.Recorded,
            Mentions = node.Mentions + 1,
            Provenance = [new(e.Kind, e.Seq, e.Recorded, e.CorrId), .. node.Provenance.Take(MaxProvenance - 1)],
        });
    }

    // Claims are folded by the beliefs' own rules, kept inside their nodes.
    private sealed class ClaimRows(IRowSet<WorldNode> nodes) : IRowSet<BeliefRow>
    {
        public BeliefRow? Find(string key) => nodes.Find(WorldIds.Claim(key))?.Claim;

        public void Put(string key, BeliefRow row)
        {
            var id = WorldIds.Claim(key);
            var node = nodes.Find(id) ?? new WorldNode(id, NodeKind.Claim, row.Text, row.Updated) { Project = row.Project };
            nodes.Put(id, node with { Claim = row, Confidence = row.Confidence });
        }

        public void Delete(string key) => nodes.Delete(WorldIds.Claim(key));
    }
}
