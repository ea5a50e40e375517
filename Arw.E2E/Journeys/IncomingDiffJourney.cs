using System.Text;
using System.Text.Json.Nodes;
using Arw.Core.Beliefs;
using Arw.E2E.Hosts;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Arw.E2E.Journeys;

/// <summary>A person brings in what another home holds, settles a conflict by the keyboard, applies it, sees the map change, and takes it back.</summary>
public sealed class IncomingDiffJourney(Chromium chromium) : PageTest(chromium)
{
    private const string Diff = """
        {"format":"arw.world-diff/1","from":"home-b","summary":"What we measured","changes":[
          {"op":"add","subject":"Lake","predicate":"Colour","value":"The lake is green","confidence":0.9,"evidence":[{"url":"https://there.example/1","title":"There"}]},
          {"op":"add","subject":"Lake","predicate":"depth","value":"The lake is 9 m deep","confidence":0.7}]}
        """;

    private Home _home = null!;

    public override async Task InitializeAsync()
    {
        _home = await Home.StartAsync(demo: false);
        await _home.ControlAsync("project.create", new JsonObject { ["id"] = "garden", ["title"] = "Garden" });
        await _home.RunAsync("beliefs.propose", new JsonObject
        {
            ["claims"] = new JsonArray(new JsonObject { ["text"] = "The lake is red", ["confidence"] = 0.6, ["subject"] = "lake", ["predicate"] = "colour" }),
        }, "garden");
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await _home.DisposeAsync();
    }

    [Fact]
    public async Task Diff_WithAConflict_IsSettledAppliedSeenAndUndone()
    {
        var person = await SignInAsync(_home);
        var page = person.Page;
        await person.GoToAsync("map/review?project=garden");
        await page.GetByLabel("File from another home").SetInputFilesAsync(new FilePayload { Name = "beliefs.json", MimeType = "application/json", Buffer = Encoding.UTF8.GetBytes(Diff) });
        await Expect(page.GetByRole(AriaRole.Status, new() { Name = "Checked" })).ToContainTextAsync("2 changes from home-b: all sound, 1 in conflict");
        await page.GetByRole(AriaRole.Button, new() { Name = "Queue for review" }).ClickAsync();

        var details = page.GetByRole(AriaRole.Region, new() { Name = "From home-b" });
        await Expect(details).ToContainTextAsync("1 conflict");
        var conflict = details.GetByRole(AriaRole.Article, new() { Name = "Colour of Lake" });
        await Expect(conflict).ToContainTextAsync("The lake is red");
        await Expect(conflict).ToContainTextAsync("Nothing until you choose");
        await Expect(details.GetByRole(AriaRole.Button, new() { Name = "Apply" })).ToBeDisabledAsync();

        // A second person sees the choice of nobody else, but is told at once when it is applied.
        var other = await SignInAsync(_home, new Look("dark"), ownSession: true);
        await other.GoToAsync("map?project=garden&view=table");
        await Expect(other.Page.GetByRole(AriaRole.Link, new() { Name = "1 incoming diff waits for you" })).ToBeVisibleAsync();
        await Expect(other.Page.GetByRole(AriaRole.Link, new() { Name = "The lake is red" })).ToBeVisibleAsync();

        await conflict.GetByRole(AriaRole.Radio, new() { Name = "Keep ours" }).FocusAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(conflict.GetByRole(AriaRole.Radio, new() { Name = "Take theirs" })).ToBeCheckedAsync();
        await Expect(conflict).ToContainTextAsync("Takes back “The lake is red”.");
        await Expect(details.GetByRole(AriaRole.Status, new() { Name = "Preview" })).ToContainTextAsync("2 added, 1 taken back");
        await details.GetByRole(AriaRole.Button, new() { Name = "Apply" }).ClickAsync();
        await Expect(details).ToContainTextAsync("Applied");

        await Expect(other.Page.GetByRole(AriaRole.Link, new() { Name = "The lake is green" })).ToBeVisibleAsync();
        await Expect(other.Page.GetByRole(AriaRole.Link, new() { Name = "The lake is 9 m deep" })).ToBeVisibleAsync();
        await Expect(other.Page.GetByRole(AriaRole.Link, new() { Name = "The lake is red" })).ToBeHiddenAsync();
        Assert.Equal(["The lake is 9 m deep", "The lake is green"], Standing());

        await details.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(details).ToContainTextAsync("Undone");
        await Expect(other.Page.GetByRole(AriaRole.Link, new() { Name = "The lake is red" })).ToBeVisibleAsync();
        await Expect(other.Page.GetByRole(AriaRole.Link, new() { Name = "The lake is green" })).ToBeHiddenAsync();
        Assert.Equal(["The lake is red"], Standing());
    }

    [Fact]
    public async Task BadFile_IsRefusedInWords_AndNothingComesIn()
    {
        var person = await SignInAsync(_home, new Look(Width: Look.Phone));
        await person.GoToAsync("map/review?project=garden");
        await person.Page.GetByLabel("or its text").FillAsync("""{"changes":[{"op":"add","value":"fine","confidence":0.5},{"op":"add","value":"unsure"}]}""");
        await person.Page.GetByRole(AriaRole.Button, new() { Name = "Check" }).ClickAsync();
        await Expect(person.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Change 2 says no confidence");
        await Expect(person.Page.GetByRole(AriaRole.Button, new() { Name = "Queue for review" })).ToBeDisabledAsync();
        await Expect(person.Page.GetByText("Nothing has come in")).ToBeVisibleAsync();
    }

    private IEnumerable<string> Standing() => _home.Service<BeliefsModel>().Surest("garden", 10).Select(b => b.Text).Order(StringComparer.Ordinal);
}
