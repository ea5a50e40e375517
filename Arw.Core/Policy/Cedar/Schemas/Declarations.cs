namespace Arw.Core.Policy.Cedar.Schemas;

// What a schema says, in either syntax, before its names are resolved. "At" is always the offset in the text, for messages.

/// <summary>A name as written: it may mean something in its own namespace or in the empty one.</summary>
internal sealed record NameReference(string Path, int At);

/// <summary>An action as written; without a type it means an action of its own namespace, or else of the empty one.</summary>
internal sealed record ActionReference(string? Type, string Id, int At);

/// <summary>A namespace and what it declares; the empty name is the empty namespace.</summary>
internal sealed record NamespaceDeclaration(string Name, int At)
{
    public List<EntityDeclaration> Entities { get; } = [];

    public List<ActionDeclaration> Actions { get; } = [];

    public List<CommonTypeDeclaration> CommonTypes { get; } = [];
}

/// <summary>One entity type; <see cref="Choices"/> when it lists the ids that exist.</summary>
internal sealed record EntityDeclaration(
    string Name, int At, IReadOnlyList<NameReference> Parents, TypeExpression Shape, TypeExpression? Tags, IReadOnlyList<string>? Choices);

/// <summary>One action.</summary>
internal sealed record ActionDeclaration(string Id, int At, IReadOnlyList<ActionReference> Parents, AppliesTo? AppliesTo);

/// <summary>What an action may be asked for.</summary>
internal sealed record AppliesTo(IReadOnlyList<NameReference> Principals, IReadOnlyList<NameReference> Resources, TypeExpression Context);

/// <summary>A name for a type.</summary>
internal sealed record CommonTypeDeclaration(string Name, int At, TypeExpression Type);

/// <summary>A type as written.</summary>
internal abstract record TypeExpression(int At);

/// <summary>A type that the syntax itself names.</summary>
internal sealed record KnownTypeExpression(CedarType Type, int At) : TypeExpression(At);

/// <summary>A set of a type.</summary>
internal sealed record SetExpression(TypeExpression Element, int At) : TypeExpression(At);

/// <summary>A record.</summary>
internal sealed record RecordExpression(IReadOnlyList<AttributeExpression> Attributes, int At) : TypeExpression(At);

/// <summary>One attribute of a record.</summary>
internal sealed record AttributeExpression(string Name, bool IsRequired, TypeExpression Type, int At);

/// <summary>A name that stands for a type.</summary>
internal sealed record NamedTypeExpression(NameReference Name, NameKinds Kinds) : TypeExpression(Name.At);

/// <summary>What a name may refer to.</summary>
[Flags]
internal enum NameKinds
{
    None = 0,
    Entity = 1,
    Common = 2,
    EntityOrCommon = Entity | Common,
}
