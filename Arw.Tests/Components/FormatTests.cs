using Arw.Web.Components.Formats;

namespace Arw.Tests.Components;

public sealed class FormatTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 25, 14, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, "0 ms")]
    [InlineData(3, "3 ms")]
    [InlineData(999, "999 ms")]
    [InlineData(2_100, "2.1 s")]
    [InlineData(59_960, "0 m 59 s")]
    [InlineData(108_000, "1 m 48 s")]
    [InlineData(7_500_000, "2 h 05 m")]
    [InlineData(273_600_000, "3 d 4 h")]
    public void Duration_OfMilliseconds_RoundsToWhatMatters(long ms, string expected) =>
        Assert.Equal(expected, Format.Duration(TimeSpan.FromMilliseconds(ms)));

    [Theory]
    [InlineData(312, "312 B")]
    [InlineData(999, "999 B")]
    [InlineData(1_000, "1.0 kB")]
    [InlineData(38_000, "38 kB")]
    [InlineData(999_600, "1.0 MB")]
    [InlineData(1_200_000, "1.2 MB")]
    [InlineData(5_000_000_000_000_000, "5000 TB")]
    public void Bytes_OfAnySize_HasUnit(long bytes, string expected) => Assert.Equal(expected, Format.Bytes(bytes));

    [Theory]
    [InlineData(0, "$0")]
    [InlineData(1, "<$0.01")]
    [InlineData(410_000, "$0.41")]
    [InlineData(1_234_500_000, "$1,234.50")]
    public void Money_OfMicroUsd_ShowsCents(long micro, string expected) => Assert.Equal(expected, Format.Money(micro));

    [Fact]
    public void Money_Exact_KeepsTheMillionth() => Assert.Equal("$0.020001", Format.ExactMoney(20_001));

    [Theory]
    [InlineData(-12, "12 s ago")]
    [InlineData(-180, "3 m ago")]
    [InlineData(240, "in 4 m")]
    [InlineData(-7200, "12:00:00")]
    [InlineData(-172_800, "23 Nov 14:00")]
    [InlineData(-40_000_000, "19 Aug 2025")]
    public void Time_ByAge_RelativeUnderAnHour(int seconds, string expected) =>
        Assert.Equal(expected, Format.Time(Now.AddSeconds(seconds), Now, TimeZoneInfo.Utc));

    [Fact]
    public void ShortId_Long_KeepsBothEnds() => Assert.Equal("01K9…M7QF", Format.ShortId("01K9AAAAAAAAAAAAAAAAAAM7QF"));
}
