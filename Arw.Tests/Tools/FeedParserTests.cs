using System.Text;
using Arw.Core.Tools.Feeds;
using CsCheck;

namespace Arw.Tests.Tools;

public class FeedParserTests
{
    private const string Rss2 = """
        <?xml version="1.0" encoding="UTF-8"?>
        <rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
          <channel><title>News &amp; views</title><link>https://news.example/</link>
            <atom:link rel="self" href="https://news.example/feed.xml"/>
            <item><title><![CDATA[First <b>bold</b>]]></title><link>/a</link><guid isPermaLink="false">id-1</guid>
              <pubDate>Tue, 03 Jun 2008 11:05:30 EST</pubDate><dc:creator>Ann</dc:creator>
              <description>&lt;p&gt;One&lt;/p&gt;&lt;p&gt;Two &amp;amp; three&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;</description></item>
            <item><guid>https://news.example/b</guid><description>Only text</description></item>
          </channel>
        </rss>
        """;

    [Fact]
    public void Parse_Rss2_ReadsEveryField()
    {
        var feed = Parse(Rss2, from: "https://news.example/feed.xml");

        Assert.Equal(new FeedInfo("News & views", "https://news.example/", "rss 2.0"), feed.Feed);
        Assert.Equal(
            new FeedItem("id-1", "First bold", "https://news.example/a", "One Two & three")
            {
                Published = new DateTimeOffset(2008, 6, 3, 16, 5, 30, TimeSpan.Zero),
                Author = "Ann",
            },
            feed.Items[0]);
        Assert.Equal(new FeedItem("https://news.example/b", "", "https://news.example/b", "Only text"), feed.Items[1]);
        Assert.Empty(feed.Warnings);
    }

    [Fact]
    public void Parse_Atom1_ResolvesAgainstXmlBaseAndReadsXhtml()
    {
        var feed = Parse("""
            <feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://blog.example/x/">
              <title type="html">A &lt;i&gt;blog&lt;/i&gt;</title><link href="../" rel="alternate"/><link rel="self" href="/feed"/><author><name>Zoë</name></author>
              <entry xml:base="posts/"><id>tag:blog.example,2024:1</id><title>T</title><link rel="enclosure" href="a.mp3"/><link href="one"/>
                <updated>2024-02-30</updated><published>2024-02-29T10:00:00.5+02:00</published>
                <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Hello <b>there</b></div></content></entry>
            </feed>
            """);

        Assert.Equal(new FeedInfo("A blog", "https://blog.example/", "atom 1.0"), feed.Feed);
        var item = Assert.Single(feed.Items);
        Assert.Equal(("tag:blog.example,2024:1", "https://blog.example/x/posts/one", "Zoë"), (item.Id, item.Url, item.Author));
        Assert.Equal(new DateTimeOffset(2024, 2, 29, 8, 0, 0, 500, TimeSpan.Zero), item.Published);
        Assert.Equal("Hello there", item.Summary);
    }

    [Theory]
    [InlineData("<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'><channel><title>C</title></channel><item rdf:about='https://e.example/1'><title>I</title><link>https://e.example/1</link></item></rdf:RDF>", "rss 1.0")]
    [InlineData("<rss version='0.91'><channel><title>C</title><item><title>I</title><link>https://e.example/1</link></item></channel></rss>", "rss 0.91")]
    [InlineData("<feed version='0.3' xmlns='http://purl.org/atom/ns#'><title>C</title><entry><title>I</title><link rel='alternate' type='text/html' href='https://e.example/1'/><id>https://e.example/1</id><issued>2004-01-01</issued></entry></feed>", "atom 0.3")]
    [InlineData("{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"C\",\"items\":[{\"id\":\"https://e.example/1\",\"url\":\"https://e.example/1\",\"title\":\"I\"}]}", "json feed 1.1")]
    public void Parse_OtherFormats_GiveTheSameShape(string text, string format)
    {
        var feed = Parse(text);
        Assert.Equal(("C", format), (feed.Feed.Title, feed.Feed.Format));
        var item = Assert.Single(feed.Items);
        Assert.Equal(("https://e.example/1", "I", "https://e.example/1"), (item.Id, item.Title, item.Url));
    }

    [Fact]
    public void Parse_JsonFeed_KeepsPlainTextAndNumbers()
    {
        var feed = Parse("""{"version":"https://jsonfeed.org/version/1","title":"a < b","items":[{"id":7,"content_text":"x <y> & z","authors":[{"name":"Bo"}],"date_published":"2020-01-02T03:04:05Z"},{"id":"\ud800","content_html":"<p>h</p>"},]}""");
        Assert.Equal("a < b", feed.Feed.Title);
        Assert.Equal(("7", "x <y> & z", "Bo"), (feed.Items[0].Id, feed.Items[0].Summary, feed.Items[0].Author));
        Assert.StartsWith("sha256:", feed.Items[1].Id, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("utf-8", "utf-8", true)]
    [InlineData("utf-8", null, false)]
    [InlineData("utf-16", null, true)]
    [InlineData("utf-16BE", null, true)]
    [InlineData("utf-16", "utf-16", false)]
    [InlineData("windows-1252", "windows-1252", false)]
    [InlineData("iso-8859-1", "iso-8859-1", false)]
    [InlineData("windows-1252", "utf-8", false)]
    [InlineData("utf-8", "iso-8859-1", false)]
    [InlineData("utf-8", "no-such-charset", false)]
    [InlineData("iso-8859-2", "iso-8859-2", false)]
    [InlineData("iso-8859-15", "iso-8859-15", false)]
    public void Parse_Encoding_KeepsTheLetters(string actual, string? declared, bool mark)
    {
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(actual) ?? Encoding.GetEncoding(actual);
        var label = declared is null ? "" : $" encoding=\"{declared}\"";
        var text = $"<?xml version=\"1.0\"{label}?><rss><channel><title>Žäöé</title></channel></rss>";
        text = actual.StartsWith("iso-8859-1", StringComparison.Ordinal) ? text.Replace("Ž", "", StringComparison.Ordinal) : text;
        byte[] bytes = [.. mark ? encoding.GetPreamble() : [], .. encoding.GetBytes(text)];

        var title = FeedParser.Parse(bytes, null, null, 10).Value.Feed.Title;

        Assert.Equal(actual == "iso-8859-2" ? "Žäöé" : text.Contains('Ž', StringComparison.Ordinal) ? "Žäöé" : "äöé", title);
    }

    [Theory]
    [InlineData("text/xml; charset=\"windows-1252\"", "Caf\u00e9")]
    [InlineData("application/xml", "Caf\u00e9")]
    public void Parse_HttpCharset_WinsOverTheDeclaration(string contentType, string expected)
    {
        var bytes = Encoding.Latin1.GetBytes("<?xml version='1.0' encoding='utf-8'?><rss><channel><title>Caf\u00e9</title></channel></rss>");
        Assert.Equal(expected, FeedParser.Parse(bytes, contentType, null, 10).Value.Feed.Title);
    }

    [Theory]
    [InlineData("\n\n junk <?xml version='1.0'?><rss><channel><title>T</title></channel></rss>", "line 1, column 1: text before")]
    [InlineData("<rss><channel><title>T</title><item><title>a & b</title></item></channel></rss>", "an ampersand is not escaped")]
    [InlineData("<rss><channel><title>T</title>\n<item><description><p>x</description></item></channel></rss>", "line 2, column 24: </description> closes <p>")]
    [InlineData("<rss><channel><title>T</title><item><title>kept</title></item><item><title>cu", "it ends inside <title>")]
    [InlineData("<rss><channel><title>T</title><item><title>1 < 2</title></item></channel></rss>", "begins no element")]
    [InlineData("<!DOCTYPE rss [<!ENTITY x 'boom'>]><rss><channel><title>T</title></channel></rss>", "were not expanded")]
    public void Parse_MalformedXml_IsRepairedAndReported(string text, string warning)
    {
        var feed = Parse(text);
        Assert.Equal("T", feed.Feed.Title);
        Assert.Contains(feed.Warnings, w => w.Contains(warning, StringComparison.Ordinal));
    }

    [Fact]
    public void Parse_HtmlEntities_AreKnown() =>
        Assert.Equal("a \u2014 é", Parse("<rss><channel><title>a&nbsp;&mdash; &eacute;</title></channel></rss>").Feed.Title.Replace('\u00a0', ' '));

    [Theory]
    [InlineData("<html><body>no</body></html>", "web page")]
    [InlineData("<opml/>", "<opml>")]
    [InlineData("plain text", "no element")]
    [InlineData("", "empty")]
    [InlineData("{\"items\": [}", "line 1")]
    [InlineData("{\"items\": 3}", "list of items")]
    public void Parse_NotAFeed_SaysWhatItIs(string text, string expected)
    {
        var refusal = FeedParser.Parse(Encoding.UTF8.GetBytes(text), null, null, 10).Refusal!;
        Assert.Equal("not_a_feed", refusal.Code);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_ExternalEntityAndBillionLaughs_AreNeitherFetchedNorExpanded()
    {
        var laughs = new StringBuilder("<!DOCTYPE rss [<!ENTITY file SYSTEM \"file:///etc/passwd\"><!ENTITY a0 \"ha\">");
        for (var i = 1; i < 30; i++)
        {
            laughs.Append(System.Globalization.CultureInfo.InvariantCulture, $"<!ENTITY a{i} \"&a{i - 1};&a{i - 1};&a{i - 1};\">");
        }

        laughs.Append("]><rss><channel><title>&a29;|&file;</title></channel></rss>");
        Assert.Equal("&a29;|&file;", Parse(laughs.ToString()).Feed.Title);
    }

    [Fact]
    public void Parse_DeepNesting_IsRefusedWithItsPlace()
    {
        var refusal = FeedParser.Parse(Encoding.UTF8.GetBytes("<rss>\n" + string.Concat(Enumerable.Repeat("<a>", 100_000))), null, null, 10).Refusal!;
        Assert.Contains("(line 2, column", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_ScriptLinks_AreDropped()
    {
        var feed = Parse("<rss><channel><title>T</title><item><title>x</title><link>javascript:alert(1)</link></item><item><title>y</title><link>file:///etc/passwd</link></item></channel></rss>", "https://a.example/");
        Assert.All(feed.Items, i => Assert.Null(i.Url));
    }

    [Fact]
    public void Parse_IdsAndLimits_AreStable()
    {
        var text = "<rss><channel>" + string.Concat(Enumerable.Range(0, 30).Select(i => $"<item><guid>same</guid><title>t{i}</title></item>")) + "</channel></rss>";
        var all = FeedParser.Parse(Encoding.UTF8.GetBytes(text), null, null, 100).Value;
        var some = FeedParser.Parse(Encoding.UTF8.GetBytes(text), null, null, 10).Value;
        Assert.Equal(30, all.Items.Select(i => i.Id).Distinct().Count());
        Assert.Equal(all.Items.Take(10), some.Items);
        Assert.Contains("20 more items were left out; 10 were asked for.", some.Warnings);
    }

    [Theory]
    [InlineData("Mon, 02 Jan 2006 15:04:05 GMT", "2006-01-02T15:04:05Z")]
    [InlineData("Mon, 2 Jan 06 15:04 -0700", "2006-01-02T22:04:00Z")]
    [InlineData("Wrongday, 02 January 2006 15:04:05 +01:00", "2006-01-02T14:04:05Z")]
    [InlineData("Jan 2, 2006 3:04 PM", "2006-01-02T15:04:00Z")]
    [InlineData("2 Jan 2006 12:30 am", "2006-01-02T00:30:00Z")]
    [InlineData("02 Jan 2006 15:04:05 PDT (Pacific)", "2006-01-02T22:04:05Z")]
    [InlineData("2006-01-02T15:04:05Z", "2006-01-02T15:04:05Z")]
    [InlineData("2006-01-02T15:04:05.123456+02:00", "2006-01-02T13:04:05.123456Z")]
    [InlineData("2006-01-02 15:04:05", "2006-01-02T15:04:05Z")]
    [InlineData("2006-01-02", "2006-01-02T00:00:00Z")]
    [InlineData("20060102T150405Z", "2006-01-02T15:04:05Z")]
    public void Date_SloppyForms_AreRead(string text, string expected) =>
        Assert.Equal(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), FeedDate.Parse(text));

    [Theory]
    [InlineData("yesterday")]
    [InlineData("32 Jan 2006")]
    [InlineData("30 Feb 2006 10:00 GMT")]
    [InlineData("Jan 2006")]
    [InlineData("2 Jan 2006 25:00")]
    [InlineData("")]
    public void Date_Nonsense_IsNone(string text) => Assert.Null(FeedDate.Parse(text));

    [Fact]
    public void Parse_AnyBytes_NeverThrows() => Gen.Byte.Array[0, 300].Sample(bytes => { FeedParser.Parse(bytes, null, null, 5); });

    [Fact]
    public void Parse_MutatedFeeds_NeverThrow() =>
        Gen.Select(Gen.Int[0, Rss2.Length - 1], Gen.Int[0, 40], Gen.String[Gen.Char["<>/&;![]\"'=?-{}a\ud800\0 \n"], 0, 12]).Sample((at, cut, put) =>
        {
            var text = Rss2[..at] + put + Rss2[Math.Min(Rss2.Length, at + cut)..];
            FeedParser.Parse(Encoding.UTF8.GetBytes(text), "text/xml", new Uri("https://a.example/"), 5);
        });

    [Fact]
    public void Parse_MutatedJsonFeeds_NeverThrow()
    {
        const string text = """{"version":"https://jsonfeed.org/version/1","title":"a","items":[{"id":7,"url":"b","content_text":"x","authors":[{"name":"Bo"}]}]}""";
        Gen.Select(Gen.Int[0, text.Length - 1], Gen.Int[0, 10], Gen.String[Gen.Char["{}[]\",:\\u0d8n1"], 0, 6]).Sample((at, cut, put) =>
        {
            FeedParser.Parse(Encoding.UTF8.GetBytes(text[..at] + put + text[Math.Min(text.Length, at + cut)..]), null, null, 5);
        });
    }

    [Fact]
    public void Date_AnyText_NeverThrows() => Gen.String[Gen.Char["0123456789:+-TZ, aJnFebPM."], 0, 30].Sample(text => { FeedDate.Parse(text); });

    private static FeedDocument Parse(string text, string? from = null) =>
        FeedParser.Parse(Encoding.UTF8.GetBytes(text), null, from is null ? null : new Uri(from), 100).Value;
}
