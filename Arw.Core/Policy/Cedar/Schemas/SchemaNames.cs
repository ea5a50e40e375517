namespace Arw.Core.Policy.Cedar.Schemas;

/// <summary>Names in a schema: identifiers joined by <c>::</c>, and which of them are taken.</summary>
internal static class SchemaNames
{
    /// <summary>The namespace of what the language itself defines; nobody else may write into it.</summary>
    public const string Reserved = "__cedar";

    /// <summary>The last part of every action's type; entity types may not be called so.</summary>
    public const string Action = "Action";

    /// <summary>True for one identifier that is no word of the language.</summary>
    public static bool IsIdentifier(string text) => Parsing.Reserved.IsAnyIdentifier(text) && !IsKeyword(text);

    /// <summary>True for a word of the language, which no identifier may be.</summary>
    public static bool IsKeyword(string text) => text != Reserved && Parsing.Reserved.Contains(text);

    /// <summary>True for identifiers joined by <c>::</c>, without blanks.</summary>
    public static bool IsPath(string text) => text.Split("::").All(IsIdentifier);

    /// <summary>True when a part of the path belongs to the language.</summary>
    public static bool IsReserved(string path) => path.Split("::").Contains(Reserved, StringComparer.Ordinal);

    /// <summary>True for names that a common type may not have, since they mean something in the JSON form.</summary>
    public static bool IsReservedForTypes(string name) =>
        name is "Bool" or "Boolean" or "Entity" or "Extension" or "Long" or "Record" or "Set" or "String";

    /// <summary>True for the type of actions, of whatever namespace.</summary>
    public static bool IsActionType(string type) => Basename(type) == Action;

    public static bool IsQualified(string path) => path.Contains("::", StringComparison.Ordinal);

    /// <summary>The last part of a path.</summary>
    public static string Basename(string path)
    {
        var at = path.LastIndexOf("::", StringComparison.Ordinal);
        return at < 0 ? path : path[(at + 2)..];
    }

    /// <summary>All but the last part of a path; empty for the empty namespace.</summary>
    public static string NamespaceOf(string path)
    {
        var at = path.LastIndexOf("::", StringComparison.Ordinal);
        return at < 0 ? "" : path[..at];
    }

    /// <summary>A name inside a namespace; the empty namespace changes nothing.</summary>
    public static string Join(string ns, string name) => ns.Length == 0 ? name : $"{ns}::{name}";
}
