using Arw.Core.Journal;

namespace Arw.Core.Policy.Leases;

/// <summary>The kinds of events that a lease's life consists of. Subject: <c>lease:ID</c>. That one runs out is no event: it is judged when a decision is made.</summary>
public static class LeaseEvents
{
    /// <summary>It was granted.</summary>
    public static readonly EventKind<LeaseGranted> Granted = new("policy.lease.granted", "A capability was granted for a time.");

    /// <summary>Its end was moved.</summary>
    public static readonly EventKind<LeaseRenewed> Renewed = new("policy.lease.renewed", "A lease ends at another time than before.");

    /// <summary>It was taken back.</summary>
    public static readonly EventKind<LeaseRevoked> Revoked = new("policy.lease.revoked", "A lease was taken back; it holds no longer from here on.");

    /// <summary>Some of its limits was used.</summary>
    public static readonly EventKind<LeaseConsumed> Consumed = new("policy.lease.consumed", "Some of a lease's limits was used.");

    /// <summary>Subject of a lease's events.</summary>
    public static string Subject(string leaseId) => $"lease:{leaseId}";
}

/// <summary>Payload of <c>policy.lease.granted</c>; the grantor is the event's actor, the time its <c>recorded</c>.</summary>
public sealed record LeaseGranted(string Id, string Capability, string Holder)
{
    /// <summary>The one action that may use it; null = every one of the holder.</summary>
    public string? Action { get; init; }

    /// <summary>The project in which it holds; null = in every one.</summary>
    public string? Project { get; init; }

    /// <summary>How it ends by itself.</summary>
    public LeaseMode Mode { get; init; }

    /// <summary>When it ends at the latest; null only for until_revoked.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The episode that it ends with; null unless the mode is episode.</summary>
    public string? Episode { get; init; }

    /// <summary>How much it may be used; null = without limit.</summary>
    public LeaseLimits? Limits { get; init; }

    /// <summary>Why, in words; null = not said.</summary>
    public string? Reason { get; init; }

    /// <summary>The approval whose answer granted it, or the refused request that it answers; null = granted without being asked.</summary>
    public string? Approval { get; init; }
}

/// <summary>Payload of <c>policy.lease.renewed</c>.</summary>
public sealed record LeaseRenewed(string Id, DateTimeOffset Until);

/// <summary>Payload of <c>policy.lease.revoked</c>.</summary>
public sealed record LeaseRevoked(string Id, string? Reason = null);

/// <summary>Payload of <c>policy.lease.consumed</c>: what was used by one effect.</summary>
public sealed record LeaseConsumed(string Id, LeaseUse Use, string? Action = null);
