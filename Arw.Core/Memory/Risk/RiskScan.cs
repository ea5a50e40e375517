namespace Arw.Core.Memory.Risk;

/// <summary>Finds what is risky in a text. Pure: equal texts have equal markers. Each part goes over the text once, so the work grows with its length and with nothing else.</summary>
public static class RiskScan
{
    /// <summary>Most markers that are told of one text; the text is no better for having more.</summary>
    public const int MostMarkers = 100;

    /// <summary>The markers of a text in the order of their places.</summary>
    public static IReadOnlyList<RiskMarker> Of(string text) => Of(text, out _);

    /// <summary>The markers of a text, and how many characters were looked at to find them, repetitions counted.</summary>
    public static IReadOnlyList<RiskMarker> Of(string text, out long steps)
    {
        var found = new Findings();
        HiddenCharacters.Find(text, found);
        Markup.Find(text, found);
        Encoded.Find(text, found);
        Phrases.Find(ReadableText.Of(text, found), found);
        steps = found.Steps;
        return [.. found.Markers.OrderBy(m => m.Start).ThenByDescending(m => m.Length).ThenBy(m => m.Kind).Take(MostMarkers)];
    }

    /// <summary>The markers of several fields of one thing.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="fields">Its other fields by name; empty ones are passed over.</param>
    public static IReadOnlyList<RiskMarker> Of(string text, IEnumerable<(string Name, string? Text)> fields) =>
    [
        .. Of(text).Concat(fields.Where(f => !string.IsNullOrEmpty(f.Text)).SelectMany(f => Of(f.Text!).Select(m => m with { Field = f.Name }))).Take(MostMarkers),
    ];
}

/// <summary>What the parts of a scan have found, and how much they looked at.</summary>
internal sealed class Findings
{
    // Some more than are told, so that those at the beginning are not lost to those of one kind.
    private const int MostOfOneKind = 50;
    private const int MostSpan = 2000;
    private readonly int[] _count = new int[Enum.GetValues<RiskKind>().Length];

    public List<RiskMarker> Markers { get; } = [];

    public long Steps { get; set; }

    public void Add(RiskKind kind, int start, int end, string words)
    {
        if (_count[(int)kind]++ < MostOfOneKind)
        {
            Markers.Add(new RiskMarker(kind, start, Math.Clamp(end - start, 0, MostSpan), words));
        }
    }
}
