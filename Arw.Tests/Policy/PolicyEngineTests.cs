using Arw.Core.Access;
using Arw.Core.Policy;
using Arw.Core.Policy.Engine;
using Arw.Core.Policy.Leases;
using Arw.Core.Policy.Postures;
using CsCheck;

namespace Arw.Tests.Policy;

public sealed class PolicyEngineTests
{
    private static readonly string[] Asked =
    [
        "text.embed", "topics.cluster", "demo.echo", "notes.append project://notes/x.md", "beliefs.propose", "file.read project://demo/feeds/a.xml", "state.read episodes",
        "file.write project://demo/digests/a.md", "file.write project://a.md", "net.http:GET https://example.org/feed.xml", "net.http:POST https://example.org/", "model.run llama-3",
        "spend.usd 0.10", "spend.usd 0", "recipe.run digest", "shell.exec git log", "net.http:GET http://127.0.0.1:8080/x", "net.http:GET http://localhost/", "policy.lease.grant",
        "net.http:GET https://[fd00::1]/", "file.read project://**", "net.http",
    ];

    [Theory]
    [InlineData(Posture.Strict, "text.embed topics.cluster demo.echo notes.append beliefs.propose")]
    [InlineData(Posture.Standard, "text.embed topics.cluster demo.echo notes.append beliefs.propose file.read state.read")]
    [InlineData(Posture.Relaxed, "text.embed topics.cluster demo.echo notes.append beliefs.propose file.read state.read file.write model.run recipe.run net.http")]
    public async Task Decide_WithoutLeases_PermitsWhatThePostureSays(Posture posture, string permitted)
    {
        await using var home = await PolicyHome.StartAsync();
        await home.WriteAsync(PolicyEvents.PostureSet.Draft(new PostureSet(posture), "person:owner"));
        var allowed = Asked
            .Where(c => home.Decide(c).Allowed)
            .Select(c => Capability.Parse(c).Value.Name)
            .Distinct();
        Assert.Equal(permitted.Split(' ').Order(StringComparer.Ordinal), allowed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Decide_RecipeRun_IsPermittedToAPersonOnly()
    {
        await using var home = await PolicyHome.StartAsync();
        Assert.True(home.Decide("recipe.run digest", Principal.Owner).Allowed);
        Assert.Equal(DecisionEffect.NeedsLease, home.Decide("recipe.run digest").Effect);
    }

    [Theory]
    [InlineData(PrincipalKind.Guest)]
    [InlineData(PrincipalKind.Node)]
    public async Task Decide_ForGuestsAndNodes_Denies(PrincipalKind kind)
    {
        await using var home = await PolicyHome.StartAsync();
        Assert.Equal(DecisionEffect.Deny, home.Decide("demo.echo", new Principal(kind, "x")).Effect);
    }

    [Fact]
    public async Task Decide_ForAnAgentOfAnotherProject_DeniesAlthoughALeaseIsThere()
    {
        await using var home = await PolicyHome.StartAsync();
        await home.GrantAsync("file.write project://**");
        var foreign = PolicyHome.Agent with { Projects = ["other"] };
        var decision = home.Decide("file.write project://a", foreign);
        Assert.Equal("foreign_project", decision.PolicyId);
        Assert.Equal("foreign_project", home.Engine.Explain(home.Ask("file.write project://a", foreign), decision).Code);
    }

    [Fact]
    public async Task Decide_OnControl_IsForPeopleOnlyAndPassesTheKillSwitch()
    {
        await using var home = await PolicyHome.StartAsync();
        await home.WriteAsync(PolicyEvents.KillSwitchSet.Draft(new KillSwitchSet(true), "person:owner"));
        Assert.True(home.Decide("policy.lease.grant", Principal.Owner).Allowed);
        Assert.Equal("people_only", home.Decide("policy.lease.grant").PolicyId);
        Assert.Equal("kill_switch", home.Decide("demo.echo", Principal.Owner).PolicyId);
    }

    [Fact]
    public async Task Decide_KillSwitchOfOneProject_StopsThatOneOnly()
    {
        await using var home = await PolicyHome.StartAsync();
        await home.WriteAsync(PolicyEvents.KillSwitchSet.Draft(new KillSwitchSet(true, "other"), "person:owner"));
        Assert.True(home.Decide("demo.echo").Allowed);
        await home.WriteAsync(PolicyEvents.KillSwitchSet.Draft(new KillSwitchSet(true, "demo"), "person:owner"));
        Assert.False(home.Decide("demo.echo").Allowed);
        await home.WriteAsync(PolicyEvents.KillSwitchSet.Draft(new KillSwitchSet(false, "demo"), "person:owner"));
        Assert.True(home.Decide("demo.echo").Allowed);
    }

    [Fact]
    public async Task Decide_WhatTheRecipeForbids_IsDeniedAlthoughPostureOrLeasePermit()
    {
        await using var home = await PolicyHome.StartAsync();
        await home.GrantAsync("net.http https://example.org");
        await home.WriteAsync(PolicyEvents.RecipeForbids.Draft(
            new RecipeForbids("episode-1", ["text.*", "net.http:POST https://example.org"]) { Recipe = "digest" }, "person:owner"));

        Assert.Equal(DecisionEffect.Deny, home.Decide("text.embed").Effect);
        Assert.Equal(DecisionEffect.Deny, home.Decide("net.http:POST https://example.org/x").Effect);
        Assert.Equal(DecisionEffect.Deny, home.Decide("net.http https://example.org/x").Effect); // a part of it is forbidden
        Assert.True(home.Decide("net.http:GET https://example.org/x").Allowed);
        Assert.True(home.Engine.Decide(home.Ask("text.embed") with { CorrId = "episode-2" }).Allowed);
        Assert.Contains("\"digest\" says that it never may", home.Engine.Explain(home.Ask("text.embed"), home.Decide("text.embed")).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("agent:digest", true)]
    [InlineData("agent:other", false)]
    [InlineData("recipe:digest", true)]
    [InlineData("recipe:other", false)]
    [InlineData("episode:episode-1", true)]
    [InlineData("episode:episode-2", false)]
    [InlineData("project:demo", true)]
    [InlineData("project:other", false)]
    public async Task Decide_ByLease_AsksWhoHoldsIt(string holder, bool allowed)
    {
        await using var home = await PolicyHome.StartAsync();
        var lease = await home.GrantAsync("file.write project://out/**", holder);
        var decision = home.Engine.Decide(home.Ask("file.write project://out/a") with { Recipe = "digest" });
        Assert.Equal(allowed ? lease.Id : null, decision.LeaseId);
    }

    [Fact]
    public async Task Decide_ByLease_EndsWithItsTime()
    {
        await using var home = await PolicyHome.StartAsync();
        await home.GrantAsync(new LeaseRequest("file.write", "agent:digest") { TtlSecs = 60 });
        home.Time.Advance(TimeSpan.FromSeconds(59.999));
        Assert.True(home.Decide("file.write project://a").Allowed);
        home.Time.Advance(TimeSpan.FromMilliseconds(1));
        var late = home.Decide("file.write project://a");
        Assert.Equal(DecisionEffect.NeedsLease, late.Effect);
        Assert.Contains("ran out at 25 Nov 2026, 08:01:00 UTC", home.Engine.Explain(home.Ask("file.write project://a"), late).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Decide_LeaseForOneActionOrProject_IsNoLeaseForAnother()
    {
        await using var home = await PolicyHome.StartAsync();
        await home.GrantAsync(new LeaseRequest("file.write", "agent:digest") { Action = "A1" });
        await home.GrantAsync(new LeaseRequest("model.run", "agent:digest") { Project = "other" });
        Assert.True(home.Engine.Decide(home.Ask("file.write project://a") with { ActionId = "A1" }).Allowed);
        Assert.False(home.Engine.Decide(home.Ask("file.write project://a") with { ActionId = "A2" }).Allowed);
        Assert.False(home.Decide("model.run x").Allowed);
        Assert.True(home.Engine.Decide(home.Ask("model.run x") with { Project = "other" }).Allowed);
    }

    [Fact]
    public async Task Decide_NonPublicTarget_TakesAPersonsLiteralLease()
    {
        await using var home = await PolicyHome.StartAsync();
        await home.GrantAsync("net.http http://*:*");
        var asked = "net.http:GET http://127.0.0.1:8080/x";
        Assert.Equal("address_not_public", home.Decide(asked).PolicyId);
        Assert.Empty(home.Engine.Explain(home.Ask(asked), home.Decide(asked)).Suggested);
        await home.GrantAsync("net.http:GET http://127.0.0.1:8080");
        Assert.True(home.Decide(asked).Allowed);
    }

    [Fact]
    public async Task Decide_TargetThatTheGuardAccepts_NeedsOnlyALease()
    {
        await using var home = await PolicyHome.StartAsync((c, _) => c.Host == "127.0.0.1" && c.Port == 8080 ? null : "not_in_allowlist");
        Assert.Equal(DecisionEffect.NeedsLease, home.Decide("net.http:GET http://127.0.0.1:8080/x").Effect);
        Assert.Equal("not_in_allowlist", home.Decide("net.http:GET https://example.org/x").PolicyId);
    }

    [Fact]
    public async Task Explain_NeedsLease_SuggestsTheNarrowestFirst()
    {
        await using var home = await PolicyHome.StartAsync();
        IReadOnlyList<string> Suggested(string asked) => home.Engine.Explain(home.Ask(asked), home.Decide(asked)).Suggested;
        Assert.Equal(
            ["net.http:GET https://example.org/feeds/a", "net.http:GET https://example.org/**", "net.http https://example.org/**"],
            Suggested("net.http:GET https://example.org/feeds/a"));
        Assert.Equal(["file.write project://out/a.md", "file.write project://out/**"], Suggested("file.write project://out/a.md"));
        Assert.Equal(["model.run llama-3"], Suggested("model.run llama-3"));
    }

    [Fact]
    public async Task Explain_AfterARevocation_SaysWhoRevokedAndWhy()
    {
        await using var home = await PolicyHome.StartAsync();
        var lease = await home.GrantAsync("net.http:GET https://example.org");
        await home.WriteAsync(LeaseEvents.Revoked.Draft(new LeaseRevoked(lease.Id, "Too noisy."), "person:owner", LeaseEvents.Subject(lease.Id)));
        var report = home.Engine.Explain(home.Ask("net.http:GET https://example.org/"), home.Decide("net.http:GET https://example.org/"));
        Assert.Equal("needs_lease", report.Code);
        Assert.Contains($"The lease {lease.Id} that covered it was ended by person:owner at 25 Nov 2026, 08:00:00 UTC: Too noisy.", report.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Decide_NeedsLease_ExactlyWhenASuggestedLeaseWouldAllow()
    {
        await using var home = await PolicyHome.StartAsync();
        var requests =
            from capability in Gen.OneOf(Asked)
            from kind in Gen.OneOf(PrincipalKind.Person, PrincipalKind.Agent, PrincipalKind.Guest, PrincipalKind.System)
            from recipe in Gen.OneOf<string?>((string?)null, "digest")
            from project in Gen.OneOf<string?>((string?)null, "demo")
            from episode in Gen.OneOf<string?>((string?)null, "episode-1", "episode-forbidden")
            select (capability, kind, recipe, project, episode);
        await home.WriteAsync(PolicyEvents.RecipeForbids.Draft(new RecipeForbids("episode-forbidden", ["net.http", "file.write"]), "person:owner"));
        var samples = new List<(string Capability, PrincipalKind Kind, string? Recipe, string? Project, string? Episode)>();
        requests.Sample(samples.Add, iter: 60, threads: 1);
        foreach (var (capability, kind, recipe, project, episode) in samples.Distinct())
        {
            var request = home.Ask(capability, new Principal(kind, "digest")) with { Recipe = recipe, Project = project, CorrId = episode };
            var decision = home.Engine.Decide(request);
            var report = home.Engine.Explain(request, decision);
            Assert.NotEmpty(report.Reason);
            if (decision.Effect != DecisionEffect.NeedsLease)
            {
                Assert.Empty(report.Suggested);
                continue;
            }

            Assert.NotEmpty(report.Suggested);
            foreach (var suggested in report.Suggested)
            {
                var terms = new LeaseRequest(suggested, LeaseHolder.For(request)!);
                var lease = await home.GrantAsync(terms);
                Assert.Equal(lease.Id, home.Engine.Decide(request with { Now = home.Time.GetUtcNow() }).LeaseId);
                await home.WriteAsync(LeaseEvents.Revoked.Draft(new LeaseRevoked(lease.Id), "person:owner", LeaseEvents.Subject(lease.Id)));
            }
        }
    }

    [Fact]
    public async Task Decide_OnAWarmPolicy_AllocatesNothing()
    {
        await using var home = await PolicyHome.StartAsync();
        await home.GrantAsync("net.http:GET https://*.example.org", "recipe:digest");
        await home.WriteAsync(PolicyEvents.RecipeForbids.Draft(new RecipeForbids("episode-1", ["shell.*"]), "person:owner"));
        await home.WriteAsync(PolicyEvents.KillSwitchSet.Draft(new KillSwitchSet(true, "other"), "person:owner"));
        var requests = new[] { "net.http:GET https://a.example.org/x", "net.http:GET https://example.net/x", "text.embed", "file.write project://a", "shell.exec ls" }
            .Select(c => home.Ask(c) with { Recipe = "digest" }).ToArray();
        var effects = requests.Select(r => home.Engine.Decide(r).Effect).ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            foreach (ref readonly var request in requests.AsSpan())
            {
                home.Engine.Decide(request);
            }
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal([DecisionEffect.Allow, DecisionEffect.NeedsLease, DecisionEffect.Allow, DecisionEffect.NeedsLease, DecisionEffect.Deny], effects);
    }

    [Fact]
    public async Task Decided_Events_AreListedWithTheirReason()
    {
        await using var home = await PolicyHome.StartAsync();
        var report = home.Engine.Explain(home.Ask("model.run x"), home.Decide("model.run x"));
        await home.WriteAsync(PolicyEvents.Decided.Draft(new PolicyDecided(report, "agent:digest") { Action = "A1" }, "system:policy", project: "demo", corrId: "episode-1"));
        var row = Assert.Single(home.Decisions.Rows.Query(new() { Where = [new("action", Core.State.Op.Equal, "A1"), new("effect", Core.State.Op.Equal, "needs_lease")] }));
        Assert.Equal(report.Reason, row.Decision.Reason);
        Assert.Equal("demo", row.Project);
    }
}
