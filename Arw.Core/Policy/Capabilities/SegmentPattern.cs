namespace Arw.Core.Policy.Capabilities;

/// <summary>
/// A list of segments (of a path, or words): each is literal or a prefix with a star (<c>feed-*</c>, <c>*</c>), the last one may be <c>**</c>, which stands for any number of segments, none included.
/// <c>**</c> stands at the end only: so two patterns always have one greatest common part.
/// </summary>
public sealed class SegmentPattern
{
    private readonly string[] _segments;
    private readonly bool _open;

    internal SegmentPattern(string[] segments, bool open) => (_segments, _open) = (segments, open);

    /// <summary>Matches everything.</summary>
    public static SegmentPattern Any { get; } = new([], open: true);

    /// <summary>True when it matches everything.</summary>
    public bool IsAny => _open && _segments.Length == 0;

    /// <summary>True when it has no wildcard.</summary>
    public bool IsLiteral => !_open && !Array.Exists(_segments, IsPrefix);

    /// <summary>Its segments, a closing <c>**</c> included.</summary>
    public IReadOnlyList<string> Parts => _open ? [.. _segments, "**"] : _segments;

    internal ReadOnlySpan<string> Segments => _segments;

    internal bool Open => _open;

    internal string Join(char separator) => string.Join(separator, Parts);

    internal bool Covers(SegmentPattern other)
    {
        if (other._segments.Length < _segments.Length || (!_open && (other._open || other._segments.Length > _segments.Length)))
        {
            return false;
        }

        for (var i = 0; i < _segments.Length; i++)
        {
            if (!SegmentCovers(_segments[i], other._segments[i]))
            {
                return false;
            }
        }

        return true;
    }

    internal SegmentPattern? Meet(SegmentPattern other)
    {
        var (longer, shorter) = _segments.Length >= other._segments.Length ? (this, other) : (other, this);
        if (longer._segments.Length > shorter._segments.Length && !shorter._open)
        {
            return null;
        }

        var segments = (string[])longer._segments.Clone();
        for (var i = 0; i < shorter._segments.Length; i++)
        {
            if (SegmentCovers(segments[i], shorter._segments[i]))
            {
                segments[i] = shorter._segments[i];
            }
            else if (!SegmentCovers(shorter._segments[i], segments[i]))
            {
                return null;
            }
        }

        return new SegmentPattern(segments, _open && other._open);
    }

    private static bool IsPrefix(string segment) => segment.EndsWith('*');

    // "a*" covers "a", "ab" and "ab*"; the star of the other side is one more character here, which changes nothing.
    private static bool SegmentCovers(string segment, string other) =>
        segment == other
        || (IsPrefix(segment) && other.AsSpan().StartsWith(segment.AsSpan(0, segment.Length - 1), StringComparison.Ordinal));
}
