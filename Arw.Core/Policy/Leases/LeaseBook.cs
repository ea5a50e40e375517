using Arw.Core.Actions;
using Arw.Core.Journal;
using Arw.Core.Policy.Engine;
using Arw.Core.Policy.Postures;
using Arw.Core.Primitives;
using Arw.Core.State;

namespace Arw.Core.Policy.Leases;

/// <summary>
/// Turns decisions into leave for one effect: books the use on the lease's limits, so that they hold however many ask at once, and hands out the token that ends the leave
/// when the lease is revoked, runs out or has no bytes left, or the kill switch is thrown.
/// </summary>
public sealed class LeaseBook : IDisposable
{
    // Under contention every round lets at least one through; this many losses in a row mean that something is wrong.
    private const int MaxRounds = 64;

    private readonly PolicyEngine _engine;
    private readonly PolicyModel _policy;
    private readonly LeasesModel _leases;
    private readonly EventJournal _journal;
    private readonly StateHost _state;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Dictionary<(string? Lease, string? Project), Leave> _given = [];
    private readonly IDisposable _watchLeases;
    private readonly IDisposable _watchPolicy;

    /// <summary>A book over the leases of the journal.</summary>
    public LeaseBook(PolicyEngine engine, PolicyModel policy, LeasesModel leases, EventJournal journal, StateHost state, TimeProvider time)
    {
        (_engine, _policy, _leases, _journal, _state, _time) = (engine, policy, leases, journal, state, time);
        _watchLeases = state.OnChanged(leases.Id, Review);
        _watchPolicy = state.OnChanged(policy.Id, Review);
    }

    /// <summary>The lease of an id: live or ended lately; null when there is none.</summary>
    public Lease? Find(string id) => _leases.Current.Find(id);

    /// <summary>Decides now, and books the use where the lease has limits. A refusal has the decision's code, status 403 and the <see cref="DecisionReport"/> as details.</summary>
    /// <param name="request">The question; its time is replaced by the present one.</param>
    /// <param name="cancel">Stops the question. A use that was booked stays booked.</param>
    public async ValueTask<Result<Permit>> DemandAsync(AccessRequest request, CancellationToken cancel)
    {
        for (var round = 0; round < MaxRounds; round++)
        {
            request = request with { Now = _time.GetUtcNow() };
            var decision = _engine.Decide(request);
            if (!decision.Allowed)
            {
                return Refuse(_engine.Explain(request, decision));
            }

            var lease = decision.LeaseId is { } id ? _leases.Current.Find(id) : null;
            if (lease is { Limits.Any: true } && !await BookAsync(lease, request, cancel))
            {
                continue;
            }

            var revoked = Give(decision.LeaseId, request.Project);
            if (!revoked.IsCancellationRequested)
            {
                return lease is { Limits.Bytes: { } bytes }
                    ? new Permit(decision, revoked) { BytesLeft = bytes - lease.Used.Bytes, BookBytes = moved => Consumed(lease, new LeaseUse(Bytes: moved), request) }
                    : new Permit(decision, revoked);
            }
        }

        return Refusal.Conflict($"The lease for \"{request.Capability}\" is asked for by too many at once.", "Try again.");
    }

    /// <summary>A decision as the refusal that carries it.</summary>
    public static Refusal Refuse(DecisionReport report) => new(
        report.Code,
        report.Reason,
        report.Effect == DecisionEffect.NeedsLease ? $"Ask a person to grant \"{report.Suggested[0]}\"." : null,
        403,
        report);

    /// <inheritdoc/>
    public void Dispose()
    {
        _watchLeases.Dispose();
        _watchPolicy.Dispose();
        lock (_gate)
        {
            foreach (var leave in _given.Values)
            {
                leave.Source.Dispose();
            }

            _given.Clear();
        }
    }

    private async ValueTask<bool> BookAsync(Lease lease, AccessRequest request, CancellationToken cancel)
    {
        var use = new LeaseUse(1, request.Capability.UsdMicros ?? 0);
        var result = await _journal.AppendAsync([Consumed(lease, use, request)], [new Precondition(LeaseEvents.Subject(lease.Id), lease.Seq)], cancel);
        // Won or lost, what is decided next must see what the journal holds by now.
        await _state.WaitForAsync(result.TryGet(out var appended, out _) ? appended.LastSeq : _journal.Head, cancel);
        return result.Ok;
    }

    private static EventDraft Consumed(Lease lease, LeaseUse use, AccessRequest request) => LeaseEvents.Consumed.Draft(
        new LeaseConsumed(lease.Id, use, request.ActionId),
        request.Principal.Actor,
        LeaseEvents.Subject(lease.Id),
        request.Project,
        request.CorrId,
        request.ActionId);

    private CancellationToken Give(string? leaseId, string? project)
    {
        lock (_gate)
        {
            if (Over(leaseId, project, out var until))
            {
                return new CancellationToken(canceled: true);
            }

            if (!_given.TryGetValue((leaseId, project), out var leave) || leave.Source.IsCancellationRequested)
            {
                _given[(leaseId, project)] = leave = new Leave(new CancellationTokenSource(Remaining(until), _time), until);
            }

            return leave.Source.Token;
        }
    }

    // Runs on the folding task, so cancelling only signals: what listens to the tokens runs elsewhere.
    private void Review()
    {
        lock (_gate)
        {
            foreach (var (key, leave) in _given.ToArray())
            {
                if (leave.Source.IsCancellationRequested)
                {
                    _given.Remove(key);
                }
                else if (Over(key.Lease, key.Project, out var until))
                {
                    leave.Source.CancelAfter(Timeout.InfiniteTimeSpan);
                    _ = leave.Source.CancelAsync();
                    _given.Remove(key);
                }
                else if (until != leave.Until)
                {
                    leave.Source.CancelAfter(Remaining(until));
                    _given[key] = leave with { Until = until };
                }
            }
        }
    }

    private bool Over(string? leaseId, string? project, out DateTimeOffset? until)
    {
        until = null;
        if (_policy.Current.KillSwitch.Stops(project))
        {
            return true;
        }

        if (leaseId is null)
        {
            return false;
        }

        if (_leases.Current.Find(leaseId) is not { } lease)
        {
            return true;
        }

        until = lease.Until;
        // The last use that a count or a sum of money allows is a use; bytes run while the effect does.
        return !lease.IsLive(_time.GetUtcNow()) || lease.Used.Bytes >= lease.Limits.Bytes;
    }

    private TimeSpan Remaining(DateTimeOffset? until)
    {
        if (until is not { } end)
        {
            return Timeout.InfiniteTimeSpan;
        }

        var left = end - _time.GetUtcNow();
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private sealed record Leave(CancellationTokenSource Source, DateTimeOffset? Until);
}
