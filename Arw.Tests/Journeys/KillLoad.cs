using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Journal;
using Arw.Tests.Disks;

namespace Arw.Tests.Journeys;

/// <summary>Eight producers write to a home over HTTP without a pause while it is killed again and again. Each keeps a log of what was acknowledged to it; what was not, it never sends again.</summary>
internal sealed class KillLoad(string folder, int seed)
{
    private const int Producers = 8;

    // A life of the home ends after this many acknowledgements at most.
    private const int LongestLife = 300;

    private readonly Random _random = new(seed);
    private readonly List<Producer> _producers = [.. Enumerable.Range(0, Producers).Select(n => new Producer(n, new Random(seed + n + 1)))];
    private readonly List<double> _starts = [];
    private volatile TaskCompletionSource<HomeProcess> _serving = New();
    private volatile bool _ending;
    private HomeProcess? _home;
    private Life _life = new(0);

    /// <summary>How long each start took until the home served, in seconds.</summary>
    public IReadOnlyList<double> Starts => _starts;

    /// <summary>Events acknowledged to the producers.</summary>
    public int Acknowledged => _producers.Sum(p => p.Acknowledged.Count);

    /// <summary>Events that were sent and not answered.</summary>
    public int Unknown => _producers.Sum(p => p.Unknown);

    public async Task RunAsync(int kills)
    {
        await StartAsync();
        var producing = _producers.Select(p => Task.Run(() => ProduceAsync(p))).ToList();
        for (var i = 0; i < kills; i++)
        {
            await Task.WhenAny(_life.Over.Task.WaitAsync(TimeSpan.FromMinutes(2)), Task.WhenAny(producing)).Unwrap();
            Assert.DoesNotContain(producing, p => p.IsFaulted);
            _serving = New();
            _home!.Kill();
            await _home.GoneAsync();
            _home.Dispose();
            await StartAsync();
        }

        // The last life ends under load like the others.
        await _life.Over.Task.WaitAsync(TimeSpan.FromMinutes(2));
        _ending = true;
        _home!.Kill();
        await Task.WhenAll(producing);
        await _home.GoneAsync();
        _home.Dispose();
    }

    /// <summary>Compares the journal with what the producers know.</summary>
    public async Task<int> AssertNothingLostAsync()
    {
        var blobs = new BlobStore(new JournalOptions { DataDir = folder }.BlobsPath);
        var missing = _producers.SelectMany(p => p.Acknowledged.Select(a => KeyValuePair.Create((p.Number, a.Key), a.Value))).ToDictionary();
        var seen = new HashSet<(int, int)>();
        foreach (var row in ChainCheck.Walk(folder).Where(r => r.Kind.StartsWith("ext.load.", StringComparison.Ordinal)))
        {
            using var payload = JsonDocument.Parse(row.Payload ?? (await blobs.GetAsync(row.PayloadRef!, default)).Value);
            var key = (payload.RootElement.GetProperty("p").GetInt32(), payload.RootElement.GetProperty("n").GetInt32());
            Assert.True(seen.Add(key), $"Event {key} is in the journal twice, again as {row.Seq}.");
            if (missing.Remove(key, out var seq))
            {
                Assert.Equal(seq, row.Seq);
            }
        }

        Assert.Empty(missing);
        return seen.Count;
    }

    private static TaskCompletionSource<HomeProcess> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task StartAsync()
    {
        var watch = Stopwatch.StartNew();
        _home = await HomeProcess.StartAsync(folder);
        await _home.GetAsync("/healthz");
        _starts.Add(watch.Elapsed.TotalSeconds);
        _life = new Life(_random.Next(1, LongestLife));
        _serving.SetResult(_home);
    }

    private async Task ProduceAsync(Producer producer)
    {
        while (!_ending)
        {
            var home = await _serving.Task;
            var batch = producer.Next();
            try
            {
                var (status, body) = await home.PostAsync("/events", batch.Body);
                Assert.True(status == 200, body.ToJsonString());
                producer.Acknowledge(batch, (long)body["first_seq"]!);
                _life.Answered();
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or JsonException)
            {
                // Killed before the answer: the events may be there or not, but never twice.
                producer.Unknown += batch.Count;
            }
        }
    }

    private sealed record Batch(int First, int Count, JsonArray Body);

    private sealed class Life(int answers)
    {
        private int _left = answers;

        public TaskCompletionSource Over { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Answered()
        {
            if (Interlocked.Decrement(ref _left) == 0)
            {
                Over.TrySetResult();
            }
        }
    }

    private sealed class Producer(int number, Random random)
    {
        private int _next;

        public int Number => number;

        public Dictionary<int, long> Acknowledged { get; } = [];

        public int Unknown { get; set; }

        // One to eight events of 300 bytes, and now and then one that becomes a blob.
        public Batch Next()
        {
            var batch = new Batch(_next, random.Next(1, 9), []);
            for (var i = 0; i < batch.Count; i++)
            {
                var filler = new string('x', random.Next(200) == 0 ? 40_000 : 280);
                batch.Body.Add(new JsonObject
                {
                    ["kind"] = $"ext.load.p{number}",
                    ["payload"] = new JsonObject { ["p"] = number, ["n"] = _next++, ["filler"] = filler },
                });
            }

            return batch;
        }

        public void Acknowledge(Batch batch, long firstSeq)
        {
            for (var i = 0; i < batch.Count; i++)
            {
                Acknowledged[batch.First + i] = firstSeq + i;
            }
        }
    }
}
