using System.Globalization;

namespace Arw.Web.Components.Formats;

/// <summary>Figures in the words of the pages: rounded to what matters, always with a unit. The exact value is for the hover.</summary>
public static class Format
{
    /// <summary>What an empty cell shows.</summary>
    public const string None = "–";

    private static readonly string[] ByteUnits = ["kB", "MB", "GB", "TB"];

    /// <summary>3 ms, 2.1 s, 1 m 48 s, 2 h 05 m, 3 d 4 h.</summary>
    public static string Duration(TimeSpan time) => time.Duration() switch
    {
        { TotalMilliseconds: < 1000 } t => Text($"{t.TotalMilliseconds:0} ms"),
        { TotalSeconds: < 59.95 } t => Text($"{t.TotalSeconds:0.0} s"),
        { TotalHours: < 1 } t => Text($"{(int)t.TotalMinutes} m {t.Seconds:00} s"),
        { TotalDays: < 1 } t => Text($"{(int)t.TotalHours} h {t.Minutes:00} m"),
        var t => Text($"{(int)t.TotalDays} d {t.Hours} h"),
    };

    /// <summary>The whole value in milliseconds.</summary>
    public static string ExactDuration(TimeSpan time) => Text($"{time.TotalMilliseconds:#,0} ms");

    /// <summary>312 B, 38 kB, 1.2 MB (decimal units).</summary>
    public static string Bytes(long bytes)
    {
        if (bytes < 1000)
        {
            return Text($"{bytes} B");
        }

        double value = bytes;
        var unit = -1;
        do
        {
            value /= 1000;
            unit++;
        }
        while (value >= 999.5 && unit < ByteUnits.Length - 1);
        return value < 9.95 ? Text($"{value:0.0} {ByteUnits[unit]}") : Text($"{value:0} {ByteUnits[unit]}");
    }

    /// <summary>The whole value in bytes.</summary>
    public static string ExactBytes(long bytes) => Text($"{bytes:#,0} bytes");

    /// <summary>Money from integer micro-USD: $0, &lt;$0.01, $0.41, $1,234.50.</summary>
    public static string Money(long microUsd) => microUsd switch
    {
        0 => "$0",
        < 0 => "−" + Money(-microUsd),
        < 10_000 => "<$0.01",
        _ => Text($"${microUsd / 1_000_000m:#,0.00}"),
    };

    /// <summary>The whole amount, to the millionth.</summary>
    public static string ExactMoney(long microUsd) => Text($"${microUsd / 1_000_000m:#,0.00####}");

    /// <summary>1,234.</summary>
    public static string Count(long count) => Text($"{count:#,0}");

    /// <summary>"1 source", "4 sources".</summary>
    public static string Count(long count, string one, string many) => Text($"{count:#,0} {(count == 1 ? one : many)}");

    /// <summary>0.58.</summary>
    public static string Share(double share) => Text($"{share:0.00}");

    /// <summary>Relative when under an hour (12 s ago, in 4 m), else the local clock, with the day when it is another one.</summary>
    public static string Time(DateTimeOffset time, DateTimeOffset now, TimeZoneInfo zone)
    {
        var ago = now - time;
        if (ago.Duration() < TimeSpan.FromHours(1))
        {
            var size = ago.Duration() < TimeSpan.FromMinutes(1) ? Text($"{(int)ago.Duration().TotalSeconds} s") : Text($"{(int)ago.Duration().TotalMinutes} m");
            return ago < TimeSpan.Zero ? $"in {size}" : $"{size} ago";
        }

        var local = TimeZoneInfo.ConvertTime(time, zone);
        var today = TimeZoneInfo.ConvertTime(now, zone);
        return local.Date == today.Date ? Text($"{local:HH:mm:ss}")
            : local.Year == today.Year ? Text($"{local:d MMM HH:mm}")
            : Text($"{local:d MMM yyyy}");
    }

    /// <summary>The local clock to the second.</summary>
    public static string Clock(DateTimeOffset time, TimeZoneInfo zone) => Text($"{TimeZoneInfo.ConvertTime(time, zone):HH:mm:ss}");

    /// <summary>Local date, clock and offset.</summary>
    public static string ExactTime(DateTimeOffset time, TimeZoneInfo zone) => Text($"{TimeZoneInfo.ConvertTime(time, zone):yyyy-MM-dd HH:mm:ss.fff zzz}");

    /// <summary>A long id with its middle left out: 01K9…7QF.</summary>
    public static string ShortId(string id) => id.Length <= 12 ? id : $"{id[..4]}…{id[^4..]}";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
