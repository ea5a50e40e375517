using Arw.Web.Components.Markdown;
using Bunit;
using CsCheck;

namespace Arw.Tests.Components;

public sealed class MarkdownTests : BunitContext
{
    [Fact]
    public void Heading_OfDocument_StartsBelowThePagesOwn() => Assert.Equal("<h2>Digest</h2>", Inner("# Digest"));

    [Fact]
    public void Html_InText_StaysText()
    {
        var shown = Render<MarkdownView>(p => p.Add(m => m.Text, "<script>alert(1)</script> <img src=x onerror=alert(1)>"));
        Assert.Empty(shown.FindAll("script, img"));
        Assert.Contains("<script>", shown.Find("p").TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[x](javascript:alert(1))")]
    [InlineData("[x](data:text/html,hi)")]
    [InlineData("[x](//evil.example)")]
    [InlineData("[x](/\\evil.example)")]
    [InlineData("[x](vbscript:x)")]
    public void Link_ToUnsafeAddress_IsNotMade(string text) =>
        Assert.Empty(Render<MarkdownView>(p => p.Add(m => m.Text, text)).FindAll("a"));

    [Fact]
    public void Link_Outside_CannotReachBack()
    {
        var link = Render<MarkdownView>(p => p.Add(m => m.Text, "[paper](https://papers.example.org/1)")).Find("a");
        Assert.Equal("noopener noreferrer", link.GetAttribute("rel"));
        Assert.Equal("https://papers.example.org/1", link.GetAttribute("href"));
    }

    [Fact]
    public void Citation_WithSourceInTheDocument_LeadsToTheSource()
    {
        var shown = Render<MarkdownView>(p => p.Add(m => m.Text, "It leaks [2].\n\n## Sources\n\n[1] A https://a.example/1\n[2] B https://b.example/2\n"));
        Assert.Equal("https://b.example/2", shown.Find("a.cite").GetAttribute("href"));
        Assert.Equal("source-2", shown.FindAll("p.source")[1].Id);
    }

    [Fact]
    public void Citation_ThatIsALink_LeadsWhereItSays()
    {
        var shown = Render<MarkdownView>(p => p.Add(m => m.Text, "It leaks. [[2]](https://b.example/2) And [a \\[b\\] [c]](https://c.example/)."));
        Assert.Equal("https://b.example/2", shown.Find("a.cite").GetAttribute("href"));
        Assert.Equal("It leaks. [2] And a [b] [c].", shown.Find(".md").TextContent.Trim());
    }

    [Fact]
    public void Citation_InAListOfSources_IsFoundThereToo()
    {
        var shown = Render<MarkdownView>(p => p.Add(m => m.Text, "It leaks [1].\n\n- [1]: [B](https://b.example/2)\n"));
        Assert.Equal("https://b.example/2", shown.Find("a.cite").GetAttribute("href"));
    }

    [Fact]
    public void List_Nested_KeepsItsLevels() =>
        Assert.Equal(2, Render<MarkdownView>(p => p.Add(m => m.Text, "- a\n  - b\n  - c\n- d")).FindAll("ul > li > ul > li").Count);

    [Fact]
    public void Table_WithRule_HasHeadAndRows()
    {
        var shown = Render<MarkdownView>(p => p.Add(m => m.Text, "| a | b |\n|---|---|\n| 1 | 2 |"));
        Assert.Equal(2, shown.FindAll("th").Count);
        Assert.Equal("2", shown.FindAll("td")[1].TextContent);
    }

    [Fact]
    public void Parse_AnyText_EndsAndMakesOnlySafeLinks() => Gen.String[Gen.Char["ab*_`[]()#>-|\\ \n1.hjtps:/<"], 0, 120].Sample(text =>
    {
        foreach (var href in Hrefs(MarkdownParser.Parse(text)))
        {
            Assert.True(href.StartsWith('#') || href.StartsWith('/') || href.StartsWith("http", StringComparison.Ordinal), href);
        }
    });

    private static IEnumerable<string> Hrefs(IEnumerable<Block> blocks) => blocks.SelectMany(b => b switch
    {
        Block.Heading h => Hrefs(h.Content),
        Block.Paragraph p => Hrefs(p.Content),
        Block.Source s => Hrefs(s.Content),
        Block.Quote q => Hrefs(q.Content),
        Block.Items i => i.Content.SelectMany(Hrefs),
        Block.Table t => t.Rows.Prepend(t.Head).SelectMany(r => r).SelectMany(Hrefs),
        _ => [],
    });

    private static IEnumerable<string> Hrefs(IEnumerable<Inline> inlines) => inlines.SelectMany(i => i switch
    {
        Inline.Link l => Hrefs(l.Content).Prepend(l.Href),
        Inline.Emphasis e => Hrefs(e.Content),
        Inline.Cite { Href: { } href } => [href],
        _ => Enumerable.Empty<string>(),
    });

    private string Inner(string text) => Render<MarkdownView>(p => p.Add(m => m.Text, text)).Find(".md").InnerHtml;
}
