using System.Globalization;
using System.Net;
using Arw.Core.Primitives;

namespace Arw.Web.Hosting;

/// <summary>Reads <see cref="ArwOptions"/> from configuration and reports all problems at once, each naming its key.</summary>
public static class OptionsReader
{
    private const string AddressExpected = "an IP address, such as 127.0.0.1 or ::1";
    private const string DurationExpected = "a time of at least an hour, such as 12h or 30d";
    private const string PortExpected = "a port number from 0 to 65535";

    /// <summary>Every key: environment name, name in section <c>Arw</c>, default and meaning. <c>--help</c> and the README are made from it.</summary>
    internal static readonly (string Key, string Name, string Default, string Meaning)[] Keys =
    [
        ("ARW_BIND", "Bind", "127.0.0.1", "Address to listen on. Beyond loopback needs a token, and TLS or a trusted proxy."),
        ("ARW_PORT", "Port", "8090", "Port; 0 picks a free one and prints it."),
        ("ARW_STATE_DIR", "StateDir", "per-user data folder", "Data folder: journal, blobs, projects, keys. One process at a time."),
        ("ARW_ADMIN_TOKEN", "AdminToken", "made at first start", "The owner's token, at least 16 characters. Without it, one is written to `admin.token` in the data folder (mode 0600)."),
        ("ARW_ADMIN_TOKEN_SHA256", "AdminTokenSha256", "–", "The owner's token as its SHA-256, 64 hex digits, so that the token itself is nowhere on the machine."),
        ("ARW_PUBLIC_URL", "PublicUrl", "–", "The address that people use, when a proxy stands in front."),
        ("ARW_TRUSTED_PROXIES", "TrustedProxies", "none", "Addresses or networks of proxies whose forwarded headers are believed, comma-separated."),
        ("ARW_ALLOWED_HOSTS", "AllowedHosts", "loopback names", "Further host names that requests may name, comma-separated."),
        ("ARW_TLS_CERT", "TlsCertificate", "–", "Certificate file (PEM); together with the key."),
        ("ARW_TLS_KEY", "TlsKey", "–", "Key file (PEM) of the certificate."),
        ("ARW_RATE_LIMIT", "RateLimit", "200", "Requests a second of one credential or address before 429."),
        ("ARW_OTLP_HTTP_PORT", "OtlpHttpPort", "4318", "Port for OpenTelemetry over HTTP; 0 switches it off. A busy port is reported and left out."),
        ("ARW_OTLP_GRPC_PORT", "OtlpGrpcPort", "4317", "Port for OpenTelemetry over gRPC; 0 switches it off. A busy port is reported and left out."),
        ("ARW_OTLP_BIND", "OtlpBind", "127.0.0.1", "Address on which OpenTelemetry is listened to. Beyond loopback needs the same as `ARW_BIND`."),
        ("ARW_PROXY_PORT", "ProxyPort", "8092", "Port of the egress proxy for other programs, on loopback only; 0 switches it off. A busy port is reported and left out."),
        ("ARW_DNS_PORT", "DnsPort", "8053", "UDP and TCP port of the resolver for other programs, on loopback only; 0 switches it off. A busy port is reported and left out."),
        ("ARW_DNS_UPSTREAM", "DnsUpstream", "those of the system", "Name servers that the resolver asks by plain DNS, comma-separated, such as `192.0.2.53` or `127.0.0.1:5300`."),
        ("ARW_ANCHOR", "Anchor", "per-user file outside the data folder", "File to which signed heads of the journal are appended, best on another disk or machine; `none` for none. `journal verify --anchor` compares."),
        ("ARW_ANCHOR_EVENTS", "AnchorEvents", "1000", "A head is signed after so many new events; they are counted once a second."),
        ("ARW_ANCHOR_MINUTES", "AnchorMinutes", "1", "A head is signed at the latest so many minutes after a new event."),
        ("ARW_ARCHIVE_AFTER", "ArchiveAfter", "never", "Events older than this, such as `30d` or `12h`, are moved from the database into compressed segments. Everything reads through them."),
        ("ARW_RETENTION_AGE", "RetentionAge", "for ever", "Events older than this, such as `365d`, are dropped. What they led to stays in the read models."),
        ("ARW_RETENTION_SIZE", "RetentionSize", "no limit", "What the journal may take with segments and large payloads, such as `20GB`; the oldest events are archived, then dropped."),
        ("ARW_DEMO", "Demo", "true", "Whether a new home begins with the demo project."),
    ];

    /// <summary>Options from the environment and the command line (<c>--port 0</c>, <c>--Arw:Port=0</c>); the command line wins.</summary>
    public static Result<ArwOptions> Read(string[] args)
    {
        var builder = new ConfigurationBuilder().AddEnvironmentVariables();
        var aliases = Keys.ToDictionary(
            k => "--" + k.Key["ARW_".Length..].ToLowerInvariant().Replace('_', '-'), k => $"Arw:{k.Name}", StringComparer.OrdinalIgnoreCase);
        var commandLine = new ConfigurationBuilder().AddCommandLine(args, aliases).Build();
        return Read(builder.Build(), commandLine);
    }

    /// <summary>Options from configurations; a later one wins over an earlier one, and an <c>ARW_*</c> name over the section's within each.</summary>
    public static Result<ArwOptions> Read(params IConfiguration[] sources)
    {
        var problems = new List<string>();
        string? Value(string name)
        {
            var key = Array.Find(Keys, k => k.Name == name).Key;
            return sources.Reverse().Select(s => s[key] ?? s[$"Arw:{name}"]).FirstOrDefault(v => !string.IsNullOrWhiteSpace(v))?.Trim();
        }

        T Parse<T>(string name, T fallback, string expected, Func<string, (bool Ok, T Value)> parse)
        {
            if (Value(name) is not { } text)
            {
                return fallback;
            }

            var (ok, value) = parse(text);
            if (!ok)
            {
                problems.Add($"{Array.Find(Keys, k => k.Name == name).Key}: \"{text}\" is not {expected}.");
                return fallback;
            }

            return value;
        }

        var defaults = new ArwOptions();
        var stateDir = Path.GetFullPath(Value("StateDir") ?? defaults.StateDir);
        var options = new ArwOptions
        {
            Bind = Parse("Bind", defaults.Bind, AddressExpected, ParseAddress),
            Port = Parse("Port", defaults.Port, PortExpected, ParsePort),
            OtlpBind = Parse("OtlpBind", defaults.OtlpBind, AddressExpected, ParseAddress),
            OtlpHttpPort = Parse("OtlpHttpPort", defaults.OtlpHttpPort, PortExpected, ParsePort),
            OtlpGrpcPort = Parse("OtlpGrpcPort", defaults.OtlpGrpcPort, PortExpected, ParsePort),
            ProxyPort = Parse("ProxyPort", defaults.ProxyPort, PortExpected, ParsePort),
            DnsPort = Parse("DnsPort", defaults.DnsPort, PortExpected, ParsePort),
            DnsUpstream = Parse("DnsUpstream", [], "a comma-separated list of IP addresses, each with or without a port", ParseServers),
            StateDir = stateDir,
            AdminToken = Value("AdminToken"),
            AdminTokenSha256 = Value("AdminTokenSha256"),
            PublicUrl = Parse("PublicUrl", null, "an absolute http or https URL",
                t => (Uri.TryCreate(t, UriKind.Absolute, out var u) && u.Scheme is "http" or "https", (Uri?)u)),
            TrustedProxies = Parse("TrustedProxies", [], "a comma-separated list of addresses or networks, such as 10.0.0.0/8", ParseNetworks),
            AllowedHosts = Parse("AllowedHosts", [], "a comma-separated list of host names without scheme and port", ParseHosts),
            TlsCertificate = Value("TlsCertificate"),
            TlsKey = Value("TlsKey"),
            RateLimit = Parse("RateLimit", defaults.RateLimit, "a number of requests a second from 1 to 1000000",
                t => (int.TryParse(t, CultureInfo.InvariantCulture, out var n) && n is >= 1 and <= 1_000_000, n)),
            Anchor = Value("Anchor") switch
            {
                null => ArwOptions.DefaultAnchor(stateDir),
                "none" => null,
                var file => Path.GetFullPath(file),
            },
            AnchorEvents = Parse("AnchorEvents", defaults.AnchorEvents, "a number of events from 1 to 1000000",
                t => (int.TryParse(t, CultureInfo.InvariantCulture, out var n) && n is >= 1 and <= 1_000_000, n)),
            AnchorMinutes = Parse("AnchorMinutes", defaults.AnchorMinutes, "a number of minutes from 1 to 1440",
                t => (int.TryParse(t, CultureInfo.InvariantCulture, out var n) && n is >= 1 and <= 1440, n)),
            ArchiveAfter = Parse("ArchiveAfter", null, DurationExpected, ParseDuration),
            RetentionAge = Parse("RetentionAge", null, DurationExpected, ParseDuration),
            RetentionSize = Parse("RetentionSize", null, "a size from 1MB, such as 500MB or 20GB", ParseSize),
            Demo = Parse("Demo", defaults.Demo, "true or false", t => (bool.TryParse(t, out var flag), flag)),
        };
        problems.AddRange(Problems(options));
        return problems.Count == 0 ? options : Refuse(problems);
    }

    /// <summary>What is wrong with the options as a whole, one line for each key; empty when nothing is.</summary>
    public static IEnumerable<string> Problems(ArwOptions options)
    {
        if (options.AdminToken is { Length: < 16 })
        {
            yield return "ARW_ADMIN_TOKEN: the token is shorter than 16 characters; use at least 32 random ones.";
        }

        if (options.AdminTokenSha256 is { } hash && (hash.Length != 64 || !hash.All(char.IsAsciiHexDigit)))
        {
            yield return "ARW_ADMIN_TOKEN_SHA256: expected 64 hexadecimal digits.";
        }

        if (options.TlsCertificate is null != options.TlsKey is null)
        {
            yield return "ARW_TLS_CERT, ARW_TLS_KEY: set both or neither.";
        }

        if (options.Anchor is { } anchor && !Path.GetRelativePath(options.StateDir, anchor).StartsWith("..", StringComparison.Ordinal) && !Path.IsPathRooted(Path.GetRelativePath(options.StateDir, anchor)))
        {
            yield return $"ARW_ANCHOR: \"{anchor}\" lies in the data folder, where whoever changes the journal can change it too; name a file elsewhere, or none.";
        }

        foreach (var (key, file) in new[] { ("ARW_TLS_CERT", options.TlsCertificate), ("ARW_TLS_KEY", options.TlsKey) })
        {
            if (file is not null && !File.Exists(file))
            {
                yield return $"{key}: there is no file \"{file}\".";
            }
        }

        foreach (var (key, bind) in new[] { ("ARW_BIND", options.Bind), ("ARW_OTLP_BIND", options.OtlpBind) }.Where(b => !IPAddress.IsLoopback(b.Item2)))
        {
            if (options.AdminToken is null && options.AdminTokenSha256 is null)
            {
                yield return $"{key}: \"{bind}\" is reachable from other machines, which needs ARW_ADMIN_TOKEN or ARW_ADMIN_TOKEN_SHA256.";
            }

            if (options.TlsCertificate is null && options.TrustedProxies.Count == 0)
            {
                yield return $"{key}: \"{bind}\" is reachable from other machines, which needs TLS (ARW_TLS_CERT, ARW_TLS_KEY) or a TLS proxy named in ARW_TRUSTED_PROXIES.";
            }
        }

        if (options.OtlpHttpPort != 0 && (options.OtlpHttpPort == options.Port || options.OtlpHttpPort == options.OtlpGrpcPort))
        {
            yield return $"ARW_OTLP_HTTP_PORT: {options.OtlpHttpPort} is taken by another part of the home.";
        }

        if (options.ProxyPort != 0 && (options.ProxyPort == options.Port || options.ProxyPort == options.OtlpHttpPort || options.ProxyPort == options.OtlpGrpcPort))
        {
            yield return $"ARW_PROXY_PORT: {options.ProxyPort} is taken by another part of the home.";
        }

        if (options.DnsPort != 0 && (options.DnsPort == options.Port || options.DnsPort == options.ProxyPort || options.DnsPort == options.OtlpHttpPort || options.DnsPort == options.OtlpGrpcPort))
        {
            yield return $"ARW_DNS_PORT: {options.DnsPort} is taken by another part of the home.";
        }

        if (options.DnsPort != 0 && options.DnsUpstream.Any(s => s.Port == options.DnsPort && IPAddress.IsLoopback(s.Address)))
        {
            yield return $"ARW_DNS_UPSTREAM: port {options.DnsPort} of this machine is the resolver itself.";
        }

        if (options.OtlpGrpcPort != 0 && options.OtlpGrpcPort == options.Port)
        {
            yield return $"ARW_OTLP_GRPC_PORT: {options.OtlpGrpcPort} is taken by another part of the home.";
        }
    }

    /// <summary>The refusal to start with these problems.</summary>
    internal static Refusal Refuse(IReadOnlyList<string> problems) => new(
        "bad_configuration",
        "The configuration is not usable:" + string.Concat(problems.Select(p => $"\n  {p}")),
        "Correct these keys and start again.");

    private static (bool Ok, IPAddress Value) ParseAddress(string text) =>
        (IPAddress.TryParse(text == "localhost" ? "127.0.0.1" : text, out var address), address!);

    private static (bool Ok, int Value) ParsePort(string text) => (ushort.TryParse(text, CultureInfo.InvariantCulture, out var port), port);

    private static (bool Ok, IReadOnlyList<IPEndPoint> Value) ParseServers(string text)
    {
        const int UsualPort = 53;
        var servers = new List<IPEndPoint>();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!IPEndPoint.TryParse(part, out var server))
            {
                return (false, []);
            }

            servers.Add(server.Port == 0 ? new IPEndPoint(server.Address, UsualPort) : server);
        }

        return (true, servers);
    }

    private static (bool Ok, IReadOnlyList<IPNetwork> Value) ParseNetworks(string text)
    {
        var networks = new List<IPNetwork>();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (IPAddress.TryParse(part, out var address))
            {
                networks.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            }
            else if (IPNetwork.TryParse(part, out var network))
            {
                networks.Add(network);
            }
            else
            {
                return (false, []);
            }
        }

        return (true, networks);
    }

    private static (bool Ok, TimeSpan? Value) ParseDuration(string text)
    {
        var hours = text[^1] switch { 'h' => 1, 'd' => 24, _ => 0 };
        return int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && hours > 0 && number is > 0 and <= 1_000_000
            ? (true, TimeSpan.FromHours((double)number * hours))
            : (false, null);
    }

    private static (bool Ok, long? Value) ParseSize(string text)
    {
        var unit = text.Length < 3 ? 0 : text[^2..] switch { "MB" => 1_000_000L, "GB" => 1_000_000_000L, "TB" => 1_000_000_000_000L, _ => 0 };
        return unit > 0 && int.TryParse(text[..^2], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 1_000_000
            ? (true, number * unit)
            : (false, null);
    }

    private static (bool Ok, IReadOnlyList<string> Value) ParseHosts(string text)
    {
        var hosts = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return (hosts.All(h => Uri.CheckHostName(h) != UriHostNameType.Unknown), hosts);
    }
}
