using Arw.Core;
using Arw.Core.Beliefs;
using Arw.Core.Beliefs.Diffs;
using Arw.Core.Egress;
using Arw.Core.Journal;
using Arw.Core.Memory.Review;
using Arw.Core.State;
using Arw.Core.World;
using Arw.Tests.Actions;

namespace Arw.Tests.Pages;

/// <summary>The kernel with the read models that pages show, and events appended as their packs would.</summary>
internal static class PageHome
{
    public static KernelFixture New() => new(services => services
        .AddKinds(typeof(EgressEvents)).AddKinds(typeof(Arw.Core.Egress.Dns.DnsEvents)).AddKinds(typeof(BeliefEvents)).AddKinds(typeof(DiffEvents)).AddKinds(typeof(Arw.Core.Memory.MemoryEvents))
        .AddReadModel<EgressLedger>().AddReadModel<Arw.Core.Egress.Dns.DnsLookups>().AddReadModel<QuarantineModel>().AddReadModel<BeliefsModel>().AddReadModel<WorldDiffsModel>().AddReadModel<WorldNodesModel>().AddReadModel<WorldEdgesModel>());

    public static async Task AppendAsync(this KernelFixture home, params EventDraft[] drafts) =>
        await home.Get<StateHost>().WaitForAsync((await home.Journal.AppendAsync(drafts)).Value.LastSeq);

    public static async Task CaughtUpAsync(this KernelFixture home) => await home.Get<StateHost>().WaitForAsync(home.Journal.Head);

    public static EventDraft Opened(string id, string host = "feeds.example") => EgressEvents.Opened.Draft(
        new EgressOpened(id, "act", "GET", $"https://{host}/a", host, 443, "https", ["203.0.113.9"], "leased", EgressMode.Public, 1, 0),
        "agent:x", EgressEvents.Subject(id), project: "demo");

    public static EventDraft Closed(string id, long bytesOut) => EgressEvents.Closed.Draft(
        new EgressClosed(id, EgressOutcome.Ok, 10, bytesOut, 5) { Status = 200 }, "agent:x", EgressEvents.Subject(id), project: "demo");

    public static EventDraft Denied(string id) => EgressEvents.Denied.Draft(
        new EgressDenied(id, "act", "GET", "https://other.example/", "needs_lease", "No lease.", EgressMode.Public, 1, 0) { Host = "other.example", Port = 443, Scheme = "https" },
        "agent:x", EgressEvents.Subject(id), project: "demo");

    public static EventDraft Proposed(string id, string text, double confidence = 0.5, Func<BeliefProposed, BeliefProposed>? change = null)
    {
        var claim = new BeliefProposed(id, text, confidence);
        return BeliefEvents.Proposed.Draft(change?.Invoke(claim) ?? claim, "agent:x", project: "demo");
    }
}
