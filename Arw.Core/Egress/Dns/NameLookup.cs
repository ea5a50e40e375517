using System.Net;
using System.Net.Sockets;
using DnsClient;
using DnsClient.Protocol;
using Microsoft.Extensions.Logging;

namespace Arw.Core.Egress.Dns;

/// <summary>What name servers say of a name.</summary>
/// <param name="Found">False when there is no such name.</param>
/// <param name="Addresses">Its addresses of the family that was asked for; none when it has none.</param>
/// <param name="Ttl">Seconds for which they hold.</param>
public sealed record NameAnswer(bool Found, IReadOnlyList<IPAddress> Addresses, int Ttl);

/// <summary>Asks name servers for the addresses of a name; null when none answered.</summary>
/// <param name="host">Host name.</param>
/// <param name="family">IPv4 or IPv6.</param>
/// <param name="cancel">Gives up.</param>
public delegate Task<NameAnswer?> NameLookup(string host, AddressFamily family, CancellationToken cancel);

/// <summary>Asks the name servers of the configuration, or those of the system, by plain DNS: over UDP, and over TCP when an answer does not fit.</summary>
internal sealed class Upstream
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    // A machine that changes networks changes its name servers.
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    private readonly DnsOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private LookupClient? _client;
    private DateTimeOffset? _read;

    public Upstream(DnsOptions options, TimeProvider time, ILogger<Upstream> log) => (_options, _time, _log) = (options, time, log);

    public async Task<NameAnswer?> AskAsync(string host, AddressFamily family, CancellationToken cancel)
    {
        if (Client() is not { } client)
        {
            return null;
        }

        try
        {
            var answer = await client.QueryAsync(host, family == AddressFamily.InterNetworkV6 ? QueryType.AAAA : QueryType.A, QueryClass.IN, cancel);
            if (answer.Header.ResponseCode is not (DnsHeaderResponseCode.NoError or DnsHeaderResponseCode.NotExistentDomain))
            {
                return null;
            }

            var records = answer.Answers.OfType<AddressRecord>().Where(r => r.Address.AddressFamily == family).Take(DnsAnswer.MaxAddresses).ToList();
            return new NameAnswer(answer.Header.ResponseCode == DnsHeaderResponseCode.NoError, [.. records.Select(r => r.Address)], records.Count == 0 ? 0 : records.Min(r => r.InitialTimeToLive));
        }
        catch (Exception e) when (e is DnsResponseException or SocketException or ArgumentException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            _log.LogInformation("The name servers did not answer for {Host}: {Why}", host, e.Message);
            return null;
        }
    }

    private LookupClient? Client()
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            if (_read is null || (_options.Upstream.Count == 0 && now - _read >= Fresh))
            {
                (_client, _read) = (Make(), now);
            }

            return _client;
        }
    }

    private LookupClient? Make()
    {
        try
        {
            // Without a server to be found nobody is asked; the library would otherwise be content with a public one.
            var servers = _options.Upstream.Count > 0
                ? _options.Upstream.Select(e => new NameServer(e)).ToArray()
                : OfSystem().Where(s => !IsThisOne(s, _options.Port)).ToArray();
            return servers.Length == 0 ? null : new LookupClient(new LookupClientOptions(servers)
            {
                UseCache = false,
                Timeout = Patience,
                Retries = 1,
                ThrowDnsErrors = false,
                UseTcpFallback = true,
            });
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or SocketException)
        {
            _log.LogWarning("No name server was found, so the resolver answers no names: {Why}", e.Message);
            return null;
        }
    }

    // By the network interfaces that are up; where there is none but loopback, by what the system's own resolver reads.
    private static IReadOnlyCollection<NameServer> OfSystem() =>
        NameServer.ResolveNameServers(skipIPv6SiteLocal: true, fallbackToGooglePublicDns: false) is { Count: > 0 } servers ? servers : NameServer.ResolveNameServersNative();

    private static bool IsThisOne(NameServer server, int port) => port != 0 && server.Port == port && IPAddress.IsLoopback(IPAddress.Parse(server.Address));
}
