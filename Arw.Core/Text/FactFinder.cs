using System.Globalization;
using System.Text.RegularExpressions;

namespace Arw.Core.Text;

/// <summary>Finds dates, amounts and deadlines by patterns that match in linear time.</summary>
internal static partial class FactFinder
{
    private const int MostOfEach = 500;
    private const int MostContext = 200;
    private const string Months = "jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sep(t(ember)?)?|oct(ober)?|nov(ember)?|dec(ember)?";
    private const string Currencies = "€|\\$|£|¥|EUR|USD|GBP|CHF|JPY|SEK|NOK|DKK|PLN|CZK|CAD|AUD";
    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    public static TextFacts Find(string text, string? source, CancellationToken cancel)
    {
        var (dates, amounts, deadlines) = (new List<FoundDate>(), new List<FoundAmount>(), new List<FoundDeadline>());
        foreach (var (i, line) in text.ReplaceLineEndings("\n").Split('\n').Index())
        {
            cancel.ThrowIfCancellationRequested();
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            var context = Short(line.Trim());
            var found = DatePattern().Matches(line).Select(m => Date(m, i + 1, context, source)).OfType<FoundDate>().ToArray();
            dates.AddRange(found);
            amounts.AddRange(AmountPattern().Matches(line).Select(m => Amount(m, i + 1, context, source)).OfType<FoundAmount>());
            if (DeadlinePattern().IsMatch(line) && (found.Length > 0 || PeriodPattern().IsMatch(line)))
            {
                // In "Dated 1 March, payable by 15 March" the last date is the one that binds.
                deadlines.Add(new FoundDeadline(found.LastOrDefault()?.Date, context, i + 1, source));
            }
        }

        return new TextFacts([.. dates.Take(MostOfEach)], [.. amounts.Take(MostOfEach)], [.. deadlines.Take(MostOfEach)]);
    }

    private static FoundDate? Date(Match match, int line, string context, string? source)
    {
        int Part(string name) => int.Parse(match.Groups[name].ValueSpan, CultureInfo.InvariantCulture);
        var ambiguous = false;
        int year, month, day;
        if (match.Groups["iy"].Success)
        {
            (year, month, day) = (Part("iy"), Part("im"), Part("id"));
        }
        else if (match.Groups["ny"].Success)
        {
            (year, month, day) = (Part("ny"), Part("nm"), Part("nd"));

            // Slashes are written both ways; dots only with the day first.
            var slashes = match.Value.Contains('/', StringComparison.Ordinal);
            if (slashes && month > 12)
            {
                (month, day) = (day, month);
            }

            ambiguous = slashes && day <= 12 && month <= 12 && day != month;
        }
        else
        {
            var words = match.Groups["wy"].Success ? "w" : "m";
            (year, month, day) = (Part(words + "y"), Month(match.Groups[words + "m"].Value), Part(words + "d"));
        }

        if (year is < 1900 or > 2200 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return null;
        }

        return new FoundDate(match.Value, new DateOnly(year, month, day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), line, context, ambiguous, source);
    }

    private static int Month(string name) =>
        Array.IndexOf(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], name[..3].ToLowerInvariant()) + 1;

    private static FoundAmount? Amount(Match match, int line, string context, string? source)
    {
        var before = match.Groups["before"].Success;
        var number = match.Groups[before ? "bn" : "an"].Value;
        var currency = match.Groups[before ? "before" : "after"].Value.ToUpperInvariant() switch
        {
            "€" => "EUR",
            "$" => "USD",
            "£" => "GBP",
            "¥" => "JPY",
            var code => code,
        };
        return decimal.TryParse(Plain(number), NumberStyles.Number, CultureInfo.InvariantCulture, out var value)
            ? new FoundAmount(match.Value.Trim(), value, currency, line, context, source)
            : null;
    }

    // 1.234,50 and 1,234.50 and 1'234.50: the last comma or dot with one or two digits after it is the decimal point.
    private static string Plain(string number)
    {
        var bare = number.Replace("'", "", StringComparison.Ordinal).Replace("\u00a0", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
        var last = bare.LastIndexOfAny([',', '.']);
        var digits = bare.Replace(",", "", StringComparison.Ordinal).Replace(".", "", StringComparison.Ordinal);
        var decimals = last < 0 ? 0 : bare.Length - last - 1;
        return decimals is 1 or 2 ? $"{digits[..^decimals]}.{digits[^decimals..]}" : digits;
    }

    private static string Short(string line) => line.Length <= MostContext ? line : $"{line[..(MostContext - 1)]}…";

    [GeneratedRegex(
        @"\b(?<iy>\d{4})-(?<im>\d{2})-(?<id>\d{2})\b"
        + @"|\b(?<nd>\d{1,2})(\.|/)(?<nm>\d{1,2})(\.|/)(?<ny>\d{4})\b"
        + @"|\b(?<wd>\d{1,2})(st|nd|rd|th)?\.?\s+(of\s+)?(?<wm>" + Months + @")\.?,?\s+(?<wy>\d{4})\b"
        + @"|\b(?<mm>" + Months + @")\.?\s+(?<md>\d{1,2})(st|nd|rd|th)?,?\s+(?<my>\d{4})\b",
        Options)]
    private static partial Regex DatePattern();

    [GeneratedRegex(
        @"(?<before>" + Currencies + @")\s?(?<bn>\d{1,3}([',.\u00a0]\d{3})+([.,]\d{1,2})?|\d+([.,]\d{1,2})?)\b"
        + @"|\b(?<an>\d{1,3}([',.\u00a0]\d{3})+([.,]\d{1,2})?|\d+([.,]\d{1,2})?)\s?(?<after>" + Currencies + ")",
        Options)]
    private static partial Regex AmountPattern();

    [GeneratedRegex(@"\b(due|deadline|pay(able)?\s+by|by|until|before|no\s+later\s+than|latest|expires?|expiry|valid\s+(to|until)|renew(al|s)?|within|respond|return)\b", Options)]
    private static partial Regex DeadlinePattern();

    [GeneratedRegex(@"\bwithin\s+\w+\s+((working|business|calendar)\s+)?(days?|weeks?|months?)\b", Options)]
    private static partial Regex PeriodPattern();
}
