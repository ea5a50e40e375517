using Arw.Core.Egress.Dns;
using Arw.Core.State;
using Arw.Web.Components.Formats;
using Arw.Web.Components.Lists;
using Arw.Web.Components.Status;

namespace Arw.Web.Features.Egress;

/// <summary>What the list of names shows: the page's address in another form, and its words.</summary>
public sealed record NamesQuery
{
    /// <summary><c>answered</c> or <c>refused</c> only; null = all.</summary>
    public string? Outcome { get; init; }

    /// <summary>Words in name, reason or who; null = no search.</summary>
    public string? Search { get; init; }

    /// <summary>The rows of a window and the count of all.</summary>
    public RowWindow<DnsRow> Window(DnsLookups lookups, int start, int count)
    {
        var query = new TableQuery
        {
            Where = Outcome is null ? [] : [new("outcome", Op.Equal, Outcome)],
            Search = string.IsNullOrWhiteSpace(Search) ? null : Search,
            OrderBy = "last",
            Offset = start,
            Limit = count,
        };
        return new(lookups.Rows.Query(query), lookups.Rows.Count(query));
    }

    /// <summary>How a lookup stands, with its word.</summary>
    public static (StatusKind Kind, string Word) Status(DnsLookedUp lookup) => lookup.Outcome switch
    {
        DnsOutcome.Asked => (StatusKind.Running, "Asked for"),
        DnsOutcome.Answered => (StatusKind.Done, "Answered"),
        DnsOutcome.Nothing => (StatusKind.Cancelled, "No address"),
        DnsOutcome.Failed => (StatusKind.Failed, "No answer"),
        _ => (StatusKind.Refused, "Refused"),
    };

    /// <summary>Why it was answered or not, and with what, in a few words.</summary>
    public static string Why(DnsLookedUp lookup) => lookup.Reason ?? lookup.Code switch
    {
        "leased" => "by a lease",
        "permitted" => "by the posture",
        "in_scope" => "in an egress scope",
        var code => code,
    } + (lookup.Addresses.Count > 0 ? $": {string.Join(", ", lookup.Addresses)}" : "");

    /// <summary>How an anomaly is marked.</summary>
    public static StatusKind Mark(DnsAnomaly anomaly) => anomaly.Severity switch
    {
        DnsSeverity.Info => StatusKind.Proposed,
        DnsSeverity.Warning => StatusKind.Warning,
        _ => StatusKind.Refused,
    };

    /// <summary>An anomaly in a few words.</summary>
    public static string Word(DnsAnomaly anomaly) => anomaly.Reason switch
    {
        DnsReason.QpsSpike => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{anomaly.Qps:0} lookups a second"),
        DnsReason.EntropyBurst => "Names that look random",
        DnsReason.LabelTunnel => "Data carried in names",
        DnsReason.NewDomain => anomaly.Count == 1 ? "New domain" : "New domains",
        _ => "Looks for other resolvers",
    };

    /// <summary>What it is about, in a sentence.</summary>
    public static string Says(DnsAnomaly anomaly) => anomaly.Reason switch
    {
        DnsReason.QpsSpike => $"{Format.Count(anomaly.Count)} lookups in {anomaly.WindowSecs} seconds: far more than it takes to reach something.",
        DnsReason.EntropyBurst => $"{Format.Count(anomaly.Count)} different names in {anomaly.WindowSecs} seconds look like chance or code, not like words.",
        DnsReason.LabelTunnel => $"{Format.Count(anomaly.Count)} long names in {anomaly.WindowSecs} seconds{(anomaly.Domain is { } domain ? $" below {domain}" : "")}: who answers for that domain reads them.",
        DnsReason.NewDomain => "Nobody in this project had looked it up before.",
        _ => "Names of public resolvers in HTTPS or TLS, which would go around this one. They are refused.",
    };
}
