using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Arw.Core.Actions;
using Arw.Core.Beliefs;
using Arw.Core.Egress;
using Arw.Core.Episodes;
using Arw.Core.Memory.Review;
using Arw.Core.State;

namespace Arw.Tests.Journeys;

/// <summary>The research digest from the first question to the revoked lease, on a real server with one slow, one malformed and one redirecting feed.</summary>
public sealed class DigestJourneyTests
{
    [Fact]
    public async Task Digest_RefusedThenGrantedThenRevoked_TellsAllOfIt()
    {
        await using var feeds = await FeedServer.StartAsync();
        await using var home = await JourneyHome.StartAsync();
        await home.AllowAsync(feeds.Port);

        await RefusedThenGranted(home, feeds);
        await GrantedRun(home, feeds);
        await Rebuilt.AssertEqualAsync(home);
        await RevokedWhileStreaming(home, feeds);
        Assert.Equal(0, feeds.Elsewhere.Requests);
        await Rebuilt.AssertEqualAsync(home);
    }

    private static async Task RefusedThenGranted(JourneyHome home, FeedServer feeds)
    {
        var run = await home.DigestAsync(feeds.Urls("1"), "first");
        var question = await home.NextApprovalAsync(run.CorrId);
        Assert.Contains("/slow", question.Request.Request, StringComparison.Ordinal);
        Assert.DoesNotContain(feeds.Hits, h => h.StartsWith("/slow", StringComparison.Ordinal));
        await home.AnswerAsync(question.Id, "refuse");

        // The run goes on to the next feed, which asks for itself.
        question = await home.NextApprovalAsync(run.CorrId);
        Assert.Contains("/malformed", question.Request.Request, StringComparison.Ordinal);
        await home.AnswerAsync(question.Id, "15m");
        var end = await home.EndOf(run.Id);
        Assert.True(end.State == ActionState.Completed, end.Error?.Message);

        var reads = Reads(home, run.CorrId);
        Assert.Equal([ActionState.Refused, ActionState.Failed, ActionState.Failed], reads.Select(r => r.State));
        Assert.Equal("refused", reads[0].Error!.Code);
        Assert.Equal("address_not_public", reads[2].Error!.Code);
        Assert.DoesNotContain(feeds.Hits, h => h.StartsWith("/slow", StringComparison.Ordinal));
        var digest = await File.ReadAllTextAsync(home.File("demo/digests/first.md"));
        Assert.Contains("no feed answered with items", digest, StringComparison.Ordinal);
    }

    private static async Task GrantedRun(JourneyHome home, FeedServer feeds)
    {
        var run = await home.DigestAsync(feeds.Urls("2"), "second");
        var end = await home.EndOf(run.Id);
        Assert.True(end.State == ActionState.Completed, end.Error?.Message);
        Assert.Equal([ActionState.Completed, ActionState.Failed, ActionState.Failed], Reads(home, run.CorrId).Select(r => r.State));

        var digest = await File.ReadAllTextAsync(home.File("demo/digests/second.md"));
        Assert.Contains("4 items from 1 of 3 feeds", digest, StringComparison.Ordinal);
        Assert.Contains("## Sources", digest, StringComparison.Ordinal);
        var failed = digest[digest.IndexOf("## Feeds that could not be read", StringComparison.Ordinal)..];
        Assert.Contains("malformed", failed, StringComparison.Ordinal);
        Assert.Contains("moved", failed, StringComparison.Ordinal);
        Assert.DoesNotContain("slow", failed, StringComparison.Ordinal);
        var cited = Regex.Matches(digest, @"\[\[\d+\]\]\((\S+?)\)").Select(m => m.Groups[1].Value).Distinct().ToArray();
        Assert.NotEmpty(cited);
        Assert.All(cited, c => Assert.Contains(c, FeedServer.Sources));

        // What feeds say is not on the map before a person has let it in.
        Assert.Empty(home.Get<BeliefsModel>().Rows.Query(new TableQuery()));
        var held = home.Get<QuarantineModel>().Rows.Query(QuarantineModel.Waits(JourneyHome.Project, "map"));
        Assert.NotEmpty(held);
        Assert.All(held, h => Assert.True(h is { State: EntryState.Queued, RiskMarkers: [], Evidence.Score: > 0, CorrId: { } corr } && corr == run.CorrId));
        await home.DoAsync("memory.admit", new JsonObject { ["ids"] = new JsonArray([.. held.Select(h => JsonValue.Create(h.Id))]) });

        var beliefs = home.Get<BeliefsModel>().Rows.Query(new TableQuery { Limit = 100 });
        Assert.NotEmpty(beliefs);
        Assert.All(beliefs, b => Assert.Contains(b.Sources, e => e.Evidence is not null));
        Assert.Equal(FeedServer.Sources.Order(), beliefs.SelectMany(b => b.Sources).Select(e => e.Evidence?.Url).OfType<string>().Distinct().Order());

        var ledger = Ledger(home, run.CorrId);
        Assert.Equal(4, ledger.Count);
        Assert.Equal(3, ledger.Count(r => r is { Decision: "allow", Outcome: EgressOutcome.Ok, LeaseId: not null, BytesIn: > 0 }));
        var denied = Assert.Single(ledger, r => r.Decision == "deny");
        Assert.Equal(("address_not_public", 1, feeds.Elsewhere.Port), (denied.ReasonCode, denied.Hop, denied.Dest.Port));
        Assert.Equal(EpisodeStatus.Completed, home.Get<EpisodesModel>().Rows.Find(run.CorrId)!.Status);
    }

    private static async Task RevokedWhileStreaming(JourneyHome home, FeedServer feeds)
    {
        var streaming = feeds.HoldAsync();
        var run = await home.DigestAsync(feeds.Urls("3"), "third");
        await streaming.WaitAsync(TimeSpan.FromSeconds(30));
        var lease = Assert.Single(home.Leases, l => l.Capability.Name == "net.http");
        await home.DoAsync("policy.lease.revoke", new JsonObject { ["id"] = lease.Id, ["reason"] = "enough" });

        // The next feeds would need the lease that is gone: they are refused with what became of it, and nobody is asked again.
        var end = await home.EndOf(run.Id);
        Assert.True(end.State == ActionState.Completed, end.Error?.Message);
        var reads = Reads(home, run.CorrId);
        Assert.Equal([ActionState.Failed, ActionState.Refused, ActionState.Refused], reads.Select(r => r.State));
        Assert.Equal("needs_lease", reads[0].Error!.Code);
        Assert.NotNull(reads[0].Error!.Decision);
        Assert.All(reads.Skip(1), r => Assert.Contains("was ended by person:owner", r.Error!.Message, StringComparison.Ordinal));
        var cut = Assert.Single(Ledger(home, run.CorrId));
        Assert.Equal(EgressOutcome.Aborted, cut.Outcome);
        Assert.True(cut.BytesIn > 0);
        Assert.Single(feeds.Hits, h => h.EndsWith("run=3", StringComparison.Ordinal));
    }

    private static List<ActionRow> Reads(JourneyHome home, string corrId) =>
        [.. home.Actions(corrId).Where(a => a.Kind == "feed.read").OrderBy(a => a.Key, StringComparer.Ordinal)];

    private static IReadOnlyList<EgressRow> Ledger(JourneyHome home, string corrId) =>
        home.Get<EgressLedger>().Rows.Query(new TableQuery { Where = [new Condition("corr_id", Op.Equal, corrId)], Limit = 100 });
}
