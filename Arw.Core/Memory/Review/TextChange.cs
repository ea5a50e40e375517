using DiffPlex;

namespace Arw.Core.Memory.Review;

/// <summary>How a piece of text fared.</summary>
public enum TextChangeKind
{
    /// <summary>It stayed.</summary>
    Same,

    /// <summary>It is gone.</summary>
    Removed,

    /// <summary>It is new.</summary>
    Added,
}

/// <summary>A piece of the difference of two texts.</summary>
/// <param name="Kind">How it fared.</param>
/// <param name="Text">The piece.</param>
public sealed record TextChange(TextChangeKind Kind, string Text)
{
    /// <summary>The difference of two texts, word by word; the pieces that are not removed give the second text.</summary>
    public static IReadOnlyList<TextChange> Between(string before, string after)
    {
        var difference = Differ.Instance.CreateDiffs(before, after, ignoreWhiteSpace: false, ignoreCase: false, Words.Instance);
        var (old, @new) = (difference.PiecesOld, difference.PiecesNew);
        var changes = new List<TextChange>();
        var at = 0;
        foreach (var block in difference.DiffBlocks)
        {
            Add(changes, TextChangeKind.Same, old, at, block.DeleteStartA - at);
            Add(changes, TextChangeKind.Removed, old, block.DeleteStartA, block.DeleteCountA);
            Add(changes, TextChangeKind.Added, @new, block.InsertStartB, block.InsertCountB);
            at = block.DeleteStartA + block.DeleteCountA;
        }

        Add(changes, TextChangeKind.Same, old, at, old.Count - at);
        return changes;
    }

    private static void Add(List<TextChange> changes, TextChangeKind kind, IReadOnlyList<string> pieces, int from, int count)
    {
        if (count > 0)
        {
            changes.Add(new(kind, string.Concat(pieces.Skip(from).Take(count))));
        }
    }

    private sealed class Words : IChunker
    {
        public static Words Instance { get; } = new();

        // Words with the space before them, so that nothing is lost between two pieces.
        public IReadOnlyList<string> Chunk(string text)
        {
            var words = new List<string>();
            var start = 0;
            for (var i = 1; i < text.Length; i++)
            {
                if (char.IsWhiteSpace(text[i]) && !char.IsWhiteSpace(text[i - 1]))
                {
                    words.Add(text[start..i]);
                    start = i;
                }
            }

            if (text.Length > start)
            {
                words.Add(text[start..]);
            }

            return words;
        }
    }
}
