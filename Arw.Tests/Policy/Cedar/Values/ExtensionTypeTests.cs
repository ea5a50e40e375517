using Arw.Core.Policy.Cedar.Values;

namespace Arw.Tests.Policy.Cedar.Values;

public sealed class ExtensionTypeTests
{
    [Theory]
    [InlineData("0.0", 0L)]
    [InlineData("1.5", 15_000L)]
    [InlineData("-0.5", -5_000L)]
    [InlineData("00012.0345", 120_345L)]
    [InlineData("922337203685477.5807", long.MaxValue)]
    [InlineData("-922337203685477.5808", long.MinValue)]
    public void Decimal_WellFormed_IsRead(string text, long units) => Assert.Equal(units, DecimalText.Parse(text, out _));

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1.")]
    [InlineData(".1")]
    [InlineData("-.1")]
    [InlineData("+1.0")]
    [InlineData(" 1.0")]
    [InlineData("1.0 ")]
    [InlineData("1.00000")]
    [InlineData("1.2.3")]
    [InlineData("1e3.0")]
    [InlineData("٣.٤")]
    [InlineData("922337203685477.5808")]
    [InlineData("-922337203685477.5809")]
    [InlineData("99999999999999999999999999999999999999999999.0")]
    public void Decimal_Malformed_IsRefused(string text)
    {
        Assert.Null(DecimalText.Parse(text, out var reason));
        Assert.NotNull(reason);
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("127.0.0.1/8")]
    [InlineData("255.255.255.255/0")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("1::")]
    [InlineData("1:2:3:4:5:6:7::")]
    [InlineData("::2:3:4:5:6:7:8")]
    [InlineData("1:2:3:4:5:6:7:8")]
    [InlineData("ABCD:ef01::/128")]
    [InlineData("::ffff:102:304/96")]
    public void Ip_WellFormed_IsReadAndReadsBack(string text)
    {
        var range = IpRange.Parse(text)!;
        Assert.Equal(range, IpRange.Parse(range.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.256")]
    [InlineData("01.2.3.4")]
    [InlineData("1.2.3.4/33")]
    [InlineData("1.2.3.4/08")]
    [InlineData("1.2.3.4/")]
    [InlineData("1.2.3.4/-1")]
    [InlineData("1.2.3.4/8/8")]
    [InlineData(" 1.2.3.4")]
    [InlineData("::/129")]
    [InlineData("::/0128")]
    [InlineData(":::")]
    [InlineData(":1::2")]
    [InlineData("1::2::3")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("1:2:3:4:5:6:7:8::")]
    [InlineData("1:2:3:4::5:6:7:8")]
    [InlineData("12345::")]
    [InlineData("::ffff:1.2.3.4")]
    [InlineData("fe80::1%eth0")]
    [InlineData("[::1]")]
    public void Ip_Malformed_IsRefused(string text) => Assert.Null(IpRange.Parse(text));

    [Theory]
    [InlineData("10.1.2.3", "10.0.0.0/8", true)]
    [InlineData("10.0.0.0/8", "10.1.0.0/8", true)]
    [InlineData("10.0.0.0/7", "10.0.0.0/8", false)]
    [InlineData("11.0.0.0", "10.0.0.0/8", false)]
    [InlineData("1.2.3.4", "0.0.0.0/0", true)]
    [InlineData("::1", "::/0", true)]
    [InlineData("::1", "0.0.0.0/0", false)]
    [InlineData("ffff::", "fff0::/12", true)]
    public void Ip_IsInRange_ComparesWholeRanges(string inner, string outer, bool expected) =>
        Assert.Equal(expected, IpRange.Parse(inner)!.IsInRange(IpRange.Parse(outer)!));

    [Theory]
    [InlineData("127.0.0.1", true, false)]
    [InlineData("127.0.0.0/7", false, false)]
    [InlineData("::1", true, false)]
    [InlineData("::1/127", false, false)]
    [InlineData("224.0.0.0/4", false, true)]
    [InlineData("224.0.0.0/3", false, false)]
    [InlineData("ff00::/8", false, true)]
    [InlineData("ff00::/7", false, false)]
    public void Ip_LoopbackAndMulticast_MeanTheWholeRange(string text, bool loopback, bool multicast)
    {
        var range = IpRange.Parse(text)!;
        Assert.Equal((loopback, multicast), (range.IsLoopback, range.IsMulticast));
    }

    [Theory]
    [InlineData("1970-01-01", 0L)]
    [InlineData("1969-12-31T23:59:59.999Z", -1L)]
    [InlineData("2024-10-15T11:38:02.101+1134", 1_728_950_642_101L)]
    [InlineData("2024-10-15T11:38:02-1134", 1_729_033_922_000L)]
    [InlineData("0000-01-01", -62_167_219_200_000L)]
    [InlineData("0000-02-29", -62_162_121_600_000L)]
    [InlineData("9999-12-31T23:59:59.999-2359", 253_402_387_139_999L)]
    public void Datetime_WellFormed_IsRead(string text, long milliseconds) => Assert.Equal(milliseconds, TimeText.ParseDatetime(text, out _));

    [Theory]
    [InlineData("")]
    [InlineData("2024-1-1")]
    [InlineData("2024-02-30")]
    [InlineData("2023-02-29")]
    [InlineData("1900-02-29")]
    [InlineData("2024-00-01")]
    [InlineData("2024-13-01")]
    [InlineData("2024-01-01Z")]
    [InlineData("2024-01-01T")]
    [InlineData("2024-01-01T00:00Z")]
    [InlineData("2024-01-01T00:00:00")]
    [InlineData("2024-01-01t00:00:00Z")]
    [InlineData("2024-01-01T24:00:00Z")]
    [InlineData("2016-12-31T23:59:60Z")]
    [InlineData("2024-01-01T00:00:00.1Z")]
    [InlineData("2024-01-01T00:00:00.0001Z")]
    [InlineData("2024-01-01T00:00:00+2400")]
    [InlineData("2024-01-01T00:00:00+0060")]
    [InlineData("2024-01-01T00:00:00+01:00")]
    [InlineData("2024-01-01T00:00:00ZZ")]
    [InlineData("10000-01-01")]
    [InlineData("-2024-01-01")]
    public void Datetime_Malformed_IsRefused(string text)
    {
        Assert.Null(TimeText.ParseDatetime(text, out var reason));
        Assert.NotNull(reason);
    }

    [Theory]
    [InlineData(0L)]
    [InlineData(-1L)]
    [InlineData(951_782_400_000L)]
    [InlineData(-62_162_121_600_000L)]
    [InlineData(253_402_300_799_999L)]
    public void Datetime_Written_ReadsBack(long milliseconds) => Assert.Equal(milliseconds, TimeText.ParseDatetime(TimeText.FormatDatetime(milliseconds)!, out _));

    [Theory]
    [InlineData("0ms", 0L)]
    [InlineData("1d2h3m4s5ms", 93_784_005L)]
    [InlineData("-1d", -86_400_000L)]
    [InlineData("5m", 300_000L)]
    [InlineData("5ms", 5L)]
    [InlineData("00001s", 1000L)]
    [InlineData("9223372036854775807ms", long.MaxValue)]
    [InlineData("-9223372036854775808ms", long.MinValue)]
    public void Duration_WellFormed_IsRead(string text, long milliseconds) => Assert.Equal(milliseconds, TimeText.ParseDuration(text, out _));

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("1")]
    [InlineData("d")]
    [InlineData("1h1d")]
    [InlineData("1s1s")]
    [InlineData("1d ")]
    [InlineData("+1d")]
    [InlineData("1.5h")]
    [InlineData("1D")]
    [InlineData("--1d")]
    [InlineData("9223372036854775808ms")]
    [InlineData("-9223372036854775809ms")]
    [InlineData("106751991168d")]
    [InlineData("99999999999999999999999s")]
    public void Duration_Malformed_IsRefused(string text)
    {
        Assert.Null(TimeText.ParseDuration(text, out var reason));
        Assert.NotNull(reason);
    }
}
