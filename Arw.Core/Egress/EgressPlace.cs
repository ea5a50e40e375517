using System.Net;
using Arw.Core.Policy;
using Arw.Core.Policy.Capabilities;

namespace Arw.Core.Egress;

/// <summary>Where a request would go: what scopes and address rules look at. A value, so that a decision can ask about it without allocating.</summary>
/// <param name="Scheme">Protocol: <c>http</c>, <c>https</c>, or <c>tcp</c> for a tunnel that may carry either.</param>
/// <param name="Host">Lower-case ASCII host name or canonical address, IPv6 without brackets.</param>
/// <param name="Port">Port, 1 to 65535.</param>
/// <param name="Literal">The address when the host spells one; null for names.</param>
public readonly record struct EgressPlace(string Scheme, string Host, int Port, IPAddress? Literal)
{
    /// <summary>What can be said about the place without asking DNS: the class of a spelled address or of a name that is local by definition; null for other names.</summary>
    public AddressClass? KnownClass => Literal is not null ? Addresses.Classify(Literal) : Host switch
    {
        "localhost" => AddressClass.Loopback,
        "metadata.google.internal" => AddressClass.Metadata,
        _ when Host.EndsWith(".localhost", StringComparison.Ordinal) => AddressClass.Loopback,
        _ => null,
    };

    /// <summary>The one place that a <c>net.http</c> capability names; null when it names several.</summary>
    public static EgressPlace? Of(Capability capability) => capability.Scope is HttpScope { Host: { IsLiteral: true } host, Port: { } port } scope
        ? new EgressPlace(scope.Scheme ?? EgressTarget.Tcp, host.Name, port, host.Address)
        : null;
}
