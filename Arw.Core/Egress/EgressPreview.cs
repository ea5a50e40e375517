using System.Text;
using Arw.Core.Actions;
using Arw.Core.Journal;
using Arw.Core.Policy;
using Arw.Core.Policy.Engine;
using Arw.Core.Primitives;
using Arw.Core.Redaction;

namespace Arw.Core.Egress;

/// <summary>What is said of a request that is previewed, beside where it goes.</summary>
public sealed record PreviewContent
{
    /// <summary>Header fields that it would carry.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Body that it would carry; null for none, or when only its size is told.</summary>
    public string? Body { get; init; }

    /// <summary>What is known of its size; the size of a body that is given goes before it.</summary>
    public RequestSize Size { get; init; }
}

/// <summary>Something classified that a request would carry.</summary>
/// <param name="Kind">What it is, <c>github-pat</c>; its value is told nowhere.</param>
/// <param name="Name">The same for people.</param>
/// <param name="Class">What sort of thing it is.</param>
/// <param name="Count">How often it is there.</param>
/// <param name="Redacted">True when a tag takes its place in the journal and on pages.</param>
public sealed record PreviewFinding(string Kind, string Name, DataClass Class, int Count, bool Redacted);

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

    /// <summary>Classes of the data that it carries: each needs a lease of its own (<c>data.send</c>) unless the place is this machine.</summary>
    public IReadOnlyList<DataClass> Data { get; init; } = [];

    /// <summary>What was found in URL, headers and body.</summary>
    public IReadOnlyList<PreviewFinding> Findings { get; init; } = [];

    /// <summary>Bytes of its body; null when nothing was said of them.</summary>
    public long? Bytes { get; init; }

    /// <summary>What it would cost, in USD, by the prices that a person set; 0 on this machine; null = not known.</summary>
    public decimal? EstCostUsd { get; init; }

    /// <summary>The part of the cost that is known, in USD.</summary>
    public decimal CostAtLeastUsd { get; init; }

    /// <summary>What is not known of the cost, in words; empty when all of it is.</summary>
    public IReadOnlyList<string> CostNotKnown { get; init; } = [];

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

    /// <summary>All capabilities that leases would have to cover, those for its data included; empty when none is missing.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>The policy that decides; null for none.</summary>
    public string? Policy { get; init; }

    /// <summary>The scope that makes it eligible; null for none.</summary>
    public string? Scope { get; init; }

    /// <summary>The lease that permits it; null for none.</summary>
    public string? Lease { get; init; }

    /// <summary>Egress mode in force.</summary>
    public required EgressMode Mode { get; init; }
}

/// <summary>Previews requests: asks the same gate and the same policy as a real one, and neither resolves, connects nor records.</summary>
/// <param name="gate">Judges the place.</param>
/// <param name="engine">Judges the request.</param>
/// <param name="prices">What hosts charge.</param>
/// <param name="time">The clock of leases.</param>
/// <param name="redactor">Masks what a URL carries; null = only what every URL hides.</param>
public sealed class EgressPreview(EgressGate gate, PolicyEngine engine, EgressPrices prices, TimeProvider time, Redactor? redactor = null)
{
    private const string FetchKind = "http.fetch";

    /// <summary>What would become of the request. Refusals: <c>invalid_url</c>, <c>scheme_not_allowed</c>, <c>invalid_input</c>.</summary>
    /// <param name="url">URL as given.</param>
    /// <param name="method">HTTP method; GET by default.</param>
    /// <param name="context">Who would ask, and where it would belong.</param>
    /// <param name="content">What it would carry; null when nothing is known of that.</param>
    public Result<EgressPreviewAnswer> Preview(string url, string? method, ActionContext context, PreviewContent? content = null)
    {
        var verb = (method ?? "GET").ToUpperInvariant();
        if (!EgressTarget.Parse(url).TryGet(out var target, out var refusal)
            || !Capability.ParseHttp(verb, target.Url.AbsoluteUri).TryGet(out var capability, out refusal))
        {
            return refusal;
        }

        content ??= new PreviewContent();
        var body = content.Body is null ? null : Encoding.UTF8.GetBytes(content.Body);
        var findings = Findings(target.Url, content.Headers, body);
        var cost = prices.Estimate(target.Place, content.Size with { BytesOut = body?.Length ?? content.Size.BytesOut });
        var answer = new EgressPreviewAnswer
        {
            Allow = false,
            Code = "",
            Reason = "",
            Url = redactor is null ? UrlRedaction.Redact(target.Url.AbsoluteUri) : new OutboundData(redactor).Shown(UrlRedaction.Redact(target.Url.AbsoluteUri), redactor.Setup.Snapshots),
            Data = [.. findings.Select(f => f.Class).Distinct().Order()],
            Findings = findings,
            Bytes = body?.Length ?? content.Size.BytesOut,
            EstCostUsd = cost.EstCostUsd,
            CostAtLeastUsd = cost.AtLeastUsd,
            CostNotKnown = cost.NotKnown,
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

        if (HoldsCanary(target.Url, content))
        {
            return answer with { Code = OutboundData.CanaryCode, Reason = "The request carries a canary, a false secret that was planted to see who takes it.", Scope = eligible.Scope };
        }

        // The request first, then its data: the first that is not allowed says why.
        var data = target.Place.KnownClass == AddressClass.Loopback ? [] : answer.Data.Select(capability.ForData);
        var asked = data.Prepend(capability).Select(c => Ask(c, context)).Select(r => (Request: r, Decision: engine.Decide(r))).ToList();
        var deciding = asked.Find(a => !a.Decision.Allowed) is { Request.Capability: not null } refused ? refused : asked[0];
        var report = engine.Explain(deciding.Request, deciding.Decision);
        var missing = asked.Where(a => a.Decision.Effect == DecisionEffect.NeedsLease).Select(a => a.Request.Capability.ToString()).ToList();
        return answer with
        {
            Allow = deciding.Decision.Allowed,
            Code = report.Code,
            Reason = report.Reason,
            RequireCapability = missing.FirstOrDefault(),
            Missing = missing,
            Scope = eligible.Scope,
            Policy = deciding.Decision.PolicyId,
            Lease = deciding.Decision.LeaseId,
        };
    }

    private AccessRequest Ask(Capability capability, ActionContext context) => new()
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

    private List<PreviewFinding> Findings(Uri url, IReadOnlyList<KeyValuePair<string, string>> headers, byte[]? body) => redactor is null
        ? []
        : [.. new OutboundData(redactor).Kinds(url, headers, body)
            .CountBy(k => k)
            .Select(k => new PreviewFinding(k.Key.Id, k.Key.Name, k.Key.Class, k.Value, redactor.Setup.Journal.HasFlag(k.Key.Class.Set())))
            .OrderBy(f => f.Class).ThenBy(f => f.Kind, StringComparer.Ordinal)];

    private bool HoldsCanary(Uri url, PreviewContent content) => redactor is not null
        && redactor.Canaries(Encoding.UTF8.GetBytes(string.Join('\n', content.Headers.Select(h => h.Value).Append(Uri.UnescapeDataString(url.AbsoluteUri)).Append(content.Body)))).Count > 0;
}
