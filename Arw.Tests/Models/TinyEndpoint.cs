using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Arw.Tests.Models;

/// <summary>A small OpenAI-compatible server on loopback: each request takes the next scripted answer.</summary>
internal sealed class TinyEndpoint : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Func<HttpContext, Task>> _script = new();

    private TinyEndpoint()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapPost("/v1/chat/completions", async context =>
        {
            Bodies.Add((JsonObject)(await JsonNode.ParseAsync(context.Request.Body))!);
            Keys.Add(context.Request.Headers.Authorization.ToString());
            await (_script.TryDequeue(out var answer) ? answer(context) : throw new InvalidOperationException("Nothing is scripted."));
        });
    }

    public List<JsonObject> Bodies { get; } = [];

    public List<string> Keys { get; } = [];

    public string Url => $"{_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()}/v1";

    public static async Task<TinyEndpoint> StartAsync()
    {
        var endpoint = new TinyEndpoint();
        await endpoint._app.StartAsync();
        return endpoint;
    }

    public TinyEndpoint Answers(Func<HttpContext, Task> answer)
    {
        _script.Enqueue(answer);
        return this;
    }

    public TinyEndpoint Says(params string[] pieces) => Answers(async context =>
    {
        foreach (var piece in pieces)
        {
            await SendAsync(context, Chunk(new JsonObject { ["role"] = "assistant", ["content"] = piece }));
        }

        await EndAsync(context, "stop");
    });

    public TinyEndpoint Calls(string function, string arguments) => Answers(async context =>
    {
        // Arguments come in two pieces, as real servers send them.
        var half = arguments.Length / 2;
        await SendAsync(context, Chunk(Call(new JsonObject { ["name"] = function, ["arguments"] = arguments[..half] }, "call_1")));
        await SendAsync(context, Chunk(Call(new JsonObject { ["arguments"] = arguments[half..] })));
        await EndAsync(context, "tool_calls");
    });

    public static Task SendAsync(HttpContext context, JsonNode chunk)
    {
        if (!context.Response.HasStarted)
        {
            context.Response.ContentType = "text/event-stream";
        }

        return context.Response.WriteAsync($"data: {chunk.ToJsonString()}\n\n");
    }

    public static JsonObject Chunk(JsonObject delta, string? finish = null) => new()
    {
        ["id"] = "c1",
        ["object"] = "chat.completion.chunk",
        ["created"] = 1,
        ["model"] = "tiny",
        ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = delta, ["finish_reason"] = finish }),
    };

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static JsonObject Call(JsonObject function, string? id = null)
    {
        var call = new JsonObject { ["index"] = 0, ["type"] = "function", ["function"] = function };
        if (id is not null)
        {
            call["id"] = id;
        }

        return new JsonObject { ["tool_calls"] = new JsonArray(call) };
    }

    private static async Task EndAsync(HttpContext context, string finish)
    {
        await SendAsync(context, Chunk([], finish));
        var usage = Chunk([]);
        usage["choices"] = new JsonArray();
        usage["usage"] = new JsonObject { ["prompt_tokens"] = 100, ["completion_tokens"] = 20, ["total_tokens"] = 120 };
        await SendAsync(context, usage);
        await context.Response.WriteAsync("data: [DONE]\n\n");
    }
}
