using System.Net;
using Arw.Core.Primitives;

namespace Arw.Core.Egress;

/// <summary>Places that a person declared eligible, or never to be asked for. A scope grants nothing: only a lease does.</summary>
public sealed record EgressScope
{
    /// <summary>Its id, <c>[a-z0-9._-]{1,64}</c>.</summary>
    public required string Id { get; init; }

    /// <summary>What it is for; null for none.</summary>
    public string? Description { get; init; }

    /// <summary>Host names, addresses, or <c>*.suffix</c> for every name below the suffix.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Networks; they match URLs that spell an address. Those of a scope that denies also match the addresses that a name leads to.</summary>
    public IReadOnlyList<string> Cidrs { get; init; } = [];

    /// <summary>Ports; empty = 80 and 443, or every port for a scope that denies.</summary>
    public IReadOnlyList<int> Ports { get; init; } = [];

    /// <summary>Protocols, of <c>http</c>, <c>https</c> and <c>tcp</c> (a tunnel to a port other than 80 and 443); empty = http and https, or all for a scope that denies.</summary>
    public IReadOnlyList<string> Protocols { get; init; } = [];

    /// <summary>True when its places are never asked for, whatever other scopes and leases say; false by default.</summary>
    public bool Deny { get; init; }

    /// <summary>When it stops counting; null = never. An expired scope is ignored, not deleted.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Whether it still counts.</summary>
    public bool IsLive(DateTimeOffset now) => ExpiresAt is null || now < ExpiresAt;

    /// <summary>Whether the place lies in it.</summary>
    public bool Matches(in EgressPlace place) =>
        (Protocols.Count == 0 ? Deny || place.Scheme != EgressTarget.Tcp : Protocols.Contains(place.Scheme))
        && (Ports.Count == 0 ? Deny || place.Port is 80 or 443 : Ports.Contains(place.Port))
        && (Names(place.Host) || (place.Literal is not null && MatchesNetwork(place.Literal)));

    /// <summary>Whether it spells the place's host and port letter by letter: the only way to make a place that is not public eligible.</summary>
    public bool Spells(in EgressPlace place) =>
        Matches(place) && Ports.Contains(place.Port)
        && (Hosts.Contains(place.Host) || (place.Literal is not null && SpellsNetwork(place.Literal)));

    /// <summary>The scope in canonical spelling, or why it cannot be taken (<c>invalid_input</c>).</summary>
    public Result<EgressScope> Check()
    {
        if (Id.Length is 0 or > 64 || Id.AsSpan().IndexOfAnyExcept(IdCharacters) >= 0)
        {
            return Refusal.Invalid($"\"{Id}\" is not a scope id.", "Use 1 to 64 of a-z, 0-9, dot, hyphen and underscore.");
        }

        if (Hosts.Count + Cidrs.Count is 0 or > 256)
        {
            return Refusal.Invalid($"The scope \"{Id}\" names {Hosts.Count + Cidrs.Count} places.", "Name 1 to 256 hosts or networks.");
        }

        var hosts = new List<string>();
        foreach (var host in Hosts)
        {
            if (!CheckHost(host).TryGet(out var canonical, out var refusal))
            {
                return refusal;
            }

            hosts.Add(canonical);
        }

        var cidrs = new List<string>();
        foreach (var cidr in Cidrs)
        {
            if (!IPNetwork.TryParse(cidr, out var network) || !network.BaseAddress.Equals(IPAddress.Parse(cidr[..cidr.IndexOf('/', StringComparison.Ordinal)])))
            {
                return Refusal.Invalid($"\"{cidr}\" is not a network.", "Write it as address/length with no bits set beyond the length, for example 192.168.1.0/24.");
            }

            cidrs.Add(network.ToString());
        }

        if (Ports.FirstOrDefault(p => p is < 1 or > 65535, 1) is var port && port is < 1 or > 65535)
        {
            return Refusal.Invalid($"{port} is not a port.", "Use ports from 1 to 65535.");
        }

        return Protocols.FirstOrDefault(p => p is not ("http" or "https" or "tcp")) is { } protocol
            ? Refusal.Invalid($"\"{protocol}\" is not a protocol that a scope knows.", "Use http, https or tcp.")
            : this with { Hosts = hosts, Cidrs = cidrs };
    }

    /// <summary>A host or <c>*.suffix</c> in canonical spelling, or why it is none (<c>invalid_input</c>).</summary>
    internal static Result<string> CheckHost(string host)
    {
        var bare = host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host;
        if (bare.Length != host.Length && (!bare.Contains('.', StringComparison.Ordinal) || IPAddress.TryParse(bare, out _)))
        {
            return Refusal.Invalid($"\"{host}\" is too wide.", "Name at least a domain, for example *.example.org.");
        }

        if (IPAddress.TryParse(bare.Trim('[', ']'), out var v6) && bare.Contains(':', StringComparison.Ordinal))
        {
            return (v6.IsIPv4MappedToIPv6 ? v6.MapToIPv4() : v6).ToString();
        }

        return EgressTarget.NormalizeHost(bare).TryGet(out var canonical, out var refusal)
            ? host.Length == bare.Length ? canonical : "*." + canonical
            : Refusal.Invalid($"\"{host}\" is not a host. {refusal.Message}", "Write the bare host name, without scheme, port or path.");
    }

    /// <summary>Whether a host is the one that a pattern names, or lies below its suffix.</summary>
    internal static bool Matches(string pattern, string host) => pattern.StartsWith("*.", StringComparison.Ordinal)
        ? host.Length > pattern.Length - 1 && host.AsSpan().EndsWith(pattern.AsSpan(1), StringComparison.Ordinal)
        : pattern == host;

    /// <summary>Whether it names the host, whatever the port.</summary>
    internal bool Names(string host)
    {
        for (var i = 0; i < Hosts.Count; i++)
        {
            if (Matches(Hosts[i], host))
            {
                return true;
            }
        }

        return false;
    }

    private bool MatchesNetwork(IPAddress address) => Cidrs.Any(c => IPNetwork.Parse(c).Contains(address));

    private bool SpellsNetwork(IPAddress address) => Cidrs.Any(c => IsSingle(IPNetwork.Parse(c), address));

    private static bool IsSingle(IPNetwork network, IPAddress address) =>
        network.PrefixLength == address.GetAddressBytes().Length * 8 && network.BaseAddress.Equals(address);

    private static System.Buffers.SearchValues<char> IdCharacters { get; } = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-");
}
