namespace Arw.Core.Policy.Cedar.Schemas;

/// <summary>A type of the Cedar language, as a schema states it or as the validator derives it.</summary>
public abstract class CedarType : IEquatable<CedarType>
{
    private protected CedarType()
    {
    }

    /// <summary>How many types deep it nests; a type without parts has depth 1.</summary>
    internal virtual int Depth => 1;

    /// <summary>How many types it would be if every part were written out; saturates.</summary>
    internal virtual int Size => 1;

    /// <inheritdoc/>
    public abstract bool Equals(CedarType? other);

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => Equals(obj as CedarType);

    /// <inheritdoc/>
    public abstract override int GetHashCode();

    /// <summary>The type in schema syntax.</summary>
    public abstract override string ToString();
}

/// <summary>A boolean; the validator also knows of booleans that can only be one of the two values.</summary>
public sealed class BoolType : CedarType
{
    private BoolType(bool? only) => Only = only;

    /// <summary>Either value; the only one that a schema can state.</summary>
    public static BoolType Any { get; } = new(null);

    /// <summary>Always true.</summary>
    public static BoolType True { get; } = new(true);

    /// <summary>Always false.</summary>
    public static BoolType False { get; } = new(false);

    /// <summary>The one value that it can have, or null for both.</summary>
    public bool? Only { get; }

    /// <summary>The type of one value.</summary>
    public static BoolType Of(bool value) => value ? True : False;

    /// <inheritdoc/>
    public override bool Equals(CedarType? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => Only switch { null => 1, true => 2, false => 3 };

    /// <inheritdoc/>
    public override string ToString() => Only switch { null => "Bool", true => "True", false => "False" };
}

/// <summary>A 64-bit integer.</summary>
public sealed class LongType : CedarType
{
    private LongType()
    {
    }

    /// <summary>The one instance.</summary>
    public static LongType Instance { get; } = new();

    /// <inheritdoc/>
    public override bool Equals(CedarType? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => 4;

    /// <inheritdoc/>
    public override string ToString() => "Long";
}

/// <summary>A text.</summary>
public sealed class StringType : CedarType
{
    private StringType()
    {
    }

    /// <summary>The one instance.</summary>
    public static StringType Instance { get; } = new();

    /// <inheritdoc/>
    public override bool Equals(CedarType? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => 5;

    /// <inheritdoc/>
    public override string ToString() => "String";
}

/// <summary>A reference to an entity of one type.</summary>
/// <param name="name">The fully qualified name of the entity type.</param>
public sealed class EntityReferenceType(string name) : CedarType
{
    /// <summary>The fully qualified name of the entity type.</summary>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public override bool Equals(CedarType? other) => other is EntityReferenceType entity && entity.Name == Name;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(6, Name);

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>A value of an extension: <c>decimal</c>, <c>ipaddr</c>, <c>datetime</c> or <c>duration</c>.</summary>
public sealed class ExtensionType : CedarType
{
    private ExtensionType(string name) => Name = name;

    /// <summary>Decimal numbers with four digits after the point.</summary>
    public static ExtensionType Decimal { get; } = new("decimal");

    /// <summary>Internet addresses and ranges of them.</summary>
    public static ExtensionType IpAddress { get; } = new("ipaddr");

    /// <summary>Moments, to the millisecond.</summary>
    public static ExtensionType DateTime { get; } = new("datetime");

    /// <summary>Spans between moments.</summary>
    public static ExtensionType Duration { get; } = new("duration");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ExtensionType> All { get; } = [DateTime, Decimal, Duration, IpAddress];

    /// <summary>Its name in a schema.</summary>
    public string Name { get; }

    /// <summary>The extension type of a name, or null when there is none.</summary>
    public static ExtensionType? Find(string name) => All.FirstOrDefault(type => type.Name == name);

    /// <inheritdoc/>
    public override bool Equals(CedarType? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(7, Name);

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>A set whose elements are all of one type.</summary>
/// <param name="element">The type of the elements.</param>
public sealed class SetType(CedarType element) : CedarType
{
    /// <summary>The type of the elements.</summary>
    public CedarType Element { get; } = element;

    internal override int Depth { get; } = element.Depth + 1;

    internal override int Size { get; } = TypeLimits.Add(element.Size, 1);

    /// <inheritdoc/>
    public override bool Equals(CedarType? other) =>
        ReferenceEquals(this, other) || (other is SetType set && set.Depth == Depth && set.Element.Equals(Element));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(8, Element);

    /// <inheritdoc/>
    public override string ToString() => $"Set<{Element}>";
}
