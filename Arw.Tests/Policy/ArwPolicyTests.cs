using Arw.Core.Journal;
using Arw.Core.Policy;
using Arw.Core.Policy.Engine;
using Microsoft.Extensions.DependencyInjection;

namespace Arw.Tests.Policy;

public sealed class ArwPolicyTests
{
    [Fact]
    public void AddArwPolicy_WithoutAGuard_MakesAnEngineAndCataloguesItsKinds()
    {
        using var services = new ServiceCollection().AddArwPolicy().BuildServiceProvider();
        Assert.NotNull(services.GetRequiredService<PolicyEngine>());
        var kinds = new KindCatalogue(services.GetServices<EventKind>());
        Assert.All(
            ["policy.lease.granted", "policy.lease.renewed", "policy.lease.revoked", "policy.lease.consumed", "policy.posture.set", "policy.staging.set", "kill.switch.set", "policy.recipe.forbids", "policy.decision"],
            kind => Assert.False(kinds.Find(kind)!.Open));
    }
}
