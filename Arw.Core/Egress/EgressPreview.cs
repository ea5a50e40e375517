using Arw.Core.Actions;
using Arw.Core.Policy;
using Arw.Core.Policy.Engine;
using Arw.Core.Primitives;

namespace Arw.Core.Egress;

/// <summary>What would become of a request, as far as can be said without DNS and without sending anything.</summary>
public sealed record EgressPreviewAnswer
{
    /// <summary>Whether it would be let out as things stand; its address is still checked once its name is resolved.</summary>
    public required bool Allow { get; init; }

    /// <summary>Stable code: <c>permitted</c>, <c>leased</c>, <c>needs_lease</c>, <c>address_not_public</c>, <c>not_in_allowlist</c>, …</summary>
    public required string Code { get; init; }

    /// <summary>Why, in words.</summary>
    public required string Reason { get; init; }

    /// <summary>The URL as it would be asked for, without secrets.</summary>
    public required string Url { get; init; }

    /// <summary>Host.</summary>
    public required string Host { get; init; }

    /// <summary>Port.</summary>
    public required int Port { get; init; }

    /// <summary>http or https.</summary>
    public required string Protocol { get; init; }

    /// <summary>Where it leads; null for names, which only DNS knows.</summary>
    public AddressClass? AddressClass { get; init; }

    /// <summary>The capability that a lease would have to cover; null when none is missing.</summary>
    public string? RequireCapability { get; init; }

    /// <summary>The scope that makes it eligible; null for none.</summary>
    public string? Scope { get; init; }

    /// <summary>The lease that permits it; null for none.</summary>
    public string? Lease { get; init; }

    /// <summary>Egress mode in force.</summary>
    public required EgressMode Mode { get; init; }
}

/// <summary>Previews requests: asks the same gate and the same policy as a real one, and neither resolves, connects nor records.</summary>
public sealed class EgressPreview(EgressGate gate, PolicyEngine engine, TimeProvider time)
{
    private const string FetchKind = "http.fetch";

    /// <summary>What would become of the request. Refusals: <c>invalid_url</c>, <c>scheme_not_allowed</c>, <c>invalid_input</c>.</summary>
    /// <param name="url">URL as given.</param>
    /// <param name="method">HTTP method; GET by default.</param>
    /// <param name="context">Who would ask, and where it would belong.</param>
    public Result<EgressPreviewAnswer> Preview(string url, string? method, ActionContext context)
    {
        var verb = (method ?? "GET").ToUpperInvariant();
        if (!EgressTarget.Parse(url).TryGet(out var target, out var refusal)
            || !Capability.ParseHttp(verb, target.Url.AbsoluteUri).TryGet(out var capability, out refusal))
        {
            return refusal;
        }

        var answer = new EgressPreviewAnswer
        {
            Allow = false,
            Code = "",
            Reason = "",
            Url = UrlRedaction.Redact(target.Url.AbsoluteUri),
            Host = target.Host,
            Port = target.Port,
            Protocol = target.Scheme,
            AddressClass = target.Place.KnownClass,
            Mode = gate.ModeFor(context.Project),
        };
        if (!gate.Judge(target, capability, context).TryGet(out var eligible, out refusal))
        {
            return answer with { Code = refusal.Code, Reason = refusal.Next is null ? refusal.Message : $"{refusal.Message} {refusal.Next}" };
        }

        var request = new AccessRequest
        {
            Principal = context.Principal,
            ActionKind = FetchKind,
            Effects = Effects.External,
            Capability = capability,
            Project = context.Project,
            CorrId = context.CorrId,
            Recipe = context.Recipe,
            Now = time.GetUtcNow(),
        };
        var decision = engine.Decide(request);
        var report = engine.Explain(request, decision);
        return answer with
        {
            Allow = decision.Allowed,
            Code = report.Code,
            Reason = report.Reason,
            RequireCapability = decision.Effect == DecisionEffect.NeedsLease ? capability.ToString() : null,
            Scope = eligible.Scope,
            Lease = decision.LeaseId,
        };
    }
}
