using System.Net;
using Arw.Core.Primitives;

namespace Arw.Web.Hosting;

/// <summary>Start-up configuration: section <c>Arw</c>, the <c>ARW_*</c> environment names, or command-line switches. Parsed once, by <see cref="OptionsReader"/>.</summary>
public sealed record ArwOptions
{
    /// <summary>Address to listen on; loopback by default. Beyond loopback a token and TLS or a trusted proxy are needed.</summary>
    public IPAddress Bind { get; init; } = IPAddress.Loopback;

    /// <summary>Port to listen on; 8090 by default, 0 picks a free one and prints it.</summary>
    public int Port { get; init; } = 8090;

    /// <summary>Address on which OpenTelemetry exporters are listened to; loopback by default. Beyond loopback the same is needed as for <see cref="Bind"/>.</summary>
    public IPAddress OtlpBind { get; init; } = IPAddress.Loopback;

    /// <summary>Port for OTLP over HTTP; 4318 by default, 0 = off. A port that another program has does not keep the home from starting.</summary>
    public int OtlpHttpPort { get; init; } = 4318;

    /// <summary>Port for OTLP over gRPC; 4317 by default, 0 = off. A port that another program has does not keep the home from starting.</summary>
    public int OtlpGrpcPort { get; init; } = 4317;

    /// <summary>Port of the egress proxy, on loopback only; 8092 by default, 0 = off. A port that another program has does not keep the home from starting.</summary>
    public int ProxyPort { get; init; } = 8092;

    /// <summary>UDP and TCP port of the resolver, on loopback only; 8053 by default, 0 = off. A port that another program has does not keep the home from starting.</summary>
    public int DnsPort { get; init; } = 8053;

    /// <summary>Name servers that the resolver asks; empty (the default) = those of the system.</summary>
    public IReadOnlyList<IPEndPoint> DnsUpstream { get; init; } = [];

    /// <summary>Data folder; a per-user one by default. Made with mode 0700.</summary>
    public string StateDir { get; init; } = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "arw");

    /// <summary>The admin token in clear; null by default: then the hash, then the generated file in the data folder is used.</summary>
    public string? AdminToken { get; init; }

    /// <summary>SHA-256 of the admin token, 64 hex digits; ignored while <see cref="AdminToken"/> is set.</summary>
    public string? AdminTokenSha256 { get; init; }

    /// <summary>The URL under which people reach this home (behind a proxy); null = the address listened on.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>Proxies whose forwarded headers are believed; none by default.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>Host names answered besides loopback names and that of <see cref="PublicUrl"/>; none by default.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>PEM file of the TLS certificate; null = plain HTTP.</summary>
    public string? TlsCertificate { get; init; }

    /// <summary>PEM file of the certificate's private key; needed with <see cref="TlsCertificate"/>.</summary>
    public string? TlsKey { get; init; }

    /// <summary>Sustained requests a second that one credential (or one address without a credential) may make; 200 by default, bursts up to five times that.</summary>
    public int RateLimit { get; init; } = 200;

    /// <summary>Whether a new home begins with the demo project; true by default (<c>ARW_DEMO</c>).</summary>
    public bool Demo { get; init; } = true;

    /// <summary>File outside the data folder to which signed heads of the journal are appended; null = none are signed. A home that is started by its program has <see cref="DefaultAnchor"/>.</summary>
    public string? Anchor { get; init; }

    /// <summary>A head is signed after this many new events, counted once a second; 1,000 by default.</summary>
    public int AnchorEvents { get; init; } = 1000;

    /// <summary>A head is signed at the latest this many minutes after a new event; 1 by default.</summary>
    public int AnchorMinutes { get; init; } = 1;

    /// <summary>Events older than this are moved into compressed segments; null (the default) = none are.</summary>
    public TimeSpan? ArchiveAfter { get; init; }

    /// <summary>Events older than this are dropped; null (the default) = none are.</summary>
    public TimeSpan? RetentionAge { get; init; }

    /// <summary>Bytes that the journal may take with its segments and large payloads; null (the default) = no limit.</summary>
    public long? RetentionSize { get; init; }

    /// <summary>The anchor of a data folder where nobody names another: in the user's configuration folder, not beside the data, and named by the data folder's path, so that a journal begun anew there meets the old one's anchor.</summary>
    public static string DefaultAnchor(string stateDir) => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "arw-anchors",
        $"{Path.GetFileName(Path.TrimEndingDirectorySeparator(stateDir))}-{Digest.Of(stateDir)[7..15]}.jsonl");

    /// <summary>True when browsers speak HTTPS to this home, directly or to the proxy before it: cookies are then Secure.</summary>
    public bool IsHttps => TlsCertificate is not null || PublicUrl?.Scheme == Uri.UriSchemeHttps;
}
