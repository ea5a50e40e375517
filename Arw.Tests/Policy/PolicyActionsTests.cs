using Arw.Core.Actions;
using Arw.Core.Policy.Postures;
using Arw.Core.Policy.Leases;

namespace Arw.Tests.Policy;

public sealed class PolicyActionsTests
{
    [Fact]
    public async Task Lease_GrantRenewRevoke_AnswersWithTheLease()
    {
        await using var home = await PolicyHome.StartAsync();
        var granted = (await home.RunAsync(
            new GrantLeaseAction(home.Terms, home.Leases, home.State),
            """{"capability":"net.http:GET https://example.org","holder":"agent:digest","ttl_secs":900,"limits":{"count":3},"reason":"feeds"}""")).Value!;
        var id = (string)granted["id"]!;
        Assert.Equal("net.http:GET https://example.org/**", (string?)granted["capability"]);
        Assert.Equal("2026-11-25T08:15:00.000Z", (string?)granted["until"]);
        Assert.Equal("demo", (string?)granted["project"]);
        Assert.True(home.Decide("net.http:GET https://example.org/x").Allowed);

        home.Time.Advance(TimeSpan.FromSeconds(60));
        var renewed = (await home.RunAsync(new RenewLeaseAction(home.Terms, home.Leases, home.State), $$"""{"id":"{{id}}","ttl_secs":3600}""")).Value!;
        Assert.Equal("2026-11-25T09:01:00.000Z", (string?)renewed["until"]);

        var revoke = new RevokeLeaseAction(home.Leases, home.State);
        var revoked = (await home.RunAsync(revoke, $$"""{"id":"{{id}}","reason":"done"}""")).Value!;
        Assert.Equal("done", (string?)revoked["ended"]!["reason"]);
        Assert.False(home.Decide("net.http:GET https://example.org/x").Allowed);
        Assert.Equal("conflict", (await home.RunAsync(revoke, $$"""{"id":"{{id}}"}""")).Refusal?.Code);
        Assert.Equal("not_found", (await home.RunAsync(revoke, """{"id":"nothing"}""")).Refusal?.Code);
    }

    [Fact]
    public async Task Renew_OfALeaseThatRanOut_Refuses()
    {
        await using var home = await PolicyHome.StartAsync();
        var lease = await home.GrantAsync(new LeaseRequest("model.run", "agent:digest") { TtlSecs = 1 });
        home.Time.Advance(TimeSpan.FromSeconds(1));
        var result = await home.RunAsync(new RenewLeaseAction(home.Terms, home.Leases, home.State), $$"""{"id":"{{lease.Id}}","ttl_secs":60}""");
        Assert.Equal("conflict", result.Refusal?.Code);
    }

    [Fact]
    public async Task Grant_ByAnAgent_RefusesAndWritesNothing()
    {
        await using var home = await PolicyHome.StartAsync();
        var result = await home.RunAsync(
            new GrantLeaseAction(home.Terms, home.Leases, home.State), """{"capability":"shell.exec","holder":"agent:digest"}""", PolicyHome.Agent);
        Assert.Equal("forbidden", result.Refusal?.Code);
        Assert.Equal(0, home.Journal.Head);
    }

    [Fact]
    public async Task PostureStagingAndKillSwitch_Set_AnswerWithThePolicy()
    {
        await using var home = await PolicyHome.StartAsync();
        Assert.Equal("strict", (string?)(await home.RunAsync(new SetPostureAction(home.Policy, home.State), """{"posture":"strict"}""")).Value!["posture"]);
        Assert.Equal("ask", (string?)(await home.RunAsync(new SetStagingAction(home.Policy, home.State), """{"mode":"ask"}""")).Value!["staging"]);
        var stopped = (await home.RunAsync(new SetKillSwitchAction(home.Policy, home.State), """{"on":true,"project":"demo"}""")).Value!;
        Assert.Equal("""{"on":false,"projects":["demo"]}""", stopped["kill_switch"]!.ToJsonString());
        Assert.Equal("invalid_input", (await home.RunAsync(new SetPostureAction(home.Policy, home.State), """{"posture":"lax"}""")).Refusal?.Code);
    }

    [Theory]
    [InlineData(Posture.Standard, StagingMode.Auto, "")]
    [InlineData(Posture.Standard, StagingMode.Ask, "External")]
    [InlineData(Posture.Standard, StagingMode.Always, "Local External")]
    [InlineData(Posture.Strict, StagingMode.Auto, "Local External")]
    [InlineData(Posture.Relaxed, StagingMode.Auto, "")]
    public void Stages_ByPostureAndMode_HoldsEffectsBack(Posture posture, StagingMode mode, string held)
    {
        var policy = new PolicyState { Posture = posture, Staging = mode };
        Assert.Equal(held, string.Join(' ', Enum.GetValues<Effects>().Where(policy.Stages)));
    }
}
