using System.Globalization;
using System.Text.RegularExpressions;

namespace Arw.Web.Components.Markdown;

/// <summary>Reads the Markdown that agents write: headings, paragraphs, lists, quotes, code, tables, links, citations. HTML in it stays text, so a document can carry no markup of its own.</summary>
public sealed partial class MarkdownParser
{
    private const int MaxDepth = 6;
    private readonly InlineParser _inlines;

    private MarkdownParser(InlineParser inlines) => _inlines = inlines;

    /// <summary>The blocks of a document.</summary>
    public static IReadOnlyList<Block> Parse(string markdown)
    {
        var lines = markdown.ReplaceLineEndings("\n").Split('\n');
        var sources = new Dictionary<int, string>();
        foreach (var line in lines)
        {
            if (SourceLine(line) is { } source && Address().Match(source.Text) is { Success: true } match
                && InlineParser.SafeHref(match.Value.TrimEnd('.', ',', ')', '>')) is { } href)
            {
                sources.TryAdd(source.Number, href);
            }
        }

        return new MarkdownParser(new InlineParser(sources)).Blocks(lines, 0);
    }

    private List<Block> Blocks(IReadOnlyList<string> lines, int depth)
    {
        var blocks = new List<Block>();
        var at = 0;
        while (at < lines.Count)
        {
            if (string.IsNullOrWhiteSpace(lines[at]))
            {
                at++;
                continue;
            }

            blocks.Add(Next(lines, ref at, depth));
        }

        return blocks;
    }

    private Block Next(IReadOnlyList<string> lines, ref int at, int depth)
    {
        var line = lines[at].Trim();
        if (line.StartsWith("```", StringComparison.Ordinal))
        {
            return Fence(lines, ref at);
        }

        if (HeadingLine().Match(line) is { Success: true } heading)
        {
            at++;
            return new Block.Heading(heading.Groups["level"].Length, _inlines.Parse(heading.Groups["text"].Value));
        }

        if (line.Length >= 3 && line.Distinct().Count() == 1 && line[0] is '-' or '*' or '_' && line.Length >= 3 && line.All(c => c == line[0]))
        {
            at++;
            return new Block.Rule();
        }

        if (line[0] == '>' && depth < MaxDepth)
        {
            var inner = new List<string>();
            while (at < lines.Count && lines[at].TrimStart().StartsWith('>'))
            {
                inner.Add(lines[at++].TrimStart()[1..]);
            }

            return new Block.Quote(Blocks(inner, depth + 1));
        }

        if (SourceLine(line) is { } source)
        {
            at++;
            return new Block.Source(source.Number, _inlines.Parse(source.Text));
        }

        if (ItemLine().IsMatch(lines[at]) && depth < MaxDepth)
        {
            return List(lines, ref at, depth);
        }

        return line[0] == '|' && at + 1 < lines.Count && TableRule().IsMatch(lines[at + 1]) ? Table(lines, ref at) : Paragraph(lines, ref at);
    }

    private static Block.Fence Fence(IReadOnlyList<string> lines, ref int at)
    {
        var code = new List<string>();
        for (at++; at < lines.Count && !lines[at].TrimStart().StartsWith("```", StringComparison.Ordinal); at++)
        {
            code.Add(lines[at]);
        }

        at++;
        return new Block.Fence(string.Join('\n', code));
    }

    private Block.Items List(IReadOnlyList<string> lines, ref int at, int depth)
    {
        var first = ItemLine().Match(lines[at]);
        var indent = first.Groups["indent"].Length;
        var ordered = char.IsDigit(first.Groups["mark"].Value[0]);
        var items = new List<IReadOnlyList<Block>>();
        while (at < lines.Count && ItemLine().Match(lines[at]) is { Success: true } item && item.Groups["indent"].Length == indent
            && char.IsDigit(item.Groups["mark"].Value[0]) == ordered)
        {
            var inner = new List<string> { item.Groups["text"].Value };
            for (at++; at < lines.Count && Belongs(lines[at], indent); at++)
            {
                inner.Add(lines[at].Trim().Length == 0 ? "" : lines[at][Math.Min(indent + 2, Indent(lines[at]))..]);
            }

            items.Add(Blocks(inner, depth + 1));
            while (at < lines.Count && string.IsNullOrWhiteSpace(lines[at]) && at + 1 < lines.Count && ItemLine().Match(lines[at + 1]) is { Success: true } next && next.Groups["indent"].Length == indent)
            {
                at++;
            }
        }

        var start = ordered && int.TryParse(first.Groups["mark"].Value.TrimEnd('.', ')'), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 1;
        return new Block.Items(ordered, start, items);
    }

    private static int Indent(string line) => line.Length - line.TrimStart().Length;

    private static bool Belongs(string line, int indent) => !string.IsNullOrWhiteSpace(line) && Indent(line) > indent;

    private Block.Table Table(IReadOnlyList<string> lines, ref int at)
    {
        var head = Cells(lines[at]);
        var rows = new List<IReadOnlyList<IReadOnlyList<Inline>>>();
        for (at += 2; at < lines.Count && lines[at].TrimStart().StartsWith('|'); at++)
        {
            rows.Add(Cells(lines[at]));
        }

        return new Block.Table(head, rows);
    }

    private List<IReadOnlyList<Inline>> Cells(string line) =>
        [.. line.Trim().Trim('|').Split('|').Select(c => _inlines.Parse(c.Trim()))];

    private Block.Paragraph Paragraph(IReadOnlyList<string> lines, ref int at)
    {
        var text = new List<string> { lines[at++].Trim() };
        while (at < lines.Count && !string.IsNullOrWhiteSpace(lines[at]) && !Starts(lines[at]))
        {
            text.Add(lines[at++].Trim());
        }

        return new Block.Paragraph(_inlines.Parse(string.Join(' ', text)));
    }

    private static bool Starts(string line) =>
        line.TrimStart() is ['>' or '#', ..] || line.TrimStart().StartsWith("```", StringComparison.Ordinal) || ItemLine().IsMatch(line) || SourceLine(line) is not null;

    private static (int Number, string Text)? SourceLine(string line)
    {
        var match = NumberedSource().Match(line);
        return match.Success && int.TryParse(match.Groups["number"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (number, match.Groups["text"].Value)
            : null;
    }

    [GeneratedRegex(@"^(?<level>#{1,6})\s+(?<text>.*?)\s*#*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex HeadingLine();

    [GeneratedRegex(@"^(?<indent>\s*)(?<mark>[-*+]|\d{1,9}[.)])\s+(?<text>.*)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ItemLine();

    [GeneratedRegex(@"^\s*(?:[-*+]\s+)?\[(?<number>\d{1,4})\]:?\s+(?<text>.*(?:https?|project)://.*)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NumberedSource();

    [GeneratedRegex(@"(?:https?|project)://[^\s)>]+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Address();

    [GeneratedRegex(@"^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TableRule();
}
