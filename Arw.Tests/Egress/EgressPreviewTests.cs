using Arw.Core.Egress;
using Arw.Core.Policy.Engine;
using Arw.Core.Policy.Leases;
using Arw.Core.Policy.Postures;
using Arw.Tests.Actions;

namespace Arw.Tests.Egress;

public class EgressPreviewTests
{
    private readonly EgressSettingsModel _settings = new();
    private readonly EgressPreview _preview;

    public EgressPreviewTests()
    {
        var (policy, leases) = (new PolicyModel(), new LeasesModel());
        var gate = new EgressGate(_settings, EgressPolicy.From(policy, leases, TimeProvider.System), TimeProvider.System);
        _preview = new EgressPreview(gate, new PolicyEngine(policy, leases, gate.Veto), TimeProvider.System);
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
    public void Preview_OddUrl_IsRefused() =>
        Assert.Equal("invalid_url", _preview.Preview("http://0x7f.1/", "GET", new FakeRun().Context).Refusal?.Code);
}
