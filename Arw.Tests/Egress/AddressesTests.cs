using System.Net;
using Arw.Core.Egress;
using CsCheck;

namespace Arw.Tests.Egress;

public class AddressesTests
{
    [Theory]
    [InlineData("93.184.215.14", AddressClass.Public)]
    [InlineData("8.8.8.8", AddressClass.Public)]
    [InlineData("172.15.255.255", AddressClass.Public)]
    [InlineData("172.32.0.0", AddressClass.Public)]
    [InlineData("100.63.255.255", AddressClass.Public)]
    [InlineData("0.0.0.0", AddressClass.Unspecified)]
    [InlineData("0.1.2.3", AddressClass.Unspecified)]
    [InlineData("10.0.0.1", AddressClass.Private)]
    [InlineData("172.16.0.1", AddressClass.Private)]
    [InlineData("192.168.255.255", AddressClass.Private)]
    [InlineData("100.64.0.1", AddressClass.CarrierNat)]
    [InlineData("127.255.255.254", AddressClass.Loopback)]
    [InlineData("169.254.1.1", AddressClass.LinkLocal)]
    [InlineData("169.254.169.254", AddressClass.Metadata)]
    [InlineData("169.254.170.2", AddressClass.Metadata)]
    [InlineData("100.100.100.200", AddressClass.Metadata)]
    [InlineData("168.63.129.16", AddressClass.Metadata)]
    [InlineData("192.0.2.1", AddressClass.Documentation)]
    [InlineData("198.51.100.1", AddressClass.Documentation)]
    [InlineData("203.0.113.1", AddressClass.Documentation)]
    [InlineData("198.19.0.1", AddressClass.Reserved)]
    [InlineData("224.0.0.1", AddressClass.Multicast)]
    [InlineData("255.255.255.255", AddressClass.Multicast)]
    [InlineData("240.0.0.1", AddressClass.Reserved)]
    [InlineData("::", AddressClass.Unspecified)]
    [InlineData("::1", AddressClass.Loopback)]
    [InlineData("2606:4700::1111", AddressClass.Public)]
    [InlineData("fc00::1", AddressClass.Private)]
    [InlineData("fd00:ec2::254", AddressClass.Metadata)]
    [InlineData("fe80::1", AddressClass.LinkLocal)]
    [InlineData("fe80::1%3", AddressClass.LinkLocal)]
    [InlineData("fec0::1", AddressClass.Private)]
    [InlineData("ff02::1", AddressClass.Multicast)]
    [InlineData("2001:db8::1", AddressClass.Documentation)]
    [InlineData("3fff::1", AddressClass.Documentation)]
    [InlineData("2001:2::1", AddressClass.Reserved)]
    [InlineData("100::1", AddressClass.Reserved)]
    [InlineData("4000::1", AddressClass.Reserved)]
    [InlineData("::ffff:127.0.0.1", AddressClass.Loopback)]
    [InlineData("::ffff:8.8.8.8", AddressClass.Public)]
    [InlineData("::ffff:0:10.0.0.1", AddressClass.Private)]
    [InlineData("::10.0.0.1", AddressClass.Private)]
    [InlineData("64:ff9b::169.254.169.254", AddressClass.Metadata)]
    [InlineData("64:ff9b::8.8.8.8", AddressClass.Public)]
    [InlineData("64:ff9b:1::8.8.8.8", AddressClass.Private)]
    [InlineData("2002:7f00:1::1", AddressClass.Loopback)]
    [InlineData("2002:808:808::1", AddressClass.Public)]
    [InlineData("2001:0:808:808::80ff:fffe", AddressClass.Loopback)]
    [InlineData("2001:0:7f00:1::f7f7:f7f7", AddressClass.Loopback)]
    [InlineData("2606:4700::5efe:10.0.0.1", AddressClass.Private)]
    public void Classify_Address_SaysWhereItLeads(string address, AddressClass expected) =>
        Assert.Equal(expected, Addresses.Classify(IPAddress.Parse(address)));

    [Fact]
    public void Classify_MappedAddress_AgreesWithTheAddressItself() =>
        Gen.Byte.Array[4].Sample(bytes =>
        {
            var v4 = new IPAddress(bytes);
            return Addresses.Classify(v4) == Addresses.Classify(v4.MapToIPv6());
        });

    [Fact]
    public void Classify_AnyAddress_PublicIpv6IsGlobalUnicastOrCarriesPublicIpv4() =>
        Gen.Byte.Array[16].Sample(bytes =>
        {
            var address = new IPAddress(bytes);
            return Addresses.Classify(address) != AddressClass.Public || (bytes[0] & 0xe0) == 0x20 || bytes[0] == 0;
        });
}
