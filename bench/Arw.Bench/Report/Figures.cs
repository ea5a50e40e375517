using System.Globalization;

namespace Arw.Bench.Report;

/// <summary>Percentiles, and numbers as the tables write them.</summary>
internal static class Figures
{
    /// <summary>The value below which a share of the samples lies (nearest rank).</summary>
    public static double Percentile(IEnumerable<double> samples, double share)
    {
        var sorted = samples.Order().ToArray();
        return sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
    }

    public static double Median(IEnumerable<double> samples) => Percentile(samples, 0.5);

    public static string Number(double value) => value.ToString(value >= 100 ? "N0" : value >= 10 ? "N1" : "N2", CultureInfo.InvariantCulture);

    public static string Ratio(double value) => value.ToString("N2", CultureInfo.InvariantCulture);

    public static string Mebibytes(long bytes) => Number(bytes / 1048576.0) + " MiB";

    /// <summary>Milliseconds of a number of <see cref="System.Diagnostics.Stopwatch"/> ticks.</summary>
    public static double Milliseconds(long ticks) => ticks * 1000.0 / System.Diagnostics.Stopwatch.Frequency;
}
