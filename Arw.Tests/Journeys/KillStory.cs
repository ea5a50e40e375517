using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Arw.Tests.Journeys;

/// <summary>A client that launches digests, answers what is asked, survives the home, and compares what it knows with what the home says afterwards.</summary>
internal sealed class KillStory(string folder, FeedServer feeds)
{
    private readonly ConcurrentDictionary<string, bool> _acknowledged = new(StringComparer.Ordinal);
    private HomeProcess _home = null!;
    private Task _following = Task.CompletedTask;
    private string _run = "";
    private Moment? _moment;
    private int _events;
    private int _requests;

    public SeenEvents Seen { get; } = new();

    /// <summary>How often the home was killed.</summary>
    public int Killed { get; private set; }

    public async Task PrepareAsync()
    {
        Seen.Seen = OnSeen;
        feeds.At = OnRequest;
        await OpenAsync();
        await _home.PostAsync("/actions", Action("project.create", new JsonObject { ["id"] = JourneyHome.Project, ["title"] = "Lab" }));
        var (status, body) = await _home.PostAsync("/actions", Action("egress.scope.set", new JsonObject { ["id"] = "feeds", ["hosts"] = new JsonArray("127.0.0.1"), ["ports"] = new JsonArray(feeds.Port) }));
        Assert.True(status == 200, body.ToJsonString());
    }

    /// <summary>One run with one death of the home in it.</summary>
    public async Task RunAsync(string run, Moment moment)
    {
        (_run, _events, _requests, _moment) = (run, 0, 0, moment);
        await TryAsync(LaunchAsync);
        await _home.GoneAsync().WaitAsync(TimeSpan.FromSeconds(90));
        await _following;
        Killed++;

        await OpenAsync();
        await LaunchAsync();
        foreach (var open in (await _home.GetAsync("/state/approvals"))["items"]!.AsArray())
        {
            await AnswerAsync((string)open!["request"]!["id"]!);
        }

        await Seen.UntilAsync(e => (string?)e["kind"] == "episode.ended" && (string?)e["corr_id"] == run);
        await AssertRunAsync(run);
    }

    /// <summary>Ends the last home.</summary>
    public async Task EndAsync()
    {
        foreach (var id in _acknowledged.Keys)
        {
            Assert.Equal(id, (string?)(await _home.GetAsync($"/actions/{id}"))["id"]);
        }

        _home.Kill();
        await _home.GoneAsync();
        await _following;
        _home.Dispose();
    }

    private async Task OpenAsync()
    {
        _home?.Dispose();
        _home = await HomeProcess.StartAsync(folder);
        _following = Task.Run(() => Seen.FollowAsync(_home.Client));
    }

    // The same key as before the death: the home says what became of the first, or runs it now.
    private async Task LaunchAsync()
    {
        var body = Action("recipe.run", JourneyHome.Digest(feeds.Urls(_run), _run));
        (body["project"], body["on_needs_lease"], body["corr_id"], body["idem_key"]) = (JourneyHome.Project, "ask", _run, _run);
        var (status, answer) = await _home.PostAsync("/actions", body);
        Assert.True(status is 200 or 202, answer.ToJsonString());
        _acknowledged[(string)answer["id"]!] = true;
    }

    private async Task AnswerAsync(string approval)
    {
        var posting = _home.PostAsync($"/approvals/{approval}", new JsonObject { ["answer"] = "once" });
        if (_moment is { Posting: true })
        {
            Die();
        }

        var (status, body) = await posting;
        Assert.True(status is 200 or 202, body.ToJsonString());
    }

    private void OnSeen(JsonObject e)
    {
        if ((string?)e["corr_id"] != _run)
        {
            return;
        }

        _events++;
        if (_moment?.Event == _events || (_moment is not null && (string?)e["kind"] == "episode.ended"))
        {
            Die();
        }
        else if ((string?)e["kind"] == "approvals.requested")
        {
            var approval = (string)e["payload"]!["id"]!;
            _ = Task.Run(() => TryAsync(() => AnswerAsync(approval)));
        }
    }

    private void OnRequest(string path, bool answered)
    {
        if (path.EndsWith($"run={_run}", StringComparison.Ordinal) && _moment is { Request: { } at } moment && moment.Answered == answered && _requests++ == at)
        {
            Die();
        }
    }

    private static JsonObject Action(string kind, JsonObject input) => new() { ["kind"] = kind, ["input"] = input };

    private void Die()
    {
        if (Interlocked.Exchange(ref _moment, null) is not null)
        {
            _home.Kill();
        }
    }

    private static async Task TryAsync(Func<Task> attempt)
    {
        try
        {
            await attempt();
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            // Killed before it could answer: nothing was acknowledged.
        }
    }

    private async Task AssertRunAsync(string run)
    {
        var replayed = await ReplayAsync();
        foreach (var (seq, data) in Seen.All)
        {
            Assert.True(replayed.TryGetValue(seq, out var now) && now == data, $"{run}: event {seq} was {data}, and is {replayed.GetValueOrDefault(seq)}.");
        }

        var episode = (await _home.GetAsync("/state/episodes?limit=1000"))["items"]!.AsArray().Single(e => (string?)e!["id"] == run)!;
        Assert.True((string?)episode["status"] == "completed", $"{run}: {episode.ToJsonString()}");
        Assert.True(File.Exists(Path.Combine(folder, "projects", JourneyHome.Project, "demo", "digests", $"{run}.md")));

        // Every request that came in has its row, and a second one of the same action says that it is a retry.
        var rows = (await _home.GetAsync($"/state/egress?limit=1000&corr_id={run}"))["items"]!.AsArray().Select(r => r!).ToList();
        Assert.DoesNotContain(rows, r => (string?)r["outcome"] == "open");
        foreach (var url in feeds.Urls(run))
        {
            var allowed = rows.Where(r => (string?)r["url"] == url && (string?)r["decision"] == "allow").ToList();
            var hits = feeds.Hits.Count(h => url.EndsWith(h, StringComparison.Ordinal));
            Assert.True(hits >= 1 && hits <= allowed.Count, $"{run}: {hits} requests to {url}, {allowed.Count} rows.\n{Story(run)}");
            Assert.True(allowed.Select(r => (int)r["attempt"]!).Distinct().Count() == allowed.Count, $"{run}: a request to {url} ran twice in one attempt.");
        }
    }

    private string Story(string run) => string.Join('\n', Seen.All.Values.Where(data => data.Contains(run, StringComparison.Ordinal)));

    private async Task<IReadOnlyDictionary<long, string>> ReplayAsync()
    {
        var seen = new SeenEvents();
        var last = Seen.Last;
        var done = seen.UntilAsync(e => (long)e["seq"]! >= last);
        _ = Task.Run(() => seen.FollowAsync(_home.Client));
        await done;
        return seen.All;
    }
}
