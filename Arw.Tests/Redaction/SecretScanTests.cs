using System.Diagnostics;
using System.Text;
using Arw.Core.Journal;
using Arw.Core.Redaction;
using CsCheck;

namespace Arw.Tests.Redaction;

public sealed class SecretScanTests
{
    private readonly Redactor _redactor = new();

    [Fact]
    public void Mask_EqualSecrets_HaveEqualTagsInOneHomeAndOthersElsewhere()
    {
        var secret = new Drawn(1).WithCrc("ghp_");
        var masked = _redactor.Mask($"{secret} and again {secret}, but {new Drawn(2).WithCrc("ghp_")}", DataClasses.All).Split(' ');
        Assert.Equal(masked[0], masked[3].TrimEnd(','));
        Assert.NotEqual(masked[0], masked[^1]);
        Assert.NotEqual(masked[0], new Redactor().Mask(secret, DataClasses.All));
    }

    [Fact]
    public void Key_FromFolder_IsKeptForTheOwnerOnly()
    {
        using var folder = new TempFolder();
        var tag = RedactionKey.FromFolder(folder.Path).Tag("jwt", "x"u8);
        Assert.Equal(tag, RedactionKey.FromFolder(folder.Path).Tag("jwt", "x"u8));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder.Path, "redaction.key")));
        }
    }

    [Theory]
    [InlineData("ghp_" + "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    [InlineData("a basic understanding of bearer authentication")]
    [InlineData("token = reader.TokenType; password = GetPassword(user)")]
    [InlineData("PublicKeyToken=b03f5f7f11d50a3a")]
    [InlineData("password: ${DB_PASSWORD}, secret: {{ vault.secret1 }}")]
    [InlineData("sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    [InlineData("4111111111111112 is no card, nor is 1234567812345670")]
    [InlineData("ssh://git@github.com/x.git")]
    public void Find_WhatOnlyLooksLikeOne_IsLeftAlone(string text) =>
        Assert.Empty(_redactor.Find(Encoding.UTF8.GetBytes(text), DataClasses.All).Select(f => f.Kind.Id));

    [Theory]
    [InlineData("postgres://u:p%40ss@w0rd@db/x", "postgres://[redacted:connection-url]@db/x")]
    [InlineData("token=ghp_R4nd0mR4nd0mR4nd0mR4nd0mR4nd0mR4nd0m", "token=[redacted:github-pat]")]
    [InlineData("?q=ghp_R4nd0mR4nd0mR4nd0mR4nd0mR4nd0mR4nd0m%26x", "?q=[redacted:github-pat]%26x")]
    [InlineData("anna@example.org, tel. 030 1234567", "[redacted:mail], tel. [redacted:phone]")]
    [InlineData("4111 1111 1111 1111", "[redacted:card]")]
    [InlineData("DE89 3704 0044 0532 0130 00 ok", "[redacted:iban] ok")]
    public void Mask_Places_AreExact(string text, string expected) => Assert.Equal(expected, Untagged(_redactor.Mask(text, DataClasses.All)));

    [Fact]
    public void Find_InALineOfADiff_IsFoundBehindItsMark() => Assert.Equal(
        ["card", "card", "jwt", "phone"],
        _redactor.Find(Encoding.UTF8.GetBytes("-4111 1111 1111 1111\n+5305082046377395\n-eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U\n++49 30 1234567"), DataClasses.All).Select(f => f.Kind.Id));

    [Fact]
    public void Mask_Masked_StaysAsItIs()
    {
        var drawn = new Drawn(3);
        foreach (var (kind, make) in SecretSamples.All)
        {
            var sample = make(drawn);
            var once = _redactor.Mask($"x {sample.Text ?? sample.Secret} y", DataClasses.All);
            Assert.True(once == _redactor.Mask(once, DataClasses.All), $"{kind}: {once}");
        }
    }

    [Fact]
    public void Mask_AnySecretAmongAnyText_KeepsTheRest()
    {
        var kinds = SecretSamples.All.Keys.ToArray();
        var words = Gen.String[Gen.Char[" abcxyz.,ÄЖ"], 0, 40];
        Gen.Select(words, Gen.Int[0, kinds.Length - 1], Gen.Int, words).Sample((before, kind, seed, after) =>
        {
            var secret = SecretSamples.All[kinds[kind]](new Drawn(seed)).Secret;
            var masked = _redactor.Mask($"{before} {secret} {after}", DataClasses.All);
            return masked.StartsWith(before, StringComparison.Ordinal) && masked.EndsWith(after, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Find_AnyBytes_StaysInBoundsAndInOrder() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        var end = 0;
        foreach (var finding in _redactor.Find(bytes, DataClasses.All))
        {
            Assert.True(finding.Start >= end && finding.End <= bytes.Length && finding.Length > 0);
            end = finding.End;
        }
    });

    public static TheoryData<string> HostileTexts =>
        ["token=", "sk-", "eyJ", "eyJ.", "://", "://a", "a@", "@", "+1", "4111", "-----BEGIN PRIVATE KEY-----", "xoxb-", "password:password:", "bearer ", "DE89", "ghp_", "=token", "key-", "tel:", "0Q~", ":AA"];

    // Twice the text may take twice the looks, not four times: counted in time, of which the bound leaves a lot.
    [Theory]
    [MemberData(nameof(HostileTexts))]
    public void Find_HostileRepetition_IsLinear(string piece)
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(piece, 1 + (1 << 20) / piece.Length)));
        _redactor.Find(text.AsSpan(0, 4096), DataClasses.All);
        var began = Stopwatch.GetTimestamp();
        _redactor.Find(text, DataClasses.All);
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(5), $"{piece}: {Stopwatch.GetElapsedTime(began)}");
    }

    private static string Untagged(string masked) => System.Text.RegularExpressions.Regex.Replace(masked, ":[0-9a-f]{8}]", "]");
}
