using System.Collections.Immutable;
using System.Text;
using Arw.Core.Policy.Cedar.Parsing;

namespace Arw.Core.Policy.Cedar.Schemas;

/// <summary>One attribute of a record or an entity.</summary>
/// <param name="Name">Its name; any text.</param>
/// <param name="Type">The type of its value.</param>
/// <param name="IsRequired">False when it may be absent.</param>
public sealed record AttributeType(string Name, CedarType Type, bool IsRequired = true);

/// <summary>A record with exactly the attributes listed; those that are not required may be absent.</summary>
public sealed class RecordType : CedarType
{
    private readonly int _hash;

    /// <summary>A record of attributes; where a name comes twice, the last one counts.</summary>
    public RecordType(IEnumerable<AttributeType> attributes)
    {
        var byName = new SortedDictionary<string, AttributeType>(StringComparer.Ordinal);
        foreach (var attribute in attributes)
        {
            byName[attribute.Name] = attribute;
        }

        Attributes = [.. byName.Values];
        var hash = new HashCode();
        foreach (var attribute in Attributes)
        {
            Depth = Math.Max(Depth, attribute.Type.Depth + 1);
            Size = TypeLimits.Add(Size, attribute.Type.Size);
            hash.Add(attribute);
        }

        _hash = hash.ToHashCode();
    }

    /// <summary>The record without attributes.</summary>
    public static RecordType Empty { get; } = new([]);

    /// <summary>The attributes, ordered by name.</summary>
    public ImmutableArray<AttributeType> Attributes { get; }

    internal override int Depth { get; } = 1;

    internal override int Size { get; } = 1;

    /// <summary>The attribute of a name, or null when the record cannot have it.</summary>
    public AttributeType? Find(string name)
    {
        var (low, high) = (0, Attributes.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            switch (string.CompareOrdinal(Attributes[middle].Name, name))
            {
                case 0:
                    return Attributes[middle];
                case < 0:
                    low = middle + 1;
                    break;
                default:
                    high = middle - 1;
                    break;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public override bool Equals(CedarType? other) =>
        ReferenceEquals(this, other)
        || (other is RecordType record && record._hash == _hash && record.Attributes.AsSpan().SequenceEqual(Attributes.AsSpan()));

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <inheritdoc/>
    public override string ToString()
    {
        if (Attributes.IsEmpty)
        {
            return "{}";
        }

        var text = new StringBuilder("{ ");
        foreach (var attribute in Attributes)
        {
            text.Append(text.Length > 2 ? ", " : "")
                .Append(SchemaNames.IsIdentifier(attribute.Name) ? attribute.Name : StringEscapes.Quote(attribute.Name))
                .Append(attribute.IsRequired ? ": " : "?: ")
                .Append(attribute.Type);
        }

        return text.Append(" }").ToString();
    }
}
