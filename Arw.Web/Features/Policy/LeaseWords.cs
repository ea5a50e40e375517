using Arw.Core.Policy.Leases;

namespace Arw.Web.Features.Policy;

/// <summary>How leases are put on screen.</summary>
public static class LeaseWords
{
    /// <summary>How long it holds when that is no time.</summary>
    public static string Mode(LeaseMode mode) => mode switch
    {
        LeaseMode.Episode => "this episode",
        LeaseMode.UntilRevoked => "until revoked",
        _ => "for a time",
    };

    /// <summary>How much of its time is left, 0 to 100; null when it has no end.</summary>
    public static double? Left(Lease lease, DateTimeOffset now) =>
        lease.Until is { } until && until > lease.Granted ? Math.Clamp((until - now) / (until - lease.Granted) * 100, 0, 100) : null;

    /// <summary>Those in force now, what ends first on top, those without an end last.</summary>
    public static IReadOnlyList<Lease> InForce(LeasesState leases, DateTimeOffset now) =>
        [.. leases.Live.Where(l => l.IsLive(now)).OrderBy(l => l.Until ?? DateTimeOffset.MaxValue).ThenBy(l => l.Id, StringComparer.Ordinal)];

    /// <summary>Why an ended lease holds no longer.</summary>
    public static string End(Lease lease) => lease.Ended is { } end ? end.Reason ?? $"revoked by {end.By}" : "ran out";
}
