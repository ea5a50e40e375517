using System.Runtime.CompilerServices;

namespace Arw.Core.Policy.Cedar.Values;

/// <summary>
/// Makes equal short texts and equal entity names one object, mostly: policies and entities then compare by reference and share cache lines,
/// which is most of what a decision costs. Of fixed size; a name that loses its place is merely no longer shared.
/// </summary>
internal static class SharedNames
{
    /// <summary>Length of the longest text that is shared.</summary>
    public const int LongestText = 64;

    private const int NamePlaces = 4096;
    private const int TextPlaces = 8192;
    private const int UidPlaces = 65_536;
    private const int ShapePlaces = 1024;
    private const int LongestShape = 8;

    // Names and texts have tables of their own: there are many more different texts, and they would push the names out.
    private static readonly string?[] Names = new string?[NamePlaces];
    private static readonly string?[] Texts = new string?[TextPlaces];
    private static readonly EntityUid?[] Uids = new EntityUid?[UidPlaces];
    private static readonly string[]?[] Shapes = new string[ShapePlaces][];

    /// <summary>The shared name, of a type or an attribute, that is equal to the given one.</summary>
    public static string Name(string name) => Shared(Names, name, name);

    /// <summary>The shared name, of a type or an attribute, that is equal to the given one.</summary>
    public static string Name(ReadOnlySpan<char> name) => Shared(Names, name, null);

    /// <summary>The shared value that is equal to the given text.</summary>
    public static string Text(string text) => Shared(Texts, text, text);

    /// <summary>The shared value that is equal to the given text.</summary>
    public static string Text(ReadOnlySpan<char> text) => Shared(Texts, text, null);

    /// <summary>The shared name of an entity.</summary>
    public static EntityUid Uid(string type, string id) => Uid(new EntityUid(type, id));

    /// <summary>The shared name that is equal to the given one.</summary>
    public static EntityUid Uid(EntityUid uid)
    {
        ref var place = ref Uids[uid.GetHashCode() & (UidPlaces - 1)];
        if (Volatile.Read(ref place) is { } shared && shared.Equals(uid))
        {
            return shared;
        }

        if (uid.Id.Length <= LongestText && uid.Type.Length <= LongestText)
        {
            Volatile.Write(ref place, uid);
        }

        return uid;
    }

    /// <summary>The shared list of names that is equal to the given one, whose names are shared.</summary>
    public static string[] Shape(string[] names)
    {
        if (names.Length > LongestShape)
        {
            return names;
        }

        var hash = new HashCode();
        foreach (var name in names)
        {
            hash.Add(RuntimeHelpers.GetHashCode(name));
        }

        ref var place = ref Shapes[hash.ToHashCode() & (ShapePlaces - 1)];
        if (Volatile.Read(ref place) is { } shared && shared.AsSpan().SequenceEqual(names))
        {
            return shared;
        }

        Volatile.Write(ref place, names);
        return names;
    }

    private static string Shared(string?[] places, ReadOnlySpan<char> text, string? asString)
    {
        if (text.Length > LongestText)
        {
            return asString ?? text.ToString();
        }

        ref var place = ref places[string.GetHashCode(text, StringComparison.Ordinal) & (places.Length - 1)];
        if (Volatile.Read(ref place) is { } shared && text.SequenceEqual(shared))
        {
            return shared;
        }

        var made = asString ?? text.ToString();
        Volatile.Write(ref place, made);
        return made;
    }
}
