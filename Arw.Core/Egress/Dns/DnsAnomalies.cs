namespace Arw.Core.Egress.Dns;

/// <summary>One lookup, as far as it tells something about its neighbours.</summary>
/// <param name="At">When.</param>
/// <param name="Name">The name.</param>
/// <param name="Code">Why it was looked up or not.</param>
/// <param name="NewDomain">Nobody in the project had looked its domain up before.</param>
internal readonly record struct SeenLookup(DateTimeOffset At, string Name, string Code, bool NewDomain);

/// <summary>Finds what is unusual in the latest lookups of one asker: pure functions of what was seen and of the time.</summary>
internal static class DnsAnomalies
{
    /// <summary>No lookup that is older tells anything.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(60);

    private const int RateSeconds = 10;
    private const int ManyInTenSeconds = 200;
    private const int ManyRandom = 10;
    private const int ManyCarriers = 6;
    private const int LongCarrier = 50;
    private const int MaxSamples = 10;
    private const int MaxSampleChars = 120;

    /// <summary>What is unusual now; ids and actions are the caller's to fill in.</summary>
    /// <param name="seen">Lookups of one asker, oldest first.</param>
    /// <param name="now">Now.</param>
    public static IEnumerable<DnsAnomaly> Find(IReadOnlyCollection<SeenLookup> seen, DateTimeOffset now)
    {
        var recent = seen.Where(l => now - l.At < Window).ToList();
        return ((DnsAnomaly?[])[Rate(recent, now), Random(recent), Tunnel(recent), NewDomains(recent), Others(recent)]).OfType<DnsAnomaly>();
    }

    private static DnsAnomaly? Rate(List<SeenLookup> recent, DateTimeOffset now)
    {
        var lately = recent.Where(l => now - l.At < TimeSpan.FromSeconds(RateSeconds)).ToList();
        return lately.Count < ManyInTenSeconds ? null : Make(DnsReason.QpsSpike, DnsSeverity.Warning, lately.Count, RateSeconds, lately.Select(l => l.Name)) with { Qps = (double)lately.Count / RateSeconds };
    }

    private static DnsAnomaly? Random(List<SeenLookup> recent)
    {
        var names = recent.Select(l => l.Name).Distinct(StringComparer.Ordinal).Where(NameShape.LooksRandom).ToList();
        return names.Count < ManyRandom ? null : Make(DnsReason.EntropyBurst, DnsSeverity.Warning, names.Count, names, names.Select(NameShape.Domain));
    }

    private static DnsAnomaly? Tunnel(List<SeenLookup> recent)
    {
        var worst = recent.Select(l => l.Name).Distinct(StringComparer.Ordinal).Where(n => NameShape.Carried(n) >= LongCarrier)
            .GroupBy(NameShape.Domain, StringComparer.Ordinal)
            .MaxBy(g => g.Count())?.ToList();
        return worst is null || worst.Count < ManyCarriers ? null : Make(DnsReason.LabelTunnel, DnsSeverity.Alarm, worst.Count, worst, worst.Select(NameShape.Domain));
    }

    private static DnsAnomaly? NewDomains(List<SeenLookup> recent)
    {
        var domains = recent.Where(l => l.NewDomain).Select(l => NameShape.Domain(l.Name)).Distinct(StringComparer.Ordinal).ToList();
        return domains.Count == 0 ? null : Make(DnsReason.NewDomain, DnsSeverity.Info, domains.Count, domains, domains);
    }

    private static DnsAnomaly? Others(List<SeenLookup> recent)
    {
        var names = recent.Where(l => l.Code is OtherResolvers.OverHttps or OtherResolvers.OverTls or OtherResolvers.Plain).Select(l => l.Name).Distinct(StringComparer.Ordinal).ToList();
        return names.Count == 0 ? null : Make(DnsReason.BlockedDoh, DnsSeverity.Warning, names.Count, names, names.Select(NameShape.Domain));
    }

    private static DnsAnomaly Make(DnsReason reason, DnsSeverity severity, int count, IEnumerable<string> names, IEnumerable<string> domains) =>
        Make(reason, severity, count, (int)Window.TotalSeconds, names) with { Domain = domains.Distinct(StringComparer.Ordinal).ToList() is [var only] ? only : null };

    private static DnsAnomaly Make(DnsReason reason, DnsSeverity severity, int count, int seconds, IEnumerable<string> samples) =>
        new("", reason, severity, count, seconds, [.. samples.Distinct(StringComparer.Ordinal).Take(MaxSamples).Select(Shown)]);

    private static string Shown(string name) => name.Length > MaxSampleChars ? $"{name[..MaxSampleChars]}…" : name;
}
