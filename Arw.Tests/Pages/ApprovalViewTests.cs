using Arw.Core.Actions;
using Arw.Core.Policy;
using Arw.Web.Components.Status;
using Arw.Web.Features.Actions;

namespace Arw.Tests.Pages;

public sealed class ApprovalViewTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 25, 14, 3, 8, TimeSpan.Zero);

    [Fact]
    public void Facts_PlainRequest_SaysTheHostAndThatNoBodyLeaves()
    {
        var facts = View("net.http:GET https://papers.example.org:443/2411.pdf").Facts;
        Assert.Contains(facts, f => f.Text == "No lease covers it.");
        Assert.Contains(facts, f => f.Text == "Leaves this machine: a request to papers.example.org:443, with no body and no cookies, only the address and the usual headers.");
    }

    [Fact]
    public void Facts_RequestWithBody_SaysSo() =>
        Assert.Contains(View("net.http:POST https://api.example.org/x").Facts, f => f.Text.EndsWith("with a body.", StringComparison.Ordinal));

    [Fact]
    public void Facts_LocalWrite_SaysThatNothingLeaves() =>
        Assert.Contains(View("file.write project://digests/a.md").Facts, f => f is { Kind: StatusKind.Done, Text: "Nothing leaves this machine." });

    [Fact]
    public void Facts_Unknown_PromisesNothing() =>
        Assert.DoesNotContain(new ApprovalView(Approval([], [])).Facts, f => f.Kind == StatusKind.Done);

    [Fact]
    public void Choices_Lease_OffersEveryTime() =>
        Assert.Equal(["Once", "15 minutes", "This episode", "Until revoked"], View("file.write project://a").Choices.Select(c => c.Word));

    [Fact]
    public void Choices_ReviewOnly_OffersThisOne() =>
        Assert.Equal("Allow this one", Assert.Single(new ApprovalView(Approval([ApprovalReason.Review], [])).Choices).Word);

    private static ApprovalView View(string capability) => new(Approval([ApprovalReason.Lease], [capability]));

    private static Approval Approval(ApprovalReason[] reasons, string[] suggested) =>
        new(new ApprovalRequested("01A", "01B", "http.fetch", reasons, "Download one PDF from papers.example.org", Now.AddHours(24))
        {
            Suggested = suggested,
            Decisions =
            [
                .. suggested.Select(s => new DecisionReport
                {
                    Effect = DecisionEffect.NeedsLease, Code = "needs_lease", Reason = "No lease covers it.", ActionKind = "http.fetch", Capability = s, Posture = "standard",
                }),
            ],
        })
        { Asked = Now };
}
