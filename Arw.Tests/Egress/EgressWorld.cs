using System.Net;
using Arw.Core.Egress;
using Arw.Core.Journal;
using Arw.Core.Primitives;
using Arw.Tests.Actions;

namespace Arw.Tests.Egress;

/// <summary>The guard with real settings, a name server of our own and the real clock's timers.</summary>
internal sealed class EgressWorld
{
    private long _seq;

    public EgressWorld(TimeProvider? time = null)
    {
        var clock = time ?? TimeProvider.System;
        Policy = new EgressPolicy(() => Mode, (asked, _) => SpelledLeases.Contains($"{asked.Host}:{asked.Port}"));
        Gate = new EgressGate(Settings, Policy, clock);
        Guard = new EgressGuard(Gate, (host, _) => Resolve(host), clock);
        Http = new GuardedHttp(Gate, Guard, Settings, clock, new IdSource(clock));
    }

    public EgressSettingsModel Settings { get; } = new();

    public EgressPolicy Policy { get; }

    public EgressGate Gate { get; }

    public EgressGuard Guard { get; }

    public GuardedHttp Http { get; }

    public EgressMode Mode { get; set; } = EgressMode.Public;

    public HashSet<string> SpelledLeases { get; } = [];

    public List<string> Resolved { get; } = [];

    public Func<string, IPAddress[]> Names { get; set; } = _ => [IPAddress.Parse("93.184.215.14")];

    public FakeRun Run { get; init; } = new();

    public IEnumerable<string> Kinds => Run.Written.Select(d => d.Kind);

    public void Apply(EventDraft draft) => Settings.Apply(Event(draft, ++_seq));

    public void Allow(string host, int port) => Apply(EgressEvents.ScopeSet.Draft(
        new EgressScope { Id = $"s{_seq}", Hosts = [host], Ports = [port] }, "person:owner"));

    public void Allow(LoopbackServer server) => Allow("127.0.0.1", server.Port);

    public void Limit(EgressLimitsChange limits) => Apply(EgressEvents.SettingsUpdated.Draft(new EgressSettingsUpdated(null, limits), "person:owner"));

    public Task<Result<GuardedResponse>> GetAsync(string url, CancellationToken cancel = default) =>
        Http.SendAsync(new GuardedRequest("GET", url), Run, cancel);

    public T Written<T>(EventKind<T> kind) => kind.Read(Event(Run.Written.Last(d => d.Kind == kind.Name), 1));

    public static JournalEvent Event(EventDraft draft, long seq) => new()
    {
        Seq = seq,
        Recorded = DateTimeOffset.UnixEpoch,
        Time = DateTimeOffset.UnixEpoch,
        Kind = draft.Kind,
        Subject = draft.Subject,
        Actor = draft.Actor,
        Project = "demo",
        CorrId = "test",
        Payload = draft.Payload,
    };

    private Task<IPAddress[]> Resolve(string host)
    {
        Resolved.Add(host);
        return Task.FromResult(Names(host));
    }
}
