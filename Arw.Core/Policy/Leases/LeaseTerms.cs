using System.Buffers;
using Arw.Core.Access;
using Arw.Core.Journal;
using Arw.Core.Policy.Capabilities;
using Arw.Core.Primitives;

namespace Arw.Core.Policy.Leases;

/// <summary>What somebody wants to grant, before it is checked.</summary>
/// <param name="Capability">Capability text.</param>
/// <param name="Holder">To whom: <c>agent:NAME</c>, <c>recipe:ID</c>, <c>episode:CORR</c>, <c>project:ID</c>.</param>
public sealed record LeaseRequest(string Capability, string Holder)
{
    /// <summary>How it ends by itself; at a time by default.</summary>
    public LeaseMode Mode { get; init; }

    /// <summary>Seconds until it ends, 1 to 86,400; 3,600 by default, and 86,400 for the mode episode. Not for until_revoked.</summary>
    public long? TtlSecs { get; init; }

    /// <summary>The episode that it ends with: required for the mode episode, else null.</summary>
    public string? Episode { get; init; }

    /// <summary>The one action that may use it; null = every one of the holder.</summary>
    public string? Action { get; init; }

    /// <summary>The project in which it holds; null = in every one.</summary>
    public string? Project { get; init; }

    /// <summary>How much it may be used; null = without limit.</summary>
    public LeaseLimits? Limits { get; init; }

    /// <summary>Why, in words, at most 500 characters; null = not said.</summary>
    public string? Reason { get; init; }

    /// <summary>The approval, or the refused request, that is being answered; null = granted without being asked.</summary>
    public string? Approval { get; init; }
}

/// <summary>A grant that passed the rules: append the draft, and the lease is in force.</summary>
/// <param name="Id">The lease's id.</param>
/// <param name="Granted">The event's payload.</param>
/// <param name="Draft">The event.</param>
public sealed record PreparedLease(string Id, LeaseGranted Granted, EventDraft Draft)
{
    /// <summary>The lease must not exist yet.</summary>
    public Precondition Precondition => new(LeaseEvents.Subject(Id), 0);
}

/// <summary>The rules of granting: who may grant what to whom, and for how long.</summary>
/// <param name="time">The clock.</param>
/// <param name="ids">Ids of new leases.</param>
public sealed class LeaseTerms(TimeProvider time, IdSource ids)
{
    /// <summary>Longest time of a lease: 24 hours, in seconds.</summary>
    public const long MaxTtlSecs = 86_400;

    /// <summary>Time of a lease that says none: one hour, in seconds.</summary>
    public const long DefaultTtlSecs = 3_600;

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:-");
    private static readonly string[] Holders = ["agent", "recipe", "episode", "project"];

    /// <summary>Checks a grant and makes its event. Nothing is written.</summary>
    public Result<PreparedLease> Prepare(LeaseRequest request, Principal by)
    {
        if (!by.MayControl)
        {
            return Refusal.Forbidden($"{by.Actor} may not grant leases.", "Ask a person to grant it.");
        }

        if (!Capability.Parse(request.Capability).TryGet(out var capability, out var bad))
        {
            return bad;
        }

        if ((Grantable(capability, by) ?? CheckHolder(request.Holder) ?? CheckMode(request, by) ?? CheckLimits(request)) is { } refusal)
        {
            return refusal;
        }

        var now = Rfc3339.Truncate(time.GetUtcNow());
        var ttl = request.TtlSecs ?? (request.Mode == LeaseMode.Episode ? MaxTtlSecs : DefaultTtlSecs);
        var limits = capability.UsdMicros is { } usd && request.Limits?.UsdMicros is null
            ? (request.Limits ?? LeaseLimits.None) with { UsdMicros = usd }
            : request.Limits;
        var granted = new LeaseGranted(ids.New(), capability.ToString(), request.Holder)
        {
            Action = request.Action,
            Project = request.Project,
            Mode = request.Mode,
            Until = request.Mode == LeaseMode.UntilRevoked ? null : now.AddSeconds(ttl),
            Episode = request.Mode == LeaseMode.Episode ? request.Episode : null,
            Limits = limits is { Any: true } ? limits : null,
            Reason = request.Reason,
            Approval = request.Approval,
        };
        return new PreparedLease(
            granted.Id,
            granted,
            LeaseEvents.Granted.Draft(granted, by.Actor, LeaseEvents.Subject(granted.Id), request.Project, request.Episode));
    }

    /// <summary>The end of a lease that is renewed now; a refusal when it cannot be.</summary>
    public Result<DateTimeOffset> Renew(Lease lease, long ttlSecs)
    {
        var now = Rfc3339.Truncate(time.GetUtcNow());
        return CheckTtl(ttlSecs) is { } refusal ? refusal
            : !lease.IsLive(now) ? Refusal.Conflict($"The lease \"{lease.Id}\" has ended.", "Grant a new one.")
            : lease.Mode == LeaseMode.UntilRevoked ? Refusal.Conflict($"The lease \"{lease.Id}\" holds until it is revoked.", "There is nothing to renew.")
            : lease.Mode == LeaseMode.Episode && now.AddSeconds(ttlSecs) > lease.Granted.AddSeconds(MaxTtlSecs)
                ? Refusal.Invalid($"The lease \"{lease.Id}\" ends with its episode, at most 24 hours after it was granted.", "Renew it for a shorter time.")
            : now.AddSeconds(ttlSecs);
    }

    private static Refusal? Grantable(Capability capability, Principal by)
    {
        if (capability.IsControl)
        {
            return Refusal.Forbidden($"\"{capability}\" is for people only; no lease grants it.");
        }

        if (capability.Scope is not HttpScope { Host: { IsNonPublicLiteral: true } host } scope)
        {
            return null;
        }

        // Reaching into the own network is never an accident of a wide grant.
        return by.Kind != PrincipalKind.Person ? Refusal.Forbidden($"Only a person may grant \"{host.Text}\": it is not on the public internet.")
            : !host.IsLiteral || scope.Port is null
                ? Refusal.Invalid($"\"{host.Text}\" is not on the public internet: \"{capability}\" must name its port.", $"Write the port, as in http://{host.Text}:8080/**.")
            : null;
    }

    private static Refusal? CheckHolder(string holder)
    {
        var colon = holder.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? "" : holder[(colon + 1)..];
        return colon > 0 && Holders.Contains(holder[..colon]) && name.Length is > 0 and <= 128 && !name.AsSpan().ContainsAnyExcept(NameCharacters)
            ? null
            : Refusal.Invalid($"\"{CapabilityParser.Quote(holder)}\" is no holder.", "Use agent:NAME, recipe:ID, episode:CORR or project:ID.");
    }

    private static Refusal? CheckMode(LeaseRequest request, Principal by) => request.Mode switch
    {
        LeaseMode.UntilRevoked when by.Kind != PrincipalKind.Person || request.Approval is null =>
            Refusal.Forbidden("Only a person's answer to a question grants until revoked.", "Grant it for a time, at most 24 hours."),
        LeaseMode.UntilRevoked when request.TtlSecs is not null =>
            Refusal.Invalid("A lease until revoked has no time.", "Leave ttl_secs out."),
        LeaseMode.Episode when string.IsNullOrEmpty(request.Episode) =>
            Refusal.Invalid("A lease for an episode must name it.", "Send its correlation id."),
        _ when request.TtlSecs is { } ttl => CheckTtl(ttl),
        _ => null,
    };

    private static Refusal? CheckTtl(long secs) => secs is >= 1 and <= MaxTtlSecs
        ? null
        : Refusal.Invalid($"{secs} seconds is no time for a lease.", "Use 1 to 86,400 seconds.");

    private static Refusal? CheckLimits(LeaseRequest request) =>
        request.Limits is { } limits && (limits.Count < 1 || limits.Bytes < 1 || limits.UsdMicros < 0)
            ? Refusal.Invalid("A limit is a positive number.", "Leave out what is not limited.")
        : request.Reason is { Length: > 500 }
            ? Refusal.Invalid("The reason is longer than 500 characters.", "Say it shorter.")
        : null;
}
