namespace Arw.Core.Policy.Cedar.Schemas;

/// <summary>
/// How large a type may be. Everything that walks a type is recursive and visits every part, so a schema that nests common types into
/// one another without end, or doubles them at each step, is refused when it is read.
/// </summary>
internal static class TypeLimits
{
    /// <summary>How deep types may nest.</summary>
    public const int Depth = 250;

    /// <summary>How many types one type may be made of when common types are written out.</summary>
    public const int Size = 100_000;

    public static int Add(int size, int more) => (int)Math.Min((long)size + more, int.MaxValue);
}
