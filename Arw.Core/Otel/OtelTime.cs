using System.Globalization;

namespace Arw.Core.Otel;

/// <summary>Unix nanoseconds as the journal has them.</summary>
internal static class OtelTime
{
    private const ulong PerSecond = 1_000_000_000;
    private const ulong PerMillisecond = 1_000_000;

    /// <summary>The time in whole milliseconds; null for zero, which says that the source knows none.</summary>
    public static DateTimeOffset? Moment(ulong nanoseconds) =>
        nanoseconds == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds((long)(nanoseconds / PerMillisecond));

    /// <summary>The time as RFC 3339 text with all nine digits.</summary>
    public static string Text(ulong nanoseconds) => string.Create(
        CultureInfo.InvariantCulture,
        $"{DateTimeOffset.FromUnixTimeSeconds((long)(nanoseconds / PerSecond)):yyyy-MM-dd'T'HH:mm:ss}.{nanoseconds % PerSecond:D9}Z");
}
