using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Arw.E2E.Hosts;

/// <summary>Feeds as the web serves them, on a free port of this machine: a good one, a slow one, one that is no feed, one that sends its reader elsewhere.</summary>
public sealed class FeedServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<string> _asked = new();
    private TaskCompletionSource _gate = Open();

    private FeedServer(WebApplication app)
    {
        _app = app;
        app.Run(AnswerAsync);
    }

    public int Port { get; private set; }

    /// <summary>Paths that were asked for, in order.</summary>
    public IReadOnlyCollection<string> Asked => _asked;

    /// <summary>Where the moved feed sends its reader: another port, which no scope names.</summary>
    public string Elsewhere { get; private set; } = "";

    public static async Task<FeedServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new FeedServer(builder.Build());
        await server._app.StartAsync();
        server.Port = new Uri(server._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
        server.Elsewhere = $"http://127.0.0.1:{(server.Port == 65535 ? 1024 : server.Port + 1)}/private.xml";
        return server;
    }

    public string Url(string path) => $"http://127.0.0.1:{Port}{path}";

    /// <summary>From now on the slow feed answers only when it is let go.</summary>
    public void Hold() => _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Lets the slow feed answer.</summary>
    public void LetGo() => _gate.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        LetGo();
        await _app.DisposeAsync();
    }

    private static TaskCompletionSource Open()
    {
        var open = new TaskCompletionSource();
        open.SetResult();
        return open;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        _asked.Enqueue(context.Request.Path);
        switch (context.Request.Path)
        {
            case "/news.xml":
                await SendAsync(context, Feed("Workshop News", News));
                break;
            case "/slow.xml":
                await _gate.Task.WaitAsync(context.RequestAborted);
                await SendAsync(context, Feed("The Slow Review", Review));
                break;
            case "/malformed.xml":
                await SendAsync(context, "{ \"version\": \"https://jsonfeed.org/version/1.1\", \"title\": \"Broken off\", \"items\": [ { \"id\": ");
                break;
            case "/moved.xml":
                context.Response.Redirect(Elsewhere);
                break;
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                break;
        }
    }

    private static Task SendAsync(HttpContext context, string body)
    {
        context.Response.ContentType = "application/rss+xml; charset=utf-8";
        return context.Response.WriteAsync(body, context.RequestAborted);
    }

    private string Feed(string title, (string Slug, string Title, string Text)[] items)
    {
        var xml = new StringBuilder($"<?xml version=\"1.0\" encoding=\"utf-8\"?><rss version=\"2.0\"><channel><title>{title}</title><link>{Url("/")}</link><description>Made for a test.</description>");
        foreach (var (slug, name, text) in items)
        {
            xml.Append(System.Globalization.CultureInfo.InvariantCulture, $"<item><title>{name}</title><link>https://review.example.org/{slug}</link><guid>{slug}</guid><pubDate>Mon, 23 Nov 2026 09:00:00 +0000</pubDate><description>{text}</description></item>");
        }

        return xml.Append("</channel></rss>").ToString();
    }

    private static readonly (string, string, string)[] News =
    [
        ("apprentices", "Apprentices build a lathe from scrap", "Eleven apprentices built a small lathe from scrap metal in nine weeks. The lathe cuts brass to a tenth of a millimetre."),
        ("timber", "Timber prices fall for the third month", "The price of sawn timber fell by four percent in October. Sawmills blame a mild autumn and full yards."),
    ];

    private static readonly (string, string, string)[] Review =
    [
        ("leases", "Short leases for agents prevent most incidents", "A study of 310 agent deployments found that permissions which end after fifteen minutes prevented most incidents. People rarely renewed a permission more than twice."),
        ("approvals", "People refuse more when they see the exact request", "Reviewers who saw the exact request of an agent refused unsafe permissions three times as often. A summary of the request made them careless."),
        ("ledger", "A ledger of every request changes how agents are trusted", "Teams that could read a ledger of every agent request trusted their agents with more work. The ledger listed refused requests as well."),
        ("compost", "City compost heats a greenhouse all winter", "A heap of city compost kept a greenhouse at eleven degrees through January. The gardeners harvested lettuce in the snow."),
        ("tomatoes", "Old tomato varieties resist the new blight", "Gardeners in four valleys report that old tomato varieties resist the blight of recent summers. Seeds of these tomatoes are shared freely."),
        ("bees", "Wild bees return to gardens without lawns", "Counts of wild bees doubled in gardens that gave up their lawns. Gardeners planted thyme and clover instead."),
    ];
}
