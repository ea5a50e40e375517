using Arw.Core.Journal.Anchoring;
using Arw.Core.State;
using Arw.Tests.Actions;
using Arw.Web.Features.Settings;
using Bunit;
using Microsoft.Extensions.DependencyInjection;

namespace Arw.Tests.Pages;

public sealed class AnchorCardTests : BunitContext
{
    private readonly TempFolder _outside = new();

    [Fact]
    public async Task Card_OfAKeptAnchor_ShowsFileHeadAndKey()
    {
        await using var home = await AnchoredAsync(_outside.File("heads.jsonl"));
        var card = Show(home);

        Assert.Contains("Kept", card.Find(".st").TextContent, StringComparison.Ordinal);
        Assert.Contains(_outside.File("heads.jsonl"), card.Markup, StringComparison.Ordinal);
        Assert.Contains("event 1", card.Markup, StringComparison.Ordinal);
        Assert.Contains(home.Get<HeadAnchor>().Status.KeyId!, card.Markup, StringComparison.Ordinal);
        Assert.Empty(card.FindAll("[role=alert]"));
    }

    [Fact]
    public async Task Card_OfAnAnchorThatCannotBeWritten_SaysWhatIsWrong()
    {
        await File.WriteAllTextAsync(_outside.File("blocked"), "");
        await using var home = await AnchoredAsync(Path.Combine(_outside.File("blocked"), "heads.jsonl"));
        var card = Show(home);

        Assert.Contains("the journal goes on", card.Find(".st").TextContent, StringComparison.Ordinal);
        Assert.Contains("blocked", card.Find("[role=alert]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Card_WithoutAnAnchor_SaysSo()
    {
        await using var home = await AnchoredAsync(null);
        Assert.Contains("Off", Show(home).Find(".st").TextContent, StringComparison.Ordinal);
        Assert.Null(home.Get<HeadAnchor>().Status.KeyId);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _outside.Dispose();
    }

    // Stopping signs the last head: what the card then shows does not move.
    private static async Task<KernelFixture> AnchoredAsync(string? file)
    {
        var home = await new KernelFixture(services => services.AddSingleton(new AnchorOptions { File = file })).StartAsync();
        await home.Get<HeadAnchor>().StopAsync(default);
        return home;
    }

    private IRenderedComponent<AnchorCard> Show(KernelFixture home)
    {
        Services.AddSingleton(home.Get<HeadAnchor>());
        Services.AddSingleton(home.Get<StateHost>());
        Services.AddSingleton<TimeProvider>(home.Time);
        SetRendererInfo(new Microsoft.AspNetCore.Components.RendererInfo("Static", isInteractive: false));
        return Render<AnchorCard>();
    }
}
