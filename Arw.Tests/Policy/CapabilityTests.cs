using Arw.Core.Policy;
using Arw.Core.Policy.Capabilities;

namespace Arw.Tests.Policy;

public class CapabilityTests
{
    [Theory]
    [InlineData("net.http:get,HEAD https://*.Example.org:443/feeds/*", "net.http:GET,HEAD https://*.example.org/feeds/*")]
    [InlineData("net.http:GET http://127.0.0.1:8080/a", "net.http:GET http://127.0.0.1:8080/a")]
    [InlineData("net.http https://bücher.example./%7euser/%c3%a4", "net.http https://xn--bcher-kva.example/~user/%C3%A4")]
    [InlineData("net.http https://[::FFFF:127.0.0.1]/", "net.http https://127.0.0.1/")]
    [InlineData("net.http https://[0:0::1]:8443", "net.http https://[::1]:8443/**")]
    [InlineData("net.http *://*/**", "net.http")]
    [InlineData("net.http:* *://h:*/x", "net.http *://h/x")]
    [InlineData("net.http https://h:*", "net.http https://h:*/**")]
    [InlineData("file.write project://notes/", "file.write project://notes")]
    [InlineData("file.read", "file.read project://**")]
    [InlineData("file.read project://", "file.read project://")]
    [InlineData("spend.usd 0.5", "spend.usd 0.50")]
    [InlineData("spend.usd 1.000001", "spend.usd 1.000001")]
    [InlineData("model.run llama-*", "model.run llama-*")]
    [InlineData("model.run **", "model.run")]
    [InlineData("shell.exec git log **", "shell.exec git log **")]
    [InlineData("net", "net.http")]
    [InlineData("net:http", "net.http http://*:*/**")]
    [InlineData("net:https", "net.http https://*:*/**")]
    [InlineData("net:host:Example.org", "net.http *://example.org/**")]
    [InlineData("net:domain:example.org", "net.http *://*.example.org/**")]
    [InlineData("net:port:8443", "net.http *://*:8443/**")]
    [InlineData("fs", "file.* project://**")]
    [InlineData("file:read project://a", "file.read project://a")]
    [InlineData("fs.patch", "file.write project://**")]
    [InlineData("file.list project://a", "file.read project://a")]
    public void Parse_OfAnySpelling_GivesTheCanonicalText(string text, string canonical) =>
        Assert.Equal(canonical, Capability.Parse(text).Value.ToString());

    [Theory]
    [InlineData("", 1)]
    [InlineData("Net.http", 1)]
    [InlineData("net.http:GE T", 13)]
    [InlineData("net.http:G!T https://h", 10)]
    [InlineData("net.http https://", 18)]
    [InlineData("net.http ftp://h", 10)]
    [InlineData("net.http https://u:p@h/", 21)]
    [InlineData("net.http https://h/?q", 20)]
    [InlineData("net.http https://0x7f.1/", 18)]
    [InlineData("net.http https://2130706433/", 18)]
    [InlineData("net.http https://0177.0.0.1/", 18)]
    [InlineData("net.http https://１２７.1/", 18)]
    [InlineData("net.http https://*.1.2.3.4/", 18)]
    [InlineData("net.http https://a*.example.org/", 18)]
    [InlineData("net.http https://h:0/", 20)]
    [InlineData("net.http https://h:70000/", 20)]
    [InlineData("net.http https://h/a/%2e%2E/b", 22)]
    [InlineData("net.http https://h/%zz", 20)]
    [InlineData("net.http https://h/**/b", 20)]
    [InlineData("net.http https://[fe80::1%25eth0]/", 18)]
    [InlineData("file.read project://../x", 21)]
    [InlineData("file.read project://a//x", 23)]
    [InlineData("file.read project:///etc/passwd", 21)]
    [InlineData("file.read /etc/passwd", 11)]
    [InlineData("file.read project://C:/x", 21)]
    [InlineData("file.read project://a\\..\\x", 22)]
    [InlineData("file.read project://a\u0000", 22)]
    [InlineData("file.read project://a\u202Etxt.exe", 22)]
    [InlineData("file.read project://a*b", 22)]
    [InlineData("spend.usd -1", 11)]
    [InlineData("spend.usd 0.0000001", 11)]
    [InlineData("model.run a  b", 13)]
    [InlineData("demo.echo ", 10)]
    [InlineData("*", 1)]
    public void Parse_OfMalformedText_RefusesWithThePosition(string text, int position)
    {
        var refusal = Capability.Parse(text).Refusal;
        Assert.NotNull(refusal);
        Assert.Equal("invalid_input", refusal.Code);
        Assert.Equal(new CapabilityFault(position), refusal.Details);
    }

    [Theory]
    [InlineData("net.http:GET https://*.example.org/**", "net.http:GET https://a.b.example.org/x", true)]
    [InlineData("net.http:GET https://*.example.org/**", "net.http:GET https://example.org/x", false)]
    [InlineData("net.http:GET https://*.example.org/**", "net.http:GET https://badexample.org/x", false)]
    [InlineData("net.http:GET https://h/feeds/*", "net.http:GET https://h/feeds/a/b", false)]
    [InlineData("net.http:GET https://h/feeds/**", "net.http:GET https://h/feeds", true)]
    [InlineData("net.http:GET https://h", "net.http:GET https://h:8443/", false)]
    [InlineData("net.http:GET https://h", "net.http:GET http://h/", false)]
    [InlineData("net.http:GET https://h", "net.http:POST https://h/", false)]
    [InlineData("net.http https://h", "net.http:POST https://h/", true)]
    [InlineData("net.http:GET https://h", "net.http https://h/", false)]
    [InlineData("file.read project://demo/**", "file.read project://demo", true)]
    [InlineData("file.read project://demo/**", "file.read project://demonstration/x", false)]
    [InlineData("file.*", "file.write project://a", true)]
    [InlineData("file.read", "file.write project://a", false)]
    [InlineData("spend.usd 0.50", "spend.usd 0.50", true)]
    [InlineData("spend.usd 0.50", "spend.usd 0.500001", false)]
    [InlineData("model.run llama-*", "model.run llama-3", true)]
    [InlineData("model.run llama-*", "model.run", false)]
    [InlineData("text.*", "text.embed", true)]
    [InlineData("text.*", "textual.embed", false)]
    public void Covers_OfTwoCapabilities_FollowsTheirScopes(string holder, string needed, bool covered) =>
        Assert.Equal(covered, Capability.Parse(holder).Value.Covers(Capability.Parse(needed).Value));

    [Fact]
    public void Http_OfAnAddressWithAStar_TakesItLiterally()
    {
        var asked = Capability.Http("GET", new Uri("https://h/feeds/*?token=1"));
        Assert.Equal("net.http:GET https://h/feeds/%2A", asked.ToString());
        Assert.False(asked.Covers(Capability.Http("GET", new Uri("https://h/feeds/x"))));
    }

    [Theory]
    [InlineData("https://h/feeds/%2e%2e/secret", "net.http:GET https://h/secret")]
    [InlineData("https://h/feeds/../secret", "net.http:GET https://h/secret")]
    [InlineData("https://h/a/..", "net.http:GET https://h/")]
    [InlineData("https://h//a", "net.http:GET https://h//a")]
    [InlineData("http://0x7f.1/", "net.http:GET http://127.0.0.1/")]
    [InlineData("http://2130706433/", "net.http:GET http://127.0.0.1/")]
    [InlineData("http://[::ffff:7f00:1]/", "net.http:GET http://127.0.0.1/")]
    [InlineData("HTTP://User:Pass@EXAMPLE.org:80/x", "net.http:GET http://example.org/x")]
    public void Http_OfAnAddress_NamesTheTargetThatIsReallyMeant(string url, string capability) =>
        Assert.Equal(capability, Capability.ParseHttp("GET", url).Value.ToString());

    [Theory]
    [InlineData("GET", "ftp://h/")]
    [InlineData("GET", "/etc/passwd")]
    [InlineData("GET,POST", "https://h/")]
    [InlineData("*", "https://h/")]
    public void ParseHttp_OfWhatIsNoOneRequest_Refuses(string method, string url) =>
        Assert.False(Capability.ParseHttp(method, url).Ok);

    [Theory]
    [InlineData("../x")]
    [InlineData("project://../x")]
    [InlineData("/etc/passwd")]
    [InlineData("a/*")]
    [InlineData("**")]
    [InlineData("a\nb")]
    public void ParseFile_OfWhatIsNoFileOfTheProject_Refuses(string path) =>
        Assert.False(Capability.ParseFile("read", path).Ok);

    [Theory]
    [InlineData("net.http:GET,HEAD https://example.org/feeds/**", "read from example.org, any path under /feeds")]
    [InlineData("net.http:POST http://*.example.org:8080", "send POST requests to any subdomain of example.org, port 8080, unencrypted")]
    [InlineData("file.write project://digests/**", "write everything under digests")]
    [InlineData("file.read project://notes/x.md", "read notes/x.md")]
    [InlineData("spend.usd 0.5", "spend up to $0.50")]
    [InlineData("model.run", "run any model")]
    public void Describe_OfACapability_SaysItInPlainWords(string text, string words) =>
        Assert.Equal(words, Capability.Parse(text).Value.Describe());
}
