using System.Text;
using System.Text.Json.Nodes;
using Arw.Core.Access;
using Arw.Core.Actions;
using Arw.Core.Journal;
using Arw.Core.Redaction;
using Arw.Tests.Actions;

namespace Arw.Tests.Redaction;

public sealed class RedactionActionTests : IAsyncLifetime
{
    private readonly KernelFixture _kernel = new();

    public async Task InitializeAsync() => await _kernel.StartAsync();

    public async Task DisposeAsync() => await _kernel.DisposeAsync();

    [Fact]
    public async Task Rule_WhoseTestsHold_MasksFromThenOnAndAfterARestart()
    {
        await _kernel.SubmitAsync("redaction.rule.set", Rule("ACME-[0-9]{6}", "ACME-", ["badge ACME-123456"], ["ACME-12"]));
        Assert.StartsWith("""{"t":"é [redacted:acme-badge:""", await WriteAsync("é ACME-654321 x"));
        await _kernel.RestartAsync();
        Assert.EndsWith("] x\"}", await WriteAsync("é ACME-654321 x"));
        await _kernel.SubmitAsync("redaction.rule.remove", new JsonObject { ["id"] = "acme-badge" });
        Assert.Empty(_kernel.Get<Redactor>().Setup.Rules);
        Assert.Equal("""{"t":"ACME-654321"}""", await WriteAsync("ACME-654321"));
    }

    [Theory]
    [InlineData("ACME-[0-9]{6}", "ACME-", "ACME-12345", "no", "finds nothing in \"ACME-12345\"")]
    [InlineData("ACME-[0-9]+", "ACME-", "ACME-123456", "ACME-1", "finds something in \"ACME-1\"")]
    [InlineData("(?<=x)ACME", "ACME", "xACME", "no", "cannot be used")]
    [InlineData("(a+)+$", "aa", "aaa", "no", "too short")]
    [InlineData("[", "ACME-", "ACME-1", "no", "cannot be used")]
    public async Task Rule_WhoseTestsFail_IsRefusedWithTheSample(string pattern, string keyword, string match, string pass, string expected)
    {
        var result = await _kernel.Actions.SubmitAsync(new SubmitRequest("redaction.rule.set", Rule(pattern, keyword, [match], [pass])), Principal.Owner);
        Assert.Contains(expected, result.Refusal!.Message, StringComparison.Ordinal);
        Assert.Empty(_kernel.Get<RedactionModel>().Current.Rules);
    }

    [Fact]
    public async Task Masks_PersonInTheJournal_IsAChoiceAndCredentialsAreNot()
    {
        Assert.Equal("""{"t":"mail anna@example.org"}""", await WriteAsync("mail anna@example.org"));
        await _kernel.SubmitAsync("redaction.masks.set", new JsonObject { ["journal"] = new JsonArray("credential", "person") });
        Assert.StartsWith("""{"t":"mail [redacted:mail:""", await WriteAsync("mail anna@example.org"));
        var result = await _kernel.Actions.SubmitAsync(new SubmitRequest("redaction.masks.set", new JsonObject { ["journal"] = new JsonArray("person") }), Principal.Owner);
        Assert.Equal("Credentials are always masked.", result.Refusal!.Message);
    }

    [Theory]
    [InlineData("aws_key")]
    [InlineData("github_token")]
    [InlineData("api_key")]
    [InlineData("database_url")]
    public async Task Canary_InAnEvent_RaisesItsAlarmInTheSameAppendAndIsNowhereInTheJournal(string form)
    {
        var planted = await _kernel.SubmitAsync("redaction.canary.plant", new JsonObject { ["label"] = "the old .env", ["form"] = form });
        var (id, value) = ((string)planted.Output!["id"]!, (string)planted.Output["value"]!);
        Assert.Empty(Alarms());

        var appended = (await _kernel.Journal.AppendAsync([Event($"stole {value} today"), Event("nothing")])).Value;
        Assert.Equal(1, appended.LastSeq - appended.FirstSeq);
        Assert.Equal(new CanarySeen(id, "event") { Kind = "ext.test.text", By = "agent:thief" }, Assert.Single(Alarms()));
        await _kernel.Until(() => _kernel.Get<RedactionModel>().Current.Canaries[0].Seen == 1);
        await _kernel.RestartAsync();
        await WriteAsync(value);
        Assert.Equal(2, Alarms().Count);
        Assert.DoesNotContain(_kernel.Journal.Read(0), e => Encoding.UTF8.GetString(e.Payload.Span).Contains(value, StringComparison.Ordinal));

        await _kernel.SubmitAsync("redaction.canary.remove", new JsonObject { ["id"] = id });
        await _kernel.Until(() => _kernel.Get<Redactor>().Setup.Canaries.Count == 0);
        await WriteAsync(value);
        Assert.Equal(2, Alarms().Count);
    }

    [Fact]
    public async Task Agent_MayNotConfigureRedaction()
    {
        foreach (var kind in new[] { "redaction.masks.set", "redaction.rule.set", "redaction.rule.remove", "redaction.canary.plant", "redaction.canary.remove" })
        {
            var result = await _kernel.Actions.SubmitAsync(new SubmitRequest(kind, new JsonObject()) { Project = "demo" }, KernelFixture.Agent);
            Assert.Equal("forbidden", result.Refusal!.Code);
        }
    }

    private static JsonObject Rule(string pattern, string keyword, string[] matches, string[] passes) => new()
    {
        ["id"] = "acme-badge",
        ["pattern"] = pattern,
        ["keyword"] = keyword,
        ["matches"] = new JsonArray([.. matches.Select(m => (JsonNode)m)]),
        ["passes"] = new JsonArray([.. passes.Select(p => (JsonNode)p)]),
    };

    private static EventDraft Event(string text) => new("ext.test.text", Encoding.UTF8.GetBytes(new JsonObject { ["t"] = text }.ToJsonString()), "agent:thief");

    private async Task<string> WriteAsync(string text)
    {
        var appended = (await _kernel.Journal.AppendAsync([Event(text)])).Value;
        return Encoding.UTF8.GetString(_kernel.Journal.Read(appended.FirstSeq - 1, max: 1)[0].Payload.Span);
    }

    private List<CanarySeen> Alarms() => [.. _kernel.Journal.Read(0).Where(RedactionEvents.CanarySeen.Is).Select(RedactionEvents.CanarySeen.Read)];
}
