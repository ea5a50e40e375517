using System.Text.Json.Nodes;
using Arw.Core.Access;
using Arw.Core.Journal;
using Arw.Core.Journal.Backup;
using Arw.Core.Retention;
using Arw.Core.State;
using Arw.Tests.Actions;
using Arw.Tests.Journal.Archive;
using Arw.Web.Features.Actions;
using Arw.Web.Features.Retention;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Arw.Tests.Pages;

public sealed class RetentionCardTests : BunitContext
{
    [Fact]
    public async Task Card_WithNothingConfigured_SaysThatAllIsKeptAndHowToBackUp()
    {
        await using var home = await StartAsync(new());
        var card = Show(home);
        Assert.Contains("Off: everything is kept", card.Find(".st").TextContent, StringComparison.Ordinal);
        Assert.Contains("Events 1 to 1 are kept", card.Markup, StringComparison.Ordinal);
        Assert.Contains("journal backup FOLDER", card.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Card_AfterATurnAndABackup_ShowsRulesRangeAndMoments()
    {
        await using var home = await StartAsync(new() { Age = TimeSpan.FromDays(10), Size = 5_000_000 });
        await home.SubmitAsync("journal.retention.set", new JsonObject { ["project"] = "lab", ["days"] = 7 }, Principal.Owner);
        ArchivedJournal.Loosen(home.Journal);
        for (var n = 0; n < 20; n++)
        {
            await home.Journal.AppendAsync(new EventDraft("ext.filled", "{}"u8.ToArray(), "agent:x"));
            home.Time.Advance(TimeSpan.FromDays(1));
        }

        await home.Get<RetentionTurn>().RunAsync();
        await home.Get<StateHost>().WaitForAsync(home.Journal.Head);
        using var outside = new TempFolder();
        Assert.True(new JournalBackup(home.Get<JournalOptions>(), home.Time).Run(outside.File("backup")).Ok);
        var card = Show(home);

        var first = home.Journal.Archive.Now.DroppedTo + 1;
        Assert.True(first > 1);
        Assert.Contains($"Events {first} to {home.Journal.Head} are kept", card.Markup, StringComparison.Ordinal);
        Assert.Contains($"Last dropped: events 1 to {first - 1}", card.Markup, StringComparison.Ordinal);
        Assert.Contains("older than 10 days are dropped", card.Markup, StringComparison.Ordinal);
        Assert.Contains("keeps its payloads for 7 days", card.Markup, StringComparison.Ordinal);
        Assert.Contains($"Last backup: event {home.Journal.Head}", card.Markup, StringComparison.Ordinal);
    }

    private static async Task<KernelFixture> StartAsync(RetentionOptions options) =>
        // Turns are taken by the tests.
        await new KernelFixture(services => services.AddArwRetention(options).Remove(services.Last(d => d.ServiceType == typeof(IHostedService)))).StartAsync(pump: false);

    private IRenderedComponent<RetentionCard> Show(KernelFixture home)
    {
        Services.AddSingleton(home.Journal);
        Services.AddSingleton(home.Get<JournalOptions>());
        Services.AddSingleton(home.Get<RetentionService>());
        Services.AddSingleton(home.Get<RetentionModel>());
        Services.AddSingleton(home.Get<RetentionOptions>());
        Services.AddSingleton(home.Get<StateHost>());
        Services.AddSingleton<TimeProvider>(home.Time);
        ComponentFactories.AddStub<ActionForm>();
        SetRendererInfo(new Microsoft.AspNetCore.Components.RendererInfo("Static", isInteractive: false));
        return Render<RetentionCard>();
    }
}
