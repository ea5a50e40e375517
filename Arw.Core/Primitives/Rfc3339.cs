using System.Globalization;

namespace Arw.Core.Primitives;

/// <summary>Times on the wire and in the journal: RFC 3339, UTC, milliseconds, <c>Z</c>.</summary>
public static class Rfc3339
{
    private const string Pattern = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>The time as text.</summary>
    public static string Format(DateTimeOffset time) => time.UtcDateTime.ToString(Pattern, CultureInfo.InvariantCulture);

    /// <summary>The time cut to whole milliseconds, the precision that the journal keeps.</summary>
    public static DateTimeOffset Truncate(DateTimeOffset time) => DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());
}
