using System.Net;
using Arw.Core.Egress.Dns;
using CsCheck;

namespace Arw.Tests.Egress.Dns;

/// <summary>The resolver's reader and writer against whatever may come.</summary>
public class DnsMessageTests
{
    [Fact]
    public void Query_ArbitraryBytes_NeverThrowsAndEchoesOnlyWhatCame() =>
        Gen.Byte.Array[0, 600].Sample(bytes =>
        {
            var query = DnsQuery.Read(bytes);
            return query is null
                ? bytes.Length < 12 || bytes[2] >= 0x80
                : bytes.AsSpan().IndexOf(query.Question.Span) >= 0 && DnsAnswer.Write(query, query.Fault, [], 1, "rule").Length <= 512;
        });

    [Fact]
    public void Query_WithOneByteChangedOrCut_NeverThrows() =>
        Gen.Select(Gen.Int[0, 80], Gen.Byte, Gen.Int[0, 60], Gen.Bool).Sample((at, value, cut, extended) =>
        {
            var bytes = DnsWire.Question("www.some-name.example.org", extended: extended);
            bytes[at % bytes.Length] = value;
            return DnsQuery.Read(bytes.AsSpan(0, bytes.Length - (cut % bytes.Length))) is null or { Question.Length: <= 259, Name.Length: <= 1016 };
        });

    [Fact]
    public void Query_OfAnyName_IsReadAndSentBackLetterByLetter() =>
        Gen.Select(Gen.Char["abcdefghijKLMNOPQRSTuvwxyz0123456789-_"].Array[1, 63].Array[1, 3], Gen.OneOf(Gen.Const<ushort>(1), Gen.Const<ushort>(28), Gen.Const<ushort>(16), Gen.Const<ushort>(65)), Gen.Bool).Sample((labels, type, extended) =>
        {
            var name = string.Join('.', labels.Select(l => new string(l)));
            var bytes = DnsWire.Question(name, type, extended);
            var query = DnsQuery.Read(bytes)!;
            var answer = DnsWire.Read(DnsAnswer.Write(query, DnsCode.NoError, [], 1));
            return query.Fault == DnsCode.NoError && query.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && !query.Name.Any(char.IsUpper) && query.Type == type && query.Extended == extended
                && answer.Question.AsSpan().SequenceEqual(bytes.AsSpan(12, answer.Question.Length));
        });

    [Fact]
    public void Query_ANameThatPointsToItself_IsMalformed()
    {
        byte[] bytes = [0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xc0, 12, 0, 1, 0, 1];
        Assert.Equal(DnsCode.FormatError, DnsQuery.Read(bytes)!.Fault);
    }

    [Fact]
    public void Query_APointerInWhatFollows_IsPassedOverWithoutBeingFollowed()
    {
        var bytes = DnsWire.Question("example.org");
        bytes[11] = 1;
        Assert.Equal(DnsCode.NoError, DnsQuery.Read([.. bytes, 0xc0, (byte)bytes.Length, 0, 16, 0, 1, 0, 0, 0, 0, 0, 0])!.Fault);
        Assert.Equal(DnsCode.FormatError, DnsQuery.Read([.. bytes, 0xc0])!.Fault);
    }

    [Fact]
    public void Query_CountsThatLie_AreMalformed()
    {
        foreach (var (at, value) in new[] { (5, 0), (5, 2), (7, 1), (9, 1), (11, 1), (4, 255), (10, 255) })
        {
            var bytes = DnsWire.Question("example.org");
            bytes[at] = (byte)value;
            Assert.Equal(DnsCode.FormatError, DnsQuery.Read(bytes)!.Fault);
        }
    }

    [Fact]
    public void Query_WithMoreThanItCounts_IsMalformed()
    {
        Assert.Equal(DnsCode.FormatError, DnsQuery.Read([.. DnsWire.Question("example.org"), 0])!.Fault);
        Assert.Equal(DnsCode.FormatError, DnsQuery.Read([.. DnsWire.Question("example.org", extended: true), 0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0])!.Fault);
    }

    [Fact]
    public void Query_LongerThanANameMayBe_IsMalformed()
    {
        var label = new string('a', 63);
        Assert.Equal(DnsCode.FormatError, DnsQuery.Read(DnsWire.Question($"{label}.{label}.{label}.{label}.com"))!.Fault);
        Assert.Equal(DnsCode.NoError, DnsQuery.Read(DnsWire.Question($"{label}.{label}.{label}.{label[..61]}"))!.Fault);
    }

    [Fact]
    public void Query_OtherThanAQuestionOfTheInternet_IsNotImplemented()
    {
        var update = DnsWire.Question("example.org");
        update[2] = 5 << 3;
        var chaos = DnsWire.Question("version.bind", DnsWire.Txt);
        chaos[^1] = 3;
        Assert.Equal(DnsCode.NotImplemented, DnsQuery.Read(update)!.Fault);
        Assert.Equal(DnsCode.NotImplemented, DnsQuery.Read(chaos)!.Fault);
    }

    [Fact]
    public void Query_OfExtensionsThatAreNotSpoken_SaysSo()
    {
        var bytes = DnsWire.Question("example.org", extended: true);
        bytes[^5] = 1;
        var query = DnsQuery.Read(bytes)!;
        Assert.Equal(DnsCode.BadVersion, query.Fault);
        Assert.Equal((int)DnsCode.BadVersion, DnsWire.Read(DnsAnswer.Write(query, query.Fault, [], 0)).Code);
    }

    [Fact]
    public void Query_ThatIsAnAnswer_IsNotAnswered()
    {
        var bytes = DnsWire.Question("example.org");
        bytes[2] |= 0x80;
        Assert.Null(DnsQuery.Read(bytes));
    }

    [Fact]
    public void Query_BytesThatNoHostNameHas_AreWrittenOut()
    {
        // One label that holds a dot and a zero, and one that is no ASCII.
        byte[] bytes = [0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 4, (byte)'a', (byte)'.', (byte)'B', 0, 2, 195, 164, 3, (byte)'o', (byte)'r', (byte)'g', 0, 0, 1, 0, 1];
        Assert.Equal(@"a\046b\000.\195\164.org", DnsQuery.Read(bytes)!.Name);
    }

    [Fact]
    public void Answer_OfTheMostAddressesOfTheLongestName_FitsEveryClient()
    {
        var label = new string('a', 63);
        var query = DnsQuery.Read(DnsWire.Question($"{label}.{label}.{label}.{label[..61]}", DnsWire.Aaaa, extended: true))!;
        var addresses = Enumerable.Range(1, DnsAnswer.MaxAddresses).Select(i => IPAddress.Parse($"2001:4860::{i}")).ToList();
        var bytes = DnsAnswer.Write(query, DnsCode.NoError, addresses, 60);

        Assert.True(bytes.Length <= 512, $"{bytes.Length} bytes");
        var read = DnsWire.Read(bytes);
        Assert.Equal(addresses, read.Addresses);
        Assert.Equal(60, read.Ttl);
    }
}
