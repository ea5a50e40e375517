using Arw.Core.Journal;

namespace Arw.Core.Egress;

/// <summary>Kinds of events about what leaves the machine. Subject of a request's events: <c>egress:ID</c>.</summary>
public static class EgressEvents
{
    /// <summary>Mode or limits changed.</summary>
    public static readonly EventKind<EgressSettingsUpdated> SettingsUpdated = new("egress.settings.updated", "The egress mode or the limits of requests were changed.");

    /// <summary>A scope was added or replaced.</summary>
    public static readonly EventKind<EgressScope> ScopeSet = new("egress.scope.set", "An egress scope was added or replaced.");

    /// <summary>A scope was removed.</summary>
    public static readonly EventKind<EgressScopeRemoved> ScopeRemoved = new("egress.scope.removed", "An egress scope was removed.");

    /// <summary>The price of a host was set or replaced.</summary>
    public static readonly EventKind<EgressPrice> PriceSet = new("egress.price.set", "What a host charges was set or replaced.");

    /// <summary>The price of a host was removed.</summary>
    public static readonly EventKind<EgressPriceRemoved> PriceRemoved = new("egress.price.removed", "What a host charges is not known any more.");

    /// <summary>A request is about to leave: durable before the connection is made.</summary>
    public static readonly EventKind<EgressOpened> Opened = new("egress.opened", "A request was permitted and is about to connect.");

    /// <summary>A request ended.</summary>
    public static readonly EventKind<EgressClosed> Closed = new("egress.closed", "A request ended, with the bytes that passed.");

    /// <summary>A request did not leave.</summary>
    public static readonly EventKind<EgressDenied> Denied = new("egress.denied", "A request was not let out.");

    /// <summary>Subject of a request's events.</summary>
    public static string Subject(string id) => $"egress:{id}";

    /// <summary>Subject of a price's events.</summary>
    public static string PriceSubject(string host) => $"egress_price:{host}";
}

/// <summary>Payload of <c>egress.settings.updated</c>: what is null stays. Project: the one whose own mode it is; null = the home's.</summary>
public sealed record EgressSettingsUpdated(EgressModeChoice? Mode = null, EgressLimitsChange? Limits = null, string? Project = null);

/// <summary>Payload of <c>egress.scope.removed</c>.</summary>
public sealed record EgressScopeRemoved(string Id);

/// <summary>Payload of <c>egress.price.removed</c>.</summary>
public sealed record EgressPriceRemoved(string Host);

/// <summary>Payload of <c>egress.opened</c>.</summary>
/// <param name="Id">Id of the request (ULID).</param>
/// <param name="Action">The action that asks.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Url">URL without user info and secret query values.</param>
/// <param name="Host">Host.</param>
/// <param name="Port">Port.</param>
/// <param name="Scheme">http, https or tcp.</param>
/// <param name="Addresses">Every address that the name resolved to, all checked, in the order in which they are tried.</param>
/// <param name="Code">Why it may leave: <c>leased</c> or <c>permitted</c>.</param>
/// <param name="Mode">Egress mode in force.</param>
/// <param name="Attempt">The action's attempt; more than 1 marks a retry.</param>
/// <param name="Hop">0 for the request itself, then one more for each redirect.</param>
public sealed record EgressOpened(
    string Id, string Action, string Method, string Url, string Host, int Port, string Scheme, IReadOnlyList<string> Addresses,
    string Code, EgressMode Mode, int Attempt, int Hop)
{
    /// <summary>The address that is tried first.</summary>
    public string Address => Addresses[0];

    /// <summary>The lease that permitted it; null for none.</summary>
    public string? Lease { get; init; }

    /// <summary>The policy that permitted it; null for none.</summary>
    public string? Policy { get; init; }

    /// <summary>The scope that made it eligible; null for none.</summary>
    public string? Scope { get; init; }

    /// <summary>What asked: an action kind, or <c>proxy</c>; null in older events.</summary>
    public string? Tool { get; init; }

    /// <summary>The capability that was permitted; null in older events.</summary>
    public string? Capability { get; init; }

    /// <summary>Who would hold a lease for it; null for nobody, and in older events.</summary>
    public string? Holder { get; init; }
}

/// <summary>Why what a program sent through the proxy could not be looked into.</summary>
public enum UnseenContent
{
    /// <summary>It is TLS, which the proxy does not open.</summary>
    Encrypted,

    /// <summary>Its body is compressed.</summary>
    Compressed,

    /// <summary>It is no text protocol: only canaries were looked for.</summary>
    Binary,
}

/// <summary>How a request ended.</summary>
public enum EgressOutcome
{
    /// <summary>It is under way.</summary>
    Open,

    /// <summary>The answer was read to its end, or as far as was wanted.</summary>
    Ok,

    /// <summary>It was cut: lease revoked, action cancelled.</summary>
    Aborted,

    /// <summary>It was cut at a limit of size or time.</summary>
    Limit,

    /// <summary>The connection or the answer failed.</summary>
    Error,

    /// <summary>It was not let out.</summary>
    Denied,

    /// <summary>The home ended while it was under way.</summary>
    Unknown,
}

/// <summary>Payload of <c>egress.closed</c>.</summary>
/// <param name="Id">Id of the request.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="BytesIn">Bytes received on the socket, TLS and headers included.</param>
/// <param name="BytesOut">Bytes sent on the socket, TLS and headers included.</param>
/// <param name="DurationMs">Milliseconds from opened to closed.</param>
public sealed record EgressClosed(string Id, EgressOutcome Outcome, long BytesIn, long BytesOut, long DurationMs)
{
    /// <summary>HTTP status; null when none came.</summary>
    public int? Status { get; init; }

    /// <summary>The address that was connected to; null when none was.</summary>
    public string? Address { get; init; }

    /// <summary>Why it did not end well; null when it did.</summary>
    public string? Error { get; init; }

    /// <summary>Stable code of what stopped it after it was let out: <c>server_name_mismatch</c>, <c>credential_revoked</c>, …; null for none.</summary>
    public string? Code { get; init; }

    /// <summary>What it cost without the tokens of a model, in integer micro-USD by the price in force when it began; null = not known.</summary>
    public long? FeeMicroUsd { get; init; }

    /// <summary>True when the host's price counts tokens too.</summary>
    public bool CountsTokens { get; init; }

    /// <summary>Why what was sent could not be looked into; null when it could, or was looked into before it was encrypted.</summary>
    public UnseenContent? Unseen { get; init; }

    /// <summary>What leases would have to cover for what was found in it; null for nothing.</summary>
    public IReadOnlyList<string>? Missing { get; init; }
}

/// <summary>Payload of <c>egress.denied</c>.</summary>
/// <param name="Id">Id of the request.</param>
/// <param name="Action">The action that asks.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Url">URL without user info and secret query values.</param>
/// <param name="Code">Stable code of the reason: <c>needs_lease</c>, <c>address_not_public</c>, <c>not_in_allowlist</c>, …</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="Mode">Egress mode in force.</param>
/// <param name="Attempt">The action's attempt.</param>
/// <param name="Hop">0 for the request itself, then one more for each redirect.</param>
public sealed record EgressDenied(string Id, string Action, string Method, string Url, string Code, string Reason, EgressMode Mode, int Attempt, int Hop)
{
    /// <summary>Host; null when the URL could not be read.</summary>
    public string? Host { get; init; }

    /// <summary>Port; null when the URL could not be read.</summary>
    public int? Port { get; init; }

    /// <summary>http, https or tcp; null when the URL could not be read.</summary>
    public string? Scheme { get; init; }

    /// <summary>The address that was refused; null when it was not the address.</summary>
    public string? Address { get; init; }

    /// <summary>What asked: an action kind, or <c>proxy</c>; null in older events.</summary>
    public string? Tool { get; init; }

    /// <summary>The capability that was asked for; null when the URL could not be read.</summary>
    public string? Capability { get; init; }

    /// <summary>Who would hold a lease for it; null for nobody.</summary>
    public string? Holder { get; init; }

    /// <summary>What leases would have to cover for what was found in it, where that is what stopped it; null for nothing.</summary>
    public IReadOnlyList<string>? Missing { get; init; }
}
