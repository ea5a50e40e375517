using System.Collections.Concurrent;
using Arw.Tests.Egress;
using Microsoft.AspNetCore.Http;

namespace Arw.Tests.Journeys;

/// <summary>The outside world of a digest run: a slow feed, a malformed one, and one that redirects to a place that nobody allowed.</summary>
internal sealed class FeedServer : IAsyncDisposable
{
    private static readonly (string Id, string Title, string Text)[] Items =
    [
        ("garden-1", "Tomatoes in a cold spring", "Tomato seedlings survive a cold spring under glass. Gardeners water the tomato beds in the morning."),
        ("garden-2", "Compost for vegetable beds", "Compost feeds the vegetable beds through the summer. A garden needs two buckets of compost for each bed."),
        ("orbit-1", "A telescope sees a new comet", "Astronomers found a new comet with a small telescope. The comet passes the sun in autumn."),
        ("orbit-2", "Satellites map the moon", "Two satellites map the far side of the moon. The orbit takes them over the lunar poles."),
    ];

    private readonly LoopbackServer _server;
    private readonly ConcurrentQueue<string> _hits;
    private TaskCompletionSource? _held;
    private TaskCompletionSource _streaming = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private FeedServer(LoopbackServer server, LoopbackServer elsewhere, ConcurrentQueue<string> hits) => (_server, Elsewhere, _hits) = (server, elsewhere, hits);

    /// <summary>Where the redirect leads: in no scope.</summary>
    public LoopbackServer Elsewhere { get; }

    public int Port => _server.Port;

    /// <summary>Path and query of every request that came in.</summary>
    public IReadOnlyCollection<string> Hits => _hits;

    /// <summary>Called when a request came in, and again when it was answered whole; throwing there breaks the connection off.</summary>
    public Action<string, bool>? At { get; set; }

    /// <summary>The sources that a digest of the readable feed can cite.</summary>
    public static IEnumerable<string> Sources => Items.Select(i => $"https://news.example/{i.Id}");

    public static async Task<FeedServer> StartAsync()
    {
        FeedServer? feeds = null;
        var hits = new ConcurrentQueue<string>();
        var elsewhere = await LoopbackServer.StartAsync(context => context.Response.WriteAsync("not for you"));
        var server = await LoopbackServer.StartAsync(async context =>
        {
            var path = $"{context.Request.Path}{context.Request.QueryString}";
            hits.Enqueue(path);
            feeds!.At?.Invoke(path, false);
            await feeds.AnswerAsync(context);
            await context.Response.CompleteAsync();
            feeds.At?.Invoke(path, true);
        });
        return feeds = new FeedServer(server, elsewhere, hits);
    }

    /// <summary>The three feeds; the query tells runs apart.</summary>
    public string[] Urls(string run) => [_server.Url($"/slow?run={run}"), _server.Url($"/malformed?run={run}"), _server.Url($"/moved?run={run}")];

    /// <summary>From now on the slow feed stops in the middle; completes when one has got there.</summary>
    public Task HoldAsync()
    {
        (_held, _streaming) = (new(TaskCreationOptions.RunContinuationsAsynchronously), new(TaskCreationOptions.RunContinuationsAsynchronously));
        return _streaming.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _held?.TrySetResult();
        await _server.DisposeAsync();
        await Elsewhere.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        switch (context.Request.Path.Value)
        {
            case "/slow":
                await SlowAsync(context);
                break;
            case "/malformed":
                context.Response.ContentType = "application/rss+xml";
                await context.Response.WriteAsync("<<<no feed>>> at all & nothing like one");
                break;
            default:
                context.Response.Redirect(Elsewhere.Url("/feed.xml"));
                break;
        }
    }

    private async Task SlowAsync(HttpContext context)
    {
        context.Response.ContentType = "application/rss+xml";
        await context.Response.WriteAsync("<rss version=\"2.0\"><channel><title>Slow news</title><link>https://news.example/</link>");
        foreach (var (id, title, text) in Items)
        {
            await context.Response.WriteAsync($"<item><guid>{id}</guid><title>{title}</title><link>https://news.example/{id}</link><description>{text}</description></item>");
            await context.Response.Body.FlushAsync();
            if (_held is { } held)
            {
                _streaming.TrySetResult();
                await held.Task.WaitAsync(context.RequestAborted);
            }
        }

        await context.Response.WriteAsync("</channel></rss>");
    }
}
