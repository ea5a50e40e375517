using System.Collections.Concurrent;
using Arw.Core.Access;
using Arw.Core.Policy.Engine;
using Arw.Core.Policy.Postures;
using Arw.Core.State;

namespace Arw.Core.Egress.Proxy;

/// <summary>The connections through the proxy that are open. When posture, settings or credentials change, each is judged anew, and cut when it would not be let out now. What a lease permitted is cut by its permit.</summary>
public sealed class OpenConnections : IDisposable
{
    private readonly ConcurrentDictionary<string, Outbound> _open = new(StringComparer.Ordinal);
    private readonly EgressGate _gate;
    private readonly PolicyEngine _engine;
    private readonly ProxyEntrance _entrance;
    private readonly TimeProvider _time;
    private readonly IDisposable _watch;
    private readonly ITimer _timer;
    private int _asked;

    /// <summary>A register that follows the read models.</summary>
    public OpenConnections(EgressGate gate, PolicyEngine engine, ProxyEntrance entrance, StateHost state, PolicyModel policy, EgressSettingsModel settings, CredentialsModel credentials, TimeProvider time)
    {
        (_gate, _engine, _entrance, _time) = (gate, engine, entrance, time);
        string[] models = [policy.Id, settings.Id, credentials.Id];
        _watch = state.OnChanged(change =>
        {
            if (Array.IndexOf(models, change.Id) >= 0)
            {
                Ask();
            }
        });
        // Credentials and scopes also end by the clock.
        _timer = time.CreateTimer(_ => Ask(), null, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10));
    }

    /// <summary>How many are open.</summary>
    public int Count => _open.Count;

    // Judged once more when it is in the register: what changed between its decision and now asked nobody about it.
    internal void Add(Outbound connection)
    {
        _open[connection.Id] = connection;
        Review(connection);
    }

    internal void Remove(Outbound connection) => _open.TryRemove(connection.Id, out _);

    /// <inheritdoc/>
    public void Dispose()
    {
        _watch.Dispose();
        _timer.Dispose();
    }

    // One review at a time is under way; what changes meanwhile asks for another.
    private void Ask()
    {
        if (Interlocked.Increment(ref _asked) == 1)
        {
            ThreadPool.QueueUserWorkItem(_ =>
            {
                int seen;
                do
                {
                    seen = Volatile.Read(ref _asked);
                    Review();
                }
                while (Interlocked.CompareExchange(ref _asked, 0, seen) != seen);
            });
        }
    }

    private void Review()
    {
        foreach (var open in _open.Values)
        {
            Review(open);
        }
    }

    private void Review(Outbound open)
    {
        if (!_entrance.StillHolds(open.Identity))
        {
            open.Cut(EgressOutcome.Aborted, "credential_revoked", "The credential was revoked or ended, and the connection was cut.");
        }
        else if (_gate.Judge(open.Target, open.Capability, open.Context).Refusal is { } refusal)
        {
            open.Cut(EgressOutcome.Aborted, refusal.Code, refusal.Message);
        }
        else if (open.Rejudges && !_engine.Decide(ProxyRun.Ask(open.Context, open.Capability, _time.GetUtcNow())).Allowed)
        {
            open.Cut(EgressOutcome.Aborted, "permission_withdrawn", "The permission was withdrawn, and the connection was cut.");
        }
    }
}
