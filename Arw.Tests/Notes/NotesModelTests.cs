using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Notes;
using Arw.Tests.Http;
using Arw.Web.Features.Notes;

namespace Arw.Tests.Notes;

public sealed class NotesModelTests
{
    [Fact]
    public async Task Append_ByAPerson_IsListedNewestFirstAndRebuildsEqual()
    {
        await using var home = await TestHome.StartAsync();
        await home.ActAsync("project.create", new JsonObject { ["id"] = "p", ["title"] = "P" });
        var actions = home.Service<ActionService>();
        foreach (var text in new[] { "first", "second" })
        {
            var outcome = await actions.SubmitAsync(new SubmitRequest("notes.append", new JsonObject { ["text"] = text }) { Project = "p" }, Core.Access.Principal.Owner);
            await actions.WaitForEndAsync(outcome.Value.Id);
        }

        var notes = home.Service<NotesModel>();

        Assert.Equal(["second", "first"], NotesView.Of(notes.Current, "p").Select(n => n.Text));
        Assert.Empty(NotesView.Of(notes.Current, "other"));
        Assert.Equal(2, NotesView.Of(notes.Current, null).Count);
        Assert.True(notes.Version > 0);
    }
}
