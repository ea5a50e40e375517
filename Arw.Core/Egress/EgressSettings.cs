using System.Collections.Immutable;
using Arw.Core.Journal;
using Arw.Core.State;

namespace Arw.Core.Egress;

/// <summary>How wide the way out is.</summary>
public enum EgressMode
{
    /// <summary>Every public address may be asked for; requests are recorded.</summary>
    Observe,

    /// <summary>Public addresses may be asked for, and the request must hold a lease.</summary>
    Public,

    /// <summary>Only places in scopes may be asked for, and the request must hold a lease.</summary>
    Allowlist,
}

/// <summary>What a person chose: a mode, or the one that goes with the posture.</summary>
public enum EgressModeChoice
{
    /// <summary>Follow the posture: Relaxed observes, Standard is public, Strict is allowlist.</summary>
    Posture,

    /// <summary><see cref="EgressMode.Observe"/>.</summary>
    Observe,

    /// <summary><see cref="EgressMode.Public"/>.</summary>
    Public,

    /// <summary><see cref="EgressMode.Allowlist"/>.</summary>
    Allowlist,
}

/// <summary>Limits of one request.</summary>
public sealed record EgressLimits
{
    /// <summary>Most bytes of a body, after decompression; 16 MiB by default.</summary>
    public long MaxBodyBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Most bytes of a request body; 4 MiB by default.</summary>
    public long MaxRequestBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Most bytes that one received byte may unfold to, once a body has passed 1 MiB; 100 by default.</summary>
    public int MaxRatio { get; init; } = 100;

    /// <summary>Most KiB of response headers; 64 by default.</summary>
    public int MaxHeaderKib { get; init; } = 64;

    /// <summary>Most redirects followed; 5 by default.</summary>
    public int MaxRedirects { get; init; } = 5;

    /// <summary>Milliseconds until a connection must stand, TLS included; 10,000 by default.</summary>
    public int ConnectMs { get; init; } = 10_000;

    /// <summary>Milliseconds without a byte until the request is given up; 20,000 by default.</summary>
    public int IdleMs { get; init; } = 20_000;

    /// <summary>Milliseconds for one request with all its redirects; 120,000 by default.</summary>
    public int TotalMs { get; init; } = 120_000;
}

/// <summary>A change of limits: what is null stays.</summary>
public sealed record EgressLimitsChange
{
    /// <summary>See <see cref="EgressLimits.MaxBodyBytes"/>; 1 KiB to 1 GiB.</summary>
    public long? MaxBodyBytes { get; init; }

    /// <summary>See <see cref="EgressLimits.MaxRequestBytes"/>; 1 KiB to 1 GiB.</summary>
    public long? MaxRequestBytes { get; init; }

    /// <summary>See <see cref="EgressLimits.MaxRatio"/>; 2 to 1,000.</summary>
    public int? MaxRatio { get; init; }

    /// <summary>See <see cref="EgressLimits.MaxHeaderKib"/>; 1 to 1,024.</summary>
    public int? MaxHeaderKib { get; init; }

    /// <summary>See <see cref="EgressLimits.MaxRedirects"/>; 0 to 20.</summary>
    public int? MaxRedirects { get; init; }

    /// <summary>See <see cref="EgressLimits.ConnectMs"/>; 100 to 600,000.</summary>
    public int? ConnectMs { get; init; }

    /// <summary>See <see cref="EgressLimits.IdleMs"/>; 100 to 600,000.</summary>
    public int? IdleMs { get; init; }

    /// <summary>See <see cref="EgressLimits.TotalMs"/>; 100 to 3,600,000.</summary>
    public int? TotalMs { get; init; }

    /// <summary>The limits after the change.</summary>
    public EgressLimits Apply(EgressLimits limits) => new()
    {
        MaxBodyBytes = MaxBodyBytes ?? limits.MaxBodyBytes,
        MaxRequestBytes = MaxRequestBytes ?? limits.MaxRequestBytes,
        MaxRatio = MaxRatio ?? limits.MaxRatio,
        MaxHeaderKib = MaxHeaderKib ?? limits.MaxHeaderKib,
        MaxRedirects = MaxRedirects ?? limits.MaxRedirects,
        ConnectMs = ConnectMs ?? limits.ConnectMs,
        IdleMs = IdleMs ?? limits.IdleMs,
        TotalMs = TotalMs ?? limits.TotalMs,
    };

    /// <summary>The first value out of its range, in words; null when all are in range.</summary>
    public string? Fault() =>
        Out("max_body_bytes", MaxBodyBytes, 1024, 1L << 30)
        ?? Out("max_request_bytes", MaxRequestBytes, 1024, 1L << 30)
        ?? Out("max_ratio", MaxRatio, 2, 1000)
        ?? Out("max_header_kib", MaxHeaderKib, 1, 1024)
        ?? Out("max_redirects", MaxRedirects, 0, 20)
        ?? Out("connect_ms", ConnectMs, 100, 600_000)
        ?? Out("idle_ms", IdleMs, 100, 600_000)
        ?? Out("total_ms", TotalMs, 100, 3_600_000);

    private static string? Out(string name, long? value, long least, long most) =>
        value is { } v && (v < least || v > most) ? FormattableString.Invariant($"{name} is {v}, but must be from {least} to {most}.") : null;
}

/// <summary>Content of the read model <c>egress_settings</c>.</summary>
public sealed record EgressSettings
{
    /// <summary>The mode chosen in place of the posture's; null = the posture's.</summary>
    public EgressMode? Mode { get; init; }

    /// <summary>Modes of projects that have one of their own, by project.</summary>
    public IReadOnlyDictionary<string, EgressMode> ProjectModes { get; init; } = ImmutableSortedDictionary<string, EgressMode>.Empty;

    /// <summary>Scopes by id, expired ones included. None is built in.</summary>
    public IReadOnlyList<EgressScope> Scopes { get; init; } = [];

    /// <summary>Prices by host.</summary>
    public IReadOnlyList<EgressPrice> Prices { get; init; } = [];

    /// <summary>Limits of each request.</summary>
    public EgressLimits Limits { get; init; } = new();

    /// <summary>The price of a host: its own, else that of the longest suffix; null for none.</summary>
    internal EgressPrice? PriceOf(string host) => Prices.Where(p => EgressScope.Matches(p.Host, host)).MaxBy(p => p.Host == host ? int.MaxValue : p.Host.Length);
}

/// <summary>Read model <c>egress_settings</c>: mode, scopes, prices and limits.</summary>
public sealed class EgressSettingsModel : DocumentModel<EgressSettings>
{
    /// <inheritdoc/>
    public override string Id => "egress_settings";

    /// <inheritdoc/>
    protected override EgressSettings Empty { get; } = new();

    /// <inheritdoc/>
    protected override EgressSettings Fold(EgressSettings state, JournalEvent e)
    {
        if (EgressEvents.SettingsUpdated.Is(e))
        {
            var change = EgressEvents.SettingsUpdated.Read(e);
            return change.Project is { } project
                ? state with { ProjectModes = WithMode(state.ProjectModes, project, ModeOf(change.Mode)) }
                : state with
                {
                    Mode = change.Mode is null ? state.Mode : ModeOf(change.Mode),
                    Limits = change.Limits?.Apply(state.Limits) ?? state.Limits,
                };
        }

        if (EgressEvents.ScopeSet.Is(e))
        {
            var scope = EgressEvents.ScopeSet.Read(e);
            return state with { Scopes = [.. state.Scopes.Where(s => s.Id != scope.Id).Append(scope).OrderBy(s => s.Id, StringComparer.Ordinal)] };
        }

        if (EgressEvents.ScopeRemoved.Is(e))
        {
            var id = EgressEvents.ScopeRemoved.Read(e).Id;
            return state.Scopes.Any(s => s.Id == id) ? state with { Scopes = [.. state.Scopes.Where(s => s.Id != id)] } : state;
        }

        if (EgressEvents.PriceSet.Is(e))
        {
            var price = EgressEvents.PriceSet.Read(e);
            return state with { Prices = [.. state.Prices.Where(p => p.Host != price.Host).Append(price).OrderBy(p => p.Host, StringComparer.Ordinal)] };
        }

        if (EgressEvents.PriceRemoved.Is(e))
        {
            var host = EgressEvents.PriceRemoved.Read(e).Host;
            return state.Prices.Any(p => p.Host == host) ? state with { Prices = [.. state.Prices.Where(p => p.Host != host)] } : state;
        }

        return state;
    }

    private static EgressMode? ModeOf(EgressModeChoice? choice) => choice switch
    {
        null or EgressModeChoice.Posture => null,
        EgressModeChoice.Observe => EgressMode.Observe,
        EgressModeChoice.Public => EgressMode.Public,
        _ => EgressMode.Allowlist,
    };

    private static ImmutableSortedDictionary<string, EgressMode> WithMode(IReadOnlyDictionary<string, EgressMode> modes, string project, EgressMode? mode)
    {
        var all = modes.ToImmutableSortedDictionary(StringComparer.Ordinal);
        return mode is { } own ? all.SetItem(project, own) : all.Remove(project);
    }
}
