namespace Arw.Core.Policy.Cedar.Values;

/// <summary>
/// Makes equal short texts and equal entity names one object, mostly: policies and entities then compare by reference and share cache lines,
/// which is most of what a decision costs. Of fixed size; a name that loses its place is merely no longer shared.
/// </summary>
internal static class SharedNames
{
    private const int TextPlaces = 8192;
    private const int UidPlaces = 32_768;
    private const int LongestText = 64;

    private static readonly string?[] Texts = new string?[TextPlaces];
    private static readonly EntityUid?[] Uids = new EntityUid?[UidPlaces];

    /// <summary>The shared text that is equal to the given one.</summary>
    public static string Text(string text)
    {
        if (text.Length > LongestText)
        {
            return text;
        }

        ref var place = ref Texts[string.GetHashCode(text, StringComparison.Ordinal) & (TextPlaces - 1)];
        if (Volatile.Read(ref place) is { } shared && shared == text)
        {
            return shared;
        }

        Volatile.Write(ref place, text);
        return text;
    }

    /// <summary>The shared text that is equal to the given one.</summary>
    public static string Text(ReadOnlySpan<char> text)
    {
        if (text.Length > LongestText)
        {
            return text.ToString();
        }

        ref var place = ref Texts[string.GetHashCode(text, StringComparison.Ordinal) & (TextPlaces - 1)];
        if (Volatile.Read(ref place) is { } shared && text.SequenceEqual(shared))
        {
            return shared;
        }

        var made = text.ToString();
        Volatile.Write(ref place, made);
        return made;
    }

    /// <summary>The shared name of an entity.</summary>
    public static EntityUid Uid(string type, string id)
    {
        ref var place = ref Uids[HashCode.Combine(type, id) & (UidPlaces - 1)];
        if (Volatile.Read(ref place) is { } shared && shared.Id == id && shared.Type == type)
        {
            return shared;
        }

        var made = new EntityUid(Text(type), Text(id));
        if (id.Length <= LongestText && type.Length <= LongestText)
        {
            Volatile.Write(ref place, made);
        }

        return made;
    }
}
