namespace Arw.Core.Policy.Leases;

/// <summary>How a lease ends by itself.</summary>
public enum LeaseMode
{
    /// <summary>At a time.</summary>
    Ttl,

    /// <summary>With its episode, at most 24 h after the grant.</summary>
    Episode,

    /// <summary>Not by itself. Only a person's answer grants it.</summary>
    UntilRevoked,
}

/// <summary>How much a lease may be used; null = without limit.</summary>
/// <param name="Count">Uses.</param>
/// <param name="UsdMicros">Money in all, in micro-USD.</param>
/// <param name="Bytes">Bytes in all.</param>
public sealed record LeaseLimits(long? Count = null, long? UsdMicros = null, long? Bytes = null)
{
    /// <summary>No limit.</summary>
    public static LeaseLimits None { get; } = new();

    /// <summary>True when something is limited.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool Any => Count is not null || UsdMicros is not null || Bytes is not null;
}

/// <summary>How much of a lease's limits has been used.</summary>
/// <param name="Count">Uses.</param>
/// <param name="UsdMicros">Money in micro-USD.</param>
/// <param name="Bytes">Bytes.</param>
public sealed record LeaseUse(long Count = 0, long UsdMicros = 0, long Bytes = 0)
{
    /// <summary>Nothing used.</summary>
    public static LeaseUse None { get; } = new();

    /// <summary>Both together; amounts that overflow stay at the largest one.</summary>
    public LeaseUse Plus(LeaseUse other) =>
        new(Add(Count, other.Count), Add(UsdMicros, other.UsdMicros), Add(Bytes, other.Bytes));

    private static long Add(long a, long b) => a > long.MaxValue - b ? long.MaxValue : a + b;
}

/// <summary>How a lease ended before its time.</summary>
/// <param name="At">When.</param>
/// <param name="By">Who, or the episode that ended.</param>
/// <param name="Reason">Why, in words; null = not said.</param>
public sealed record LeaseEnd(DateTimeOffset At, string By, string? Reason = null);

/// <summary>A capability granted to somebody, for a time.</summary>
public sealed record Lease
{
    /// <summary>Id (ULID).</summary>
    public required string Id { get; init; }

    /// <summary>What it grants.</summary>
    public required Capability Capability { get; init; }

    /// <summary>To whom: <c>agent:NAME</c>, <c>recipe:ID</c>, <c>episode:CORR</c>, <c>project:ID</c>.</summary>
    public required string Holder { get; init; }

    /// <summary>The one action that may use it; null = every one of the holder.</summary>
    public string? Action { get; init; }

    /// <summary>The project in which it holds; null = in every one.</summary>
    public string? Project { get; init; }

    /// <summary>Who granted it: <c>person:owner</c>.</summary>
    public required string GrantedBy { get; init; }

    /// <summary>When it was granted.</summary>
    public required DateTimeOffset Granted { get; init; }

    /// <summary>How it ends by itself.</summary>
    public LeaseMode Mode { get; init; }

    /// <summary>When it ends at the latest; null only for <see cref="LeaseMode.UntilRevoked"/>. Judged when a decision is made, no event says so.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The episode that it ends with; null unless the mode is <see cref="LeaseMode.Episode"/>.</summary>
    public string? Episode { get; init; }

    /// <summary>How much it may be used.</summary>
    public LeaseLimits Limits { get; init; } = LeaseLimits.None;

    /// <summary>How much it has been used. Counted only where a limit asks for it.</summary>
    public LeaseUse Used { get; init; } = LeaseUse.None;

    /// <summary>How it was revoked, or ended with its episode; null = it was not.</summary>
    public LeaseEnd? Ended { get; init; }

    /// <summary>Why it was granted, in words; null = not said.</summary>
    public string? Reason { get; init; }

    /// <summary>The approval whose answer granted it, or the refused request that it answers; null = granted without being asked.</summary>
    public string? Approval { get; init; }

    /// <summary>Seq of the last event about it: what its next event is conditional on.</summary>
    public required long Seq { get; init; }

    /// <summary>Whether it is in force at a time, limits aside.</summary>
    public bool IsLive(DateTimeOffset now) => Ended is null && (Until is null || now < Until);

    /// <summary>Whether its limits leave room for one more use.</summary>
    /// <param name="usdMicros">What the use costs; null = not known before: something must be left then, as with bytes.</param>
    public bool HasRoom(long? usdMicros) =>
        (Limits.Count is null || Used.Count < Limits.Count)
        && (Limits.Bytes is null || Used.Bytes < Limits.Bytes)
        && (Limits.UsdMicros is not { } money || (usdMicros is { } cost ? cost <= money - Used.UsdMicros : Used.UsdMicros < money));

    /// <summary>
    /// Whether it makes a target that is not public eligible: a person spelled its host and port. A name is trusted so only when the person wrote the lease unasked:
    /// a suggestion follows what an agent asked for, and its name may lead anywhere by tomorrow.
    /// </summary>
    public bool ReachesNonPublic =>
        GrantedBy.StartsWith("person:", StringComparison.Ordinal)
        && Capability.Scope is Capabilities.HttpScope { Host.IsLiteral: true, Port: not null } scope
        && (Approval is null || scope.Host.IsNonPublicLiteral);
}
