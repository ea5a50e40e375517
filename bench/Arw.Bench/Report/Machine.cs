using System.Globalization;
using System.Runtime.InteropServices;

namespace Arw.Bench.Report;

/// <summary>Where and when a section was measured. The load tells whether something else was running.</summary>
internal static class Machine
{
    public static string Describe()
    {
        var now = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
        return $"{now}; {Environment.ProcessorCount} cores of {Processor()}; {Kernel()}; {RuntimeInformation.FrameworkDescription}; load average before {Load()}";
    }

    private static string Processor() => File.ReadLines("/proc/cpuinfo")
        .FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) is { } line
            ? line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()
            : RuntimeInformation.ProcessArchitecture.ToString();

    private static string Kernel() => $"Linux {File.ReadAllText("/proc/sys/kernel/osrelease").Trim()}";

    private static string Load() => File.ReadAllText("/proc/loadavg").Split(' ')[0];
}
