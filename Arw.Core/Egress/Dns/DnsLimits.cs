namespace Arw.Core.Egress.Dns;

/// <summary>Limits of the resolver.</summary>
public sealed record DnsLimits
{
    /// <summary>Questions under way at a time, by UDP; more are dropped, and asked again by their clients. 128 by default.</summary>
    public int MaxInFlight { get; init; } = 128;

    /// <summary>Most connections at a time, by TCP on loopback; 64 by default.</summary>
    public int MaxConnections { get; init; } = 64;

    /// <summary>Time in which a connection must ask its next question; 10 seconds by default.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest message that is read; 1,024 bytes by default. An honest question has less than 300.</summary>
    public int MaxMessageBytes { get; init; } = 1024;

    /// <summary>Lookups that one asker may make in ten seconds; 500 by default. What is more is refused: <c>too_many_lookups</c>.</summary>
    public int MaxLookups { get; init; } = 500;

    /// <summary>Different names that one asker may look up in a minute; 240 by default. Each is an event of its own, and none leaves without one: what is more is refused, <c>too_many_names</c>.</summary>
    public int MaxNames { get; init; } = 240;

    /// <summary>Least seconds for which an answer may be kept; 1 by default.</summary>
    public int LeastTtl { get; init; } = 1;

    /// <summary>Most seconds for which an answer may be kept, whatever the name's owner says; 60 by default. What is permitted changes faster than names do.</summary>
    public int MostTtl { get; init; } = 60;
}

/// <summary>Where the resolver listens and whom it asks.</summary>
/// <param name="Port">UDP and TCP port on loopback; 0 = off.</param>
/// <param name="Upstream">Name servers that it asks; empty = those of the system.</param>
public sealed record DnsOptions(int Port, IReadOnlyList<System.Net.IPEndPoint> Upstream)
{
    /// <summary>Off, and the system's name servers.</summary>
    public static DnsOptions None { get; } = new(0, []);
}
