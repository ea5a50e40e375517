using System.Text.Json.Nodes;
using Arw.Core.Egress;
using Arw.Core.Shell.Containment;
using Arw.Tests.Egress;
using Arw.Tests.Egress.Proxy;
using Arw.Tests.Http;

namespace Arw.Tests.Shell;

/// <summary>A contained program in a whole home: its only way out is the proxy, in the name of its action.</summary>
public sealed class ShellEgressTests
{
    private const string Fetch = """
        use IO::Socket::INET;
        my ($proxy) = $ENV{http_proxy} =~ m{http://(.*)};
        my $s = IO::Socket::INET->new(PeerAddr => $proxy) or die "no proxy: $!";
        print $s "GET http://api.test:$ARGV[0]/ HTTP/1.1\r\nHost: api.test:$ARGV[0]\r\nConnection: close\r\n\r\n";
        print while <$s>;
        """;

    [SandboxFact]
    public async Task Exec_ProgramWithALease_GetsOutInTheNameOfItsAction()
    {
        await using var target = await LoopbackServer.StartAsync(c => c.Response.Body.WriteAsync("fetched"u8.ToArray()).AsTask());
        await using var proxy = await ProxyHome.StartAsync();
        await proxy.AllowAsync("api.test", target.Port, "http");
        await proxy.GrantAsync("shell.exec perl **");

        var action = await RunAsync(proxy, target.Port);

        Assert.Contains("fetched", action["output"]!.ToJsonString(), StringComparison.Ordinal);
        var row = await proxy.RowAsync();
        Assert.Equal((EgressOutcome.Ok, "agent:fetcher", (string?)action["corr_id"]), (row.Outcome, row.Actor, row.CorrId));
        Assert.Equal(1, target.Requests);
    }

    [SandboxFact]
    public async Task Exec_ProgramWithoutALease_IsRefusedWithARow()
    {
        await using var target = await LoopbackServer.StartAsync(c => c.Response.Body.WriteAsync("fetched"u8.ToArray()).AsTask());
        await using var proxy = await ProxyHome.StartAsync();
        await proxy.GrantAsync("shell.exec perl **");

        var action = await RunAsync(proxy, target.Port);

        Assert.StartsWith("HTTP/1.1 403", (string?)action["output"]!["output"], StringComparison.Ordinal);
        Assert.Equal(EgressOutcome.Denied, (await proxy.RowAsync()).Outcome);
        Assert.Equal(0, target.Requests);
    }

    private static async Task<JsonNode> RunAsync(ProxyHome proxy, int port)
    {
        Assert.Null((await proxy.Home.Service<Sandbox>().StateAsync()).Missing);
        using var agent = proxy.Home.Client(proxy.Secret);
        var input = new JsonObject { ["command"] = new JsonArray("perl", "-", $"{port}"), ["input"] = Fetch };
        using var response = await agent.PostAsync("/actions", TestHome.Json(new JsonObject { ["kind"] = "shell.exec", ["input"] = input, ["project"] = ProxyHome.Project }));
        var submitted = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.True(response.IsSuccessStatusCode, submitted.ToJsonString());
        var end = await proxy.Home.Service<Core.Actions.ActionService>().WaitForEndAsync((string)submitted["id"]!).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(Core.Actions.ActionState.Completed, end.State);
        return JsonNode.Parse(await agent.GetStringAsync($"/actions/{submitted["id"]}"))!;
    }
}
