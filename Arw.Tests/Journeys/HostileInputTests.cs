using System.IO.Compression;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Tests.Egress;
using Microsoft.AspNetCore.Http;

namespace Arw.Tests.Journeys;

/// <summary>What hostile feeds, servers, manifests and paths get through the real pipeline: a clear refusal each, and a home that goes on.</summary>
public sealed class HostileInputTests
{
    private const int Megabyte = 1024 * 1024;

    [Fact]
    public async Task HostileInput_ThroughThePipeline_IsRefusedAndTheHomeGoesOn()
    {
        await using var server = await LoopbackServer.StartAsync(AnswerAsync);
        await using var home = await JourneyHome.StartAsync();
        await home.AllowAsync(server.Port);
        await home.GrantAsync($"net.http:GET {server.Url("/**")}");
        await home.GrantAsync("file.write project://**");
        Directory.CreateDirectory(home.File("notes"));
        using var outside = new TempFolder();
        await File.WriteAllTextAsync(outside.File("secret.txt"), "outside");
        File.CreateSymbolicLink(home.File("notes/link.txt"), outside.File("secret.txt"));
        Directory.CreateSymbolicLink(home.File("linked"), outside.Path);

        (string Kind, JsonObject Input, string Code)[] cases =
        [
            ("recipe.install", new() { ["text"] = "id: broken\nname: [never closed\n" }, "invalid_input"),
            ("recipe.install", new() { ["text"] = "id: a\nid: b\n" }, "invalid_input"),
            ("feed.read", new() { ["url"] = server.Url("/declared-100mb") }, "response_too_large"),
            ("feed.read", new() { ["url"] = server.Url("/streamed-100mb") }, "response_too_large"),
            ("feed.read", new() { ["url"] = server.Url("/bomb") }, "compression_bomb"),
            ("feed.read", new() { ["url"] = server.Url("/loop") }, "redirect_loop"),
            ("feed.read", new() { ["url"] = "project://../secret.txt" }, "invalid_input"),
            ("file.read", new() { ["path"] = "project://../secret.txt" }, "invalid_input"),
            ("file.read", new() { ["path"] = "project://notes/%2e%2e/%2e%2e/secret.txt" }, "invalid_input"),
            ("file.write", new() { ["path"] = "project://a/../../secret.txt", ["content"] = "x" }, "invalid_input"),
            ("file.read", new() { ["path"] = "project://notes/link.txt" }, "forbidden"),
            ("feed.read", new() { ["url"] = "project://linked/secret.txt" }, "forbidden"),
            ("file.write", new() { ["path"] = "project://linked/new.txt", ["content"] = "x" }, "forbidden"),
            ("file.write", new() { ["path"] = "project://notes/link.txt", ["content"] = "x" }, "forbidden"),
        ];
        var wrong = new List<string>();
        foreach (var (kind, input, code) in cases)
        {
            var (got, message) = await CodeAsync(home, kind, input);
            if (got != code || message.Contains("   at ", StringComparison.Ordinal))
            {
                wrong.Add($"{kind} {input.ToJsonString()}: {got} instead of {code}: {message}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Equal("outside", await File.ReadAllTextAsync(outside.File("secret.txt")));
        Assert.Single(Directory.EnumerateFileSystemEntries(outside.Path));

        // Nothing was lost, and it still works.
        var echo = await home.SubmitAsync("demo.echo", new JsonObject { ["text"] = "still here" });
        Assert.Equal(ActionState.Completed, (await home.EndOf(echo.Id)).State);
        await Rebuilt.AssertEqualAsync(home);
    }

    private static async Task<(string Code, string Message)> CodeAsync(JourneyHome home, string kind, JsonObject input)
    {
        var outcome = await home.TryAsync(kind, input, OnNeedsLease.Refuse);
        if (!outcome.Ok)
        {
            return (outcome.Refusal.Code, outcome.Refusal.Message);
        }

        var end = await home.EndOf(outcome.Value.Id);
        return (end.Error?.Code ?? end.State.ToString(), end.Error?.Message ?? "");
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        context.Response.ContentType = "application/rss+xml";
        switch (context.Request.Path.Value)
        {
            case "/declared-100mb":
                context.Response.ContentLength = 100L * Megabyte;
                await PourAsync(context.Response.Body, context);
                break;
            case "/streamed-100mb":
                await PourAsync(context.Response.Body, context);
                break;
            case "/bomb":
                context.Response.Headers.ContentEncoding = "gzip";
                await using (var zip = new GZipStream(context.Response.Body, CompressionLevel.Optimal))
                {
                    await PourAsync(zip, context);
                }

                break;
            default:
                context.Response.Redirect("/loop");
                break;
        }
    }

    private static async Task PourAsync(Stream to, HttpContext context)
    {
        try
        {
            var blank = new byte[Megabyte];
            Array.Fill(blank, (byte)' ');
            for (var i = 0; i < 100; i++)
            {
                await to.WriteAsync(blank, context.RequestAborted);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The reader left, as it should.
        }
    }
}
