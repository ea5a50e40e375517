namespace Arw.Bench.Report;

/// <summary>What to measure, and how thoroughly.</summary>
/// <param name="Sections">The sections to run.</param>
internal sealed record BenchOptions(IReadOnlyList<Section> Sections)
{
    /// <summary>The results file; null = print only.</summary>
    public string? Out { get; init; }

    /// <summary>Folder of a published home; null = publish one.</summary>
    public string? Home { get; init; }

    /// <summary>A tenth of the size: to try the programs, never to report.</summary>
    public bool Quick { get; init; }

    /// <summary>Options from the command line; null when they cannot be read.</summary>
    public static BenchOptions? Read(string[] args, IReadOnlyList<Section> sections)
    {
        if (args.Length == 0)
        {
            return null;
        }

        IReadOnlyList<Section> chosen = args[0] == "all" ? [.. sections.Where(s => !s.Long)] : [.. sections.Where(s => s.Name == args[0])];
        var options = new BenchOptions(chosen);
        for (var i = 1; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--quick":
                    options = options with { Quick = true };
                    break;
                case "--out" when i + 1 < args.Length:
                    options = options with { Out = Path.GetFullPath(args[++i]) };
                    break;
                case "--home" when i + 1 < args.Length:
                    options = options with { Home = Path.GetFullPath(args[++i]) };
                    break;
                default:
                    return null;
            }
        }

        return chosen.Count > 0 ? options : null;
    }

    /// <summary>A size, reduced for a quick run.</summary>
    public int Size(int full) => Quick ? Math.Max(1, full / 10) : full;
}
