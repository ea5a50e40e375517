using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Arw.Core.Access;
using Arw.Core.Actions;
using CsCheck;
using static Arw.Tests.Actions.ActionServiceTests;

namespace Arw.Tests.Actions;

public sealed class ActionSchedulerTests
{
    [Fact]
    public async Task Claim_PrioritiesAndNack_FollowTheReferenceOrder()
    {
        await using var k = await new KernelFixture(s => Replace(s, new ActionOptions { ClaimTtl = TimeSpan.FromMilliseconds(250) })).StartAsync(pump: false);
        await k.SubmitAsync("test.act", Input("low"), change: r => r with { Priority = 5 });
        await k.SubmitAsync("test.act", Input("nack_once"));
        await k.SubmitAsync("test.act", Input("high"), change: r => r with { Priority = -10 });
        var scheduler = k.Get<ActionScheduler>();
        var order = new List<(string, int)>();

        await RunNext();
        var nacked = (await scheduler.ClaimAsync(default))!;
        await scheduler.NackAsync(nacked, TimeSpan.FromMilliseconds(75), default);
        await RunNext();
        Assert.Null(await scheduler.ClaimAsync(default));
        k.Time.Advance(TimeSpan.FromMilliseconds(75));
        await RunNext();

        Assert.Equal([("high", 1), ("low", 1), ("nack_once", 2)], order);

        async Task RunNext()
        {
            var claim = (await scheduler.ClaimAsync(default))!;
            order.Add((claim.Action.Input!["name"]!.GetValue<string>(), claim.Action.Attempt));
            await scheduler.RunAsync(claim, default);
        }
    }

    [Fact]
    public async Task Claim_QueuedBeforeItsLeaseIsFolded_IsJudgedWithTheLease()
    {
        await using var k = await new KernelFixture(HoldingModel.AddBehindTheQueue).StartAsync(pump: false);
        var asked = await k.SubmitAsync("test.act", Input("a", WebFetch), change: r => r with { OnNeedsLease = OnNeedsLease.Ask });
        var hold = k.Get<HoldingModel>();
        hold.Hold("policy.lease.granted");
        var answering = k.SubmitAsync("approval.answer", Answer(asked.Approval!, ApprovalAnswer.Once));
        await hold.Reached;

        // The queue has it by now, the leases do not.
        Assert.Equal(ActionState.Queued, k.Get<LiveActions>().Current.Actions[asked.Id].State);
        var claiming = k.Get<ActionScheduler>().ClaimAsync(default);
        hold.LetGo();
        await answering;

        Assert.Equal(asked.Id, (await claiming)?.Action.Id);
    }

    [Fact]
    public async Task Claim_NotRenewed_IsRedeliveredAsARetry()
    {
        await using var k = await new KernelFixture(s => Replace(s, new ActionOptions { ClaimTtl = TimeSpan.FromMilliseconds(100) })).StartAsync(pump: false);
        var outcome = await k.SubmitAsync("test.act", Input("a"));
        var scheduler = k.Get<ActionScheduler>();
        var lost = (await scheduler.ClaimAsync(default))!;

        k.Time.Advance(TimeSpan.FromMilliseconds(60));
        Assert.True(scheduler.Renew(lost.Id));
        k.Time.Advance(TimeSpan.FromMilliseconds(60));
        await scheduler.SweepAsync(default);
        Assert.Null(await scheduler.ClaimAsync(default));
        k.Time.Advance(TimeSpan.FromMilliseconds(60));
        await scheduler.SweepAsync(default);
        var again = (await scheduler.ClaimAsync(default))!;
        await scheduler.RunAsync(again, default);

        Assert.False(scheduler.Renew(lost.Id));
        Assert.Equal((outcome.Id, 2), (again.Action.Id, again.Action.Attempt));
        var row = await k.EndOf(outcome.Id);
        Assert.True(row.Retry);
        Assert.Equal(ActionState.Completed, row.State);
    }

    [Fact]
    public async Task Run_LateResultOfALostClaim_IsDropped()
    {
        await using var k = await new KernelFixture(s => Replace(s, new ActionOptions { ClaimTtl = TimeSpan.FromMilliseconds(100) })).StartAsync(pump: false);
        var outcome = await k.SubmitAsync("test.act", Input("a"));
        var scheduler = k.Get<ActionScheduler>();
        var lost = (await scheduler.ClaimAsync(default))!;
        k.Time.Advance(TimeSpan.FromMilliseconds(150));
        await scheduler.SweepAsync(default);
        var again = (await scheduler.ClaimAsync(default))!;
        await scheduler.RunAsync(again, default);

        await scheduler.RunAsync(lost, default);

        Assert.Single(k.KindsOf(outcome.Id), kind => kind == "actions.completed");
    }

    [Fact]
    public async Task Restart_WhileRunning_RunsAgainMarkedAsRetry()
    {
        var started = new TaskCompletionSource();
        await using var k = await new KernelFixture().StartAsync();
        k.Get<TestControls>().Run = async (_, _, cancel) =>
        {
            started.SetResult();
            await new TaskCompletionSource().Task.WaitAsync(cancel);
            return (JsonNode?)null;
        };
        var outcome = await k.SubmitAsync("test.act", Input("a"));
        await started.Task;

        await k.RestartAsync();

        var row = await k.EndOf(outcome.Id);
        Assert.Equal((ActionState.Completed, 2, true), (row.State, row.Attempt, row.Retry));
        Assert.Equal(
            ["actions.submitted", "actions.queued", "actions.running", "actions.released", "actions.running", "actions.completed"],
            k.KindsOf(outcome.Id));
    }

    [Fact]
    public async Task Cancel_Running_StopsTheExecutorAndItsResultDoesNotCount()
    {
        var (started, stopped) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var k = await new KernelFixture().StartAsync();
        k.Get<TestControls>().Run = async (_, _, cancel) =>
        {
            started.SetResult();
            using var onCancel = cancel.Register(stopped.SetResult);
            await stopped.Task;
            return JsonValue.Create("too late");
        };
        var outcome = await k.SubmitAsync("test.act", Input("a"));
        await started.Task;

        await k.SubmitAsync("action.cancel", new JsonObject { ["action"] = outcome.Id, ["reason"] = "enough" });
        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(30));

        var row = await k.EndOf(outcome.Id);
        Assert.Equal((ActionState.Cancelled, "enough"), (row.State, row.Error!.Message));
        Assert.DoesNotContain("actions.completed", k.KindsOf(outcome.Id));
    }

    [Fact]
    public async Task Cancel_Queued_NeverRuns()
    {
        await using var k = await new KernelFixture().StartAsync(pump: false);
        var outcome = await k.SubmitAsync("test.act", Input("a"));
        await k.SubmitAsync("action.cancel", new JsonObject { ["action"] = outcome.Id });
        Assert.Null(await k.Get<ActionScheduler>().ClaimAsync(default));
        Assert.Equal(ActionState.Cancelled, (await k.EndOf(outcome.Id)).State);
    }

    [Fact]
    public async Task KillSwitch_Thrown_StopsWhatRunsAndHoldsWhatWaits()
    {
        var started = new TaskCompletionSource();
        await using var k = await new KernelFixture(s => Replace(s, new ActionOptions { PerProject = 1 })).StartAsync();
        k.Get<TestControls>().Run = async (input, _, cancel) =>
        {
            if (input.Name == "first")
            {
                started.SetResult();
                await new TaskCompletionSource().Task.WaitAsync(cancel);
            }

            return (JsonNode?)null;
        };
        var first = await k.SubmitAsync("test.act", Input("first"));
        var second = await k.SubmitAsync("test.act", Input("second"));
        await started.Task;

        await k.SubmitAsync("kill.switch.set", new JsonObject { ["on"] = true });

        Assert.Equal(ActionState.Cancelled, (await k.EndOf(first.Id)).State);
        Assert.Equal(ActionState.Queued, k.Get<LiveActions>().Current.Actions[second.Id].State);
        Assert.Equal("kill_switch", (await k.Actions.SubmitAsync(new SubmitRequest("test.act", Input("third")) { Project = "demo" }, Principal.Owner)).Refusal!.Code);
        await k.SubmitAsync("kill.switch.set", new JsonObject { ["on"] = false });
        Assert.Equal(ActionState.Completed, (await k.EndOf(second.Id)).State);
    }

    [Fact]
    public async Task Run_ExecutorThrows_FailsAsAFaultWithoutItsText()
    {
        await using var k = await new KernelFixture().StartAsync();
        k.Get<TestControls>().Run = (_, _, _) => throw new InvalidOperationException("secret path");
        var row = await k.EndOf((await k.SubmitAsync("test.act", Input("a"))).Id);
        Assert.Equal((ActionState.Failed, "fault"), (row.State, row.Error!.Code));
        Assert.DoesNotContain("secret path", row.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OutputTooLargeForAnEvent_FailsInsteadOfRunningForEver()
    {
        await using var k = await new KernelFixture().StartAsync();
        k.Get<TestControls>().Run = (_, _, _) => Task.FromResult<Core.Primitives.Result<JsonNode?>>(JsonValue.Create(new string('x', 5_000_000)));
        var row = await k.EndOf((await k.SubmitAsync("test.act", Input("a"))).Id);
        Assert.Equal((ActionState.Failed, "too_large"), (row.State, row.Error!.Code));
    }

    [Fact]
    public async Task Run_EndCannotBeJournaled_IsTriedAgainAsARetry()
    {
        await using var k = await new KernelFixture(s => Replace(s, new ActionOptions { ClaimTtl = TimeSpan.FromSeconds(1) })).StartAsync(pump: false);
        var (outcome, scheduler) = (await k.SubmitAsync("test.act", Input("a")), k.Get<ActionScheduler>());
        var claim = (await scheduler.ClaimAsync(default))!;
        using (var other = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={k.Get<Core.Journal.JournalOptions>().JournalPath};Pooling=False"))
        {
            other.Open();
            using var block = other.CreateCommand();
            block.CommandText = "CREATE TRIGGER no BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'disk on fire'); END";
            block.ExecuteNonQuery();
            await Assert.ThrowsAsync<Core.Journal.JournalFaultException>(() => scheduler.RunAsync(claim, default));
            block.CommandText = "DROP TRIGGER no";
            block.ExecuteNonQuery();
        }

        k.Time.Advance(TimeSpan.FromSeconds(2));
        await scheduler.SweepAsync(default);
        await scheduler.RunAsync((await scheduler.ClaimAsync(default))!, default);

        var row = await k.EndOf(outcome.Id);
        Assert.Equal((ActionState.Completed, true), (row.State, row.Retry));
    }

    [Fact]
    public async Task Run_ChildWithTheSameKeyAfterRestart_ReturnsTheFirstResult()
    {
        var reached = new TaskCompletionSource();
        await using var k = await new KernelFixture(s => s.AddTestParent()).StartAsync();
        k.Get<ParentControls>().AfterChild = async cancel =>
        {
            reached.SetResult();
            await new TaskCompletionSource().Task.WaitAsync(cancel);
        };
        var parent = await k.SubmitAsync("test.parent");
        await reached.Task;

        await k.RestartAsync();

        var row = await k.EndOf(parent.Id);
        Assert.Equal((ActionState.Completed, "child"), (row.State, row.Output!.GetValue<string>()));
        Assert.Empty(k.Get<TestControls>().Ran); // the child ran before the restart, and only then
        Assert.Single(k.Get<ActionsModel>().Rows.Query(new() { Where = [new("parent_id", Core.State.Op.Equal, parent.Id)] }));
    }

    [Fact]
    public void Next_AnyQueue_IsTheEligibleWithLowestPriorityThenOldest()
    {
        var now = new DateTimeOffset(2026, 11, 25, 8, 0, 0, TimeSpan.Zero);
        var action = Gen.Select(Gen.Int[-3, 3], Gen.Enum<ActionState>(), Gen.Int[0, 2], Gen.Bool, Gen.Int[-2, 2]);
        action.Array[0, 20].Sample(rows =>
        {
            var options = new ActionOptions { PerProject = 2, Total = 4 };
            var actions = rows.Select((r, i) => new LiveAction($"{i:D2}", "test.act", "t", null, r.Item2, Principal.Owner)
            {
                CorrId = "c",
                SubmittedSeq = i,
                Priority = r.Item1,
                Project = $"p{r.Item3}",
                Orchestrates = r.Item4,
                NotBefore = r.Item5 == 0 ? null : now.AddSeconds(r.Item5),
            }).Where(a => a.State is ActionState.Queued or ActionState.Running or ActionState.Waiting).ToList();
            var state = new LiveActionsState(actions.ToImmutableSortedDictionary(a => a.Id, a => a, StringComparer.Ordinal));
            bool Stopped(string? p) => p == "p2";

            var next = ActionQueue.Next(state, now, options, Stopped);

            var busy = actions.Where(a => a.State == ActionState.Running && !a.Orchestrates).ToList();
            var eligible = actions.Where(a => a.State == ActionState.Queued && !(a.NotBefore > now) && !Stopped(a.Project)
                && (a.Orchestrates || (busy.Count < 4 && busy.Count(b => b.Project == a.Project) < 2))).ToList();
            Assert.Equal(eligible.OrderBy(a => a.Priority).ThenBy(a => a.SubmittedSeq).FirstOrDefault()?.Id, next?.Id);
        });
    }
}
