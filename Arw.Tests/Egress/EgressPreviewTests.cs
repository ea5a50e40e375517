using Arw.Core.Egress;
using Arw.Core.Journal;
using Arw.Core.Policy.Engine;
using Arw.Core.Policy.Leases;
using Arw.Core.Policy.Postures;
using Arw.Core.Redaction;
using Arw.Tests.Actions;

namespace Arw.Tests.Egress;

public class EgressPreviewTests
{
    private readonly EgressSettingsModel _settings = new();
    private readonly Redactor _redactor = new();
    private readonly EgressPreview _preview;

    public EgressPreviewTests()
    {
        var (policy, leases) = (new PolicyModel(), new LeasesModel());
        var gate = new EgressGate(_settings, EgressPolicy.From(policy, leases, TimeProvider.System), TimeProvider.System);
        _preview = new EgressPreview(gate, new PolicyEngine(policy, leases, gate.Veto), new EgressPrices(_settings), TimeProvider.System, _redactor);
    }

    [Fact]
    public void Preview_PublicName_NeedsALeaseInStandardPosture()
    {
        var answer = _preview.Preview("https://Feeds.example/a?token=x", null, new FakeRun().Context).Value;

        Assert.Equal((false, "needs_lease", EgressMode.Public, null), (answer.Allow, answer.Code, answer.Mode, answer.AddressClass));
        Assert.Equal("net.http:GET https://feeds.example/a", answer.RequireCapability);
        Assert.DoesNotContain("token=x", answer.Url, StringComparison.Ordinal);
    }

    [Fact]
    public void Preview_Loopback_IsNeverSuggestedUntilAScopeSpellsIt()
    {
        var before = _preview.Preview("http://127.0.0.1:8080/", "get", new FakeRun().Context).Value;
        _settings.Apply(EgressWorld.Event(EgressEvents.ScopeSet.Draft(new EgressScope { Id = "local", Hosts = ["127.0.0.1"], Ports = [8080] }, "person:owner"), 1));
        var after = _preview.Preview("http://127.0.0.1:8080/", "get", new FakeRun().Context).Value;

        Assert.Equal(("address_not_public", null, AddressClass.Loopback), (before.Code, before.RequireCapability, before.AddressClass));
        Assert.Equal(("needs_lease", "local"), (after.Code, after.Scope));
    }

    [Fact]
    public void Preview_OfContent_TellsSizeFindingsAndEveryLeaseThatIsMissing()
    {
        var content = new PreviewContent { Headers = [new("X-Note", "call +49 30 1234567"), new("Authorization", "Bearer ghp_1A2b3C4d5E6f7G8h9I0jK1l2M3n4O5p6Q7r8")], Body = "write to anna@example.org or bob@example.org, pay 4111 1111 1111 1111" };
        var answer = _preview.Preview("https://feeds.example/in", "post", new FakeRun().Context, content).Value;

        Assert.Equal((false, "needs_lease", 69L), (answer.Allow, answer.Code, answer.Bytes));
        Assert.Equal([DataClass.Financial, DataClass.Person], answer.Data);
        Assert.Equal([("card", 1, true), ("mail", 2, false), ("phone", 1, false)], answer.Findings.Select(f => (f.Kind, f.Count, f.Redacted)));
        Assert.Equal(["net.http:POST https://feeds.example/in", "data.send:financial https://feeds.example/in", "data.send:person https://feeds.example/in"], answer.Missing);
        Assert.DoesNotContain("anna", System.Text.Json.JsonSerializer.Serialize(answer), StringComparison.Ordinal);
    }

    [Fact]
    public void Preview_OfACanary_IsRefusedAndRaisesNoAlarm()
    {
        _redactor.Configure(RedactionSetup.Default with { Canaries = new Dictionary<string, string> { ["c"] = "key_live_0123456789abcdef0123" } });
        Assert.Equal("canary", _preview.Preview("https://feeds.example/in", "post", new FakeRun().Context, new PreviewContent { Body = "x key_live_0123456789abcdef0123" }).Value.Code);
    }

    [Fact]
    public void Preview_Cost_IsTheSetPriceNothingHereAndNotKnownElsewhere()
    {
        _settings.Apply(EgressWorld.Event(EgressEvents.PriceSet.Draft(new EgressPrice { Host = "*.example.org", PerRequest = 1000, PerThousandIn = 500, PerThousandOut = 2000 }, "person:owner"), 1));
        var known = _preview.Preview("https://api.example.org/v1", "post", new FakeRun().Context, new PreviewContent { Size = new RequestSize(100, null, 1500, 200) }).Value;
        var open = _preview.Preview("https://api.example.org/v1", "post", new FakeRun().Context).Value;
        var unknown = _preview.Preview("https://other.test/", null, new FakeRun().Context).Value;
        var here = _preview.Preview("http://localhost:8080/", null, new FakeRun().Context).Value;

        Assert.Equal((0.00215m, 0), (known.EstCostUsd, known.CostNotKnown.Count));
        Assert.Equal((null, 0.001m, "how many tokens api.example.org counts"), (open.EstCostUsd, open.CostAtLeastUsd, Assert.Single(open.CostNotKnown)));
        Assert.Equal((null, "the price of other.test"), (unknown.EstCostUsd, Assert.Single(unknown.CostNotKnown)));
        Assert.Equal((0m, 0), (here.EstCostUsd, here.CostNotKnown.Count));
    }

    [Fact]
    public void Preview_OddUrl_IsRefused() =>
        Assert.Equal("invalid_url", _preview.Preview("http://0x7f.1/", "GET", new FakeRun().Context).Refusal?.Code);
}
