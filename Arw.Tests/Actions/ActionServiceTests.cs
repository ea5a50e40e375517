using System.Text.Json.Nodes;
using Arw.Core.Access;
using Arw.Core.Actions;
using Arw.Core.Episodes;
using Arw.Core.Policy.Leases;
using Arw.Core.Primitives;

namespace Arw.Tests.Actions;

public sealed class ActionServiceTests
{
    internal const string WebFetch = "net.http:GET https://example.org/feed.xml";

    [Fact]
    public async Task Submit_NeedsNothing_RunsAndOpensAndEndsItsEpisode()
    {
        await using var k = await new KernelFixture().StartAsync();
        var outcome = await k.SubmitAsync("test.act", Input("a"));

        var row = await k.EndOf(outcome.Id);

        Assert.Equal(ActionState.Completed, row.State);
        Assert.Equal("a", row.Output!.GetValue<string>());
        Assert.Equal(["actions.submitted", "actions.queued", "actions.running", "actions.completed"], k.KindsOf(outcome.Id));
        var episode = k.Get<EpisodesModel>().Rows.Find(outcome.CorrId)!;
        Assert.Equal((EpisodeStatus.Completed, "Act on a"), (episode.Status, episode.Title));
        Assert.Equal(["episode.started", "episode.ended"], k.Journal.OfSubject($"episode:{outcome.CorrId}").Select(e => e.Kind));
    }

    [Fact]
    public async Task Submit_InputAgainstSchema_Is422WithThePlaceAndWritesNothing()
    {
        await using var k = await new KernelFixture().StartAsync();
        var head = k.Journal.Head;
        var result = await k.Actions.SubmitAsync(new SubmitRequest("test.act", new JsonObject { ["nom"] = 1 }) { Project = "demo" }, Principal.Owner);
        Assert.Equal((422, "invalid_input"), (result.Refusal!.Status, result.Refusal.Code));
        Assert.NotEmpty((IEnumerable<InputError>)result.Refusal.Details!);
        Assert.Equal(head, k.Journal.Head);
    }

    [Fact]
    public async Task Submit_UnknownKind_IsRefusedNamingTheKnown()
    {
        await using var k = await new KernelFixture().StartAsync();
        var result = await k.Actions.SubmitAsync(new SubmitRequest("test.nope", null), Principal.Owner);
        Assert.Contains("test.act", result.Refusal!.Next, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_MissingLeaseWithRefuse_IsRefusedAtOnceWithItsDecision()
    {
        await using var k = await new KernelFixture().StartAsync();
        var result = await k.Actions.SubmitAsync(new SubmitRequest("test.act", Input("a", WebFetch)) { Project = "demo" }, Principal.Owner);
        Assert.Equal((403, "needs_lease"), (result.Refusal!.Status, result.Refusal.Code));
        var row = Assert.Single(k.Get<ActionsModel>().Rows.Query(new() { Where = [new("kind", Core.State.Op.Equal, "test.act")] }));
        Assert.Equal(ActionState.Refused, row.State);
        Assert.NotEmpty(row.Error!.Decision!.Suggested);
        Assert.Empty(k.Get<TestControls>().Ran);
    }

    [Theory]
    [InlineData(ApprovalAnswer.Once)]
    [InlineData(ApprovalAnswer.Episode)]
    [InlineData(ApprovalAnswer.FifteenMinutes)]
    [InlineData(ApprovalAnswer.UntilRevoked)]
    public async Task Answer_Grants_RunsTheActionUnderALease(ApprovalAnswer answer)
    {
        await using var k = await new KernelFixture().StartAsync();
        k.Get<TestControls>().Run = async (input, run, cancel) =>
            (await run.DemandAsync(Core.Policy.Capability.Parse(WebFetch).Value, cancel)).Map(p => (JsonNode?)JsonValue.Create(p.Decision.LeaseId));
        var asked = await k.SubmitAsync("test.act", Input("a", WebFetch), change: r => r with { OnNeedsLease = OnNeedsLease.Ask });
        Assert.Equal(ActionState.Waiting, asked.State);

        var answered = await k.SubmitAsync("approval.answer", Answer(asked.Approval!, answer));
        var row = await k.EndOf(asked.Id);

        Assert.Equal(ActionState.Completed, answered.State);
        Assert.Equal(ActionState.Completed, row.State);
        var lease = k.Get<LeasesModel>().Current.Find(row.Output!.GetValue<string>())!;
        Assert.Equal(answer == ApprovalAnswer.Once ? asked.Id : null, lease.Action);
        Assert.Equal(answer == ApprovalAnswer.UntilRevoked, lease.Until is null);
        if (answer == ApprovalAnswer.Episode)
        {
            await k.Until(() => k.Get<LeasesModel>().Current.Find(lease.Id)!.Ended is not null);
        }
    }

    [Fact]
    public async Task Submit_LeaseIsDurableButNotFolded_IsJudgedWithTheLease()
    {
        await using var k = await new KernelFixture(HoldingModel.AddBehindTheQueue).StartAsync();
        var hold = k.Get<HoldingModel>();
        hold.Hold("policy.lease.granted");
        var granting = k.SubmitAsync("policy.lease.grant", new JsonObject { ["capability"] = WebFetch, ["holder"] = "agent:digest", ["ttl_secs"] = 60 });
        await hold.Reached;

        var submitting = k.SubmitAsync("test.act", Input("a", WebFetch), KernelFixture.Agent);
        hold.LetGo();
        await granting;

        Assert.Equal(ActionState.Queued, (await submitting).State);
    }

    [Fact]
    public async Task Answer_TheSameAgainBeforeTheFirstIsFoldedEverywhere_IsTheFirst()
    {
        await using var k = await new KernelFixture(HoldingModel.AddBehindTheQueue).StartAsync(pump: false);
        await k.SubmitAsync("test.act", Input("a", WebFetch), KernelFixture.Agent, r => r with { OnNeedsLease = OnNeedsLease.Ask });
        var approvals = k.Get<ApprovalsModel>();
        await k.Until(() => approvals.Current.Open.Count == 1);
        var approval = approvals.Current.Open[0].Id;
        var hold = k.Get<HoldingModel>();
        hold.Hold("actions.queued");
        var first = k.SubmitAsync("approval.answer", Answer(approval, ApprovalAnswer.Once));
        await hold.Reached;

        var again = k.Get<ActionDesk>().AnswerAsync(approval, ApprovalAnswer.Once, null, null, Principal.Owner, default);
        hold.LetGo();

        await first;
        Assert.Equal(ApprovalAnswer.Once, (await again).Value.Answer!.Answer);
    }

    [Fact]
    public async Task Child_NeedsWhatAPersonRevokedWhileItsParentRan_IsRefusedWithoutAsking()
    {
        await using var k = await new KernelFixture(s => s.AddTestParent()).StartAsync();
        var leases = k.Get<LeasesModel>();
        k.Get<ParentControls>().AfterChild = _ =>
            k.SubmitAsync("policy.lease.revoke", new JsonObject { ["id"] = leases.Current.Live.Single().Id, ["reason"] = "enough" });
        var parent = await k.SubmitAsync("test.parent", new JsonObject { ["capability"] = WebFetch });
        var approvals = k.Get<ApprovalsModel>();
        await k.Until(() => approvals.Current.Open.Count == 1);

        await k.SubmitAsync("approval.answer", Answer(approvals.Current.Open[0].Id, ApprovalAnswer.Episode));
        var row = await k.EndOf(parent.Id);

        Assert.Contains("was ended by person:owner", row.Output!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("enough", row.Output!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Empty(approvals.Current.Open);
        Assert.Equal(["child"], k.Get<TestControls>().Ran);

        // A later run asks again: the answer was to what ran then.
        k.Get<ParentControls>().AfterChild = _ => Task.CompletedTask;
        await k.SubmitAsync("test.parent", new JsonObject { ["capability"] = WebFetch }, change: r => r with { CorrId = parent.CorrId });
        await k.Until(() => approvals.Current.Open.Count == 1);
    }

    [Fact]
    public async Task Answer_Refuse_EndsTheActionAndAgainIsTheSameAndAnotherIsAConflict()
    {
        await using var k = await new KernelFixture().StartAsync();
        var asked = await k.SubmitAsync("test.act", Input("a", WebFetch), change: r => r with { OnNeedsLease = OnNeedsLease.Ask });

        await k.SubmitAsync("approval.answer", Answer(asked.Approval!, ApprovalAnswer.Refuse));
        await k.SubmitAsync("approval.answer", Answer(asked.Approval!, ApprovalAnswer.Refuse));
        var other = await k.Actions.SubmitAsync(new SubmitRequest("approval.answer", Answer(asked.Approval!, ApprovalAnswer.Once)), Principal.Owner);

        Assert.Equal("refused", (await k.EndOf(asked.Id)).Error!.Code);
        Assert.Equal("conflict", other.Refusal!.Code);
        Assert.Empty(k.Get<TestControls>().Ran);
        Assert.Single(k.Journal.OfSubject($"approval:{asked.Approval}"), e => e.Kind == "approvals.answered");
    }

    [Fact]
    public async Task Answer_WithChangedInput_RunsTheChangedInput()
    {
        await using var k = await new KernelFixture().StartAsync();
        var asked = await k.SubmitAsync("test.act", Input("a", WebFetch), change: r => r with { OnNeedsLease = OnNeedsLease.Ask });
        var answer = Answer(asked.Approval!, ApprovalAnswer.Once);
        answer["input"] = Input("b", WebFetch);

        await k.SubmitAsync("approval.answer", answer);

        Assert.Equal("b", (await k.EndOf(asked.Id)).Output!.GetValue<string>());
        Assert.Equal(["b"], k.Get<TestControls>().Ran);
    }

    [Fact]
    public async Task Answer_ScopeThatCoversNothing_IsRefusedAndTheActionStillWaits()
    {
        await using var k = await new KernelFixture().StartAsync();
        var asked = await k.SubmitAsync("test.act", Input("a", WebFetch), change: r => r with { OnNeedsLease = OnNeedsLease.Ask });
        var answer = Answer(asked.Approval!, ApprovalAnswer.FifteenMinutes);
        answer["scope"] = "net.http:GET https://elsewhere.example/**";

        var result = await k.Actions.SubmitAsync(new SubmitRequest("approval.answer", answer), Principal.Owner);

        Assert.Equal("invalid_input", result.Refusal!.Code);
        Assert.Equal(ActionState.Waiting, k.Get<LiveActions>().Current.Actions[asked.Id].State);
    }

    [Fact]
    public async Task Approval_NobodyAnswers_ExpiresAsNo()
    {
        await using var k = await new KernelFixture().StartAsync();
        var asked = await k.SubmitAsync("test.act", Input("a", WebFetch), change: r => r with { OnNeedsLease = OnNeedsLease.Ask });

        k.Time.Advance(TimeSpan.FromHours(25));

        Assert.Equal("approval_expired", (await k.EndOf(asked.Id)).Error!.Code);
    }

    [Fact]
    public async Task Submit_AgentControlAction_IsForbidden()
    {
        await using var k = await new KernelFixture().StartAsync();
        foreach (var (kind, input) in new (string, JsonObject)[]
        {
            ("policy.lease.grant", new JsonObject { ["capability"] = WebFetch, ["holder"] = "agent:digest" }),
            ("policy.posture.set", new JsonObject { ["posture"] = "relaxed" }),
            ("approval.answer", Answer("x", ApprovalAnswer.Once)),
            ("action.cancel", new JsonObject { ["action"] = "x" }),
        })
        {
            var head = k.Journal.Head;
            var result = await k.Actions.SubmitAsync(new SubmitRequest(kind, input) { Project = "demo" }, KernelFixture.Agent);
            Assert.Equal((403, "forbidden"), (result.Refusal!.Status, result.Refusal.Code));
            Assert.Equal(head, k.Journal.Head);
        }
    }

    [Theory]
    [InlineData("other")]
    [InlineData("")]
    public async Task Submit_AgentInForeignProject_IsForbidden(string project)
    {
        await using var k = await new KernelFixture().StartAsync();
        var two = KernelFixture.Agent with { Projects = ["demo", "second"] };
        var result = await k.Actions.SubmitAsync(new SubmitRequest("test.act", Input("a")) { Project = project.Length == 0 ? null : project }, two);
        Assert.Equal(403, result.Refusal!.Status);
    }

    [Fact]
    public async Task Submit_AgentIntoAnEpisodeOfAPerson_IsForbidden()
    {
        await using var k = await new KernelFixture().StartAsync();
        var person = await k.SubmitAsync("test.act", Input("a"));
        var own = await k.SubmitAsync("test.act", Input("b"), KernelFixture.Agent);

        var slipped = await k.Actions.SubmitAsync(new SubmitRequest("test.act", Input("c")) { CorrId = person.CorrId }, KernelFixture.Agent);
        var again = await k.Actions.SubmitAsync(new SubmitRequest("test.act", Input("d")) { CorrId = own.CorrId }, KernelFixture.Agent);

        Assert.Equal(403, slipped.Refusal!.Status);
        Assert.True(again.Ok);
    }

    [Fact]
    public async Task Submit_SameIdempotencyKeyAtOnce_RunsOnce()
    {
        await using var k = await new KernelFixture().StartAsync();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => k.SubmitAsync("test.act", Input("a"), change: r => r with { IdemKey = "one" })));
        var row = await k.EndOf(outcomes[0].Id);

        Assert.Single(outcomes.Select(o => o.Id).Distinct());
        Assert.Single(outcomes, o => !o.Reused);
        Assert.Equal(ActionState.Completed, row.State);
        Assert.Single(k.Get<TestControls>().Ran);
        Assert.True((await k.SubmitAsync("test.act", Input("a"), change: r => r with { IdemKey = "one" })).Reused);
    }

    [Fact]
    public async Task Submit_QueueFull_Is429AndWritesNothing()
    {
        await using var k = await new KernelFixture(s => Replace(s, new ActionOptions { QueueMax = 3 })).StartAsync(pump: false);
        for (var i = 0; i < 3; i++)
        {
            await k.SubmitAsync("test.act", Input($"{i}"));
        }

        var head = k.Journal.Head;
        var result = await k.Actions.SubmitAsync(new SubmitRequest("test.act", Input("x")) { Project = "demo" }, Principal.Owner);
        Assert.Equal((429, "queue_full"), (result.Refusal!.Status, result.Refusal.Code));
        Assert.Equal(head, k.Journal.Head);
    }

    [Fact]
    public async Task Submit_StrictPosture_StagesEveryEffect()
    {
        await using var k = await new KernelFixture().StartAsync();
        await k.SubmitAsync("policy.posture.set", new JsonObject { ["posture"] = "strict" });
        var staged = await k.SubmitAsync("test.act", Input("a"));
        Assert.Equal(ActionState.Waiting, staged.State);
        Assert.Equal([ApprovalReason.Staging], k.Get<ApprovalsModel>().Find(staged.Approval!)!.Request.Reasons);

        await k.SubmitAsync("approval.answer", Answer(staged.Approval!, ApprovalAnswer.Once));

        Assert.Equal(ActionState.Completed, (await k.EndOf(staged.Id)).State);
    }

    internal static JsonObject Input(string name, string? capability = null)
    {
        var input = new JsonObject { ["name"] = name };
        if (capability is not null)
        {
            input["capability"] = capability;
        }

        return input;
    }

    internal static void Replace<T>(Microsoft.Extensions.DependencyInjection.IServiceCollection services, T instance)
        where T : class => Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddSingleton(services, instance);

    internal static JsonObject Answer(string approval, ApprovalAnswer answer) => new()
    {
        ["approval"] = approval,
        ["answer"] = System.Text.Json.JsonSerializer.SerializeToNode(answer, ArwJson.Options),
    };
}
