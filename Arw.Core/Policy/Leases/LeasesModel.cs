using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Journal;
using Arw.Core.Primitives;
using Arw.Core.State;

namespace Arw.Core.Policy.Leases;

/// <summary>All leases in force, and the last ones that ended.</summary>
public sealed record LeasesState
{
    /// <summary>Not revoked, in the order of granting. Some may have run out: whoever asks compares the time.</summary>
    public ImmutableList<Lease> Live { get; init; } = [];

    /// <summary>Revoked, run out, or ended with their episode; the last one last, at most 200.</summary>
    public ImmutableList<Lease> Ended { get; init; } = [];

    /// <summary>The lease of that id, in force or lately ended; null = unknown.</summary>
    public Lease? Find(string id) => Live.Find(l => l.Id == id) ?? Ended.Find(l => l.Id == id);
}

/// <summary>The read model <c>leases</c>.</summary>
public sealed class LeasesModel : DocumentModel<LeasesState>
{
    /// <summary>Kind of the event that the action pipeline writes when the root of an episode ends.</summary>
    internal const string EpisodeEnded = "episode.ended";

    private const int KeptEnded = 200;

    // Kinds of the events that end an action, and with it what was granted for it alone.
    private static readonly FrozenSet<string> ActionEnds = FrozenSet.Create(StringComparer.Ordinal, "actions.completed", "actions.failed", "actions.refused", "actions.cancelled");

    /// <inheritdoc/>
    public override int SchemaVersion => 2;

    /// <inheritdoc/>
    public override string Id => "leases";

    /// <inheritdoc/>
    public override string ProjectMember => "project";

    /// <inheritdoc/>
    protected override LeasesState Empty { get; } = new();

    /// <inheritdoc/>
    protected override LeasesState Fold(LeasesState state, JournalEvent e) => e.Kind switch
    {
        _ when LeaseEvents.Granted.Is(e) => Grant(state, e, LeaseEvents.Granted.Read(e)),
        _ when LeaseEvents.Renewed.Is(e) && LeaseEvents.Renewed.Read(e) is var renewed => Change(state, e, renewed.Id, l => l with { Until = renewed.Until }),
        _ when LeaseEvents.Consumed.Is(e) && LeaseEvents.Consumed.Read(e) is var consumed => Change(state, e, consumed.Id, l => l with { Used = l.Used.Plus(consumed.Use) }),
        _ when LeaseEvents.Revoked.Is(e) && LeaseEvents.Revoked.Read(e) is var revoked =>
            End(state, l => l.Id == revoked.Id, l => l with { Ended = new LeaseEnd(e.Recorded, e.Actor, revoked.Reason), Seq = e.Seq }),
        EpisodeEnded when e.CorrId is { } episode =>
            End(state, l => l.Episode == episode, l => l with { Ended = new LeaseEnd(e.Recorded, $"episode:{episode}", "Its episode ended.") }),
        _ when e.Subject is not null && ActionEnds.Contains(e.Kind) =>
            End(state, l => l.Action is { } only && e.Subject == $"action:{only}", l => l with { Ended = new LeaseEnd(e.Recorded, e.Subject, "Its action ended.") }),
        _ => state,
    };

    /// <summary>A lease as readers see it: with the names that existing clients know (subject, ttl_until, created) beside its own.</summary>
    public static JsonObject Describe(Lease lease)
    {
        var described = JsonSerializer.SerializeToNode(lease, ArwJson.Options)!.AsObject();
        described["subject"] = lease.Holder;
        described["created"] = Rfc3339.Format(lease.Granted);
        if (lease.Until is { } until)
        {
            described["ttl_until"] = Rfc3339.Format(until);
        }

        return described;
    }

    /// <inheritdoc/>
    protected override JsonNode Project(LeasesState state) => new JsonObject
    {
        ["items"] = new JsonArray([.. state.Live.Concat(state.Ended).OrderByDescending(l => l.Id, StringComparer.Ordinal).Select(Describe)]),
    };

    private static LeasesState Grant(LeasesState state, JournalEvent e, LeaseGranted granted)
    {
        // The journal is the authority, but a text that no longer parses must not stop the fold: it grants nothing.
        if (!Capability.Parse(granted.Capability).TryGet(out var capability, out _) || state.Live.Exists(l => l.Id == granted.Id))
        {
            return state;
        }

        var lease = new Lease
        {
            Id = granted.Id,
            Capability = capability,
            Holder = granted.Holder,
            Action = granted.Action,
            Project = granted.Project,
            GrantedBy = e.Actor,
            Granted = e.Recorded,
            Mode = granted.Mode,
            Until = granted.Until,
            Episode = granted.Episode,
            Limits = granted.Limits ?? LeaseLimits.None,
            Reason = granted.Reason,
            Approval = granted.Approval,
            Seq = e.Seq,
        };

        // Granting is when the list grows, so it is when those that have run out by then are put aside.
        var swept = End(state, l => !l.IsLive(e.Recorded), l => l);
        return swept with { Live = swept.Live.Add(lease) };
    }

    private static LeasesState Change(LeasesState state, JournalEvent e, string id, Func<Lease, Lease> change)
    {
        var index = state.Live.FindIndex(l => l.Id == id);
        return index < 0 ? state : state with { Live = state.Live.SetItem(index, change(state.Live[index]) with { Seq = e.Seq }) };
    }

    private static LeasesState End(LeasesState state, Predicate<Lease> which, Func<Lease, Lease> end)
    {
        var ending = state.Live.FindAll(which);
        if (ending.IsEmpty)
        {
            return state;
        }

        var ended = state.Ended.AddRange(ending.Select(end));
        return new LeasesState
        {
            Live = state.Live.RemoveAll(which),
            Ended = ended.Count > KeptEnded ? ended.RemoveRange(0, ended.Count - KeptEnded) : ended,
        };
    }
}
