using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Egress;
using Arw.Core.Policy.Leases;
using Arw.Core.State;
using Arw.Tests.Egress;

namespace Arw.Tests.Journeys;

/// <summary>A lease's limit of bytes counts what requests move, through the whole pipeline.</summary>
public sealed class LeaseBytesTests
{
    private const int BodyBytes = 100_000;

    [Fact]
    public async Task Bytes_UsedUp_CutTheRequestAndRefuseTheNext()
    {
        await using var server = await LoopbackServer.StartAsync(async context => await context.Response.Body.WriteAsync(new byte[BodyBytes]));
        await using var home = await JourneyHome.StartAsync();
        await home.AllowAsync(server.Port);
        var lease = await home.GrantAsync($"net.http:GET {server.Url("/*")}", new LeaseLimits(Bytes: BodyBytes * 3 / 2));

        Assert.Equal(ActionState.Completed, (await FetchAsync(home, server)).State);
        var used = home.Get<LeasesModel>().Current.Find(lease.Id)!.Used.Bytes;
        Assert.InRange(used, BodyBytes, BodyBytes + 2000);

        var cut = await FetchAsync(home, server);
        Assert.Equal((ActionState.Failed, "needs_lease"), (cut.State, cut.Error!.Code));
        Assert.NotNull(cut.Error.Decision);
        var next = await home.TryAsync("http.fetch", Input(server), OnNeedsLease.Refuse);
        Assert.Equal("needs_lease", next.Refusal!.Code);
        Assert.Equal(2, server.Requests);

        var rows = home.Get<EgressLedger>().Rows.Query(new TableQuery { OrderBy = "time" });
        Assert.Equal([EgressOutcome.Ok, EgressOutcome.Limit], rows.Select(r => r.Outcome).Order());
        Assert.Equal(rows.Sum(r => r.BytesIn + r.BytesOut), home.Get<LeasesModel>().Current.Find(lease.Id)!.Used.Bytes);
    }

    private static async Task<ActionRow> FetchAsync(JourneyHome home, LoopbackServer server) =>
        await home.EndOf((await home.SubmitAsync("http.fetch", Input(server), OnNeedsLease.Refuse)).Id);

    private static JsonObject Input(LoopbackServer server) => new() { ["url"] = server.Url("/data.txt") };
}
