using System.Globalization;
using System.Text;
using DiffPlex;
using DiffPlex.Model;

namespace Arw.Core.Files;

/// <summary>Writes the difference of two texts in the unified format, with three lines of context.</summary>
public static class UnifiedDiff
{
    private const int Context = 3;

    /// <summary>The marker after a line that ends the file without a line feed.</summary>
    internal const string NoNewline = "\\ No newline at end of file";

    /// <summary>The diff that turns one text into the other; empty when they are equal.</summary>
    /// <param name="before">The old text.</param>
    /// <param name="after">The new text.</param>
    /// <param name="oldName">Name in the first header line.</param>
    /// <param name="newName">Name in the second header line.</param>
    public static string Make(string before, string after, string oldName = "a", string newName = "b")
    {
        var difference = Differ.Instance.CreateDiffs(before, after, ignoreWhiteSpace: false, ignoreCase: false, Lines.Instance);
        if (difference.DiffBlocks.Count == 0)
        {
            return "";
        }

        var text = new StringBuilder().Append("--- ").Append(oldName).Append("\n+++ ").Append(newName).Append('\n');
        foreach (var hunk in Group(difference.DiffBlocks))
        {
            Write(text, hunk, difference.PiecesOld, difference.PiecesNew);
        }

        return text.ToString();
    }

    // Changes closer than two contexts share a hunk.
    private static List<List<DiffBlock>> Group(IEnumerable<DiffBlock> blocks)
    {
        var hunks = new List<List<DiffBlock>>();
        foreach (var block in blocks)
        {
            if (hunks.Count > 0 && hunks[^1][^1] is var last && block.DeleteStartA - (last.DeleteStartA + last.DeleteCountA) <= 2 * Context)
            {
                hunks[^1].Add(block);
            }
            else
            {
                hunks.Add([block]);
            }
        }

        return hunks;
    }

    private static void Write(StringBuilder text, List<DiffBlock> hunk, IReadOnlyList<string> old, IReadOnlyList<string> @new)
    {
        var first = hunk[0];
        var last = hunk[^1];
        var lead = Math.Min(Context, first.DeleteStartA);
        var oldStart = first.DeleteStartA - lead;
        var newStart = first.InsertStartB - lead;
        var oldEnd = Math.Min(old.Count, last.DeleteStartA + last.DeleteCountA + Context);
        var newEnd = last.InsertStartB + last.InsertCountB + (oldEnd - last.DeleteStartA - last.DeleteCountA);
        text.Append(CultureInfo.InvariantCulture, $"@@ -{Range(oldStart, oldEnd)} +{Range(newStart, newEnd)} @@\n");
        var line = oldStart;
        foreach (var block in hunk)
        {
            while (line < block.DeleteStartA)
            {
                Line(text, ' ', old[line++]);
            }

            for (; line < block.DeleteStartA + block.DeleteCountA; line++)
            {
                Line(text, '-', old[line]);
            }

            for (var i = 0; i < block.InsertCountB; i++)
            {
                Line(text, '+', @new[block.InsertStartB + i]);
            }
        }

        while (line < oldEnd)
        {
            Line(text, ' ', old[line++]);
        }
    }

    // An empty range names the line before it: the format's rule.
    private static string Range(int start, int end) =>
        string.Create(CultureInfo.InvariantCulture, $"{(end == start ? start : start + 1)},{end - start}");

    private static void Line(StringBuilder text, char mark, string line)
    {
        text.Append(mark).Append(line);
        if (!line.EndsWith('\n'))
        {
            text.Append('\n').Append(NoNewline).Append('\n');
        }
    }

    private sealed class Lines : IChunker
    {
        public static Lines Instance { get; } = new();

        public IReadOnlyList<string> Chunk(string text) => TextLines.Split(text);
    }
}
