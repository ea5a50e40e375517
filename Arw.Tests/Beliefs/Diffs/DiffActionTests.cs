using Arw.Core.Actions;
using Arw.Core.Beliefs;
using Arw.Core.Beliefs.Diffs;
using Arw.Core.World;
using Arw.Tests.Actions;

namespace Arw.Tests.Beliefs.Diffs;

public sealed class DiffActionTests : IAsyncLifetime
{
    private DiffHome _home = null!;

    public async Task InitializeAsync() => _home = await DiffHome.StartAsync();

    public async Task DisposeAsync() => await _home.DisposeAsync();

    [Fact]
    public async Task Queue_ChangesNothingAndIsTakenOnce()
    {
        await _home.ProposeAsync("red");
        var before = _home.Dump();
        var input = new QueueDiffInput([DiffHome.Add("green")]) { From = "home-b", Id = "d-1" };
        var first = await _home.BringAsync(input);
        Assert.Equal(("d-1", 1, false), ((string?)first.Output!["id"], (int)first.Output["conflicts"]!, (bool)first.Output["already"]!));
        Assert.True((bool)(await _home.BringAsync(input)).Output!["already"]!);
        Assert.Equal(before, _home.Dump());
        Assert.Equal(1, _home.Diffs.Waiting("demo"));

        var other = await _home.BringAsync(input with { Changes = [DiffHome.Add("blue")] });
        Assert.Equal("conflict", other.Error!.Code);
    }

    [Fact]
    public async Task Queue_WithoutAnId_IsKnownByItsContent()
    {
        var first = await _home.QueueAsync("demo", DiffHome.Add("green"));
        Assert.Equal(first, await _home.QueueAsync("demo", DiffHome.Add("green")));
        Assert.NotEqual(first, await _home.QueueAsync("demo", DiffHome.Add("blue")));
        Assert.NotEqual(first, await _home.QueueAsync("other", DiffHome.Add("green")));
    }

    [Fact]
    public async Task Queue_ByAnAgent_IsInItsOwnNameAndProject_AndItNeverDecides()
    {
        var end = await _home.BringAsync(new QueueDiffInput([DiffHome.Add("green")]), KernelFixture.Agent);
        Assert.Equal(ActionState.Completed, end.State);
        var id = (string)end.Output!["id"]!;
        Assert.Equal(("agent:digest", "agent:digest"), (_home.Diffs.Rows.Find(id)!.From, _home.Diffs.Rows.Find(id)!.QueuedBy));

        foreach (var (project, from) in new[] { ("other", (string?)null), ("demo", "home-b") })
        {
            var input = System.Text.Json.JsonSerializer.SerializeToNode(new QueueDiffInput([DiffHome.Add("blue")]) { From = from }, Core.Primitives.ArwJson.Options);
            var refused = await _home.Kernel.Actions.SubmitAsync(new SubmitRequest("world.diff.queue", input) { Project = project }, KernelFixture.Agent);
            Assert.Equal("forbidden", refused.Refusal!.Code);
        }

        var decide = new SubmitRequest("world.diff.decide", new System.Text.Json.Nodes.JsonObject { ["id"] = id, ["decision"] = "apply" });
        Assert.Equal("forbidden", (await _home.Kernel.Actions.SubmitAsync(decide, KernelFixture.Agent)).Refusal!.Code);
    }

    [Fact]
    public async Task Queue_SecretInAChange_IsStoredAndComparedRedacted()
    {
        var id = await _home.QueueAsync("demo", DiffHome.Add("The key is ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a"));
        var stored = _home.Kernel.Get<WorldDiffChangesModel>().Of(id)[0];
        Assert.Contains("[redacted", stored.Value, StringComparison.Ordinal);
        await _home.ApplyAsync(id);
        Assert.Equal(stored.Value, _home.Belief(stored.Value).Text);
        Assert.True((await _home.RevertAsync(id)).Ok);
    }

    [Fact]
    public async Task Apply_WithoutConflict_ChangesTheMapWithProvenance()
    {
        var id = await _home.QueueAsync("demo", DiffHome.Add("green") with { Topic = "Water" });
        Assert.True((await _home.DecideAsync(id, DiffDecision.Apply)).Ok);
        var belief = _home.Belief("green");
        Assert.Equal((BeliefStatus.Proposed, id, 0.7), (belief.Status, belief.Diff, belief.Confidence));
        Assert.Equal("item:diff:home-b", Assert.Single(belief.Sources).Key);
        Assert.Equal(NodeKind.Claim, _home.Kernel.Get<WorldNodesModel>().Rows.Find(WorldIds.Claim(belief.Id))!.Kind);
        var row = _home.Diffs.Rows.Find(id)!;
        Assert.Equal((DiffState.Applied, "person:owner", new DiffCounts(1, 0, 0, 0, 0)), (row.State, row.DecidedBy, row.Counts));
        Assert.Equal("already_decided", (await _home.DecideAsync(id, DiffDecision.Reject)).Refusal!.Code);
    }

    [Theory]
    [InlineData(DiffChoice.KeepOurs, BeliefStatus.Proposed, null)]
    [InlineData(DiffChoice.TakeTheirs, BeliefStatus.Retracted, BeliefStatus.Proposed)]
    [InlineData(DiffChoice.KeepBoth, BeliefStatus.Conflict, BeliefStatus.Conflict)]
    public async Task Apply_Conflict_DoesWhatWasChosen(DiffChoice choice, BeliefStatus ours, BeliefStatus? theirs)
    {
        await _home.ProposeAsync("It is red");
        var id = await _home.QueueAsync("demo", DiffHome.Add("It is green", " lake", "Colour"));
        var comparison = _home.Desk.Compare(id)!;
        Assert.Equal([DiffConflict.OtherValue], Assert.Single(comparison.Changes).Conflicts);
        Assert.Equal("It is red", comparison.Changes[0].Others.Single().Text);

        Assert.Equal("choices_missing", (await _home.DecideAsync(id, DiffDecision.Apply, comparison.Seen)).Refusal!.Code);
        await _home.ApplyAsync(id, _ => choice);
        Assert.Equal((ours, theirs), (_home.Belief("It is red").Status, _home.Find("It is green")?.Status));
    }

    [Fact]
    public async Task Apply_OfWhatAPersonHereHasJudged_IsAConflict()
    {
        await _home.JudgeAsync("belief.reject", await _home.ProposeAsync("red"));
        await _home.JudgeAsync("belief.accept", await _home.ProposeAsync("9 m", predicate: "depth"));
        var id = await _home.QueueAsync("demo", DiffHome.Add("red"), DiffHome.Retract("9 m", predicate: "depth"), DiffHome.Retract("never held"));
        var comparison = _home.Desk.Compare(id)!;
        Assert.Equal([DiffConflict.RejectedHere], comparison.Changes[0].Conflicts);
        Assert.Equal([DiffConflict.AcceptedHere], comparison.Changes[1].Conflicts);
        Assert.Empty(comparison.Changes[2].Conflicts);

        await _home.ApplyAsync(id);
        Assert.Equal((BeliefStatus.Accepted, BeliefStatus.Retracted), (_home.Belief("red").Status, _home.Belief("9 m", predicate: "depth").Status));
        Assert.Equal(new DiffCounts(1, 0, 1, 0, 1), _home.Diffs.Rows.Find(id)!.Counts);
        Assert.True((await _home.RevertAsync(id)).Ok);
        Assert.Equal((BeliefStatus.Rejected, BeliefStatus.Accepted), (_home.Belief("red").Status, _home.Belief("9 m", predicate: "depth").Status));
    }

    [Fact]
    public async Task Compare_ManyValuedPredicateOrMissingOne_HasNoConflict()
    {
        await _home.ProposeAsync("wet", predicate: "tag");
        await _home.ProposeAsync("deep", predicate: null);
        var id = await _home.QueueAsync("demo", DiffHome.Add("cold", predicate: "tag"), DiffHome.Add("shallow", predicate: null));
        Assert.Equal(0, _home.Desk.Compare(id)!.Conflicts);
    }

    [Fact]
    public async Task Compare_RivalsInsideTheDiff_AreAConflict()
    {
        var id = await _home.QueueAsync("demo", DiffHome.Add("red"), DiffHome.Add("green"));
        var comparison = _home.Desk.Compare(id)!;
        Assert.Equal(2, comparison.Conflicts);
        Assert.Equal([1], comparison.Changes[0].Rivals);
        await _home.ApplyAsync(id);
        Assert.Equal((BeliefStatus.Conflict, BeliefStatus.Conflict), (_home.Belief("red").Status, _home.Belief("green").Status));
        Assert.Equal(1, _home.Diffs.Rows.Find(id)!.Counts!.Contradictions);
    }

    [Fact]
    public async Task Apply_AfterABeliefChanged_IsRefusedWithTheNewComparisonAndChangesNothing()
    {
        var ours = await _home.ProposeAsync("red");
        var id = await _home.QueueAsync("demo", DiffHome.Add("green"), DiffHome.Add("9 m", predicate: "depth"));
        var seen = _home.Desk.Compare(id)!.Seen;
        await _home.JudgeAsync("belief.accept", ours);
        var before = _home.Dump();

        var refused = (await _home.DecideAsync(id, DiffDecision.Apply, seen, new ChangeChoice(0, DiffChoice.TakeTheirs))).Refusal!;
        Assert.Equal(("comparison_changed", 409), (refused.Code, refused.Status));
        var details = System.Text.Json.JsonSerializer.SerializeToNode(refused.Details, refused.Details!.GetType(), Core.Primitives.ArwJson.Options)!;
        Assert.Equal("accepted", (string?)details["comparison"]!["changes"]![0]!["others"]![0]!["status"]);
        Assert.Equal(before, _home.Dump());
        Assert.Equal(DiffState.Queued, _home.Diffs.Rows.Find(id)!.State);
    }

    [Fact]
    public async Task Apply_WhileOthersJudgeAndClaim_OverlooksNothing()
    {
        for (var round = 0; round < 12; round++)
        {
            var project = $"race{round}";
            var ours = await _home.ProposeAsync("red", project: project);
            var id = await _home.QueueAsync(project, DiffHome.Add("green"));
            var seen = _home.Desk.Compare(id)!.Seen;
            var judging = Task.Run(() => _home.JudgeAsync("belief.accept", ours, project));
            var claiming = Task.Run(() => _home.ProposeAsync("blue", project: project));
            var applied = await _home.DecideAsync(id, DiffDecision.Apply, seen, new ChangeChoice(0, DiffChoice.TakeTheirs));
            await Task.WhenAll(judging, claiming);

            // Either it came first, and what followed met its result; or it was refused, and the map has nothing of it.
            Assert.Equal(applied.Ok, _home.Find("green", project: project) is not null);
            if (applied.Ok)
            {
                var kinds = _home.Kernel.Journal.OfSubject(BeliefEvents.Subject(ours)).Select(e => e.Kind).ToList();
                Assert.DoesNotContain("beliefs.accepted", kinds.TakeWhile(k => k != "beliefs.retracted"));
                Assert.Contains(_home.Belief("green", project: project).Conflicts, c => c.Id == _home.Belief("blue", project: project).Id);
            }
            else
            {
                Assert.Equal("comparison_changed", applied.Refusal!.Code);
            }
        }
    }

    [Fact]
    public async Task Apply_JudgedBetweenComparisonAndAppend_IsRefusedWhole()
    {
        // The conflict is compared first and the rest takes a while: the judgement mostly falls in between.
        DiffChange[] changes = [DiffHome.Add("green"), .. Enumerable.Range(1, 199).Select(i => DiffHome.Add($"{i} m", $"Well {i}", "depth"))];
        for (var round = 0; round < 8; round++)
        {
            var project = $"late{round}";
            var ours = await _home.ProposeAsync("red", project: project);
            var id = await _home.QueueAsync(project, changes);
            var seen = _home.Desk.Compare(id)!.Seen;
            var deciding = Task.Run(() => _home.DecideAsync(id, DiffDecision.Apply, seen, new ChangeChoice(0, DiffChoice.TakeTheirs)));
            await _home.Kernel.Until(() => deciding.IsCompleted || _home.Kernel.Get<LiveActions>().Current.Actions.Values.Any(a => a.Kind == "world.diff.decide"));
            await _home.Kernel.Journal.AppendAsync([BeliefEvents.Accepted.Draft(new BeliefJudged(ours), "person:owner", BeliefEvents.Subject(ours), project)]);

            var applied = await deciding;
            var kinds = _home.Kernel.Journal.OfSubject(BeliefEvents.Subject(ours)).Select(e => e.Kind);
            Assert.Equal(applied.Ok ? ["beliefs.proposed", "beliefs.retracted", "beliefs.accepted"] : ["beliefs.proposed", "beliefs.accepted"], kinds);
            Assert.Equal(applied.Ok, _home.Find("199 m", "Well 199", "depth", project) is not null);
            Assert.Equal(applied.Ok ? null : "comparison_changed", applied.Refusal?.Code);
        }
    }

    [Fact]
    public async Task Revert_AfterSomethingWasSaid_IsRefused()
    {
        var first = await _home.QueueAsync("demo", DiffHome.Add("green"));
        await _home.ApplyAsync(first);
        await _home.ProposeAsync("red");
        var refused = (await _home.RevertAsync(first)).Refusal!;
        Assert.Equal("changed_since", refused.Code);
        Assert.Contains("\"green\"", refused.Message, StringComparison.Ordinal);

        var second = await _home.QueueAsync("demo", DiffHome.Add("9 m", predicate: "depth"));
        Assert.Equal("not_applied", (await _home.RevertAsync(second)).Refusal!.Code);
        await _home.ApplyAsync(second);
        await _home.JudgeAsync("belief.accept", _home.Belief("9 m", predicate: "depth").Id);
        Assert.Equal("changed_since", (await _home.RevertAsync(second)).Refusal!.Code);
    }

    [Fact]
    public async Task Defer_KeepsItOpen_RejectEndsIt()
    {
        var id = await _home.QueueAsync("demo", DiffHome.Add("green"));
        Assert.True((await _home.DecideAsync(id, DiffDecision.Defer)).Ok);
        Assert.Equal((DiffState.Deferred, 1), (_home.Diffs.Rows.Find(id)!.State, _home.Diffs.Waiting("demo")));
        Assert.True((await _home.DecideAsync(id, DiffDecision.Reject)).Ok);
        Assert.Equal((DiffState.Rejected, 0), (_home.Diffs.Rows.Find(id)!.State, _home.Diffs.Waiting("demo")));
        Assert.Null(_home.Find("green"));
        Assert.Equal("already_decided", (await _home.DecideAsync(id, DiffDecision.Apply)).Refusal!.Code);
        Assert.True((await _home.DecideAsync(id, DiffDecision.Defer)).Ok);
        await _home.ApplyAsync(id);
        Assert.Equal("already_decided", (await _home.DecideAsync(id, DiffDecision.Defer)).Refusal!.Code);
        Assert.Equal("not_found", (await _home.DecideAsync("none", DiffDecision.Reject)).Refusal!.Code);
    }

    [Fact]
    public async Task Decide_ChoiceThatDoesNotFit_IsRefused()
    {
        var id = await _home.QueueAsync("demo", DiffHome.Add("green"));
        var seen = _home.Desk.Compare(id)!.Seen;
        Assert.Equal("invalid_input", (await _home.DecideAsync(id, DiffDecision.Apply, seen, new ChangeChoice(0, DiffChoice.KeepBoth))).Refusal!.Code);
        Assert.Equal("invalid_input", (await _home.DecideAsync(id, DiffDecision.Apply, seen, new ChangeChoice(7, DiffChoice.KeepOurs))).Refusal!.Code);
        Assert.Equal("invalid_input", (await _home.DecideAsync(id, DiffDecision.Apply, null, new ChangeChoice(0, DiffChoice.KeepOurs))).Refusal!.Code);
    }

    [Fact]
    public async Task Export_OfAProject_IsWhatAnotherHomeCanTakeIn()
    {
        await _home.ProposeAsync("red");
        await _home.JudgeAsync("belief.reject", await _home.ProposeAsync("rejected", predicate: "depth"));
        await _home.Kernel.SubmitAsync("beliefs.propose", System.Text.Json.Nodes.JsonNode.Parse("""{"claims":[{"text":"bare word","confidence":0.5},{"text":"from a file","confidence":0.5,"evidence":[{"url":"project://notes/a.md"}]}]}"""));
        await _home.ProposeAsync("9 m", predicate: "depth", confidence: 0.4);

        var export = DiffExport.Of("demo", _home.Beliefs, "home-a");
        Assert.Equal(["red", "9 m"], export.Changes.Select(c => c.Value));
        Assert.Equal([0.6, 0.4], export.Changes.Select(c => c.Confidence!.Value));
        Assert.Null(DiffRules.Fault(export, "there"));

        var end = await _home.BringAsync(export, project: "there");
        await _home.ApplyAsync((string)end.Output!["id"]!);
        Assert.Equal((0.6, "https://here.example/Lake"), (_home.Belief("red", project: "there").Confidence, _home.Belief("red", project: "there").Sources.Single().Key));
        Assert.Equal(ActionState.Completed, end.State);
    }
}
