namespace Arw.Core.Egress.Proxy;

/// <summary>Limits of the proxy.</summary>
public sealed record ProxyLimits
{
    /// <summary>Most connections at a time; 4,096 by default.</summary>
    public int MaxConnections { get; init; } = 4096;

    /// <summary>Most connections at a time with one credential; 2,048 by default.</summary>
    public int MaxConnectionsPerCredential { get; init; } = 2048;

    /// <summary>Most bytes of a request's head, and of an answer's; 32 KiB by default.</summary>
    public int MaxHeadBytes { get; init; } = 32 * 1024;

    /// <summary>Time for a client to say what it wants and, where a tunnel must be TLS, to begin it; 15 seconds by default.</summary>
    public TimeSpan Handshake { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Most bytes of a plain request's body that are held and looked at before anything of it is passed on; 256 KiB by default. Larger bodies are looked at as they pass.</summary>
    public int HoldBytes { get; init; } = 256 * 1024;

    /// <summary>Most bodies of which more than 16 KiB are held at a time, 64 by default: what clients can make the home keep in memory. Where there is no place, the rest is looked at as it passes.</summary>
    public int LargeHolds { get; init; } = 64;

    /// <summary>Longest time for which such a body is waited for; 2 seconds by default. Slower ones are looked at as they pass.</summary>
    public TimeSpan Hold { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Time in which no byte moves in either direction until a connection is given up; 10 minutes by default.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Longest life of a connection; 24 hours by default.</summary>
    public TimeSpan Total { get; init; } = TimeSpan.FromHours(24);
}
