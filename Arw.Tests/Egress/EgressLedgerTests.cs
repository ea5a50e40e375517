using Arw.Core.Egress;
using Arw.Core.Journal;
using Arw.Core.Models;
using Arw.Core.State;
using Arw.Tests.Journal;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;

namespace Arw.Tests.Egress;

public class EgressLedgerTests
{
    [Fact]
    public async Task Fold_OpenedThenClosed_IsOneRowWithItsBytes()
    {
        await using var f = new JournalFixture();
        using var views = new ViewsDatabase(f.Options.ViewsPath);
        var ledger = new EgressLedger();
        await using var host = await StartAsync(f, views, ledger);

        await AppendAsync(f, host, Opened("a") with { Project = "demo", CorrId = "c1" }, Closed("a"), Denied("b"));

        var row = ledger.Rows.Find("a")!;
        Assert.Equal(("allow", "leased", EgressOutcome.Ok, 10L, 20L, 200), (row.Decision, row.ReasonCode, row.Outcome, row.BytesIn, row.BytesOut, row.Status));
        Assert.Equal(("demo", "c1", "agent:x", "203.0.113.9"), (row.Project, row.CorrId, row.Actor, row.Dest.Ip));
        Assert.Equal("b", Assert.Single(ledger.Rows.Query(new TableQuery { Where = [new("decision", Op.Equal, "deny")] })).Id);
        Assert.Equal("a", Assert.Single(ledger.Rows.Query(new TableQuery { Search = "feeds.example", Where = [new("corr_id", Op.Equal, "c1")] })).Id);
    }

    [Fact]
    public async Task Fold_HomeStarted_MarksWhatWasOpenUnknown()
    {
        await using var f = new JournalFixture();
        using (var views = new ViewsDatabase(f.Options.ViewsPath))
        {
            await using var host = await StartAsync(f, views, new EgressLedger());
            await AppendAsync(f, host, Opened("committed"), Opened("done"), Closed("done"));
        }

        await f.Journal.AppendAsync([Opened("same-batch"), Started()]);
        using var again = new ViewsDatabase(f.Options.ViewsPath);
        var ledger = new EgressLedger();
        await using var second = await StartAsync(f, again, ledger);
        await AppendAsync(f, second, Opened("new"));

        Assert.Equal(EgressOutcome.Unknown, ledger.Rows.Find("committed")!.Outcome);
        Assert.Equal(EgressOutcome.Unknown, ledger.Rows.Find("same-batch")!.Outcome);
        Assert.Equal(EgressOutcome.Ok, ledger.Rows.Find("done")!.Outcome);
        Assert.Equal(EgressOutcome.Open, ledger.Rows.Find("new")!.Outcome);
    }

    [Theory]
    [InlineData(null, false, null, null)]
    [InlineData(0L, false, null, "0")]
    [InlineData(5L, false, null, "0.000005")]
    [InlineData(5L, true, null, null)]
    [InlineData(5L, true, 140L, "0.000145")]
    [InlineData(null, false, 140L, "0.00014")]
    public async Task Cost_IsKnownOnlyWhereAllOfItIs_AndTokensCountWhenTheChatTellsThem(long? fee, bool countsTokens, long? tokens, string? expected)
    {
        await using var f = new JournalFixture();
        using var views = new ViewsDatabase(f.Options.ViewsPath);
        var ledger = new EgressLedger();
        await using var host = await StartAsync(f, views, ledger);

        var closed = EgressEvents.Closed.Draft(new EgressClosed("a", EgressOutcome.Ok, 10, 20, 5) { FeeMicroUsd = fee, CountsTokens = countsTokens }, "agent:x", EgressEvents.Subject("a"));
        await AppendAsync(f, host, Opened("a"), closed, Charged(tokens));

        var row = System.Text.Json.JsonSerializer.SerializeToNode(ledger.Rows.Find("a"), Arw.Core.Primitives.ArwJson.Options)!;
        Assert.Equal(expected is null ? null : decimal.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), (decimal?)row["est_cost_usd"]);
    }

    [Fact]
    public async Task Rebuild_AnyEvents_GivesAnEqualDump() =>
        await Gen.Select(Gen.Int[0, 5], Gen.Int[0, 4]).Array[1, 25].SampleAsync(
            async steps =>
            {
                await using var f = new JournalFixture();
                string step, whole;
                using (var views = new ViewsDatabase(f.Options.ViewsPath))
                {
                    await using var host = await StartAsync(f, views, new EgressLedger(), new EgressSettingsModel());
                    foreach (var (id, kind) in steps)
                    {
                        await AppendAsync(f, host, kind switch { 0 => Opened($"{id}"), 1 => Closed($"{id}"), 2 => Denied($"{id}"), 3 => Charged(), _ => Started() });
                    }

                    step = host.Dump("egress");
                }

                foreach (var file in Directory.GetFiles(Path.GetDirectoryName(f.Options.ViewsPath)!, "views.db*"))
                {
                    File.Delete(file);
                }

                using (var views = new ViewsDatabase(f.Options.ViewsPath))
                {
                    await using var host = await StartAsync(f, views, new EgressLedger(), new EgressSettingsModel());
                    whole = host.Dump("egress");
                }

                Assert.Equal(step, whole);
            },
            iter: 15, threads: 1);

    private static EventDraft Opened(string id) => EgressEvents.Opened.Draft(
        new EgressOpened(id, "act", "GET", "https://feeds.example/a", "feeds.example", 443, "https", ["203.0.113.9"], "leased", EgressMode.Public, 1, 0) { Lease = "l", Tool = "model.chat" },
        "agent:x", EgressEvents.Subject(id));

    private static EventDraft Closed(string id) => EgressEvents.Closed.Draft(
        new EgressClosed(id, EgressOutcome.Ok, 10, 20, 5) { Status = 200 }, "agent:x", EgressEvents.Subject(id));

    private static EventDraft Denied(string id) => EgressEvents.Denied.Draft(
        new EgressDenied(id, "act", "GET", "https://other.example/", "needs_lease", "No lease.", EgressMode.Public, 1, 0) { Host = "other.example", Port = 443, Scheme = "https" },
        "agent:x", EgressEvents.Subject(id));

    private static EventDraft Charged(long? microUsd = 140) => ModelEvents.Completed.Draft(
        new ChatCompleted("act", 1, "tiny", [], "stop", 100, 20, microUsd), "agent:x");

    private static EventDraft Started() => new("home.started", "{}"u8.ToArray(), "system:home");

    private static async Task AppendAsync(JournalFixture f, StateHost host, params EventDraft[] drafts) =>
        await host.WaitForAsync((await f.Journal.AppendAsync(drafts)).Value.LastSeq);

    private static async Task<StateHost> StartAsync(JournalFixture f, ViewsDatabase views, params ReadModel[] models)
    {
        var host = new StateHost(f.Journal, views, models, NullLogger<StateHost>.Instance);
        await host.StartAsync(default);
        return host;
    }
}
