using System.Diagnostics;
using System.Globalization;
using Arw.Bench.Append;
using Arw.Bench.Home;
using Arw.Bench.Report;
using Arw.Core.Access;
using Arw.Core.Actions;
using Arw.Core.Journal;
using Arw.Web.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Arw.Bench.Stream;

/// <summary>The same events to 1, 100 and 1,000 clients of <c>/events</c> at once, over real HTTP on loopback: what a client more costs the others.</summary>
internal static class FanOutBench
{
    private const int PerCredential = 90;

    public static async Task<Table> RunAsync(BenchOptions options)
    {
        var rows = new List<string[]>();
        foreach (var (clients, events) in new[] { (1, options.Size(50_000)), (100, options.Size(20_000)), (1000, options.Size(4_000)) })
        {
            using var folder = new WorkFolder();
            await using var home = await BenchHost.StartAsync(folder.Path);
            rows.Add(await MeasureAsync(home, clients, events));
        }

        return new Table(
            ["clients", "events", "appended in, s", "all have all after, s", "events appended a second", "events delivered a second"],
            rows,
            "Four producers, 32 events at a time, as fast as the journal takes them; each client checks that it sees every event once and in order. Clients share the process and its cores with the home.");
    }

    private static async Task<string[]> MeasureAsync(ArwHost home, int clients, int events)
    {
        var tokens = new List<string>();
        for (var i = 0; i * PerCredential < clients; i++)
        {
            tokens.Add(await MintAsync(home, $"reader-{i}"));
        }

        var journal = home.Services.GetRequiredService<EventJournal>();
        var after = journal.Head;
        var readers = new List<SseClient>();
        for (var i = 0; i < clients; i++)
        {
            readers.Add(await SseClient.OpenAsync(home.Url, tokens[i / PerCredential], $"?after={after}"));
        }

        var start = Stopwatch.GetTimestamp();
        var reading = readers.Select(r => Task.Run(() => r.ReadAsync(events))).ToList();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(p => Task.Run(() => ProduceAsync(journal, p, events / 4))));
        var appended = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await Task.WhenAll(reading);
        var seen = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (!readers.All(r => r.InOrder))
        {
            throw new InvalidOperationException("A client did not see every event once and in order.");
        }

        foreach (var reader in readers)
        {
            await reader.DisposeAsync();
        }

        return
        [
            clients.ToString("N0", CultureInfo.InvariantCulture), events.ToString("N0", CultureInfo.InvariantCulture),
            Figures.Number(appended), Figures.Number(seen), Figures.Number(events / appended), $"**{Figures.Number((double)events * clients / seen)}**",
        ];
    }

    private static async Task ProduceAsync(EventJournal journal, int producer, int events)
    {
        const int Batch = 32;
        for (var written = 0; written < events; written += Batch)
        {
            _ = (await journal.AppendAsync([.. Enumerable.Repeat(SampleRow.Draft(producer), Math.Min(Batch, events - written))])).Value;
        }
    }

    private static async Task<string> MintAsync(ArwHost home, string name)
    {
        var input = new System.Text.Json.Nodes.JsonObject { ["name"] = name, ["kind"] = "person" };
        var minted = await home.Services.GetRequiredService<ActionService>().SubmitAsync(new SubmitRequest("credential.mint", input), Principal.Owner);
        return (string)minted.Value.Output!["secret"]!;
    }
}
