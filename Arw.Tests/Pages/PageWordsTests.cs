using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Projects;
using Arw.Core.Recipes;
using Arw.Web.Features.Actions;
using Arw.Web.Features.Egress;
using Arw.Web.Features.Projects;
using Arw.Web.Features.Recipes;

namespace Arw.Tests.Pages;

public sealed class PageWordsTests
{
    [Theory]
    [InlineData("feed.read", """{"url":"https://alignment.example.org:8443/rss?key=1"}""", null, "alignment.example.org:8443/rss")]
    [InlineData("feed.read", """{"url":"https://alignment.example.org"}""", null, "alignment.example.org")]
    [InlineData("feed.read", """{"url":"project://demo/feeds/a.xml"}""", null, "demo/feeds/a.xml")]
    [InlineData("file.write", """{"path":"project://digests/x.md","content":"…"}""", null, "digests/x.md")]
    [InlineData("beliefs.propose", """{"claims":[{"text":"long","topic":"Probes"}]}""", null, "Probes")]
    [InlineData("topics.cluster", """{"items":[{"title":"A"},{"title":"B"}]}""", """{"topics":[{},{}]}""", "2 items → 2 topics")]
    [InlineData("text.summarize", """{"items":[{"title":"A"}]}""", null, "1 item · A")]
    [InlineData("text.embed", """{"texts":["a","b"]}""", null, "2 passages")]
    [InlineData("model.chat", """{"model":"llama"}""", null, "llama")]
    [InlineData("recipe.run", """{"recipe":"digest"}""", """{"version":"1.2.0"}""", "digest 1.2.0")]
    [InlineData("demo.echo", """["not an object"]""", null, "The title")]
    public void Target_TellsStepsApart(string kind, string input, string? output, string expected) =>
        Assert.Equal(expected, ActionWords.Target(new ActionRow("A", kind, "The title", ActionState.Completed, "person:owner")
        {
            Input = JsonNode.Parse(input),
            Output = output is null ? null : JsonNode.Parse(output),
        }));

    [Fact]
    public void Why_OnlyOfWhatEndedBadly()
    {
        var failed = new ActionRow("A", "k", "t", ActionState.Failed, "person:owner");
        Assert.Equal("No reason was given.", ActionWords.Why(failed));
        Assert.Null(ActionWords.Why(failed with { State = ActionState.Cancelled }));
    }

    [Theory]
    [InlineData(ActionState.Failed, ActionState.Failed, "recipe.retry")]
    [InlineData(ActionState.Refused, ActionState.Completed, null)]
    [InlineData(ActionState.Refused, ActionState.Running, null)]
    [InlineData(ActionState.Completed, ActionState.Failed, null)]
    public void Retry_OfAStep_GoesOnWithItsRun(ActionState step, ActionState run, string? expected)
    {
        var parent = new ActionRow("R", "recipe.run", "t", run, "person:owner") { CorrId = "E", Project = "demo" };
        var request = ActionRetry.Of(new ActionRow("A", "feed.read", "t", step, "person:owner") { ParentId = "R" }, parent);
        Assert.Equal((expected, expected is null ? null : "E"), (request?.Kind, request?.CorrId));
        Assert.Equal(expected is null ? null : "R", (string?)request?.Input?["run"]);
    }

    [Fact]
    public void Retry_WithoutARecipe_AsksForTheSameAgain()
    {
        var failed = new ActionRow("A", "http.fetch", "t", ActionState.Failed, "person:owner") { Input = new JsonObject { ["url"] = "https://a.example" }, CorrId = "E" };
        Assert.Equal(("http.fetch", "https://a.example", "E"), (ActionRetry.Of(failed, null)!.Kind, (string?)ActionRetry.Of(failed, null)!.Input!["url"], ActionRetry.Of(failed, null)!.CorrId));
        Assert.Null(ActionRetry.Of(failed with { Control = true }, null));
    }

    [Theory]
    [InlineData("http://127.0.0.1:9000/feed?x=1", "127.0.0.1", 9000, "http")]
    [InlineData(" Example.org ", "example.org", 443, "https")]
    [InlineData("http://[::1]:81", "::1", 81, "http")]
    public void ScopeEntry_Address_SpellsHostAndPort(string address, string host, int port, string scheme)
    {
        var scope = ScopeEntry.Of(address).Value;
        Assert.Equal((host, port, scheme), ((string)scope["hosts"]![0]!, (int)scope["ports"]![0]!, (string)scope["protocols"]![0]!));
        var typed = System.Text.Json.JsonSerializer.Deserialize<Arw.Core.Egress.EgressScope>(scope, Arw.Core.Primitives.ArwJson.Options)!;
        Assert.True(typed.Check().Ok, typed.Check().Refusal?.Message);
        Assert.Equal($"{host}, port {port}", ScopeEntry.Places(typed));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ftp://example.org")]
    [InlineData("http://exa mple.org")]
    public void ScopeEntry_NoAddress_IsRefused(string address) => Assert.False(ScopeEntry.Of(address).Ok);

    [Theory]
    [InlineData(PermissionMode.Ask, null, "Asks before it may read from example.org")]
    [InlineData(PermissionMode.Allow, 3600, "May read from example.org for 1 hour")]
    [InlineData(PermissionMode.Allow, 900, "May read from example.org for 15 minutes")]
    [InlineData(PermissionMode.Allow, 61, "May read from example.org for 61 seconds")]
    [InlineData(PermissionMode.Allow, null, "May read from example.org until the episode ends")]
    [InlineData(PermissionMode.Never, null, "May never read from example.org")]
    public void Permission_IsASentence(PermissionMode mode, int? seconds, string expected) =>
        Assert.Equal(expected, PermissionWords.Sentence(new PlannedPermission("net.http:GET https://example.org:443/*", mode, seconds, "read from example.org", "")));

    [Theory]
    [InlineData("a.md", "# A", FileShape.Markdown)]
    [InlineData("a.json", "{}", FileShape.Json)]
    [InlineData("a.csv", "a,b", FileShape.Text)]
    [InlineData("a.md", "a\0b", FileShape.Binary)]
    public void FileView_Of_ShowsByNameAndContent(string path, string text, FileShape expected)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        Assert.Equal(expected, FileView.Of(path, new ProjectContent(bytes, bytes.Length, "sha256:0")).Shape);
    }

    [Fact]
    public void FileView_CutInTheMiddleOfACharacter_IsStillText()
    {
        byte[] cut = [.. "h"u8, 0xC3];
        Assert.Equal(FileShape.Text, FileView.Of("a.txt", new ProjectContent(cut, 10, "sha256:0")).Shape);
        Assert.Equal(FileShape.Text, FileView.Of("a.json", new ProjectContent("{"u8.ToArray(), 10, "sha256:0")).Shape);
        Assert.Equal(FileShape.Binary, FileView.Of("a.txt", new ProjectContent(cut, cut.Length, "sha256:0")).Shape);
    }
}
