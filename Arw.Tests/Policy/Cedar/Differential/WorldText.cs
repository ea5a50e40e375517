using System.Globalization;

namespace Arw.Tests.Policy.Cedar.Differential;

/// <summary>Literals by chance.</summary>
internal static class WorldText
{
    private static readonly string[] Words = ["", "a", "ab", "b*", "x", "é", "😀", "t"];
    private static readonly string[] Decimals = ["0.0", "1.5", "-1.2345", "922337203685477.5807", "0.10", "12.0"];
    private static readonly string[] Ips = ["127.0.0.1", "10.0.0.0/8", "10.1.2.3", "::1", "fe80::/10", "224.0.0.1", "0.0.0.0/0", "1:2:3:4:5:6:7:8"];
    private static readonly string[] Datetimes = ["2024-01-01", "1970-01-01T00:00:00Z", "2024-02-29T23:59:59.999Z", "2024-01-01T00:00:00+0100", "1969-12-31", "9999-12-31"];
    private static readonly string[] Durations = ["1h", "0ms", "-1d", "1d2h3m4s5ms", "90m", "-9223372036854775808ms"];
    private static readonly string[] Malformed = ["", "1", "1.23456", "999.0.0.1", "10.0.0.1/33", "2024-13-01", "2023-02-29", "1x", "01.0", "2024-01-01T25:00:00Z", "1h1d", "::1::", "+1.0", "1.", "2024-01-01T00:00:00"];

    public static long Long(Draw draw) => draw.OneIn(8) ? draw.Any(long.MaxValue, long.MinValue, long.MaxValue - 1, 1L << 32) : draw.Below(7) - 3;

    public static string Word(Draw draw) => draw.Any(Words);

    public static string Constructor(WorldType type) => type == WorldType.Ip ? "ip" : type.ToString();

    /// <summary>What a constructor takes, mostly well-formed.</summary>
    public static string Argument(Draw draw, WorldType type) => draw.OneIn(40) ? draw.Any(Malformed)
        : draw.Any(type == WorldType.Decimal ? Decimals : type == WorldType.Ip ? Ips : type == WorldType.Datetime ? Datetimes : Durations);

    /// <summary>A long as it is written in a policy.</summary>
    public static string Literal(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A text as it is written in a policy.</summary>
    public static string Literal(string value) => $"\"{value}\"";
}
