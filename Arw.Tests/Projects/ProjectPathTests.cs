using Arw.Core.Projects;

namespace Arw.Tests.Projects;

public sealed class ProjectPathTests
{
    public static TheoryData<string> Hostile =>
    [
        "", "notes/a.md", "/etc/passwd", "file:///etc/passwd", "Project://a", "project:/a", "project:a", " project://a",
        "project:///etc/passwd", "project://..", "project://../", "project://../x", "project://a/../b", "project://a/..",
        "project://a/../../b", "project://.", "project://./a", "project://a/./b", "project://a//b", "project://a//",
        "project://...", "project://a/..../b", "project://.. /x", "project://..\u200b/x", "project://a\\b", "project://..\\x",
        "project://C:/x", "project://c:", "project://a:stream", "project://a\0b", "project://a\nb", "project://a\rb", "project://a\u007fb",
        "project://a\u202egnp.exe", "project://\u2024\u2024/x", "project://．．/x", "project://a／b", "project://a＼b",
        "project://%2e%2e/x", "project://a%2fb", "project://a%00", "project://%2E%2E%2Fetc",
        "project://con", "project://CON.txt", "project://a/nul", "project://Aux.md", "project://com1", "project://LPT9.x", "project://COM¹", "project://conin$",
        "project://a.", "project://a ", "project:// a", "project://a*b", "project://a?b", "project://a<b", "project://a|b", "project://\"a",
        "project://.arw-tmp-x", "project://a/.ARW-TMP-y", "project://\ud800", "project://cafe\u0301",
        "project://" + new string('a', 241), "project://" + string.Concat(Enumerable.Repeat("aaaaaaaaa/", 110)),
        "project://" + string.Join('/', Enumerable.Repeat("a", 33)),
    ];

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Parse_HostileSpelling_IsRefused(string uri)
    {
        var result = ProjectPath.Parse(uri);
        Assert.False(result.Ok, $"{uri} was taken as {(result.Ok ? result.Value : null)}");
        Assert.Equal("invalid_input", result.Refusal!.Code);
    }

    [Theory]
    [InlineData("project://a.md", "a.md")]
    [InlineData("project://notes/2026/ein Tag.md", "notes/2026/ein Tag.md")]
    [InlineData("project://feeds/", "feeds")]
    [InlineData("project://.hidden/a..b", ".hidden/a..b")]
    [InlineData("project://100%.txt", "100%.txt")]
    [InlineData("project://café/数.md", "café/数.md")]
    [InlineData("project://console/com10.txt", "console/com10.txt")]
    [InlineData("project://", "")]
    public void Parse_PlainPath_IsTaken(string uri, string relative) => Assert.Equal(relative, ProjectPath.Parse(uri).Value.Relative);

    [Theory]
    [InlineData("project://")]
    [InlineData("project://feeds/")]
    public void ParseFile_Folder_IsRefused(string uri) => Assert.False(ProjectPath.ParseFile(uri).Ok);

    [Theory]
    [InlineData("project://**/../x")]
    [InlineData("project://*/..")]
    [InlineData("/etc/*")]
    [InlineData("project://a\\*")]
    public void Glob_HostileSpelling_IsRefused(string uri) => Assert.False(ProjectGlob.Parse(uri).Ok);

    [Theory]
    [InlineData("project://feeds/*.xml", "feeds/a.xml", true)]
    [InlineData("project://feeds/*.xml", "feeds/b/a.xml", false)]
    [InlineData("project://feeds/**/*.xml", "feeds/a.xml", true)]
    [InlineData("project://feeds/**/*.xml", "feeds/b/c/a.xml", true)]
    [InlineData("project://feeds/**", "feeds/b/c/a.xml", true)]
    [InlineData("project://f?.md", "f1.md", true)]
    [InlineData("project://f?.md", "f12.md", false)]
    [InlineData("project://a.md*", "axmd", false)]
    public void Glob_Path_MatchesAsWritten(string glob, string path, bool matches) =>
        Assert.Equal(matches, ProjectGlob.Parse(glob).Value.Matches(path));

    [Theory]
    [InlineData("demo", true)]
    [InlineData("9-lives", true)]
    [InlineData("-x", false)]
    [InlineData("Demo", false)]
    [InlineData("", false)]
    [InlineData("..", false)]
    [InlineData("nul", false)]
    [InlineData("a/b", false)]
    public void ProjectId_Spelling_IsJudged(string id, bool fine) => Assert.Equal(fine, ProjectId.IsWellFormed(id));
}
