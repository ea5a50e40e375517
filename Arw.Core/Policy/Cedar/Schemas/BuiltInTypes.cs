namespace Arw.Core.Policy.Cedar.Schemas;

/// <summary>The types that exist without being declared: as <c>__cedar::Long</c> always, as <c>Long</c> unless the schema declares its own.</summary>
internal static class BuiltInTypes
{
    private const string Prefix = SchemaNames.Reserved + "::";

    /// <summary>The built-in type of a name without namespace, or null.</summary>
    public static CedarType? Find(string name) => name switch
    {
        "Bool" => BoolType.Any,
        "Long" => LongType.Instance,
        "String" => StringType.Instance,
        _ => ExtensionType.Find(name),
    };

    /// <summary>The built-in type that a full name means, or null.</summary>
    public static CedarType? Find(string path, SchemaDefinitions definitions) =>
        path.StartsWith(Prefix, StringComparison.Ordinal) ? Find(path[Prefix.Length..])
        : definitions.IsEntity(path) || definitions.IsCommonType(path) ? null
        : Find(path);
}
