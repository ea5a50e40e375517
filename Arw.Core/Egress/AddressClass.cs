using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Arw.Core.Egress;

/// <summary>Where an IP address leads: the public internet, or why not there.</summary>
public enum AddressClass
{
    /// <summary>Globally reachable unicast.</summary>
    Public,

    /// <summary>0.0.0.0/8 or ::, "this network".</summary>
    Unspecified,

    /// <summary>This machine.</summary>
    Loopback,

    /// <summary>A private network (RFC 1918, fc00::/7, fec0::/10, local NAT64).</summary>
    Private,

    /// <summary>The local link.</summary>
    LinkLocal,

    /// <summary>A carrier's shared space, 100.64.0.0/10.</summary>
    CarrierNat,

    /// <summary>Multicast or broadcast.</summary>
    Multicast,

    /// <summary>A cloud provider's instance metadata service, which hands out credentials.</summary>
    Metadata,

    /// <summary>Reserved for documentation.</summary>
    Documentation,

    /// <summary>Reserved for something else, or not assigned.</summary>
    Reserved,
}

/// <summary>Classifies addresses. IPv6 forms that carry an IPv4 address are judged by the address that they carry.</summary>
public static class Addresses
{
    private static readonly (IPNetwork Network, AddressClass Class)[] V4 =
    [
        Rule("169.254.169.254/32", AddressClass.Metadata),
        Rule("169.254.170.2/32", AddressClass.Metadata),
        Rule("169.254.170.23/32", AddressClass.Metadata),
        Rule("100.100.100.200/32", AddressClass.Metadata),
        Rule("168.63.129.16/32", AddressClass.Metadata),
        Rule("192.0.0.192/32", AddressClass.Metadata),
        Rule("0.0.0.0/8", AddressClass.Unspecified),
        Rule("10.0.0.0/8", AddressClass.Private),
        Rule("100.64.0.0/10", AddressClass.CarrierNat),
        Rule("127.0.0.0/8", AddressClass.Loopback),
        Rule("169.254.0.0/16", AddressClass.LinkLocal),
        Rule("172.16.0.0/12", AddressClass.Private),
        Rule("192.0.0.0/24", AddressClass.Reserved),
        Rule("192.0.2.0/24", AddressClass.Documentation),
        Rule("192.88.99.0/24", AddressClass.Reserved),
        Rule("192.168.0.0/16", AddressClass.Private),
        Rule("198.18.0.0/15", AddressClass.Reserved),
        Rule("198.51.100.0/24", AddressClass.Documentation),
        Rule("203.0.113.0/24", AddressClass.Documentation),
        Rule("224.0.0.0/4", AddressClass.Multicast),
        Rule("255.255.255.255/32", AddressClass.Multicast),
        Rule("240.0.0.0/4", AddressClass.Reserved),
    ];

    private static readonly (IPNetwork Network, AddressClass Class)[] V6 =
    [
        Rule("::/128", AddressClass.Unspecified),
        Rule("::1/128", AddressClass.Loopback),
        Rule("fd00:ec2::254/128", AddressClass.Metadata),
        Rule("fd00:ec2::23/128", AddressClass.Metadata),
        Rule("fd20:ce::254/128", AddressClass.Metadata),
        Rule("64:ff9b:1::/48", AddressClass.Private),
        Rule("2001::/23", AddressClass.Reserved),
        Rule("2001:db8::/32", AddressClass.Documentation),
        Rule("3fff::/20", AddressClass.Documentation),
        Rule("fc00::/7", AddressClass.Private),
        Rule("fe80::/10", AddressClass.LinkLocal),
        Rule("fec0::/10", AddressClass.Private),
        Rule("ff00::/8", AddressClass.Multicast),
    ];

    private static readonly IPNetwork GlobalV6 = IPNetwork.Parse("2000::/3");

    /// <summary>Where the address leads.</summary>
    public static AddressClass Classify(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return Find(V4, address) ?? AddressClass.Public;
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return AddressClass.Reserved;
        }

        var plain = address.ScopeId == 0 ? address : new IPAddress(address.GetAddressBytes());
        Span<byte> bytes = stackalloc byte[16];
        plain.TryWriteBytes(bytes, out _);
        if (Embedded(bytes) is { } carried)
        {
            return Classify(carried);
        }

        return Find(V6, plain) ?? (GlobalV6.Contains(plain) ? AddressClass.Public : AddressClass.Reserved);
    }

    /// <summary>The class in words, to follow "is": "an address of this machine".</summary>
    public static string Describe(AddressClass value) => value switch
    {
        AddressClass.Public => "a public address",
        AddressClass.Unspecified => "no address of any machine",
        AddressClass.Loopback => "an address of this machine",
        AddressClass.Private => "an address of a private network",
        AddressClass.LinkLocal => "an address of the local link",
        AddressClass.CarrierNat => "an address of a carrier's internal network",
        AddressClass.Multicast => "a multicast address",
        AddressClass.Metadata => "the address of a cloud metadata service",
        AddressClass.Documentation => "an address reserved for documentation",
        _ => "a reserved address",
    };

    private static IPAddress? Embedded(ReadOnlySpan<byte> b)
    {
        var high = BinaryPrimitives.ReadUInt64BigEndian(b);
        var middle = BinaryPrimitives.ReadUInt32BigEndian(b[8..]);
        var low = b[12..];
        return (high, middle) switch
        {
            (0, 0xffff) => new IPAddress(low),                                                    // ::ffff:a.b.c.d, mapped
            (0, 0xffff0000) => new IPAddress(low),                                                // ::ffff:0:a.b.c.d, translated
            (0, 0) when BinaryPrimitives.ReadUInt32BigEndian(low) > 1 => new IPAddress(low),      // ::a.b.c.d, compatible
            (0x0064_ff9b_0000_0000, 0) => new IPAddress(low),                                     // 64:ff9b::/96, NAT64
            _ when high >> 48 == 0x2002 => new IPAddress(b[2..6]),                                // 2002::/16, 6to4
            _ when high >> 32 == 0x2001_0000 => Teredo(b),                                        // 2001::/32
            _ when (middle & 0xfdff_ffff) == 0x0000_5efe && (high >> 61) == 1 => Isatap(low),     // …:[02]00:5efe:a.b.c.d
            _ => null,
        };

        // The client's address is stored inverted; a relay that is not public is as telling as a client that is not.
        static IPAddress Teredo(ReadOnlySpan<byte> bytes)
        {
            var server = new IPAddress(bytes[4..8]);
            var client = new IPAddress([(byte)~bytes[12], (byte)~bytes[13], (byte)~bytes[14], (byte)~bytes[15]]);
            return Classify(server) == AddressClass.Public ? client : server;
        }

        static IPAddress Isatap(ReadOnlySpan<byte> bytes) => new(bytes);
    }

    private static AddressClass? Find((IPNetwork Network, AddressClass Class)[] rules, IPAddress address)
    {
        foreach (var (network, found) in rules)
        {
            if (network.Contains(address))
            {
                return found;
            }
        }

        return null;
    }

    private static (IPNetwork Network, AddressClass Class) Rule(string network, AddressClass found) => (IPNetwork.Parse(network), found);
}
