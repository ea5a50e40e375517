using Arw.Core.Journal;
using Arw.Core.Policy;
using Arw.Core.Policy.Leases;
using Arw.Core.Policy.Postures;

namespace Arw.Tests.Policy;

public sealed class LeaseBookTests
{
    private static readonly LeaseRequest Writing = new("file.write", "agent:digest");

    [Fact]
    public async Task Demand_WithoutALease_RefusesWithTheDecision()
    {
        await using var home = await PolicyHome.StartAsync();
        var refusal = (await home.Book.DemandAsync(home.Ask("file.write project://a"), default)).Refusal!;
        Assert.Equal(("needs_lease", 403), (refusal.Code, refusal.Status));
        Assert.Equal("file.write project://a", Assert.IsType<DecisionReport>(refusal.Details).Suggested[0]);
    }

    [Fact]
    public async Task Demand_ByManyAtOnce_NeverPassesTheLimit()
    {
        await using var home = await PolicyHome.StartAsync();
        var lease = await home.GrantAsync(Writing with { Limits = new LeaseLimits(Count: 7) });
        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(async () =>
            await home.Book.DemandAsync(home.Ask("file.write project://a"), default))));
        Assert.Equal(7, results.Count(r => r.Ok));
        Assert.All(results.Where(r => !r.Ok), r => Assert.Equal("needs_lease", r.Refusal!.Code));
        Assert.Equal(7, home.Leases.Current.Find(lease.Id)!.Used.Count);
        Assert.Contains("is used up", results.First(r => !r.Ok).Refusal!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Demand_OfMoney_StopsAtTheSum()
    {
        await using var home = await PolicyHome.StartAsync();
        await home.GrantAsync("spend.usd 0.50");
        Assert.True((await home.Book.DemandAsync(home.Ask("spend.usd 0.30"), default)).Ok);
        Assert.False((await home.Book.DemandAsync(home.Ask("spend.usd 0.30"), default)).Ok);
        Assert.True((await home.Book.DemandAsync(home.Ask("spend.usd 0.20"), default)).Ok);
        Assert.False((await home.Book.DemandAsync(home.Ask("spend.usd 0.000001"), default)).Ok);
    }

    [Fact]
    public async Task Revoke_CutsWhatRunsUnderTheLease()
    {
        await using var home = await PolicyHome.StartAsync();
        var lease = await home.GrantAsync(Writing);
        var other = await home.GrantAsync("model.run x");
        var permit = (await home.Book.DemandAsync(home.Ask("file.write project://a"), default)).Value;
        var unrelated = (await home.Book.DemandAsync(home.Ask("model.run x"), default)).Value;
        await home.WriteAsync(LeaseEvents.Revoked.Draft(new LeaseRevoked(lease.Id), "person:owner", LeaseEvents.Subject(lease.Id)));
        Assert.True(permit.Revoked.IsCancellationRequested);
        Assert.False(unrelated.Revoked.IsCancellationRequested);
        Assert.Equal(other.Id, unrelated.Decision.LeaseId);
        Assert.False((await home.Book.DemandAsync(home.Ask("file.write project://a"), default)).Ok);
    }

    [Fact]
    public async Task Expiry_CutsAtItsTime_AndRenewalMovesIt()
    {
        await using var home = await PolicyHome.StartAsync();
        var lease = await home.GrantAsync(Writing with { TtlSecs = 60 });
        var permit = (await home.Book.DemandAsync(home.Ask("file.write project://a"), default)).Value;
        await home.WriteAsync(LeaseEvents.Renewed.Draft(new LeaseRenewed(lease.Id, home.Time.GetUtcNow().AddSeconds(120)), "person:owner", LeaseEvents.Subject(lease.Id)));
        home.Time.Advance(TimeSpan.FromSeconds(119));
        Assert.False(permit.Revoked.IsCancellationRequested);
        home.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(permit.Revoked.IsCancellationRequested);
    }

    [Fact]
    public async Task KillSwitch_CutsEverythingOfItsProject_ThenLetsNewEffectsPass()
    {
        await using var home = await PolicyHome.StartAsync();
        await home.GrantAsync(Writing);
        var leased = (await home.Book.DemandAsync(home.Ask("file.write project://a"), default)).Value;
        var permitted = (await home.Book.DemandAsync(home.Ask("demo.echo"), default)).Value;
        var elsewhere = (await home.Book.DemandAsync(home.Ask("demo.echo") with { Project = "other" }, default)).Value;
        await home.WriteAsync(PolicyEvents.KillSwitchSet.Draft(new KillSwitchSet(true, "demo"), "person:owner"));
        Assert.True(leased.Revoked.IsCancellationRequested);
        Assert.True(permitted.Revoked.IsCancellationRequested);
        Assert.False(elsewhere.Revoked.IsCancellationRequested);
        await home.WriteAsync(PolicyEvents.KillSwitchSet.Draft(new KillSwitchSet(false, "demo"), "person:owner"));
        Assert.False((await home.Book.DemandAsync(home.Ask("file.write project://a"), default)).Value.Revoked.IsCancellationRequested);
    }

    [Fact]
    public async Task Bytes_BookedUpToTheLimit_CutTheRunningEffect()
    {
        await using var home = await PolicyHome.StartAsync();
        await home.GrantAsync(Writing with { Limits = new LeaseLimits(Bytes: 1000) });
        var permit = (await home.Book.DemandAsync(home.Ask("file.write project://a"), default)).Value;
        Assert.Equal(1000, permit.BytesLeft);
        await home.WriteAsync(permit.BookBytes!(999));
        await home.SettleAsync();
        Assert.False(permit.Revoked.IsCancellationRequested);
        await home.WriteAsync(permit.BookBytes!(1));
        await home.SettleAsync();
        Assert.True(permit.Revoked.IsCancellationRequested);
    }

    [Fact]
    public async Task Episode_End_EndsItsLeasesAndForbids()
    {
        await using var home = await PolicyHome.StartAsync();
        await home.GrantAsync(Writing with { Mode = LeaseMode.Episode, Episode = "episode-1" });
        await home.WriteAsync(PolicyEvents.RecipeForbids.Draft(new RecipeForbids("episode-1", ["shell.*"]), "person:owner"));
        var permit = (await home.Book.DemandAsync(home.Ask("file.write project://a"), default)).Value;
        await home.WriteAsync(new EventDraft("episode.ended", "{}"u8.ToArray(), "system:actions") { CorrId = "episode-2" });
        Assert.False(permit.Revoked.IsCancellationRequested);
        await home.WriteAsync(new EventDraft("episode.ended", "{}"u8.ToArray(), "system:actions") { CorrId = "episode-1" });
        Assert.True(permit.Revoked.IsCancellationRequested);
        Assert.Empty(home.Leases.Current.Live);
        Assert.Empty(home.Policy.Current.Forbids);
    }
}
