using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Arw.Core.Episodes;
using Arw.Core.Journal;
using Arw.Core.State;
using Arw.Tests.Http;

namespace Arw.Tests.Streaming;

public sealed class CloudEventsTests
{
    private const string One = """{"specversion":"1.0","id":"7","source":"/ci","type":"com.example.Build.finished","time":"2026-11-25T10:00:00.5Z","subject":"main","traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01","data":{"status":"error","cost_micro_usd":12}}""";

    [Fact]
    public async Task Structured_Event_KeepsItsDataAttributesTimeAndTrace()
    {
        await using var home = await TestHome.StartAsync();
        using var answer = await SendAsync(home, "application/cloudevents+json", One);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var written = await WrittenAsync(home, answer);
        Assert.Equal(("ext.com.example.build.finished", "otel:0af7651916cd43dd8448eb211c80319c", 500), (written.Kind, written.CorrId, written.Time.Millisecond));
        var payload = JsonNode.Parse(written.Payload.Span)!;
        Assert.Equal(("error", "/ci", "main"), ((string?)payload["status"], (string?)payload["cloudevent"]!["source"], (string?)payload["cloudevent"]!["subject"]));

        await home.Service<StateHost>().WaitForAsync(written.Seq);
        var episode = home.Service<EpisodesModel>().Rows.Find(written.CorrId!)!;
        Assert.Equal((1, 12L), (episode.Errors, episode.CostUsdMicros));
    }

    [Fact]
    public async Task Batch_OfEvents_IsWrittenWholeOrNotAtAll()
    {
        await using var home = await TestHome.StartAsync();
        using var both = await SendAsync(home, "application/cloudevents-batch+json", $"[{One},{One}]");
        var answer = JsonNode.Parse(await both.Content.ReadAsStringAsync())!;
        Assert.Equal((long)answer["first_seq"]! + 1, (long)answer["last_seq"]!);

        using var refused = await SendAsync(home, "application/cloudevents-batch+json", $$"""[{{One}},{"specversion":"1.0"}]""");
        var problem = await TestHome.AssertProblemAsync(refused, 422, "invalid_input");
        Assert.StartsWith("Event 1: ", (string?)problem["detail"], StringComparison.Ordinal);
        Assert.Equal((long)answer["last_seq"]!, home.Service<EventJournal>().Head);
    }

    [Fact]
    public async Task Binary_Event_HasItsAttributesInHeaders()
    {
        await using var home = await TestHome.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/events", UriKind.Relative)) { Content = TestHome.Json("[1,2]") };
        foreach (var (name, value) in new[] { ("specversion", "1.0"), ("id", "7"), ("source", "/ci%20two"), ("type", "build.done"), ("corrid", "nightly-7") })
        {
            request.Headers.Add("ce-" + name, value);
        }

        using var answer = await home.Owner.SendAsync(request);
        var written = await WrittenAsync(home, answer);
        Assert.Equal(("ext.build.done", "nightly-7"), (written.Kind, written.CorrId));
        var expected = JsonNode.Parse("""{"data":[1,2],"cloudevent":{"id":"7","source":"/ci two","type":"build.done","corrid":"nightly-7"}}""");
        Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(written.Payload.Span)), Encoding.UTF8.GetString(written.Payload.Span));
    }

    [Theory]
    [InlineData("""{"specversion":"0.3","id":"7","source":"/ci","type":"a.b"}""", "version")]
    [InlineData("""{"specversion":"1.0","source":"/ci","type":"a.b"}""", "no id")]
    [InlineData("""{"specversion":"1.0","id":"7","source":"/ci","type":"Über alles"}""", "Über alles")]
    [InlineData("""{"specversion":"1.0","id":"7","source":"/ci","type":"a.b","time":"yesterday"}""", "yesterday")]
    [InlineData("""{"specversion":"1.0","id":"7","source":"/ci","type":"a.b","more":{"x":1}}""", "more")]
    [InlineData("""{"specversion":"1.0","id":"7","source":"/ci","type":"a.b","data":1,"data_base64":"AQ=="}""", "data_base64")]
    [InlineData("""{"specversion":"1.0","id":"7","source":"/ci","type":"a.b","data":{"cloudevent":1}}""", "cloudevent")]
    [InlineData("""{"specversion":"1.0","id":"7","source":"/ci","type":"a.b","corrid":"not one"}""", "not one")]
    public async Task Event_ThatDoesNotFit_IsRefusedInWords(string body, string says)
    {
        await using var home = await TestHome.StartAsync();
        using var answer = await SendAsync(home, "application/cloudevents+json", body);
        var problem = await TestHome.AssertProblemAsync(answer, 422, "invalid_input");
        Assert.Contains(says, (string?)problem["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Types_OfTheHome_AreNotTaken()
    {
        await using var home = await TestHome.StartAsync();
        using var own = await SendAsync(home, "application/cloudevents+json", """{"specversion":"1.0","id":"7","source":"/ci","type":"otel.span"}""");
        await TestHome.AssertProblemAsync(own, 403, "forbidden");
    }

    private static Task<HttpResponseMessage> SendAsync(TestHome home, string type, string body)
    {
        var content = new StringContent(body, Encoding.UTF8);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return home.Owner.PostAsync(new Uri("/events", UriKind.Relative), content);
    }

    private static async Task<JournalEvent> WrittenAsync(TestHome home, HttpResponseMessage answer)
    {
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, body);
        return Assert.Single(home.Service<EventJournal>().Read((long)JsonNode.Parse(body)!["first_seq"]! - 1, max: 1));
    }
}
