using Arw.Core.Egress;
using CsCheck;

namespace Arw.Tests.Egress;

public class EgressTargetTests
{
    [Theory]
    [InlineData("http://example.org", "http://example.org/", "example.org", 80)]
    [InlineData("HTTPS://EXAMPLE.org:443/A/../b?q=1#frag", "https://example.org/b?q=1", "example.org", 443)]
    [InlineData("https://example.org:8443?x", "https://example.org:8443/?x", "example.org", 8443)]
    [InlineData("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC", "xn--bcher-kva.example", 443)]
    [InlineData("http://127.0.0.1:8080/", "http://127.0.0.1:8080/", "127.0.0.1", 8080)]
    [InlineData("http://[0:0:0:0:0:0:0:1]:9/", "http://[::1]:9/", "::1", 9)]
    [InlineData("http://[::FFFF:127.0.0.1]/", "http://127.0.0.1/", "127.0.0.1", 80)]
    [InlineData("http://1password.example/", "http://1password.example/", "1password.example", 80)]
    [InlineData("http://a_b.example.org/x", "http://a_b.example.org/x", "a_b.example.org", 80)]
    public void Parse_ProperUrl_NormalisesIt(string text, string url, string host, int port)
    {
        var target = EgressTarget.Parse(text).Value;
        Assert.Equal((url, host, port), (target.Url.AbsoluteUri, target.Host, target.Port));
    }

    [Theory]
    [InlineData("http://user@example.org/")]
    [InlineData("http://user:pass@example.org/")]
    [InlineData("http://example.org@127.0.0.1/")]
    [InlineData("http://2130706433/")]
    [InlineData("http://0x7f000001/")]
    [InlineData("http://0x7f.1/")]
    [InlineData("http://0177.0.0.1/")]
    [InlineData("http://127.1/")]
    [InlineData("http://127.0.1/")]
    [InlineData("http://127.0.0.01/")]
    [InlineData("http://127.0.0.256/")]
    [InlineData("http://１２７.0.0.1/")]
    [InlineData("http://127。0。0。1/")]
    [InlineData("http://1.2.3.4.5/")]
    [InlineData("http://example.0x1/")]
    [InlineData("http://example.org./")]
    [InlineData("http://127.0.0.1./")]
    [InlineData("http://[fe80::1%25eth0]/")]
    [InlineData("http://[::1/")]
    [InlineData("http://[::1]x/")]
    [InlineData("http://::1/")]
    [InlineData("http://[127.0.0.1]/")]
    [InlineData("http:///path")]
    [InlineData("http://")]
    [InlineData("http:example.org")]
    [InlineData("http:/example.org")]
    [InlineData("http:\\\\example.org\\")]
    [InlineData("http://example.org\\@evil.example/")]
    [InlineData("http://exa mple.org/")]
    [InlineData("http://example.org/a\r\nHost: x")]
    [InlineData("http://example.org:/")]
    [InlineData("http://example.org:0/")]
    [InlineData("http://example.org:65536/")]
    [InlineData("http://example.org:080/")]
    [InlineData("http://example.org:+80/")]
    [InlineData("http://-bad.example/")]
    [InlineData("http://a..b/")]
    [InlineData("http://ex%61mple.org/")]
    [InlineData("http://xn--a/")]
    public void Parse_OddSpelling_IsRefused(string text) => Assert.Equal("invalid_url", EgressTarget.Parse(text).Refusal?.Code);

    [Theory]
    [InlineData("")]
    [InlineData("ftp://example.org/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://example.org/")]
    [InlineData("example.org")]
    [InlineData("//example.org")]
    [InlineData(" http://example.org")]
    [InlineData("javascript:alert(1)")]
    public void Parse_OtherScheme_IsRefused(string text) =>
        Assert.Contains(EgressTarget.Parse(text).Refusal?.Code, (string[])["scheme_not_allowed", "invalid_url"]);

    [Fact]
    public void Parse_UserInfo_IsNotRepeatedInTheMessage() =>
        Assert.DoesNotContain("hunter2", EgressTarget.Parse("https://me:hunter2@example.org/?token=hunter2").Refusal!.ToString(), StringComparison.Ordinal);

    [Fact]
    public void Parse_OwnOutput_IsAFixedPoint() =>
        Gen.Select(Gen.String[Gen.Char["aZ09-._üß。１%:@[]/\\?# "], 0, 16], Gen.String[Gen.Char["a/.%?#&=ü"], 0, 8]).Sample((host, rest) =>
            !EgressTarget.Parse($"http://{host}/{rest}").TryGet(out var target, out _)
            || EgressTarget.Parse(target.Url.AbsoluteUri).Value.Url.AbsoluteUri == target.Url.AbsoluteUri);

    [Fact]
    public void Parse_AnyText_NeverThrows() => Gen.String.Sample(text =>
    {
        EgressTarget.Parse(text);
        EgressTarget.Parse("https://" + text);
        UrlRedaction.Redact(text);
    });

    [Theory]
    [InlineData("https://u:p@h.example/x", "https://***@h.example/x")]
    [InlineData("https://h.example/?q=1&api_key=abc&Token=t&x", "https://h.example/?q=1&api_key=***&Token=***&x")]
    [InlineData("https://h.example/a#access_token=1", "https://h.example/a")]
    [InlineData("https://h.example/a?%74oken=x", "https://h.example/a?%74oken=***")]
    public void Redact_Secrets_AreHidden(string url, string expected) => Assert.Equal(expected, UrlRedaction.Redact(url));
}
