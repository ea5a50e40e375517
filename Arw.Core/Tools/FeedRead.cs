using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Egress;
using Arw.Core.Policy;
using Arw.Core.Primitives;
using Arw.Core.Tools.Feeds;

namespace Arw.Core.Tools;

/// <summary>Reads a file of a project for a feed: project id, <c>project://</c> path, most bytes.</summary>
/// <param name="project">Project id.</param>
/// <param name="path">Path as written, <c>project://demo/feeds/a.xml</c>.</param>
/// <param name="most">Most bytes; a longer file is refused.</param>
public delegate Result<byte[]> ProjectFileReader(string project, string path, int most);

/// <summary>Input of <c>feed.read</c>.</summary>
public sealed record FeedReadInput([property: Description("Address of the feed: https, http, or project://path of a file in the project")] string Url)
{
    /// <summary>Most items to return, 1 to 1,000; 100 by default.</summary>
    [Description("Most items to return, 1 to 1000; 100 by default")]
    public int? MaxItems { get; init; }
}

/// <summary>Action <c>feed.read</c>: reads an RSS, Atom or JSON feed from the web or from a file of the project.</summary>
public sealed class FeedRead(GuardedHttp http, EgressSettingsModel settings, ProjectFileReader files) : ActionKind<FeedReadInput>
{
    private const int DefaultItems = 100;
    private const int MaxItems = 1000;
    private const int MaxFeedBytes = 8 * 1024 * 1024;
    private const string ProjectPrefix = "project://";
    private const string Accepted = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1";

    /// <inheritdoc/>
    public override string Id => "feed.read";

    /// <inheritdoc/>
    public override string Title => "Read a feed";

    /// <inheritdoc/>
    public override string Summary => "Reads an RSS, Atom or JSON feed and returns its items as plain text.";

    /// <inheritdoc/>
    public override Effects Effects => Effects.External;

    /// <inheritdoc/>
    protected override string Describe(FeedReadInput input) =>
        IsFile(input.Url) ? $"Read the feed file {input.Url}"
        : EgressTarget.Parse(input.Url).TryGet(out var target, out _) ? $"Read the feed {UrlRedaction.Redact(target.Url.AbsoluteUri)}"
        : Title;

    /// <inheritdoc/>
    protected override Result<IReadOnlyList<Capability>> Needs(FeedReadInput input, ActionContext context)
    {
        if (input.MaxItems is < 1 or > MaxItems)
        {
            return Refusal.Invalid($"max_items is {input.MaxItems}, but must be from 1 to {MaxItems}.", "Leave it out for 100.");
        }

        if (!IsFile(input.Url))
        {
            return FetchNeeds.Of("GET", input.Url);
        }

        if (context.Project is null)
        {
            return NoProject(input.Url);
        }

        return Capability.ParseFile("read", input.Url).TryGet(out var read, out var refusal) ? new[] { read } : refusal;
    }

    /// <inheritdoc/>
    protected override async Task<Result<JsonNode?>> RunAsync(FeedReadInput input, ActionRun run, CancellationToken cancel)
    {
        var body = IsFile(input.Url) ? await FileAsync(input.Url, run, cancel) : await WebAsync(input.Url, run, cancel);
        if (!body.TryGet(out var found, out var refusal))
        {
            return refusal;
        }

        return FeedParser.Parse(found.Bytes, found.ContentType, found.From, input.MaxItems ?? DefaultItems).TryGet(out var feed, out refusal)
            ? JsonSerializer.SerializeToNode(feed, ArwJson.Options)
            : refusal;
    }

    private async Task<Result<Body>> WebAsync(string url, ActionRun run, CancellationToken cancel)
    {
        var limits = settings.Current.Limits;
        var request = new GuardedRequest("GET", url)
        {
            Headers = [new("Accept", Accepted)],
            Limits = limits with { MaxBodyBytes = Math.Min(limits.MaxBodyBytes, MaxFeedBytes) },
        };
        if (!(await http.SendAsync(request, run, cancel)).TryGet(out var answer, out var refusal))
        {
            return refusal;
        }

        await using (answer)
        {
            if (answer.Status is < 200 or > 299)
            {
                return new Refusal("http_status", $"\"{UrlRedaction.Redact(answer.Url.AbsoluteUri)}\" answered {answer.Status} {answer.Reason}.".Replace(" .", ".", StringComparison.Ordinal), "Check the address of the feed.", 502);
            }

            return (await answer.ReadAsync(MaxFeedBytes, cancel)).Map(b => new Body(b.Bytes, answer.ContentType, answer.Url));
        }
    }

    private async Task<Result<Body>> FileAsync(string path, ActionRun run, CancellationToken cancel)
    {
        if (run.Context.Project is not { } project)
        {
            return NoProject(path);
        }

        if (!Capability.ParseFile("read", path).TryGet(out var read, out var refusal)
            || !(await run.DemandAsync(read, cancel)).TryGet(out _, out refusal))
        {
            return refusal;
        }

        return files(project, path, MaxFeedBytes).Map(bytes => new Body(bytes, null, null));
    }

    private static bool IsFile(string url) => url.StartsWith(ProjectPrefix, StringComparison.Ordinal);

    private static Refusal NoProject(string path) =>
        Refusal.Invalid($"\"{path}\" is a file of a project, but the action belongs to no project.", "Name the project that the action is for.");

    private sealed record Body(byte[] Bytes, string? ContentType, Uri? From);
}
