using System.Text;

namespace Arw.Core.Policy.Cedar.Ast;

/// <summary>The pattern of <c>like</c>: Unicode scalars, and wildcards that stand for any text, the empty one included.</summary>
public sealed class LikePattern : IEquatable<LikePattern>
{
    /// <summary>Stands for a wildcard among <see cref="Elements"/>.</summary>
    public const int Wildcard = -1;

    private readonly int[] _elements;

    internal LikePattern(int[] elements) => _elements = elements;

    /// <summary>Unicode scalars, and <see cref="Wildcard"/>s.</summary>
    public ReadOnlySpan<int> Elements => _elements;

    /// <summary>A pattern of the given elements.</summary>
    public static LikePattern Of(params ReadOnlySpan<int> elements) => new(elements.ToArray());

    /// <summary>True when the pattern matches all of a text.</summary>
    public bool Matches(string text)
    {
        // The usual walk with one point of return: a later wildcard makes earlier ones final, so it is linear in practice and quadratic at worst.
        int at = 0, element = 0, afterWildcard = -1, retryAt = 0;
        while (at < text.Length)
        {
            if (element < _elements.Length && _elements[element] == Wildcard)
            {
                afterWildcard = ++element;
                retryAt = at;
                continue;
            }

            Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var width);
            if (element < _elements.Length && _elements[element] == rune.Value)
            {
                element++;
                at += width;
            }
            else if (afterWildcard >= 0)
            {
                Rune.DecodeFromUtf16(text.AsSpan(retryAt), out _, out var skipped);
                retryAt += skipped;
                (at, element) = (retryAt, afterWildcard);
            }
            else
            {
                return false;
            }
        }

        while (element < _elements.Length && _elements[element] == Wildcard)
        {
            element++;
        }

        return element == _elements.Length;
    }

    /// <inheritdoc/>
    public bool Equals(LikePattern? other) => other is not null && _elements.AsSpan().SequenceEqual(other._elements);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LikePattern);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var element in _elements)
        {
            hash.Add(element);
        }

        return hash.ToHashCode();
    }
}
