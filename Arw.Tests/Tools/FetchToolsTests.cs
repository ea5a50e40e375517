using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Primitives;
using Arw.Core.Tools;
using Arw.Tests.Actions;
using Arw.Tests.Egress;
using Microsoft.AspNetCore.Http;

namespace Arw.Tests.Tools;

public class FetchToolsTests
{
    private const string Feed = "<rss><channel><title>T</title><item><title>I</title><link>/i</link></item></channel></rss>";

    [Fact]
    public async Task Fetch_Text_AnswersHeadersBodyAndRedirects()
    {
        await using var server = await LoopbackServer.StartAsync(async c =>
        {
            if (c.Request.Path == "/from")
            {
                c.Response.Redirect("/to");
                return;
            }

            c.Response.ContentType = "text/plain; charset=iso-8859-1";
            await c.Response.Body.WriteAsync(Encoding.Latin1.GetBytes($"é {c.Request.Method} {c.Request.Headers.Accept}"));
        });
        var world = new EgressWorld();
        world.Allow(server);

        var output = (await Run(Fetch(world), new { url = server.Url("/from"), accept = "text/plain" }, world.Run)).Value!;

        Assert.Equal("é GET text/plain", (string?)output["body"]);
        Assert.Equal((200, server.Url("/to"), false), ((int)output["status"]!, (string?)output["final_url"], (bool)output["body_truncated"]!));
        Assert.Equal(302, (int)output["redirects"]![0]!["status"]!);
        Assert.Equal("text/plain; charset=iso-8859-1", (string?)output["headers"]!["content-type"]);
    }

    [Fact]
    public async Task Fetch_LongOrBinaryBody_IsCutAndPreviewed()
    {
        await using var server = await LoopbackServer.StartAsync(c =>
        {
            c.Response.ContentType = c.Request.Path == "/text" ? "text/plain" : "image/png";
            return c.Response.WriteAsync(new string('x', 10_000));
        });
        var world = new EgressWorld();
        world.Allow(server);

        var text = (await Run(Fetch(world), new { url = server.Url("/text"), max_bytes = 100 }, world.Run)).Value!;
        var image = (await Run(Fetch(world), new { url = server.Url("/image") }, world.Run)).Value!;

        Assert.Equal((100, true), (((string?)text["body"])!.Length, (bool)text["body_truncated"]!));
        Assert.Null(image["body"]);
        Assert.Equal((4096, 10_000), (Convert.FromBase64String((string)image["body_base64"]!).Length, (int)image["bytes"]!));
    }

    [Fact]
    public void Fetch_Needs_AreTheNormalisedRequest()
    {
        var world = new EgressWorld();
        var needs = Fetch(world).Needs(Json(new { url = "HTTPS://Example.org/a/../b?x", method = "post" }), world.Run.Context).Value;
        Assert.Equal("net.http:POST https://example.org/b", Assert.Single(needs).ToString());
        Assert.Equal("invalid_url", Fetch(world).Needs(Json(new { url = "http://0x7f.1/" }), world.Run.Context).Refusal?.Code);
    }

    [Fact]
    public async Task Feed_OverHttp_IsReadWithItsOwnAddressAsBase()
    {
        await using var server = await LoopbackServer.StartAsync(c => c.Response.WriteAsync(Feed));
        var world = new EgressWorld();
        world.Allow(server);

        var output = (await Run(Read(world), new { url = server.Url("/feed") }, world.Run)).Value!;

        Assert.Equal(server.Url("/i"), (string?)output["items"]![0]!["url"]);
        Assert.Equal("rss 2.0", (string?)output["feed"]!["format"]);
        Assert.Empty(output["warnings"]!.AsArray());
    }

    [Fact]
    public async Task Feed_Of100Megabytes_IsRefusedEarlyWithBoundedMemory()
    {
        await using var server = await LoopbackServer.StartAsync(async c =>
        {
            c.Response.ContentLength = 100 << 20;
            var chunk = new byte[1 << 16];
            for (var i = 0; i < 1600 && !c.RequestAborted.IsCancellationRequested; i++)
            {
                await c.Response.Body.WriteAsync(chunk, c.RequestAborted);
            }
        });
        var world = new EgressWorld();
        world.Allow(server);

        Assert.Equal("response_too_large", (await Run(Read(world), new { url = server.Url() }, world.Run)).Refusal?.Code);
        Assert.True(world.Written(Core.Egress.EgressEvents.Closed).BytesIn < 8 << 20);
    }

    [Fact]
    public async Task Feed_StatusNotFound_IsRefused()
    {
        await using var server = await LoopbackServer.StartAsync(c =>
        {
            c.Response.StatusCode = 404;
            return Task.CompletedTask;
        });
        var world = new EgressWorld();
        world.Allow(server);
        Assert.Equal("http_status", (await Run(Read(world), new { url = server.Url() }, world.Run)).Refusal?.Code);
    }

    [Fact]
    public async Task Feed_FromProject_AsksForTheFile()
    {
        var world = new EgressWorld();
        var read = Read(world, (project, path, _) => Encoding.UTF8.GetBytes(Feed.Replace("<title>T", $"<title>{project} {path}", StringComparison.Ordinal)));

        var output = (await Run(read, new { url = "project://demo/feeds/a.xml" }, world.Run)).Value!;

        Assert.Equal("demo project://demo/feeds/a.xml", (string?)output["feed"]!["title"]);
        Assert.Equal("file.read project://demo/feeds/a.xml", Assert.Single(world.Run.Demands).ToString());
        Assert.Empty(world.Run.Written);
    }

    [Theory]
    [InlineData("project://../secret")]
    [InlineData("project://a/../../b")]
    public void Feed_PathOutOfTheProject_IsRefusedBeforeItRuns(string url) =>
        Assert.False(Read(new EgressWorld()).Needs(Json(new { url }), new FakeRun().Context).Ok);

    [Fact]
    public async Task Feed_FileNotPermitted_IsNotOpened()
    {
        var run = new FakeRun { Judge = _ => new Refusal("needs_lease", "No.", null, 403) };
        var read = Read(new EgressWorld(), (_, _, _) => throw new InvalidOperationException("Opened without permission."));
        Assert.Equal("needs_lease", (await Run(read, new { url = "project://demo/a.xml" }, run)).Refusal?.Code);
    }

    [Fact]
    public async Task Echo_Input_ComesBack()
    {
        var run = new FakeRun();
        var output = (await new Echo().RunAsync(Json(new { a = 1, b = new[] { "x" } }), run, default)).Value;
        Assert.Equal("""{"a":1,"b":["x"]}""", output!.ToJsonString());
        Assert.Equal("demo.echo", Assert.Single(run.Demands).ToString());
    }

    private static HttpFetch Fetch(EgressWorld world) => new(world.Http, world.Settings, TimeProvider.System);

    private static FeedRead Read(EgressWorld world, ProjectFileReader? files = null) =>
        new(world.Http, world.Settings, files ?? ((_, _, _) => throw new InvalidOperationException("This test expects no files.")));

    private static Task<Result<JsonNode?>> Run(ActionKind action, object input, ActionRun run) => action.RunAsync(Json(input), run, default);

    private static JsonElement Json(object input) => JsonSerializer.SerializeToElement(input);
}
