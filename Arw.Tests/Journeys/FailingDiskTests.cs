using System.Net;
using System.Text.Json.Nodes;
using Arw.Tests.Disks;

namespace Arw.Tests.Journeys;

/// <summary>The real program on a disk that fails: it says so everywhere, acknowledges nothing, loses nothing, and goes on by itself.</summary>
public sealed class FailingDiskTests
{
    [FailingDiskFact]
    public Task Home_WhenSyncFails_RefusesSaysSoAndGoesOn() => RunAsync("fsync journal.db", "sync_failed");

    [FailingDiskFact]
    public Task Home_WhenTheDiskTurnsReadOnly_RefusesSaysSoAndGoesOn() => RunAsync("readonly", "read_only");

    [FailingDiskFact]
    public Task Home_WhenTheDiskIsFull_RefusesSaysSoAndGoesOn() => RunAsync("full", "disk_full");

    [FailingDiskFact]
    public async Task Home_WhenABlobCannotBeSynced_WritesNoEvent()
    {
        using var disk = new FailingDisk();
        using var home = await HomeProcess.StartAsync(disk.Path, disk.Environment);
        var before = await HeadAsync(home);
        disk.Fail("fsync blobs");

        var (status, problem) = await PostAsync(home, new string('b', 50_000));

        Assert.Equal((503, "journal_fault"), (status, (string?)problem["code"]));
        Assert.Equal(before, await HeadAsync(home));
        disk.Heal();
        await UntilAsync(home, "ok");
        Assert.Equal(200, (await PostAsync(home, new string('b', 50_000))).Status);
    }

    [SmallDiskFact]
    public async Task Home_OnAReallyFullDisk_GoesOnWithItsReadModels()
    {
        using var disk = new SmallDisk(24);
        using (var home = await HomeProcess.StartAsync(disk.Path))
        {
            disk.Fill();
            var acknowledged = 0L;
            var (status, body) = (200, new JsonObject());
            while (status == 200)
            {
                (status, body) = await PostAsync(home, new string('f', 20_000));
                acknowledged = status == 200 ? (long)body["last_seq"]! : acknowledged;
            }

            Assert.Equal((503, "journal_fault", "disk_full"), (status, (string?)body["code"], (string?)body["reason"]));
            disk.Free();
            await UntilAsync(home, "ok");

            // An action is decided on read models that have caught up.
            var (acted, output) = await home.PostAsync("/actions", new JsonObject { ["kind"] = "project.create", ["input"] = new JsonObject { ["id"] = "late", ["title"] = "Late" } });
            Assert.True(acted == 200, output.ToJsonString());
            Assert.True(await HeadAsync(home) > acknowledged);
            home.Kill();
            await home.GoneAsync();
        }

        Assert.NotEmpty(ChainCheck.Read(disk.Path));
    }

    [SmallDiskFact]
    public async Task Home_StartedOnAReadOnlyDisk_SaysWhyAndEnds()
    {
        using var disk = new SmallDisk(24);
        disk.Remount(writable: false);
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => HomeProcess.StartAsync(disk.Path));
        Assert.Contains("cannot be used", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", refused.Message, StringComparison.Ordinal);
    }

    private static async Task RunAsync(string order, string reason)
    {
        using var disk = new FailingDisk();
        var acknowledged = new Dictionary<long, string>();
        using (var home = await HomeProcess.StartAsync(disk.Path, disk.Environment))
        {
            await AcknowledgeAsync(home, acknowledged, "before");
            disk.Fail(order);
            for (var i = 0; i < 5; i++)
            {
                var (status, problem) = await PostAsync(home, "lost");
                Assert.Equal((503, "journal_fault"), (status, (string?)problem["code"]));
                Assert.NotNull((string?)problem["next"]);
            }

            await UntilAsync(home, "failing", reason);
            Assert.Contains("Not recording", await PageAsync(home, page => page.Contains("Not recording", StringComparison.Ordinal)), StringComparison.Ordinal);

            // Nobody writes: the home finds out by itself that the disk is well.
            disk.Heal();
            await UntilAsync(home, "ok");
            await AcknowledgeAsync(home, acknowledged, "after");
            home.Kill();
            await home.GoneAsync();
        }

        var rows = ChainCheck.Read(disk.Path).ToDictionary(r => r.Seq, r => System.Text.Encoding.UTF8.GetString(r.Payload ?? []));
        Assert.All(acknowledged, a => Assert.Contains(a.Value, rows[a.Key], StringComparison.Ordinal));
        Assert.DoesNotContain(rows.Values, payload => payload.Contains("lost", StringComparison.Ordinal));
    }

    private static async Task AcknowledgeAsync(HomeProcess home, Dictionary<long, string> acknowledged, string what)
    {
        for (var i = 0; i < 10; i++)
        {
            var text = $"{what} {i}";
            var (status, body) = await PostAsync(home, text);
            Assert.True(status == 200, body.ToJsonString());
            acknowledged[(long)body["first_seq"]!] = text;
        }
    }

    private static Task<(int Status, JsonObject Body)> PostAsync(HomeProcess home, string text) =>
        home.PostAsync("/events", new JsonArray(new JsonObject { ["kind"] = "ext.disk.probe", ["payload"] = new JsonObject { ["text"] = text } }));

    private static async Task<long> HeadAsync(HomeProcess home) => (long)(await home.GetAsync("/state/bus"))["head"]!;

    // Asked until it is so: the home looks at its disk once a second.
    private static async Task UntilAsync(HomeProcess home, string status, string? reason = null)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            using var answer = await home.Client.GetAsync("/healthz", late.Token);
            var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync(late.Token))!;
            if ((string?)body["status"] == status && (reason is null || body["reasons"]!.AsArray().Any(r => (string?)r!["code"] == reason)))
            {
                Assert.Equal(status == "ok" ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable, answer.StatusCode);
                return;
            }
        }
    }

    private static async Task<string> PageAsync(HomeProcess home, Func<string, bool> shows)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var page = await home.Client.GetStringAsync("/journal", late.Token);
            if (shows(page))
            {
                return page;
            }
        }
    }
}
