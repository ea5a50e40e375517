using System.Security.Claims;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Web.Components.Layout;
using Arw.Web.Features.Actions;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Arw.Tests.Pages;

public sealed class ApprovalCardTests : BunitContext
{
    private static readonly ApprovalRequested Request = new(
        "01A", "01B", "http.fetch", [ApprovalReason.Lease], "Download one PDF from papers.example.org", new DateTimeOffset(2026, 11, 26, 14, 0, 0, TimeSpan.Zero))
    {
        Request = "GET https://papers.example.org/2411.pdf",
        Input = new JsonObject { ["url"] = "https://papers.example.org/2411.pdf" },
        Suggested = ["net.http:GET https://papers.example.org:443/2411.pdf"],
    };

    private readonly BunitJSModuleInterop _frame;

    public ApprovalCardTests()
    {
        Services.AddSingleton(TimeProvider.System);
        Services.AddScoped<Announcer>();
        Services.AddScoped(_ => new Operator(null!, new NobodyState()));
        _frame = JSInterop.SetupModule("/js/frame.js");
        _frame.SetupVoid("focusIfIdle", _ => true).SetVoidResult();
    }

    [Fact]
    public void Card_Newest_GivesTheFocusToRefuseAndTheKeyR()
    {
        var card = Card(newest: true);
        var focused = (ElementReference)_frame.Invocations["focusIfIdle"].Single().Arguments[0]!;
        var refuse = card.FindAll("button")[0];
        Assert.StartsWith("Refuse", refuse.TextContent, StringComparison.Ordinal);
        Assert.Equal("r", refuse.GetAttribute("data-hotkey"));
        Assert.Equal(focused.Id, refuse.GetAttribute("blazor:elementReference"));
    }

    [Fact]
    public void Card_Older_LeavesTheFocusAlone()
    {
        Card(newest: false);
        Assert.Empty(_frame.Invocations["focusIfIdle"]);
    }

    [Fact]
    public void Card_Grants_LookAlikeAndAreNotGreen() =>
        Assert.All(Card(newest: true).FindAll(".btns button"), button => Assert.Equal("btn", button.ClassName));

    [Fact]
    public void Card_Edit_ShowsTheInputAsJson()
    {
        var card = Card(newest: false);
        card.FindAll("button")[^1].Click();
        Assert.Contains("2411.pdf", card.Find("textarea").GetAttribute("value"), StringComparison.Ordinal);
    }

    [Fact]
    public void Answer_EditedToNoJson_IsRefusedHere()
    {
        var card = Card(newest: false);
        card.FindAll("button")[^1].Click();
        card.Find("textarea").Change("{oops");
        card.FindAll("button")[1].Click();
        Assert.Contains("no JSON", card.Find("[role=alert]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Answer_SignedOut_SaysSo()
    {
        var card = Card(newest: false);
        card.FindAll("button")[0].Click();
        card.WaitForAssertion(() => Assert.Contains("not signed in", card.Find("[role=alert]").TextContent, StringComparison.Ordinal));
    }

    private IRenderedComponent<ApprovalCard> Card(bool newest) =>
        Render<ApprovalCard>(p => p.Add(c => c.View, new ApprovalView(new Approval(Request))).Add(c => c.First, newest));

    private sealed class NobodyState : Microsoft.AspNetCore.Components.Authorization.AuthenticationStateProvider
    {
        public override Task<Microsoft.AspNetCore.Components.Authorization.AuthenticationState> GetAuthenticationStateAsync() =>
            Task.FromResult(new Microsoft.AspNetCore.Components.Authorization.AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity())));
    }
}
