using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Arw.Core.Primitives;

namespace Arw.Core.Files;

/// <summary>Applies a unified diff to one text. Strict: every context and removed line must stand exactly where the hunk says; nothing is searched for or guessed.</summary>
public static partial class UnifiedPatch
{
    /// <summary>The patched text. A refusal (422 for a malformed patch, 409 for one that does not fit) names the hunk and the line.</summary>
    public static Result<string> Apply(string text, string patch)
    {
        if (!ReadHunks(patch).TryGet(out var hunks, out var refusal))
        {
            return refusal;
        }

        var lines = TextLines.Split(text);
        var result = new StringBuilder(text.Length + patch.Length);
        var at = 0;
        foreach (var hunk in hunks)
        {
            if (Misfit(hunk, lines, at) is { } misfit)
            {
                return misfit;
            }

            for (; at < hunk.Start; at++)
            {
                result.Append(lines[at]);
            }

            foreach (var (mark, line) in hunk.Lines)
            {
                if (mark != '-' && !EndsLine(result))
                {
                    return Misplaced(hunk, "adds after a line that has no line feed");
                }

                result.Append(mark == '-' ? "" : line);
                at += mark == '+' ? 0 : 1;
            }

            if (at < lines.Count && !EndsLine(result))
            {
                return Misplaced(hunk, "ends without a line feed, but the file goes on");
            }
        }

        for (; at < lines.Count; at++)
        {
            result.Append(lines[at]);
        }

        return result.ToString();
    }

    private static bool EndsLine(StringBuilder text) => text.Length == 0 || text[^1] == '\n';

    private static Refusal? Misfit(Hunk hunk, List<string> lines, int at)
    {
        if (hunk.Start < at)
        {
            return Misplaced(hunk, $"begins at line {hunk.Start + 1}, inside or before the hunk above it");
        }

        var expected = hunk.Lines.Where(l => l.Mark != '+').Select(l => l.Text).ToArray();
        if (hunk.Start + expected.Length > lines.Count)
        {
            return Misplaced(hunk, $"reaches to line {hunk.Start + expected.Length}, but the file has {lines.Count}");
        }

        for (var i = 0; i < expected.Length; i++)
        {
            if (lines[hunk.Start + i] != expected[i])
            {
                var elsewhere = Elsewhere(expected, lines);
                return Misplaced(
                    hunk,
                    $"expects \"{Shown(expected[i])}\" at line {hunk.Start + i + 1}, which is \"{Shown(lines[hunk.Start + i])}\"",
                    elsewhere < 0 ? null : $"The same lines stand at line {elsewhere + 1}: correct the hunk's header.");
            }
        }

        return null;
    }

    // Only a courtesy to the reader, so it stays cheap.
    private static int Elsewhere(string[] expected, List<string> lines)
    {
        const int maxComparisons = 1_000_000;
        if ((long)expected.Length * lines.Count > maxComparisons)
        {
            return -1;
        }

        for (var start = 0; start + expected.Length <= lines.Count; start++)
        {
            var same = 0;
            while (same < expected.Length && lines[start + same] == expected[same])
            {
                same++;
            }

            if (same == expected.Length)
            {
                return start;
            }
        }

        return -1;
    }

    private static Result<List<Hunk>> ReadHunks(string patch)
    {
        var source = TextLines.Split(patch);
        var hunks = new List<Hunk>();
        var i = 0;
        while (i < source.Count)
        {
            var line = source[i].TrimEnd('\n', '\r');
            if (!HunkHeader().Match(line).TryRange(out var start, out var oldCount, out var newCount))
            {
                if (hunks.Count == 0 && IsPreamble(line))
                {
                    i++;
                    continue;
                }

                return line.Length == 0 && i == source.Count - 1
                    ? hunks
                    : Refusal.Invalid($"Line {i + 1} of the patch, \"{Shown(line)}\", is no hunk header.", "A patch is for one file: ---, +++, then hunks that begin with @@ -line,count +line,count @@.");
            }

            var hunk = new Hunk(hunks.Count + 1, oldCount == 0 ? start : start - 1, []);
            if (hunk.Start < 0 || oldCount + newCount == 0)
            {
                return Misread(hunk, "has an impossible header");
            }

            if (!ReadBody(source, i + 1, hunk, oldCount, newCount).TryGet(out i, out var refusal))
            {
                return refusal;
            }

            hunks.Add(hunk);
        }

        return hunks.Count > 0 ? hunks : Refusal.Invalid("The patch has no hunk.", "Send a unified diff with at least one @@ hunk.");
    }

    private static Result<int> ReadBody(List<string> source, int i, Hunk hunk, int old, int @new)
    {
        while (old > 0 || @new > 0)
        {
            if (i == source.Count)
            {
                return Misread(hunk, $"ends early: its header promises {old} more old and {@new} more new lines");
            }

            // Editors strip the single space of an empty context line; its meaning is unambiguous.
            var line = source[i] is "\n" or "\r\n" ? " " + source[i] : source[i];
            var mark = line[0];
            (old, @new) = mark switch { ' ' => (old - 1, @new - 1), '-' => (old - 1, @new), '+' => (old, @new - 1), _ => (-1, -1) };
            if (old < 0 || @new < 0)
            {
                return Misread(hunk, $"has \"{Shown(line)}\" where its header does not expect it (line {i + 1} of the patch)");
            }

            i++;
            var text = line[1..];
            if (i < source.Count && source[i].StartsWith("\\ ", StringComparison.Ordinal))
            {
                text = text.TrimEnd('\n');
                i++;
            }
            else if (!text.EndsWith('\n'))
            {
                text += '\n';
            }

            hunk.Lines.Add((mark, text));
        }

        return i;
    }

    private static bool IsPreamble(string line) =>
        line.StartsWith("--- ", StringComparison.Ordinal) || line.StartsWith("+++ ", StringComparison.Ordinal)
        || line.StartsWith("diff ", StringComparison.Ordinal) || line.StartsWith("index ", StringComparison.Ordinal);

    private static Refusal Misplaced(Hunk hunk, string fault, string? next = null) =>
        Refusal.Conflict($"Hunk {hunk.Number} does not fit: it {fault}.", next ?? "Read the file again and make the patch from what it holds now.");

    private static Refusal Misread(Hunk hunk, string fault) =>
        Refusal.Invalid($"Hunk {hunk.Number} is malformed: it {fault}.", "Count the lines of the hunk again.");

    private static string Shown(string line) => line.TrimEnd('\n', '\r') is var text && text.Length > 120 ? text[..120] + "…" : text;

    private static bool TryRange(this Match match, out int start, out int oldCount, out int newCount)
    {
        (start, oldCount, newCount) = (0, 1, 1);
        return match.Success
            && int.TryParse(match.Groups["start"].ValueSpan, CultureInfo.InvariantCulture, out start)
            && (!match.Groups["old"].Success || int.TryParse(match.Groups["old"].ValueSpan, CultureInfo.InvariantCulture, out oldCount))
            && (!match.Groups["new"].Success || int.TryParse(match.Groups["new"].ValueSpan, CultureInfo.InvariantCulture, out newCount));
    }

    [GeneratedRegex(@"^@@ -(?<start>[0-9]{1,9})(,(?<old>[0-9]{1,9}))? \+[0-9]{1,9}(,(?<new>[0-9]{1,9}))? @@", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HunkHeader();

    private sealed record Hunk(int Number, int Start, List<(char Mark, string Text)> Lines);
}
