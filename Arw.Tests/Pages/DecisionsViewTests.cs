using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Web.Components.Status;
using Arw.Web.Features.Policy;

namespace Arw.Tests.Pages;

public sealed class DecisionsViewTests
{
    [Fact]
    public async Task Pull_ListsNewestFirst_AndOnlyRefusalsWhenAsked()
    {
        await using var home = await PageHome.New().StartAsync();
        await home.SubmitAsync("test.act", new JsonObject { ["name"] = "a", ["capability"] = "file.write project://a" }, change: r => r with { OnNeedsLease = OnNeedsLease.Ask });
        var allowed = await home.SubmitAsync("test.act", new JsonObject { ["name"] = "b", ["capability"] = "demo.echo" });
        await home.EndOf(allowed.Id);
        await home.CaughtUpAsync();
        var view = new DecisionsView(home.Journal);

        var all = view.Pull(refusedOnly: false);
        Assert.Equal(all.OrderByDescending(d => d.Event.Seq), all);
        Assert.Contains(all, d => d is { Status: StatusKind.Done, Word: "Allowed" });
        var refused = Assert.Single(view.Pull(refusedOnly: true));
        Assert.Equal((StatusKind.Waiting, "Needs a lease", "file.write project://a"), (refused.Status, refused.Word, refused.Decided.Decision.Capability));
        Assert.Equal(("file.write project://a", "project:demo"), ((string?)refused.Grant()!["capability"], (string?)refused.Grant()!["holder"]));
        Assert.All(all.Where(d => d.Status == StatusKind.Done), d => Assert.Null(d.Grant()));
    }
}
