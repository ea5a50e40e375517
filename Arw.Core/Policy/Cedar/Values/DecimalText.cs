using System.Globalization;

namespace Arw.Core.Policy.Cedar.Values;

/// <summary>Decimals as texts, <c>-12.3456</c>: a point with digits on both sides, at most four after it.</summary>
public static class DecimalText
{
    private const int Digits = 4;
    private const long Unit = 10_000;

    /// <summary>Reads a decimal in units of 0.0001; null with the reason when the text is none.</summary>
    public static long? Parse(string text, out string? reason)
    {
        var body = text.AsSpan();
        var negative = body.StartsWith('-');
        body = negative ? body[1..] : body;
        var point = body.IndexOf('.');
        if (point < 1 || point == body.Length - 1 || body[..point].IndexOfAnyExceptInRange('0', '9') >= 0 || body[(point + 1)..].IndexOfAnyExceptInRange('0', '9') >= 0)
        {
            reason = "is no decimal: digits, a point and digits are needed";
            return null;
        }

        var fraction = body[(point + 1)..];
        if (fraction.Length > Digits)
        {
            reason = "has more than four digits after the point";
            return null;
        }

        reason = null;
        if (Int128.TryParse(body[..point].TrimStart('0'), NumberStyles.None, CultureInfo.InvariantCulture, out var whole) || body[..point].TrimStart('0').IsEmpty)
        {
            var units = (Int128.Min(whole, long.MaxValue) * Unit)
                + (long.Parse(fraction, NumberStyles.None, CultureInfo.InvariantCulture) * (long)Math.Pow(10, Digits - fraction.Length));
            units = negative ? -units : units;
            if (units >= long.MinValue && units <= long.MaxValue)
            {
                return (long)units;
            }
        }

        reason = "is out of range";
        return null;
    }

    /// <summary>A decimal as text that reads back as itself.</summary>
    public static string Format(long units)
    {
        var magnitude = units < 0 ? (UInt128)(-(Int128)units) : (UInt128)units;
        var fraction = ((int)(magnitude % Unit)).ToString("D4", CultureInfo.InvariantCulture).TrimEnd('0');
        return string.Create(CultureInfo.InvariantCulture, $"{(units < 0 ? "-" : "")}{magnitude / Unit}.{(fraction.Length == 0 ? "0" : fraction)}");
    }
}
