namespace Arw.Web.Components.Markdown;

/// <summary>A piece of a line.</summary>
public abstract record Inline
{
    /// <summary>Plain text.</summary>
    public sealed record Text(string Value) : Inline;

    /// <summary>Code.</summary>
    public sealed record Code(string Value) : Inline;

    /// <summary>Emphasis; strong or not.</summary>
    public sealed record Emphasis(bool Strong, IReadOnlyList<Inline> Content) : Inline;

    /// <summary>A link whose address passed the check.</summary>
    public sealed record Link(string Href, IReadOnlyList<Inline> Content) : Inline;

    /// <summary>A citation, <c>[3]</c>, that leads to the source of that number.</summary>
    public sealed record Cite(int Number, string? Href) : Inline;
}

/// <summary>A piece of a document.</summary>
public abstract record Block
{
    /// <summary>A heading of level 1 to 6.</summary>
    public sealed record Heading(int Level, IReadOnlyList<Inline> Content) : Block;

    /// <summary>A paragraph.</summary>
    public sealed record Paragraph(IReadOnlyList<Inline> Content) : Block;

    /// <summary>A list. An item that is a source (<c>[3]: …</c> or <c>[3] …</c>) carries its number.</summary>
    public sealed record Items(bool Ordered, int Start, IReadOnlyList<IReadOnlyList<Block>> Content) : Block;

    /// <summary>A quotation.</summary>
    public sealed record Quote(IReadOnlyList<Block> Content) : Block;

    /// <summary>Code in a fence.</summary>
    public sealed record Fence(string Value) : Block;

    /// <summary>A source in the list at the end, <c>[3] Title https://…</c>: the target of citations.</summary>
    public sealed record Source(int Number, IReadOnlyList<Inline> Content) : Block;

    /// <summary>A table.</summary>
    public sealed record Table(IReadOnlyList<IReadOnlyList<Inline>> Head, IReadOnlyList<IReadOnlyList<IReadOnlyList<Inline>>> Rows) : Block;

    /// <summary>A line across.</summary>
    public sealed record Rule : Block;
}
