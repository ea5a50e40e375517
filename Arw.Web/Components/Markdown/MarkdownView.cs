using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Arw.Web.Components.Markdown;

/// <summary>Shows Markdown from untrusted sources: elements are made one by one, never from a string of HTML.</summary>
public sealed class MarkdownView : ComponentBase
{
    private IReadOnlyList<Block> _blocks = [];
    private string? _parsed;

    /// <summary>The document.</summary>
    [Parameter, EditorRequired]
    public string Text { get; set; } = "";

    /// <summary>The address of this page, so that a citation without an address can point at its source below.</summary>
    [Parameter]
    public string PagePath { get; set; } = "";

    /// <summary>The page of a file of the project, by its <c>project://</c> path; null leaves such links as text.</summary>
    [Parameter]
    public Func<string, string>? FileHref { get; set; }

    protected override void OnParametersSet()
    {
        if (_parsed != Text)
        {
            _parsed = Text;
            _blocks = MarkdownParser.Parse(Text);
        }
    }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, "div");
        builder.AddAttribute(1, "class", "md");
        Blocks(builder, _blocks);
        builder.CloseElement();
    }

    private void Blocks(RenderTreeBuilder builder, IReadOnlyList<Block> blocks)
    {
        foreach (var block in blocks)
        {
            // A region each: sequence numbers inside are stable per kind of block.
            builder.OpenRegion(2);
            One(builder, block);
            builder.CloseRegion();
        }
    }

    private void One(RenderTreeBuilder builder, Block block)
    {
        switch (block)
        {
            case Block.Heading heading:
                // The page has its own h1, so a document starts at h2.
                Element(builder, $"h{Math.Min(heading.Level + 1, 6)}", heading.Content);
                break;
            case Block.Paragraph paragraph:
                Element(builder, "p", paragraph.Content);
                break;
            case Block.Fence fence:
                builder.OpenElement(0, "pre");
                builder.AddAttribute(1, "tabindex", "0");
                builder.AddContent(2, fence.Value);
                builder.CloseElement();
                break;
            case Block.Quote quote:
                builder.OpenElement(0, "blockquote");
                Blocks(builder, quote.Content);
                builder.CloseElement();
                break;
            case Block.Items items:
                builder.OpenElement(0, items.Ordered ? "ol" : "ul");
                if (items.Ordered && items.Start != 1)
                {
                    builder.AddAttribute(1, "start", items.Start);
                }

                foreach (var item in items.Content)
                {
                    builder.OpenElement(2, "li");
                    Item(builder, item);
                    builder.CloseElement();
                }

                builder.CloseElement();
                break;
            case Block.Source source:
                builder.OpenElement(0, "p");
                builder.AddAttribute(1, "id", $"source-{source.Number}");
                builder.AddAttribute(2, "class", "source");
                builder.AddContent(3, $"[{source.Number}] ");
                Inlines(builder, source.Content);
                builder.CloseElement();
                break;
            case Block.Table table:
                Table(builder, table);
                break;
            case Block.Rule:
                builder.OpenElement(0, "hr");
                builder.CloseElement();
                break;
        }
    }

    private void Item(RenderTreeBuilder builder, IReadOnlyList<Block> item)
    {
        // A tight item is its text, not a paragraph.
        if (item is [Block.Paragraph only])
        {
            Inlines(builder, only.Content);
        }
        else
        {
            Blocks(builder, item);
        }
    }

    private void Table(RenderTreeBuilder builder, Block.Table table)
    {
        builder.OpenElement(0, "table");
        Row(builder, "th", table.Head);
        foreach (var row in table.Rows)
        {
            Row(builder, "td", row);
        }

        builder.CloseElement();
    }

    private void Row(RenderTreeBuilder builder, string cell, IReadOnlyList<IReadOnlyList<Inline>> cells)
    {
        builder.OpenElement(1, "tr");
        foreach (var content in cells)
        {
            Element(builder, cell, content);
        }

        builder.CloseElement();
    }

    private void Element(RenderTreeBuilder builder, string name, IReadOnlyList<Inline> content)
    {
        builder.OpenElement(0, name);
        Inlines(builder, content);
        builder.CloseElement();
    }

    private void Inlines(RenderTreeBuilder builder, IReadOnlyList<Inline> inlines)
    {
        foreach (var inline in inlines)
        {
            builder.OpenRegion(4);
            One(builder, inline);
            builder.CloseRegion();
        }
    }

    private void One(RenderTreeBuilder builder, Inline inline)
    {
        switch (inline)
        {
            case Inline.Text text:
                builder.AddContent(0, text.Value);
                break;
            case Inline.Code code:
                builder.OpenElement(0, "code");
                builder.AddContent(1, code.Value);
                builder.CloseElement();
                break;
            case Inline.Emphasis emphasis:
                Element(builder, emphasis.Strong ? "strong" : "em", emphasis.Content);
                break;
            case Inline.Link link:
                Link(builder, Resolve(link.Href), null);
                Inlines(builder, link.Content);
                builder.CloseElement();
                break;
            case Inline.Cite cite:
                Link(builder, cite.Href is { } href ? Resolve(href) : $"{PagePath}#source-{cite.Number}", "cite");
                builder.AddContent(5, $"[{cite.Number}]");
                builder.CloseElement();
                break;
        }
    }

    private string? Resolve(string href) =>
        href.StartsWith(InlineParser.FileScheme, StringComparison.Ordinal) ? FileHref?.Invoke(href) : href;

    private static void Link(RenderTreeBuilder builder, string? href, string? css)
    {
        builder.OpenElement(0, href is null ? "span" : "a");
        if (href is null)
        {
            return;
        }

        builder.AddAttribute(1, "href", href);
        if (css is not null)
        {
            builder.AddAttribute(2, "class", css);
        }

        if (Uri.TryCreate(href, UriKind.Absolute, out _) && !href.StartsWith('/'))
        {
            builder.AddAttribute(3, "rel", "noopener noreferrer");
            builder.AddAttribute(4, "target", "_blank");
        }
    }
}
