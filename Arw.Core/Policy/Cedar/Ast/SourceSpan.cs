namespace Arw.Core.Policy.Cedar.Ast;

/// <summary>Where something stands in its source text.</summary>
/// <param name="Offset">Characters (UTF-16 units) before it.</param>
/// <param name="Length">Its length in characters.</param>
/// <param name="Line">Line, counted from 1; 0 = not from a text.</param>
/// <param name="Column">Column, counted from 1 in characters; 0 = not from a text.</param>
public readonly record struct SourceSpan(int Offset, int Length, int Line, int Column)
{
    /// <summary>Something that was not read from a text.</summary>
    public static SourceSpan None => default;

    /// <summary>Offset of the first character after it.</summary>
    public int End => Offset + Length;

    /// <summary>From the start of this to the end of another.</summary>
    public SourceSpan To(SourceSpan last) => this with { Length = Math.Max(last.End - Offset, 0) };
}
