using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Access;
using Arw.Core.Actions;
using Arw.Core.Journal;
using Arw.Core.Policy;
using Arw.Core.Policy.Engine;
using Arw.Core.Policy.Leases;
using Arw.Core.Policy.Postures;
using Arw.Core.Primitives;
using Arw.Core.State;
using Arw.Tests.Journal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Arw.Tests.Policy;

/// <summary>The policy pack over a real journal and state host.</summary>
internal sealed class PolicyHome : IAsyncDisposable
{
    private readonly JournalFixture _journal = new();
    private readonly ViewsDatabase _views;

    private PolicyHome(TargetVeto? veto)
    {
        _views = new ViewsDatabase(_journal.Options.ViewsPath);
        State = new StateHost(_journal.Journal, _views, [Policy, Leases, Decisions], NullLogger<StateHost>.Instance);
        Engine = new PolicyEngine(Policy, Leases, veto);
        Terms = new LeaseTerms(_journal.Time, new IdSource(_journal.Time));
        Book = new LeaseBook(Engine, Policy, Leases, _journal.Journal, State, _journal.Time);
    }

    public static Principal Agent { get; } = new(PrincipalKind.Agent, "digest");

    public FakeTimeProvider Time => _journal.Time;

    public EventJournal Journal => _journal.Journal;

    public StateHost State { get; }

    public PolicyModel Policy { get; } = new();

    public LeasesModel Leases { get; } = new();

    public DecisionsModel Decisions { get; } = new();

    public PolicyEngine Engine { get; }

    public LeaseTerms Terms { get; }

    public LeaseBook Book { get; }

    public static async Task<PolicyHome> StartAsync(TargetVeto? veto = null)
    {
        var home = new PolicyHome(veto);
        await home.State.StartAsync(CancellationToken.None);
        return home;
    }

    public AccessRequest Ask(string capability, Principal? principal = null) => new()
    {
        Principal = principal ?? Agent,
        ActionKind = "test",
        Effects = Effects.External,
        Capability = Capability.Parse(capability).Value,
        Project = "demo",
        CorrId = "episode-1",
        Now = Time.GetUtcNow(),
    };

    public Decision Decide(string capability, Principal? principal = null) => Engine.Decide(Ask(capability, principal));

    public async Task<Lease> GrantAsync(LeaseRequest request, Principal? by = null)
    {
        var prepared = Terms.Prepare(request, by ?? Principal.Owner).Value;
        var appended = (await Journal.AppendAsync([prepared.Draft], [prepared.Precondition])).Value;
        await State.WaitForAsync(appended.LastSeq);
        return Leases.Current.Find(prepared.Id)!;
    }

    public Task<Lease> GrantAsync(string capability, string holder = "agent:digest") => GrantAsync(new LeaseRequest(capability, holder));

    public async Task WriteAsync(EventDraft draft)
    {
        await State.WaitForAsync((await Journal.AppendAsync(draft)).LastSeq);
        await SettleAsync();
    }

    /// <summary>Watchers are told after an event is readable: once a later event is readable too, they have been.</summary>
    public async Task SettleAsync() => await State.WaitForAsync((await Journal.AppendAsync(JournalFixture.Draft())).LastSeq);

    public Task<Result<JsonNode?>> RunAsync(ActionKind action, string input, Principal? by = null) =>
        action.RunAsync(JsonDocument.Parse(input).RootElement, new JournalRun(Journal, by ?? Principal.Owner), CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        Book.Dispose();
        await State.DisposeAsync();
        _views.Dispose();
        await _journal.DisposeAsync();
    }

    private sealed class JournalRun(EventJournal journal, Principal principal) : ActionRun
    {
        public override ActionContext Context { get; } = new() { ActionId = "A1", Principal = principal, CorrId = "control", Project = "demo" };

        public override string Kind => "test.run";

        public override int Attempt => 1;

        public override ValueTask<Result<Permit>> DemandAsync(Capability capability, CancellationToken cancel) => throw new NotSupportedException();

        public override async ValueTask<Appended> AppendAsync(IReadOnlyList<EventDraft> drafts, CancellationToken cancel) =>
            (await journal.AppendAsync(drafts, null, cancel)).Value;

        public override Task<ChildResult> RunChildAsync(string kind, JsonNode input, string key, CancellationToken cancel) => throw new NotSupportedException();

        public override Task<ChildResult> RunReviewedChildAsync(string kind, JsonNode input, string key, CancellationToken cancel) => throw new NotSupportedException();
    }
}
