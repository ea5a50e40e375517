using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Journal;
using Arw.Core.Primitives;
using Arw.Core.State;

namespace Arw.Core.Policy.Leases;

/// <summary>Input of <c>policy.lease.grant</c>.</summary>
public sealed record GrantLease(
    [property: Description("What is granted, for example net.http:GET https://example.org/feeds/*")] string Capability,
    [property: Description("To whom: agent:NAME, recipe:ID, episode:CORR or project:ID")] string Holder,
    [property: Description("Seconds until it ends, 1 to 86400; 3600 by default")] long? TtlSecs = null,
    [property: Description("How much it may be used; without limit by default")] LeaseLimits? Limits = null,
    [property: Description("Why, for whoever reads it later")] string? Reason = null,
    [property: Description("Id of the refused request that this answers: its lease for a name then opens public addresses only, since whoever asked chose the name")] string? Answers = null);

/// <summary>Input of <c>policy.lease.revoke</c>.</summary>
public sealed record RevokeLease(
    [property: Description("Id of the lease")] string Id,
    [property: Description("Why, for whoever reads it later")] string? Reason = null);

/// <summary>Input of <c>policy.lease.renew</c>.</summary>
public sealed record RenewLease(
    [property: Description("Id of the lease")] string Id,
    [property: Description("Seconds from now until it ends, 1 to 86400")] long TtlSecs);

/// <summary>What the actions on leases share: they are control actions, and answer with the lease as the read model then has it.</summary>
/// <typeparam name="TInput">Input.</typeparam>
public abstract class LeaseAction<TInput>(LeasesModel leases, StateHost state) : ActionKind<TInput>
    where TInput : class
{
    /// <inheritdoc/>
    public override Effects Effects => Effects.Local;

    /// <inheritdoc/>
    public override bool Control => true;

    /// <inheritdoc/>
    protected override Result<IReadOnlyList<Capability>> Needs(TInput input, ActionContext context) => Array.Empty<Capability>();

    /// <summary>The lease of that id, unless it was revoked or ended.</summary>
    protected Result<Lease> Find(string id) => leases.Current.Find(id) switch
    {
        null => Refusal.NotFound("lease", Capabilities.CapabilityParser.Quote(id)),
        { Ended: { } end } => Refusal.Conflict($"The lease \"{id}\" ended before: {end.Reason ?? "it was revoked."}", "Grant a new one."),
        var lease => lease,
    };

    /// <summary>Writes the event and answers with the lease.</summary>
    protected async Task<Result<JsonNode?>> WriteAsync(ActionRun run, EventDraft draft, string id, CancellationToken cancel)
    {
        var appended = await run.AppendAsync([draft], cancel);
        await state.WaitForAsync(appended.LastSeq, cancel);
        return JsonSerializer.SerializeToNode(leases.Current.Find(id), ArwJson.Options);
    }
}

/// <summary><c>policy.lease.grant</c></summary>
public sealed class GrantLeaseAction(LeaseTerms terms, LeasesModel leases, StateHost state) : LeaseAction<GrantLease>(leases, state)
{
    /// <inheritdoc/>
    public override string Id => "policy.lease.grant";

    /// <inheritdoc/>
    public override string Title => "Grant a lease";

    /// <inheritdoc/>
    public override string Summary => "Grants a capability to an agent, recipe, episode or project for a time, within limits.";

    /// <inheritdoc/>
    protected override string Describe(GrantLease input) =>
        $"Let {input.Holder} {(Capability.Parse(input.Capability).TryGet(out var capability, out _) ? capability.Describe() : input.Capability)}";

    /// <inheritdoc/>
    protected override async Task<Result<JsonNode?>> RunAsync(GrantLease input, ActionRun run, CancellationToken cancel)
    {
        var request = new LeaseRequest(input.Capability, input.Holder)
        {
            TtlSecs = input.TtlSecs,
            Limits = input.Limits,
            Reason = input.Reason,
            Approval = input.Answers,
            Project = run.Context.Project,
        };
        return terms.Prepare(request, run.Context.Principal).TryGet(out var lease, out var refusal)
            ? await WriteAsync(run, lease.Draft, lease.Id, cancel)
            : refusal;
    }
}

/// <summary><c>policy.lease.revoke</c></summary>
public sealed class RevokeLeaseAction(LeasesModel leases, StateHost state) : LeaseAction<RevokeLease>(leases, state)
{
    /// <inheritdoc/>
    public override string Id => "policy.lease.revoke";

    /// <inheritdoc/>
    public override string Title => "Revoke a lease";

    /// <inheritdoc/>
    public override string Summary => "Takes a lease back at once: the next effect is refused and running ones are cut.";

    /// <inheritdoc/>
    protected override async Task<Result<JsonNode?>> RunAsync(RevokeLease input, ActionRun run, CancellationToken cancel) =>
        Find(input.Id).TryGet(out var lease, out var refusal)
            ? await WriteAsync(
                run,
                LeaseEvents.Revoked.Draft(new LeaseRevoked(lease.Id, input.Reason), run.Context.Principal.Actor, LeaseEvents.Subject(lease.Id), lease.Project, lease.Episode),
                lease.Id,
                cancel)
            : refusal;
}

/// <summary><c>policy.lease.renew</c></summary>
public sealed class RenewLeaseAction(LeaseTerms terms, LeasesModel leases, StateHost state) : LeaseAction<RenewLease>(leases, state)
{
    /// <inheritdoc/>
    public override string Id => "policy.lease.renew";

    /// <inheritdoc/>
    public override string Title => "Renew a lease";

    /// <inheritdoc/>
    public override string Summary => "Moves the end of a lease that is in force, to at most 24 hours from now.";

    /// <inheritdoc/>
    protected override async Task<Result<JsonNode?>> RunAsync(RenewLease input, ActionRun run, CancellationToken cancel) =>
        !Find(input.Id).TryGet(out var lease, out var refusal) || !terms.Renew(lease, input.TtlSecs).TryGet(out var until, out refusal)
            ? refusal
            : await WriteAsync(
                run,
                LeaseEvents.Renewed.Draft(new LeaseRenewed(lease.Id, until), run.Context.Principal.Actor, LeaseEvents.Subject(lease.Id), lease.Project, lease.Episode),
                lease.Id,
                cancel);
}
