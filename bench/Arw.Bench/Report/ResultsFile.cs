namespace Arw.Bench.Report;

/// <summary>The committed results: one part per section, each replaced on its own.</summary>
internal static class ResultsFile
{
    private const string Intro = """
        # Results

        Written by `dotnet run -c Release --project bench/Arw.Bench -- all --out bench/RESULTS.md`; name one section instead of `all` to replace only that one.
        Compare ratios, not times: the absolute figures belong to the machine named under each table.
        """;

    public static void Replace(string file, IReadOnlyList<Section> all, Section measured, string text)
    {
        var old = File.Exists(file) ? File.ReadAllText(file) : "";
        var parts = all.Select(s => s == measured ? text.Trim() : Part(old, s)).OfType<string>()
            .Zip(all.Where(s => s == measured || Part(old, s) is not null), (part, s) => $"{Open(s)}\n{part}\n{Close(s)}");
        File.WriteAllText(file, $"{Intro}\n\n{string.Join("\n\n", parts)}\n");
    }

    private static string? Part(string text, Section section)
    {
        var start = text.IndexOf(Open(section), StringComparison.Ordinal);
        var end = text.IndexOf(Close(section), StringComparison.Ordinal);
        return start < 0 || end < start ? null : text[(start + Open(section).Length)..end].Trim();
    }

    private static string Open(Section section) => $"<!-- {section.Name} -->";

    private static string Close(Section section) => $"<!-- /{section.Name} -->";
}
