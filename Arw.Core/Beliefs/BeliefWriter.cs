namespace Arw.Core.Beliefs;

/// <summary>Turns claims into events for the map, in the turn of whoever adds claims.</summary>
public sealed class BeliefWriter(BeliefsModel beliefs, BeliefTurn turn)
{
    private const int MaxConflicts = 32;

    /// <summary>Writes claims and answers their ids.</summary>
    /// <param name="claims">The claims; the same claim again merges.</param>
    /// <param name="project">The project whose map they go to.</param>
    /// <param name="append">Appends them, with whatever belongs to the same moment.</param>
    /// <param name="cancel">Gives up waiting for the turn.</param>
    public async Task<IReadOnlyList<string>> WriteAsync(IReadOnlyList<Claim> claims, string? project, Func<IReadOnlyList<BeliefProposed>, ValueTask> append, CancellationToken cancel)
    {
        using var held = await turn.TakeAsync(cancel);
        var proposed = Proposals(claims, project);
        await append(proposed);
        return [.. proposed.Select(p => p.Id)];
    }

    private List<BeliefProposed> Proposals(IReadOnlyList<Claim> claims, string? project)
    {
        var proposals = new List<BeliefProposed>();
        var before = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var claim in claims)
        {
            var id = BeliefIdentity.Of(project, claim.Subject, claim.Predicate, claim.Text);
            IReadOnlyList<string> conflicts = [];
            if (BeliefIdentity.Slot(project, claim.Subject, claim.Predicate) is { } slot)
            {
                if (!before.TryGetValue(slot, out var others))
                {
                    before[slot] = others = [.. beliefs.InSlot(slot, MaxConflicts + 1).Select(b => b.Id)];
                }

                conflicts = [.. others.Where(o => o != id).Take(MaxConflicts)];
                others.Add(id);
            }

            proposals.Add(new BeliefProposed(id, claim.Text.Trim(), claim.Confidence)
            {
                Subject = claim.Subject,
                Predicate = claim.Predicate,
                Topic = claim.Topic,
                Evidence = claim.Evidence,
                Relations = claim.Relations,
                Conflicts = conflicts,
            });
        }

        return proposals;
    }
}
