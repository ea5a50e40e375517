using System.Globalization;

namespace Arw.Core.Tools.Feeds;

/// <summary>Dates as feeds write them: RFC 3339 and RFC 822, and sloppy forms of both. Without a zone a time counts as UTC.</summary>
internal static class FeedDate
{
    private static readonly string[] Iso =
    [
        "yyyy-M-d'T'H:m:s.FFFFFFFK", "yyyy-M-d'T'H:m:sK", "yyyy-M-d'T'H:mK", "yyyy-M-d H:m:s.FFFFFFFK", "yyyy-M-d H:m:sK", "yyyy-M-d H:m:s K", "yyyy-M-d H:mK",
        "yyyy-M-d", "yyyy-M", "yyyy", "yyyyMMdd", "yyyyMMdd'T'HHmmssK", "yyyy/M/d", "yyyy/M/d H:m:s", "yyyy.M.d",
    ];

    private static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

    private static readonly Dictionary<string, double> Zones = new(StringComparer.OrdinalIgnoreCase)
    {
        ["z"] = 0, ["ut"] = 0, ["utc"] = 0, ["gmt"] = 0, ["wet"] = 0, ["bst"] = 1, ["cet"] = 1, ["west"] = 1, ["cest"] = 2, ["eet"] = 2, ["eest"] = 3, ["msk"] = 3,
        ["est"] = -5, ["edt"] = -4, ["cst"] = -6, ["cdt"] = -5, ["mst"] = -7, ["mdt"] = -6, ["pst"] = -8, ["pdt"] = -7, ["jst"] = 9, ["kst"] = 9, ["aest"] = 10, ["aedt"] = 11,
    };

    /// <summary>The time; null when the text holds none.</summary>
    public static DateTimeOffset? Parse(string? text)
    {
        text = text?.Trim();
        if (string.IsNullOrEmpty(text) || text.Length > 80)
        {
            return null;
        }

        return DateTimeOffset.TryParseExact(text, Iso, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal | DateTimeStyles.AllowTrailingWhite, out var iso)
            ? iso
            : Words(text);
    }

    // Day, month, year, time and zone in whatever order and punctuation; weekdays are ignored, as they are often wrong.
    private static DateTimeOffset? Words(string text)
    {
        int? day = null, month = null, year = null;
        var time = TimeSpan.Zero;
        var zone = TimeSpan.Zero;
        var afternoon = default(bool?);
        foreach (var word in text.Split([' ', ',', '(', ')', '\t', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (word.Contains(':', StringComparison.Ordinal) && char.IsAsciiDigit(word[0]))
            {
                if (!Time(word, out time))
                {
                    return null;
                }
            }
            else if (word[0] is '+' or '-' && Offset(word) is { } offset)
            {
                zone = offset;
            }
            else if (int.TryParse(word.TrimEnd('.', 't', 'h', 's', 'd', 'n', 'r'), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                if (day is null && number is >= 1 and <= 31 && word.Length <= 4)
                {
                    day = number;
                }
                else
                {
                    year ??= word.Length == 2 ? number + (number < 70 ? 2000 : 1900) : number;
                }
            }
            else if (word.Length >= 3 && Array.IndexOf(Months, word[..3].ToLowerInvariant()) is >= 0 and var index)
            {
                month ??= index + 1;
            }
            else if (word.Equals("am", StringComparison.OrdinalIgnoreCase) || word.Equals("pm", StringComparison.OrdinalIgnoreCase))
            {
                afternoon = char.ToLowerInvariant(word[0]) == 'p';
            }
            else if (Zones.TryGetValue(word, out var hours))
            {
                zone = TimeSpan.FromHours(hours);
            }
        }

        if (afternoon is { } pm && time.Hours is >= 1 and <= 12)
        {
            time += TimeSpan.FromHours((time.Hours == 12 ? -12 : 0) + (pm ? 12 : 0));
        }

        return day is { } d && month is { } m && year is { } y and >= 1900 and <= 9998 && d <= DateTime.DaysInMonth(y, m)
            ? new DateTimeOffset(new DateTime(y, m, d, 0, 0, 0, DateTimeKind.Utc) + time - zone, TimeSpan.Zero)
            : null;
    }

    private static bool Time(string word, out TimeSpan time)
    {
        time = TimeSpan.Zero;
        var parts = word.Split(':');
        if (parts.Length > 3
            || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var h) || h > 24
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var m) || m > 59)
        {
            return false;
        }

        var s = 0d;
        if (parts.Length == 3 && (!double.TryParse(parts[2], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out s) || s >= 61))
        {
            return false;
        }

        time = new TimeSpan(0, h, m, 0) + TimeSpan.FromMilliseconds(Math.Floor(s * 1000));
        return true;
    }

    private static TimeSpan? Offset(string word)
    {
        var digits = word[1..].Replace(":", "", StringComparison.Ordinal);
        return digits.Length is 4 or 2 && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && (digits.Length == 4 ? number / 100 * 60 + number % 100 : number * 60) is <= 14 * 60 and var minutes
            ? TimeSpan.FromMinutes(word[0] == '-' ? -minutes : minutes)
            : null;
    }
}
