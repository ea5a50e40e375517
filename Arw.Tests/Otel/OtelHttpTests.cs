using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Arw.Core.Episodes;
using Arw.Core.Otel;
using Arw.Core.Primitives;
using Arw.Core.State;
using Arw.Tests.Http;

namespace Arw.Tests.Otel;

public sealed class OtelHttpTests
{
    [Fact]
    public async Task Traces_OfAnAgent_BecomeAnEpisodeWithStepsTokensAndCost()
    {
        await using var home = await OtelHome.StartAsync();
        using var answer = await home.SendJsonAsync(OtlpSample.Request(OtlpSample.AgentRun()));
        Assert.Equal(("{}", HttpStatusCode.OK), (await answer.Content.ReadAsStringAsync(), answer.StatusCode));

        var episode = (await home.EpisodeAsync(OtlpSample.Trace))!;
        Assert.Equal(("Travel planner", EpisodeStatus.Completed, 1000L), (episode.Title, episode.Status, episode.DurationMs));
        Assert.Equal((5, 1, OtelHome.Project), (episode.Count, episode.Errors, episode.Project));
        Assert.Equal((17L, 5L, 1250L, true), (episode.InputTokens, episode.OutputTokens, episode.CostUsdMicros, episode.CostUnknown));

        var steps = home.Home.Service<StepsModel>().Rows.Query(new TableQuery { OrderBy = "time", Descending = false });
        Assert.Equal(["POST /plan", "Travel planner", "gpt", "weather", "small"], steps.Select(s => s.Title));
        Assert.Equal(["internal", "invoke_agent", "chat", "execute_tool", "chat"], steps.Select(s => s.Op));
        Assert.Equal("The station does not answer.", Assert.Single(steps, s => s.Failed).Error);

        var span = Assert.Single(home.Events(), e => e.SpanId == OtlpSample.Id(3));
        Assert.Equal((OtlpSample.Id(2), "agent:tracer", 100), (span.ParentId, span.Actor, span.Time.Millisecond));
    }

    [Fact]
    public async Task Payloads_Read_AsTheirKindsDeclareThem()
    {
        await using var home = await OtelHome.StartAsync();
        var span = OtlpSample.AgentRun()[1];
        span["events"] = new JsonArray(new JsonObject { ["name"] = "exception", ["timeUnixNano"] = OtlpSample.Nanos(5), ["attributes"] = OtlpSample.Attributes(("exception.type", "X")) });
        span["links"] = new JsonArray(new JsonObject { ["traceId"] = OtlpSample.Trace, ["spanId"] = OtlpSample.Id(9) });
        span["attributes"]!.AsArray().Add(JsonNode.Parse("""{"key":"deep","value":{"kvlistValue":{"values":[{"key":"a","value":{"arrayValue":{"values":[{"intValue":1},{"boolValue":true},{"doubleValue":"NaN"},{"bytesValue":"AQI="},{}]}}}]}}}"""));
        span["attributes"]!.AsArray().Add(JsonNode.Parse("""{"key":"deep","value":{"stringValue":"a second one of that name"}}"""));
        using var answer = await home.SendJsonAsync(OtlpSample.Request(span));
        using var logged = await home.SendJsonAsync(
            OtlpSample.Logs(JsonNode.Parse($$"""{"timeUnixNano":"{{OtlpSample.Nanos(1)}}","severityNumber":17,"body":{"stringValue":"It broke."},"traceId":"{{OtlpSample.Trace}}","spanId":"{{OtlpSample.Id(4)}}"}""")!.AsObject()), "/v1/logs");
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (answer.StatusCode, logged.StatusCode));

        var events = home.Events();
        var read = System.Text.Json.JsonSerializer.Deserialize<OtelSpanEnded>(events[0].Payload.Span, ArwJson.Strict)!;
        Assert.Equal(("weather", "execute_tool", "error", "planner", "test 1"), (read.Title, read.Op, read.Status, read.Source, read.Scope));
        Assert.Equal("""{"a":[1,true,"NaN","AQI=",null]}""", read.Attributes!["deep"]!.ToJsonString());
        var log = System.Text.Json.JsonSerializer.Deserialize<OtelLogged>(events[1].Payload.Span, ArwJson.Strict)!;
        Assert.Equal(("It broke.", "error"), (log.Message, log.Level));
        Assert.Equal((OtelEvents.CorrId(OtlpSample.Trace), OtlpSample.Id(4)), (events[1].CorrId, events[1].SpanId));
        Assert.Equal(2, (await home.EpisodeAsync(OtlpSample.Trace))!.Errors);
    }

    [Fact]
    public async Task Spans_SentAgain_AreWrittenOnce()
    {
        await using var home = await OtelHome.StartAsync();
        var run = OtlpSample.AgentRun();
        using var first = await home.SendJsonAsync(OtlpSample.Request([.. run[..3].Select(Copy), Copy(run[0])]));
        using var second = await home.SendJsonAsync(OtlpSample.Request([.. run.Select(Copy)]));
        using var third = await home.SendJsonAsync(OtlpSample.Request([.. run.Select(Copy)]));
        Assert.All([first, second, third], r => Assert.Equal(HttpStatusCode.OK, r.StatusCode));
        Assert.Equal(5, home.Events().Count);
        Assert.Equal((5, 17L), ((await home.EpisodeAsync(OtlpSample.Trace))!.Count, (await home.EpisodeAsync(OtlpSample.Trace))!.InputTokens));

        static JsonObject Copy(JsonObject span) => span.DeepClone().AsObject();
    }

    [Fact]
    public async Task Spans_WithBadIds_AreRejectedAndTheOthersTaken()
    {
        await using var home = await OtelHome.StartAsync();
        var bad = OtlpSample.Span(7, null, "bad", 0, 1);
        bad["traceId"] = new string('0', 32);
        using var answer = await home.SendJsonAsync(OtlpSample.Request(bad, OtlpSample.Span(8, null, "good", 0, 1)));
        var partial = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["partialSuccess"]!;
        Assert.Equal(("1", HttpStatusCode.OK), ((string?)partial["rejectedSpans"], answer.StatusCode));
        Assert.Contains("\"bad\"", (string?)partial["errorMessage"], StringComparison.Ordinal);
        Assert.Single(home.Events());
    }

    [Fact]
    public async Task Project_OfAnotherAgentOrNone_IsRefused()
    {
        await using var home = await OtelHome.StartAsync();
        await home.Home.ActAsync("project.create", new JsonObject { ["id"] = "other", ["title"] = "Other" });
        using var taken = await home.SendJsonAsync(OtlpSample.Request(OtlpSample.Span(1, null, "mine", 0, 1)));
        using var foreign = await home.SendJsonAsync(OtlpSample.Traces(OtlpSample.Attributes((OtelIntake.ProjectAttribute, "other")), [OtlpSample.Span(2, null, "theirs", 0, 1)]));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden), (taken.StatusCode, foreign.StatusCode));
        Assert.Contains("other", await foreign.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        // A trace belongs to the project of its first event, whoever adds to it.
        using var intruder = home.Client((await home.Home.MintAsync("intruder", Core.Access.PrincipalKind.Agent, ["other"])).Secret);
        using var refused = await intruder.PostAsync(new Uri("/v1/traces", UriKind.Relative), TestHome.Json(OtlpSample.Request(OtlpSample.Span(3, 1, "intruding", 0, 1))));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);

        using var unbound = home.Client((await home.Home.MintAsync("unbound", Core.Access.PrincipalKind.Agent)).Secret);
        using var nowhere = await unbound.PostAsync(new Uri("/v1/traces", UriKind.Relative), TestHome.Json(OtlpSample.Request(OtlpSample.Span(4, null, "x", 0, 1).In(new string('a', 32)))));
        Assert.Equal(HttpStatusCode.Forbidden, nowhere.StatusCode);
        unbound.DefaultRequestHeaders.Add("x-arw-project", "other");
        using var named = await unbound.PostAsync(new Uri("/v1/traces", UriKind.Relative), TestHome.Json(OtlpSample.Request(OtlpSample.Span(4, null, "x", 0, 1).In(new string('a', 32)))));
        Assert.Equal(HttpStatusCode.OK, named.StatusCode);
        Assert.Equal([OtelHome.Project, "other"], home.Events().Select(e => e.Project));
    }

    [Theory]
    [InlineData("application/json", "{\"resourceSpans\":[{\"scopeSpans\":7}]}", 400)]
    [InlineData("application/json", "{\"resourceSpans\":", 400)]
    [InlineData("application/json", "[]", 400)]
    [InlineData("application/x-protobuf", "this is no protobuf", 400)]
    [InlineData("text/plain", "{}", 415)]
    public async Task Body_ThatCannotBeRead_IsRefusedInTheExportersProtocol(string type, string body, int status)
    {
        await using var home = await OtelHome.StartAsync();
        using var content = new StringContent(body, Encoding.UTF8);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        using var answer = await home.Exporter.PostAsync(new Uri("/v1/traces", UriKind.Relative), content);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(type == "application/json" ? type : "application/x-protobuf", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("Send", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(home.Events());
    }

    [Fact]
    public async Task Token_WrongOrMissing_IsRefused()
    {
        await using var home = await OtelHome.StartAsync();
        using var wrong = home.Client("arw_agent_nobody");
        using var stranger = home.Client(null);
        foreach (var client in new[] { wrong, stranger })
        {
            using var answer = await client.PostAsync(new Uri("/v1/traces", UriKind.Relative), TestHome.Json(OtlpSample.Request()));
            var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
            Assert.Equal((HttpStatusCode.Unauthorized, 16), (answer.StatusCode, (int)body["code"]!));
        }
    }

    [Fact]
    public async Task Body_TooLarge_IsRefusedCompressedOrNot()
    {
        await using var home = await OtelHome.StartAsync();
        // Who waits for the answer to its headers sees the refusal; who does not may see the connection end.
        home.Exporter.DefaultRequestHeaders.ExpectContinue = true;
        using var plain = await home.SendJsonAsync(OtlpSample.Request(OtlpSample.Span(1, null, new string('x', 5_000_000), 0, 1)));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, plain.StatusCode);

        using var bomb = await home.Exporter.PostAsync(new Uri("/v1/traces", UriKind.Relative), Gzip(OtlpSample.Request(OtlpSample.Span(1, null, new string('x', 50_000_000), 0, 1)).ToJsonString()));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, bomb.StatusCode);

        // Two bytes each on the wire, hundreds in memory.
        using var many = new ByteArrayContent([.. Enumerable.Repeat<byte[]>([0x0A, 0x02, 0x12, 0x00], 100_000).SelectMany(b => b)]);
        many.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        using var counted = await home.Exporter.PostAsync(new Uri("/v1/traces", UriKind.Relative), many);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, counted.StatusCode);

        // A large resource, repeated in the events of many small spans.
        var fat = OtlpSample.Traces(OtlpSample.Attributes(("fat", new string('x', 100_000))), Enumerable.Range(1, 500).Select(i => OtlpSample.Span(i, null, "s", 0, 1)));
        using var repeated = await home.SendJsonAsync(fat);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, repeated.StatusCode);
        Assert.Empty(home.Events());
    }

    [Fact]
    public async Task Body_Gzip_IsTaken()
    {
        await using var home = await OtelHome.StartAsync();
        using var answer = await home.Exporter.PostAsync(new Uri("/v1/traces", UriKind.Relative), Gzip(OtlpSample.Request(OtlpSample.AgentRun()).ToJsonString()));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var broken = TestHome.Json(OtlpSample.Request());
        broken.Headers.ContentEncoding.Add("gzip");
        using var refused = await home.Exporter.PostAsync(new Uri("/v1/traces", UriKind.Relative), broken);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal(5, home.Events().Count);
    }

    [Fact]
    public async Task Secrets_InWhatIsTraced_AreNotWritten()
    {
        await using var home = await OtelHome.StartAsync();
        var span = OtlpSample.Span(1, null, "GET /", 0, 1, ("http.request.header.x-api-key", "k-123456"), ("note", $"sent Bearer {home.Token}"), ("url.full", "https://me:pass-word@example.org/"));
        span["attributes"]!.AsArray().Add(JsonNode.Parse("""{"key":"http.request.header.cookie","value":{"arrayValue":{"values":[{"stringValue":"sid=abcdef"}]}}}"""));
        using var answer = await home.SendJsonAsync(OtlpSample.Request(span));
        var written = Encoding.UTF8.GetString(Assert.Single(home.Events()).Payload.Span);
        Assert.All(["k-123456", home.Token, "pass-word", "abcdef"], secret => Assert.DoesNotContain(secret, written, StringComparison.Ordinal));
        Assert.Contains("example.org", written, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kinds_OfTheIntake_AreNotWrittenByPostEvents()
    {
        await using var home = await OtelHome.StartAsync();
        using var agent = home.Home.Client(home.Token);
        using var answer = await agent.PostAsync(new Uri("/events", UriKind.Relative), TestHome.Json("""{"kind":"ext.otel.span","payload":{}}"""));
        await TestHome.AssertProblemAsync(answer, 403, "forbidden");
    }

    private static ByteArrayContent Gzip(string json)
    {
        using var buffer = new MemoryStream();
        using (var zip = new GZipStream(buffer, CompressionLevel.Fastest))
        {
            zip.Write(Encoding.UTF8.GetBytes(json));
        }

        var content = new ByteArrayContent(buffer.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.ContentEncoding.Add("gzip");
        return content;
    }
}
