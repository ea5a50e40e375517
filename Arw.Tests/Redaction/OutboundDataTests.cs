using System.Net;
using System.Text;
using Arw.Core.Egress;
using Arw.Core.Journal;
using Arw.Core.Policy;
using Arw.Core.Primitives;
using Arw.Core.Redaction;
using Arw.Tests.Actions;
using Arw.Tests.Egress;

namespace Arw.Tests.Redaction;

public sealed class OutboundDataTests
{
    private readonly Redactor _redactor = new();
    private readonly FakeRun _run = new() { Judge = c => c.Name == "data.send" ? Refusal.Forbidden("No lease.", null) : null };

    [Theory]
    [InlineData("https://example.org/", null, null, "")]
    [InlineData("https://example.org/?q=anna%40example.org", null, null, "person")]
    [InlineData("https://example.org/in", null, "call +49 30 1234567, pay DE89370400440532013000", "financial,person")]
    [InlineData("https://example.org/in", "password=Tr0ub4dor&3x", null, "credential")]
    public void Classes_AreThoseOfUrlHeadersAndBody(string url, string? header, string? body, string expected)
    {
        KeyValuePair<string, string>[] headers = header is null ? [] : [new("X-Note", header)];
        var found = new OutboundData(_redactor).Classes(new Uri(url), headers, Encoding.UTF8.GetBytes(body ?? ""));
        Assert.Equal(expected, string.Join(',', found.Each().Select(c => c.Word())));
    }

    [Fact]
    public async Task Send_ClassifiedData_AsksForALeaseOfItsOwnAndDoesNotLeaveWithoutOne()
    {
        await using var server = await LoopbackServer.StartAsync(_ => Task.CompletedTask);
        var (http, request) = (Guard(server), new GuardedRequest("POST", $"http://far.example:{server.Port}/inbox") { Body = "write to anna@example.org"u8.ToArray() });
        var refused = await http.SendAsync(request, _run, default);
        Assert.Equal("forbidden", refused.Refusal!.Code);
        Assert.Equal($"data.send:person http://far.example:{server.Port}/inbox", _run.Demands[^1].ToString());
        Assert.Equal("egress.denied", _run.Written[^1].Kind);
        Assert.Equal(0, server.Requests);

        var allowed = await http.SendAsync(request, new FakeRun(), default);
        Assert.True(allowed.Ok, allowed.Refusal?.ToString());
        await allowed.Value.DisposeAsync();
    }

    [Fact]
    public async Task Send_ToThisMachine_IsNoLeaving()
    {
        await using var server = await LoopbackServer.StartAsync(_ => Task.CompletedTask);
        var answer = await Guard(server).SendAsync(new GuardedRequest("POST", $"http://127.0.0.1:{server.Port}/") { Body = "anna@example.org"u8.ToArray() }, _run, default);
        Assert.True(answer.Ok, answer.Refusal?.ToString());
        await answer.Value.DisposeAsync();
    }

    [Theory]
    [InlineData("Authorization")]
    [InlineData("body")]
    [InlineData("url")]
    public async Task Send_Canary_IsRefusedWithAnAlarmWhereverItIs(string where)
    {
        await using var server = await LoopbackServer.StartAsync(_ => Task.CompletedTask);
        var value = Canary.Value(RedactionKey.Passing(), "c1", CanaryForm.ApiKey);
        _redactor.Configure(RedactionSetup.Default with { Canaries = new Dictionary<string, string> { ["c1"] = value } });
        var request = new GuardedRequest("POST", $"http://127.0.0.1:{server.Port}/{(where == "url" ? value : "")}")
        {
            Headers = where == "Authorization" ? [new("Authorization", $"Bearer {value}")] : [],
            Body = where == "body" ? Encoding.UTF8.GetBytes($"{{\"k\":\"{value}\"}}") : null,
        };
        var refused = await Guard(server).SendAsync(request, _run, default);
        Assert.Equal("canary", refused.Refusal!.Code);
        Assert.Equal(["redaction.canary.seen", "egress.denied"], _run.Written.Select(d => d.Kind));
        Assert.Equal(0, server.Requests);
    }

    [Theory]
    [InlineData("data.send:person https://example.org", "data.send:person https://example.org/inbox", true)]
    [InlineData("data.send https://*.example.org", "data.send:credential https://a.example.org/x", true)]
    [InlineData("data.send:person https://example.org", "data.send:credential https://example.org/", false)]
    [InlineData("net.http https://example.org", "data.send:person https://example.org/", false)]
    public void Capability_OfData_CoversItsClassesAndPlaces(string held, string asked, bool covers) =>
        Assert.Equal(covers, Parse(held).Covers(Parse(asked)));

    [Fact]
    public void Capability_OfData_ReadsAsWordsAndIsNeverWidenedToOtherClasses()
    {
        Assert.Equal("send mail addresses and phone numbers to example.org", Parse("data.send:person https://example.org").Describe());
        Assert.Equal(["data.send:person https://example.org/**"], Core.Policy.Engine.LeaseSuggestions.For(Parse("data.send:person https://example.org/inbox")));
    }

    [Fact]
    public void Mask_Json_ChangesTextsOnly()
    {
        var masked = _redactor.Mask(System.Text.Json.Nodes.JsonNode.Parse("""{"a":["mail anna@example.org",4111111111111111],"b":{"phone":"tel: 030 1234567"}}"""), DataClasses.All)!.ToJsonString();
        Assert.DoesNotContain("anna", masked, StringComparison.Ordinal);
        Assert.DoesNotContain("1234567\"", masked, StringComparison.Ordinal);
        Assert.Contains(",4111111111111111]", masked, StringComparison.Ordinal);
    }

    private static Capability Parse(string text) => Capability.Parse(text).Value;

    private GuardedHttp Guard(LoopbackServer server)
    {
        var world = new EgressWorld();
        world.Allow(server);
        world.Allow("far.example", server.Port);
        return new GuardedHttp(
            world.Gate,
            new EgressGuard(world.Gate, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]), TimeProvider.System),
            world.Settings,
            TimeProvider.System,
            new IdSource(TimeProvider.System),
            new OutboundData(_redactor));
    }
}
