using Arw.Core.Policy.Cedar.Schemas;

namespace Arw.Core.Policy.Cedar.Validation;

/// <summary>
/// Which types go together. Strictly: values of two types may meet (in a set, in the branches of an <c>if</c>, around <c>==</c>) only when the
/// types differ in nothing but which booleans they can be.
/// </summary>
internal static class TypeLattice
{
    /// <summary>The smallest type that holds the values of both; null when they do not go together.</summary>
    public static CedarType? Join(CedarType left, CedarType right)
    {
        switch (left, right)
        {
            case (BoolType, BoolType):
                return left.Equals(right) ? left : BoolType.Any;
            case (SetType a, SetType b):
                return ReferenceEquals(a, b) ? a : Join(a.Element, b.Element) is { } element ? new SetType(element) : null;
            case (RecordType a, RecordType b):
                return a.Equals(b) ? a : Join(a, b);
            default:
                return left.Equals(right) ? left : null;
        }
    }

    private static RecordType? Join(RecordType left, RecordType right)
    {
        if (left.Attributes.Length != right.Attributes.Length)
        {
            return null;
        }

        var joined = new AttributeType[left.Attributes.Length];
        for (var i = 0; i < joined.Length; i++)
        {
            var (a, b) = (left.Attributes[i], right.Attributes[i]);
            if (a.Name != b.Name || a.IsRequired != b.IsRequired || Join(a.Type, b.Type) is not { } type)
            {
                return null;
            }

            joined[i] = a with { Type = type };
        }

        return new RecordType(joined);
    }
}
