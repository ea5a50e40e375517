using Arw.Core.State;

namespace Arw.Core.Beliefs;

/// <summary>Turns claims into events for the map: one caller at a time, each seeing the ones before it, so that contradictions are found whatever the timing.</summary>
public sealed class BeliefWriter(BeliefsModel beliefs, StateHost state) : IDisposable
{
    private const int MaxConflicts = 32;
    private readonly SemaphoreSlim _turn = new(1);
    private long _seen;

    /// <summary>Writes claims and answers their ids.</summary>
    /// <param name="claims">The claims; the same claim again merges.</param>
    /// <param name="project">The project whose map they go to.</param>
    /// <param name="append">Appends them, with whatever belongs to the same moment; answers the seq of the last event.</param>
    /// <param name="cancel">Gives up waiting for the turn.</param>
    public async Task<IReadOnlyList<string>> WriteAsync(
        IReadOnlyList<Claim> claims, string? project, Func<IReadOnlyList<BeliefProposed>, ValueTask<long>> append, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            await state.WaitForAsync(_seen, cancel);
            var proposed = Proposals(claims, project);
            _seen = await append(proposed);
            return [.. proposed.Select(p => p.Id)];
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

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
