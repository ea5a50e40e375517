using System.Net;
using System.Net.Sockets;
using Arw.Core.Access;
using Arw.Core.Actions;
using Arw.Core.Egress;
using Arw.Core.Egress.Dns;
using Arw.Core.Journal;
using Arw.Core.Policy.Engine;
using Arw.Core.Policy.Leases;
using Arw.Core.Policy.Postures;
using Arw.Core.Primitives;
using Arw.Tests.Journal;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Arw.Tests.Egress.Dns;

/// <summary>The resolver with real gate, engine and journal; scopes, leases and the posture are set directly, names are answered by the test, and time stands still.</summary>
internal sealed class DnsWorld : IAsyncDisposable
{
    private readonly JournalFixture _journal = new();
    private readonly PolicyModel _policy = new();
    private readonly LeasesModel _leases = new();
    private readonly EgressSettingsModel _settings = new();
    private long _seq;

    public DnsWorld(DnsLimits? limits = null)
    {
        var egress = EgressPolicy.From(_policy, _leases, Time);
        Gate = new EgressGate(_settings, egress, Time);
        Names = new NameGate(Gate, egress, _settings, new PolicyEngine(_policy, _leases, Gate.Veto), Time);
        Book = new LookupBook(_journal.Journal, limits ?? new DnsLimits(), (_, domain) => Known.Contains(domain), new IdSource(Time), Time, NullLogger<LookupBook>.Instance);
        Guard = new DnsGuard(Names, Book, LookUp, limits ?? new DnsLimits(), Time);
    }

    public FakeTimeProvider Time => _journal.Time;

    public EgressGate Gate { get; }

    public NameGate Names { get; }

    public LookupBook Book { get; }

    public DnsGuard Guard { get; }

    public EventJournal Journal => _journal.Journal;

    public HashSet<string> Known { get; } = [];

    /// <summary>Names that were asked for upstream.</summary>
    public List<string> Asked { get; } = [];

    public Func<string, NameAnswer?> Answers { get; set; } = _ => new NameAnswer(true, [IPAddress.Parse("93.184.215.14")], 300);

    /// <summary>The program of an agent's action.</summary>
    public static DnsAsker Program { get; } = new(new ActionContext
    {
        ActionId = "",
        ParentId = "01K0000000000000000000TEST",
        Principal = new Principal(PrincipalKind.Agent, "fetcher") { Projects = ["lab"] },
        Project = "lab",
        CorrId = "ep1",
    });

    public void Take(Posture posture) => _policy.Apply(Event(PolicyEvents.PostureSet.Draft(new PostureSet(posture), "person:owner")));

    public void Kill() => _policy.Apply(Event(PolicyEvents.KillSwitchSet.Draft(new KillSwitchSet(true), "person:owner")));

    public void Never(params string[] capabilities) => _policy.Apply(Event(PolicyEvents.RecipeForbids.Draft(new RecipeForbids("ep1", capabilities), "person:owner")));

    public void Scope(EgressScope scope) => _settings.Apply(Event(EgressEvents.ScopeSet.Draft(scope, "person:owner")));

    public void Grant(string capability, string holder = "agent:fetcher", string? answers = null)
    {
        var id = $"lease{_seq}";
        _leases.Apply(Event(LeaseEvents.Granted.Draft(new LeaseGranted(id, capability, holder) { Mode = LeaseMode.UntilRevoked, Approval = answers }, "person:owner", LeaseEvents.Subject(id))));
    }

    public async Task<WireAnswer> AskAsync(string name, ushort type = DnsWire.A, DnsAsker? asker = null) =>
        DnsWire.Read((await Guard.AnswerAsync(DnsWire.Question(name, type, extended: true), asker ?? Program, default))!);

    public IReadOnlyList<JournalEvent> Events(string kind) => [.. Journal.Read(0).Where(e => e.Kind == kind)];

    public IReadOnlyList<DnsLookedUp> Lookups() => [.. Events("dns.lookup").Select(DnsEvents.LookedUp.Read)];

    public IReadOnlyList<DnsAnomaly> Anomalies() => [.. Events("dns.anomaly").Select(DnsEvents.Anomaly.Read)];

    /// <summary>Changes the journal's database behind its back.</summary>
    public void Break(string sql)
    {
        using var other = new SqliteConnection($"Data Source={_journal.Options.JournalPath};Pooling=False");
        other.Open();
        using var command = other.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public async ValueTask DisposeAsync()
    {
        Book.Dispose();
        await _journal.DisposeAsync();
    }

    private Task<NameAnswer?> LookUp(string host, AddressFamily family, CancellationToken cancel)
    {
        Asked.Add(host);
        var answer = Answers(host);
        return Task.FromResult(answer is null ? null : answer with { Addresses = [.. answer.Addresses.Where(a => a.AddressFamily == family)] });
    }

    private JournalEvent Event(EventDraft draft) => new()
    {
        Seq = ++_seq,
        Recorded = Time.GetUtcNow(),
        Time = Time.GetUtcNow(),
        Kind = draft.Kind,
        Subject = draft.Subject,
        Actor = draft.Actor,
        Payload = draft.Payload,
    };
}
