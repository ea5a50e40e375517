using Arw.Core.Actions;
using Arw.Core.Policy;
using Arw.Core.Policy.Engine;
using Arw.Core.Primitives;
using Arw.Core.Redaction;

namespace Arw.Core.Egress;

/// <summary>Writes what becomes of one hop of a request.</summary>
/// <param name="id">Id of the row.</param>
/// <param name="run">Who asks.</param>
/// <param name="mode">Egress mode in force.</param>
/// <param name="method">HTTP method, or <c>CONNECT</c> for a tunnel.</param>
/// <param name="url">What was asked for, as given.</param>
/// <param name="hop">0, then one more for each redirect.</param>
/// <param name="now">Now.</param>
/// <param name="data">Masks what the URL carries; null = only what every URL hides.</param>
internal sealed class LedgerEntry(string id, ActionRun run, EgressMode mode, string method, string url, int hop, DateTimeOffset now, OutboundData? data)
{
    /// <summary>The method of a tunnel.</summary>
    public const string Tunnelling = "CONNECT";

    /// <summary>Id of the ledger row.</summary>
    public string Id => id;

    /// <summary>Records that it did not leave, and passes the refusal on.</summary>
    public async ValueTask<Refusal> DenyAsync(EgressTarget? target, Capability? capability, Refusal refusal, CancellationToken cancel, IReadOnlyList<Capability>? missing = null)
    {
        var denied = new EgressDenied(id, run.Context.ActionId, method, Shown(target), refusal.Code, refusal.Message, mode, run.Attempt, hop)
        {
            Host = target?.Host,
            Port = target?.Port,
            Scheme = target?.Protocol,
            Tool = run.Kind,
            Capability = capability?.ToString(),
            Holder = capability is null ? null : LeaseHolder.For(Request(capability)),
            Missing = Texts(missing),
            Address = target?.Literal?.ToString() ?? (refusal.Details as RefusedAddress)?.Address,
        };
        await run.AppendAsync([EgressEvents.Denied.Draft(denied, run.Context.Principal.Actor, EgressEvents.Subject(id))], cancel);
        return refusal;
    }

    /// <summary>Records that it is about to leave; returns when that is durable.</summary>
    public async ValueTask OpenAsync(EgressTarget target, Capability capability, Admission admission, CancellationToken cancel)
    {
        var opened = new EgressOpened(
            id, run.Context.ActionId, method, Shown(target), target.Host, target.Port, target.Protocol,
            [.. admission.Addresses.Select(a => a.ToString())], admission.Permit.Decision.LeaseId is null ? "permitted" : "leased", admission.Eligible.Mode, run.Attempt, hop)
        {
            Lease = admission.Permit.Decision.LeaseId,
            Policy = admission.Permit.Decision.PolicyId,
            Scope = admission.Eligible.Scope,
            Tool = run.Kind,
            Capability = capability.ToString(),
            Holder = LeaseHolder.For(Request(capability)),
        };
        await run.AppendAsync([EgressEvents.Opened.Draft(opened, run.Context.Principal.Actor, EgressEvents.Subject(id))], cancel);
    }

    /// <summary>Capabilities as an event names them; null for none.</summary>
    internal static IReadOnlyList<string>? Texts(IReadOnlyList<Capability>? capabilities) => capabilities is [_, ..] ? [.. capabilities.Select(c => c.ToString())] : null;

    private string Shown(EgressTarget? target)
    {
        var shown = UrlRedaction.Redact(target is null || method == Tunnelling ? url : target.Url.AbsoluteUri);
        shown = data?.Journaled(shown) ?? shown;
        return shown.Length > 2048 ? shown[..2048] + "…" : shown;
    }

    private AccessRequest Request(Capability capability) => new()
    {
        Principal = run.Context.Principal,
        ActionKind = run.Kind,
        Effects = Effects.External,
        Capability = capability,
        Project = run.Context.Project,
        CorrId = run.Context.CorrId,
        Recipe = run.Context.Recipe,
        Now = now,
    };
}

/// <summary>Details of the refusal <c>address_not_public</c>.</summary>
/// <param name="Address">The address; null when the name alone said it.</param>
/// <param name="AddressClass">Where it leads.</param>
public sealed record RefusedAddress(string? Address, AddressClass AddressClass);
