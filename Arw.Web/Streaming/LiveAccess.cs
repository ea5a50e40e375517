using System.Collections.Concurrent;
using System.Security.Claims;
using Arw.Core.Access;
using Arw.Core.State;
using Arw.Web.Features.Access;

namespace Arw.Web.Streaming;

/// <summary>Ends long connections (event streams, circuits) when the credential or session behind them ends: at once when it is revoked, within ten seconds when it expires.</summary>
public sealed class LiveAccess(Doorkeeper door, StateHost state, TimeProvider time) : IHostedService, IDisposable
{
    private readonly ConcurrentDictionary<Watched, byte> _watched = new();
    private IDisposable? _changes;
    private ITimer? _timer;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _changes = state.OnChanged(change =>
        {
            if (change.Id is "credentials" or "sessions")
            {
                ThreadPool.QueueUserWorkItem(_ => Check());
            }
        });
        _timer = time.CreateTimer(_ => Check(), null, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Watches whether somebody may stay. Dispose it with the connection.</summary>
    public Watched Watch(ClaimsPrincipal user)
    {
        var watched = new Watched(this, user.FindPrincipal()!, user.SessionId());
        _watched.TryAdd(watched, 0);
        return watched;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _changes?.Dispose();
        _timer?.Dispose();
    }

    /// <summary>Cuts the socket of a circuit when the session behind it ends.</summary>
    internal static async Task GuardCircuit(HttpContext context, RequestDelegate next)
    {
        if (!context.WebSockets.IsWebSocketRequest || context.User.FindPrincipal() is null)
        {
            await next(context);
            return;
        }

        using var watch = context.RequestServices.GetRequiredService<LiveAccess>().Watch(context.User);
        await using var cut = watch.Ended.UnsafeRegister(static c => ((HttpContext)c!).Abort(), context);
        await next(context);
    }

    private void Check()
    {
        foreach (var watched in _watched.Keys)
        {
            if (!door.StillHolds(watched.Principal, watched.SessionId))
            {
                watched.End();
            }
        }
    }

    /// <summary>Somebody who stays connected.</summary>
    public sealed class Watched : IDisposable
    {
        private readonly LiveAccess _owner;
        private readonly CancellationTokenSource _ended = new();

        internal Watched(LiveAccess owner, Principal principal, string? sessionId) =>
            (_owner, Principal, SessionId) = (owner, principal, sessionId);

        /// <summary>Cancelled when the credential or session ended.</summary>
        public CancellationToken Ended => _ended.Token;

        internal Principal Principal { get; }

        internal string? SessionId { get; }

        /// <inheritdoc/>
        public void Dispose()
        {
            if (_owner._watched.TryRemove(this, out _))
            {
                _ended.Dispose();
            }
        }

        internal void End()
        {
            // Whoever removes it from the list also disposes of the source, so that it is not cancelled after its disposal.
            if (_owner._watched.TryRemove(this, out _))
            {
                _ended.Cancel();
                _ended.Dispose();
            }
        }
    }
}
