using System.Globalization;

namespace Arw.Core.Policy.Cedar.Values;

/// <summary>Instants and spans of time as texts: <c>2024-10-15T11:38:02.101+0130</c>, <c>-1d2h3m4s5ms</c>.</summary>
public static class TimeText
{
    /// <summary>Milliseconds of a day.</summary>
    public const long Day = 24 * Hour;

    private const long Hour = 60 * Minute;
    private const long Minute = 60_000;

    // Days from 0000-01-01 to 1970-01-01 in the Gregorian calendar without a beginning.
    private const int DaysBeforeEpoch = 719_528;

    private static readonly (string Unit, long Milliseconds)[] Units = [("d", Day), ("h", Hour), ("m", Minute), ("s", 1000), ("ms", 1)];

    /// <summary>Reads an instant, in milliseconds since 1970; null with the reason when the text is none. A date alone is its midnight in UTC.</summary>
    public static long? ParseDatetime(string text, out string? reason)
    {
        var rest = text.AsSpan();
        reason = "is no date: YYYY-MM-DD is needed";
        if (!Number(ref rest, 4, out var year) || !Literal(ref rest, '-') || !Number(ref rest, 2, out var month) || !Literal(ref rest, '-') || !Number(ref rest, 2, out var day))
        {
            return null;
        }

        var days = DaysSinceEpoch(year, month, day);
        if (rest.IsEmpty)
        {
            reason = days is null ? "is no day of the calendar" : null;
            return days * Day;
        }

        reason = "has no time of the form THH:MM:SS after the date";
        if (!Literal(ref rest, 'T') || !Number(ref rest, 2, out var hour) || !Literal(ref rest, ':') || !Number(ref rest, 2, out var minute) || !Literal(ref rest, ':') || !Number(ref rest, 2, out var second))
        {
            return null;
        }

        reason = "does not end in Z or an offset such as +0130, with or without .SSS before";
        var milliseconds = 0;
        if ((Literal(ref rest, '.') && !Number(ref rest, 3, out milliseconds)) || !Offset(rest, out var offsetHours, out var offsetMinutes, out var sign))
        {
            return null;
        }

        if (days is null)
        {
            reason = "is no day of the calendar";
            return null;
        }

        if (hour > 23 || minute > 59 || second > 59)
        {
            reason = "is no time of the day";
            return null;
        }

        if (offsetHours > 23 || offsetMinutes > 59)
        {
            reason = "has an offset out of range";
            return null;
        }

        reason = null;
        return (days * Day) + (hour * Hour) + (minute * Minute) + (second * 1000) + milliseconds - (sign * ((offsetHours * Hour) + (offsetMinutes * Minute)));
    }

    /// <summary>Reads a span of time, in milliseconds; null with the reason when the text is none.</summary>
    public static long? ParseDuration(string text, out string? reason)
    {
        var rest = text.AsSpan();
        var sign = 1;
        if (rest.StartsWith('-'))
        {
            rest = rest[1..];
            sign = -1;
        }

        reason = "is no duration: numbers with d, h, m, s, ms in this order are needed";
        if (rest.IsEmpty)
        {
            return null;
        }

        var (total, overflow) = (Int128.Zero, false);
        foreach (var (unit, milliseconds) in Units)
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits <= 0 || !rest[digits..].StartsWith(unit, StringComparison.Ordinal) || (unit == "m" && rest[digits..].StartsWith("ms", StringComparison.Ordinal)))
            {
                continue;
            }

            if (ulong.TryParse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            {
                // Each part has to fit by itself, as a negative one.
                overflow |= (Int128)count * milliseconds > (unit == "ms" && sign < 0 ? -(Int128)long.MinValue : long.MaxValue);
                total += (Int128)count * milliseconds;
            }
            else
            {
                overflow = true;
            }

            rest = rest[(digits + unit.Length)..];
        }

        if (!rest.IsEmpty)
        {
            return null;
        }

        reason = "is out of range";
        if (overflow || total > (sign < 0 ? -(Int128)long.MinValue : long.MaxValue))
        {
            return null;
        }

        reason = null;
        return (long)(total * sign);
    }

    /// <summary>A span of time as text that reads back as itself.</summary>
    public static string FormatDuration(long milliseconds) => string.Create(CultureInfo.InvariantCulture, $"{milliseconds}ms");

    /// <summary>An instant as text that reads back as itself; null for one outside the years 0000 to 9999.</summary>
    public static string? FormatDatetime(long milliseconds)
    {
        var days = (long)Math.Floor(milliseconds / (decimal)Day);
        if (days < -DaysBeforeEpoch || days > DaysSinceEpoch(9999, 12, 31))
        {
            return null;
        }

        // The calendar repeats every 400 years (146,097 days): DateTime is asked for a year from 400 to 799, where it needs no beginning.
        var (cycles, inCycle) = Math.DivRem(days + DaysBeforeEpoch, 146_097L);
        var date = new DateTime(400, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddDays(inCycle);
        var inDay = milliseconds - (days * Day);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{date.Year - 400 + (cycles * 400):D4}-{date.Month:D2}-{date.Day:D2}T{inDay / Hour:D2}:{inDay / Minute % 60:D2}:{inDay / 1000 % 60:D2}.{inDay % 1000:D3}Z");
    }

    private static bool Offset(ReadOnlySpan<char> rest, out int hours, out int minutes, out int sign)
    {
        (hours, minutes, sign) = (0, 0, rest.StartsWith('-') ? -1 : 1);
        if (rest is "Z")
        {
            return true;
        }

        return (Literal(ref rest, '+') || Literal(ref rest, '-')) && Number(ref rest, 2, out hours) && Number(ref rest, 2, out minutes) && rest.IsEmpty;
    }

    private static bool Number(ref ReadOnlySpan<char> rest, int digits, out int number)
    {
        number = 0;
        if (rest.Length < digits || rest[..digits].IndexOfAnyExceptInRange('0', '9') >= 0)
        {
            return false;
        }

        number = int.Parse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture);
        rest = rest[digits..];
        return true;
    }

    private static bool Literal(ref ReadOnlySpan<char> rest, char expected)
    {
        if (!rest.StartsWith(expected))
        {
            return false;
        }

        rest = rest[1..];
        return true;
    }

    private static long? DaysSinceEpoch(int year, int month, int day)
    {
        // Year 0 is a leap year of the calendar, but none of DateTime's: 400 years later is the same calendar.
        if (month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth((year % 400) + 400, month))
        {
            return null;
        }

        var inCycle = (new DateTime((year % 400) + 400, month, day, 0, 0, 0, DateTimeKind.Utc) - new DateTime(400, 1, 1, 0, 0, 0, DateTimeKind.Utc)).Days;
        return (year / 400 * 146_097L) + inCycle - DaysBeforeEpoch;
    }
}
