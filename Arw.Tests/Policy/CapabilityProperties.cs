using Arw.Core.Policy;
using CsCheck;

namespace Arw.Tests.Policy;

public class CapabilityProperties
{
    // Few words, so that samples meet each other often.
    private static readonly Gen<string> Segments = Gen.OneOf("", "/", "/a", "/a/b", "/a/*", "/*/b", "/*", "/a*", "/ab", "/**", "/a/**", "/*/**", "/a/b/**", "/a*/**");

    private static readonly Gen<string> Net =
        from name in Gen.OneOf("net.http", "net.*")
        from verbs in Gen.OneOf("", ":GET", ":HEAD,GET", ":POST", ":GET,POST")
        from scheme in Gen.OneOf("http", "https", "*")
        from host in Gen.OneOf("*", "a.b", "*.b", "x.a.b", "*.a.b", "127.0.0.1", "[::1]")
        from port in Gen.OneOf("", ":*", ":80", ":443", ":8080")
        from path in Segments
        select $"{name}{verbs} {scheme}://{host}{port}{path}";

    private static readonly Gen<string> Files =
        from name in Gen.OneOf("file.read", "file.write", "file.*", "notes.append")
        from path in Segments
        select $"{name} project://{path.TrimStart('/')}";

    private static readonly Gen<string> Words =
        from name in Gen.OneOf("x.*", "x.y", "x.y.*", "x.y.z")
        from scope in Gen.OneOf("", " a", " a*", " ab b", " ab **", " *", " **", " project://a", " project://**")
        select name + scope;

    private static readonly Gen<string> Money =
        from name in Gen.OneOf("spend.usd", "spend.*")
        from amount in Gen.OneOf("", " 0", " 0.50", " 1", " 0.000001")
        select name + amount;

    private static readonly Gen<Capability[]> Neighbours =
        Gen.OneOf<string[]>(Net.Array[3], Files.Array[3], Words.Array[3], Money.Array[3], Gen.OneOf<string>(Net, Files, Words, Money).Array[3])
            .Select(texts => texts.Select(t => Capability.Parse(t).Value).ToArray());

    [Fact]
    public void Covers_OfAnySamples_IsAPartialOrder() => Neighbours.Sample(
        s =>
        {
            var (a, b, c) = (s[0], s[1], s[2]);
            Assert.True(a.Covers(a));
            Assert.True(!(a.Covers(b) && b.Covers(a)) || a.Equals(b), $"{a} and {b} cover each other");
            Assert.True(!(a.Covers(b) && b.Covers(c)) || a.Covers(c), $"{a} > {b} > {c}");
        },
        iter: 10_000);

    [Fact]
    public void Meet_OfAnySamples_IsTheGreatestLowerBound() => Neighbours.Sample(
        s =>
        {
            var (a, b, c) = (s[0], s[1], s[2]);
            var meet = Capability.Meet(a, b);
            Assert.Equal(a.Covers(c) && b.Covers(c), meet is not null && meet.Covers(c));
            Assert.Equal(meet, Capability.Meet(b, a));
            Assert.True(meet is null || (a.Covers(meet) && b.Covers(meet)), $"{a} and {b} do not cover {meet}");
        },
        iter: 10_000);

    [Fact]
    public void Parse_OfACapabilitysText_GivesItBack() => Neighbours.Sample(s =>
    {
        Assert.Equal(s[0], Capability.Parse(s[0].ToString()).Value);
        if (Capability.Meet(s[0], s[1]) is { } meet)
        {
            Assert.Equal(meet, Capability.Parse(meet.ToString()).Value);
        }
    });

    [Fact]
    public void Parse_OfAnyText_AnswersWithACanonicalCapabilityOrARefusal()
    {
        var pieces = Gen.OneOf<string>(
            Gen.String,
            Gen.OneOf("net.http", "net:host:", "file.read", "spend.usd", ":", " ", "://", "https", "*", "**", "/", "..", "%2e", "%", "[", "]", "::1", "@", "0x7f", "１", "。", "\ud800", "project://", "xn--", ".", ",", "\\", "\u202e"));
        pieces.Array[0, 8].Select(string.Concat).Sample(
            text =>
            {
                if (Capability.Parse(text).TryGet(out var capability, out var refusal))
                {
                    Assert.Equal(capability, Capability.Parse(capability.ToString()).Value);
                    Assert.NotEmpty(capability.Describe());
                }
                else
                {
                    Assert.Equal("invalid_input", refusal.Code);
                }
            },
            iter: 5_000);
    }

    [Fact]
    public void ParseHttp_OfAnyAddress_AnswersWithOneConcretePlaceOrARefusal()
    {
        var pieces = Gen.OneOf<string>(
            Gen.String,
            Gen.OneOf("a", "/", "..", "/../", "%2e%2e", "%2F", "*", "?x=1", "#f", "\\", ":", "8080", "@", "[::1]", "127.0.0.1", "0x7f.1", "ü", " ", "%00", "%zz"));
        Gen.Select(Gen.OneOf("https://h/", "http://", "https://a.b", "HTTP://h:80"), pieces.Array[0, 6]).Sample(
            s =>
            {
                if (Capability.ParseHttp("GET", s.Item1 + string.Concat(s.Item2)).TryGet(out var capability, out _))
                {
                    Assert.True(capability.Scope.IsConcrete, $"{capability} is a pattern");
                    Assert.Equal(capability, Capability.Parse(capability.ToString()).Value);
                }
            },
            iter: 5_000);
    }

    [Fact]
    public void Covers_OfConcreteRequests_AllocatesNothing()
    {
        var held = Capability.Parse("net.http:GET https://*.example.org/feeds/*").Value;
        var asked = Capability.Http("GET", new Uri("https://a.example.org/feeds/x"));
        Assert.True(held.Covers(asked));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            held.Covers(asked);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
