using System.Text.Json.Nodes;

namespace Arw.Tests.Http;

public sealed class ErasureRoutesTests
{
    [Fact]
    public async Task Stream_AfterAnErasure_ShowsTheEventWithAMarkInsteadOfAPayload()
    {
        await using var home = await TestHome.StartAsync();
        var written = await home.Owner.PostAsync("/events", TestHome.Json(new JsonObject { ["kind"] = "ext.a.b", ["payload"] = new JsonObject { ["secret"] = "xyzzy" } }));
        var seq = (long)JsonNode.Parse(await written.Content.ReadAsStringAsync())!["first_seq"]!;

        await home.ActAsync("journal.erase", new JsonObject { ["seq"] = seq, ["reason"] = "it was private" });

        await using var stream = await SseReader.OpenAsync(home.Owner, $"?after={seq - 1}&prefix=ext.");
        SseFrame? frame;
        do
        {
            frame = await stream.NextAsync();
        }
        while (frame!.Name != "ext.a.b");
        Assert.True((bool)frame.Json["erased"]!);
        Assert.Null(frame.Json["payload"]);
        Assert.DoesNotContain("xyzzy", frame.Data, StringComparison.Ordinal);

        var page = await home.Owner.GetStringAsync($"/journal?event={seq}");
        Assert.Contains("Erased by", page, StringComparison.Ordinal);
        Assert.Contains("it was private", page, StringComparison.Ordinal);
        Assert.DoesNotContain("xyzzy", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Erase_ByAnAgent_IsRefused()
    {
        await using var home = await TestHome.StartAsync();
        using var agent = await home.AgentAsync("scout");
        using var refused = await agent.PostAsync("/actions", TestHome.Json(new JsonObject { ["kind"] = "journal.erase", ["input"] = new JsonObject { ["seq"] = 1, ["reason"] = "no" } }));
        await TestHome.AssertProblemAsync(refused, 403, "forbidden");
    }
}
