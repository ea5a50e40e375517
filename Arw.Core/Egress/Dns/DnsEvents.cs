using Arw.Core.Journal;

namespace Arw.Core.Egress.Dns;

/// <summary>Kinds of events about names that are looked up. Subject: <c>dns:ID</c>.</summary>
public static class DnsEvents
{
    /// <summary>A name was looked up.</summary>
    public static readonly EventKind<DnsLookedUp> LookedUp = new("dns.lookup", "A name was looked up. Written before it is, then again with the count and the answer when the name was asked for again.");

    /// <summary>Lookups were unusual.</summary>
    public static readonly EventKind<DnsAnomaly> Anomaly = new("dns.anomaly", "Lookups of one asker were unusual, with samples.");

    /// <summary>Subject of the events.</summary>
    public static string Subject(string id) => $"dns:{id}";
}

/// <summary>How a lookup stands.</summary>
public enum DnsOutcome
{
    /// <summary>A name server is being asked.</summary>
    Asked,

    /// <summary>Addresses were answered.</summary>
    Answered,

    /// <summary>The name has no address of that kind, or does not exist.</summary>
    Nothing,

    /// <summary>No name server answered.</summary>
    Failed,

    /// <summary>It was not looked up, or what it leads to was not told.</summary>
    Refused,
}

/// <summary>Payload of <c>dns.lookup</c>. The newest of an id counts; the counts of the seconds before the home died are lost.</summary>
/// <param name="Id">Id of the line (ULID): one name, asked for by one asker.</param>
/// <param name="Name">The name.</param>
/// <param name="Outcome">How it stands.</param>
/// <param name="Code">Why: <c>leased</c>, <c>permitted</c>, <c>in_scope</c>, or the code of the refusal.</param>
/// <param name="Count">How often it was asked for so far.</param>
public sealed record DnsLookedUp(string Id, string Name, DnsOutcome Outcome, string Code, long Count)
{
    /// <summary>Types of records that were asked for: A, AAAA, TXT, …</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>Addresses that were answered last.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>Why it was refused, in words; null when it was not.</summary>
    public string? Reason { get; init; }

    /// <summary>The domain that the name belongs to.</summary>
    public string? Domain { get; init; }
}

/// <summary>How much an anomaly asks for attention.</summary>
public enum DnsSeverity
{
    /// <summary>Worth knowing.</summary>
    Info,

    /// <summary>Worth a look.</summary>
    Warning,

    /// <summary>Looks like somebody carries data out in names.</summary>
    Alarm,
}

/// <summary>What is unusual.</summary>
public enum DnsReason
{
    /// <summary>Far more lookups than a program makes that wants to reach something.</summary>
    QpsSpike,

    /// <summary>Many names that look random.</summary>
    EntropyBurst,

    /// <summary>Many long names below one domain: data that is carried in names.</summary>
    LabelTunnel,

    /// <summary>Domains that nobody in the project had looked up before.</summary>
    NewDomain,

    /// <summary>Other resolvers were looked for, to go around this one.</summary>
    BlockedDoh,
}

/// <summary>Payload of <c>dns.anomaly</c>.</summary>
/// <param name="Id">Its id (ULID).</param>
/// <param name="Reason">What is unusual.</param>
/// <param name="Severity">How much attention it asks for.</param>
/// <param name="Count">How many lookups or names it is about.</param>
/// <param name="WindowSecs">In how many seconds.</param>
/// <param name="Samples">Some of the names, or domains; at most ten.</param>
public sealed record DnsAnomaly(string Id, DnsReason Reason, DnsSeverity Severity, int Count, int WindowSecs, IReadOnlyList<string> Samples)
{
    /// <summary>Lookups a second; null where it is not about how many.</summary>
    public double? Qps { get; init; }

    /// <summary>The domain that it is about; null for several.</summary>
    public string? Domain { get; init; }

    /// <summary>The action whose program asked; null for a client from outside.</summary>
    public string? Action { get; init; }
}
