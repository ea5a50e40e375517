using Arw.Core.Beliefs;
using Arw.Core.Beliefs.Diffs;
using Arw.Tests.Beliefs.Diffs;
using Arw.Web.Components.Status;
using Arw.Web.Features.World.Diffs;

namespace Arw.Tests.Pages;

public sealed class DiffsViewTests : IAsyncLifetime
{
    private DiffHome _home = null!;

    public async Task InitializeAsync() => _home = await DiffHome.StartAsync();

    public async Task DisposeAsync() => await _home.DisposeAsync();

    [Fact]
    public async Task Pull_ShowsConflictsFirst_AndWhatApplyingComesTo()
    {
        await _home.ProposeAsync("red");
        var id = await _home.QueueAsync("demo", DiffHome.Add("9 m", predicate: "depth"), DiffHome.Add("green"));
        var view = View();
        view.Pull("demo", id);
        Assert.Equal((1, 1, 1), (view.Waiting, view.Rows.Count, view.Conflicts(view.Rows[0])));
        Assert.Equal([1, 0], view.Ordered.Select(c => c.Change.Index));
        Assert.Equal((1, "1 added"), (view.Plan!.Undecided, DiffWords.Of(view.Plan.Counts)));
        Assert.Equal(["Nothing until you choose."], DiffWords.Effects(view.Ordered.First()));

        view.Choose(1, DiffChoice.TakeTheirs);
        Assert.Equal((0, "2 added, 1 taken back"), (view.Plan.Undecided, DiffWords.Of(view.Plan.Counts)));
        Assert.Equal(["Adds it to the map.", "Takes back “red”."], DiffWords.Effects(view.Ordered.First()));
        view.ChooseAll(DiffChoice.KeepOurs);
        Assert.Equal("1 added, 1 left out", DiffWords.Of(view.Plan.Counts));
        view.Choose(1, DiffChoice.KeepBoth);
        Assert.Equal("2 added, 1 contradiction", DiffWords.Of(view.Plan.Counts));
    }

    [Fact]
    public async Task Pull_AfterABeliefChanged_DropsTheChoiceThatItConcerns()
    {
        var ours = await _home.ProposeAsync("red");
        await _home.ProposeAsync("9 m", predicate: "depth");
        var id = await _home.QueueAsync("demo", DiffHome.Add("green"), DiffHome.Add("8 m", predicate: "depth"));
        var view = View();
        view.Pull("demo", id);
        view.ChooseAll(DiffChoice.TakeTheirs);
        view.Pull("demo", id);
        Assert.False(view.Moved);

        await _home.JudgeAsync("belief.accept", ours);
        view.Pull("demo", id);
        Assert.True(view.Moved);
        Assert.Equal([new ChangeChoice(1, DiffChoice.TakeTheirs)], view.Choices);
    }

    [Fact]
    public async Task Pull_DecidedUnknownOrOfAnotherProject_ShowsWhatThereIs()
    {
        var id = await _home.QueueAsync("demo", DiffHome.Add("green"));
        await _home.ApplyAsync(id);
        var view = View();
        view.Pull("demo", id);
        Assert.Null(view.Comparison);
        Assert.Equal("green", Assert.Single(view.Said).Value);
        Assert.Equal((StatusKind.Done, "Applied"), DiffWords.Status(view.Rows[0], view.Conflicts(view.Rows[0])));
        view.Pull("elsewhere", "none");
        Assert.Empty(view.Rows);
        Assert.Null(view.Chosen);
    }

    [Theory]
    [InlineData(" ", "invalid_input")]
    [InlineData("not json", "malformed_json")]
    [InlineData("""{"changes":[],"changes":[]}""", "malformed_json")]
    [InlineData("[]", "invalid_input")]
    [InlineData("""{"changes":[{"op":"add","value":"x"}]}""", "invalid_input")]
    [InlineData("""{"changes":[{"op":"add","value":"x","confidence":0.5,"more":1}]}""", "invalid_input")]
    public void Read_BadFile_SaysWhyAndTakesNothing(string text, string code)
    {
        Assert.Equal(code, DiffSubmission.Read(text, "demo", _home.Kernel.Get<Core.Actions.ActionCatalogue>()).Refusal!.Code);
        Assert.Equal(0, _home.Diffs.Waiting("demo"));
    }

    private DiffsView View() => new(_home.Diffs, _home.Kernel.Get<WorldDiffChangesModel>(), _home.Kernel.Get<BeliefsModel>(), _home.Desk);
}
