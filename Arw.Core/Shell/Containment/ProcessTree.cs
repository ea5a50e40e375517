using System.Globalization;

namespace Arw.Core.Shell.Containment;

/// <summary>What a process and all that descend from it use now, read from <c>/proc</c>.</summary>
/// <param name="Processes">How many there are.</param>
/// <param name="CpuMs">Milliseconds of processor, those of ended children included where their parent has noticed.</param>
/// <param name="Bytes">Resident memory; what they share is counted for each.</param>
internal readonly record struct ProcessTree(int Processes, long CpuMs, long Bytes)
{
    // The kernel counts in hundredths of a second for programs, whatever its own clock is.
    private const int MillisecondsATick = 10;

    // Fields of /proc/PID/stat after the name, counted from the state.
    private const int FirstOfTimes = 11;
    private const int Times = 4;
    private const int ResidentPages = 21;

    /// <summary>Reads the tree below a process, itself included. One that ends meanwhile counts as nothing.</summary>
    public static ProcessTree Read(int root)
    {
        var (processes, cpu, bytes) = (0, 0L, 0L);
        var open = new Stack<string>([root.ToString(CultureInfo.InvariantCulture)]);
        while (open.TryPop(out var pid))
        {
            try
            {
                var stat = File.ReadAllText($"/proc/{pid}/stat");

                // The name stands in brackets and may hold anything.
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                cpu += MillisecondsATick * fields.AsSpan(FirstOfTimes, Times).ToArray().Sum(f => long.Parse(f, CultureInfo.InvariantCulture));
                bytes += Environment.SystemPageSize * long.Parse(fields[ResidentPages], CultureInfo.InvariantCulture);
                processes++;
                foreach (var task in Directory.GetDirectories($"/proc/{pid}/task"))
                {
                    foreach (var child in File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    {
                        open.Push(child);
                    }
                }
            }
            catch (IOException)
            {
                // It ended.
            }
        }

        return new ProcessTree(processes, cpu, bytes);
    }
}
