using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Arw.Core.Journal;
using Arw.Core.State;

namespace Arw.Tests.Http;

/// <summary>Clients that lose their connection again and again, in the middle of frames too, while events are appended.</summary>
public sealed class ReconnectTests
{
    private const int Events = 100_000;
    private const int Reconnects = 1_000;
    private const int AverageFrame = 330;
    private const string Episode = "reconnect";

    private sealed record Reading(string Name, string Query, Func<EventDraft, bool> Wants, bool Slow = false, bool Agent = false);

    private static readonly Reading[] Readings =
    [
        new("everything", "", _ => true),
        new("everything, slowly", "", _ => true, Slow: true),
        new("half", "?prefix=ext.even.", e => e.Kind.StartsWith("ext.even.", StringComparison.Ordinal)),
        new("two prefixes, slowly", "?prefix=ext.even.,ext.rare.", e => !e.Kind.StartsWith("ext.odd.", StringComparison.Ordinal), Slow: true),
        new("a rare kind", "?prefix=ext.rare.", e => e.Kind.StartsWith("ext.rare.", StringComparison.Ordinal)),
        new("one episode", $"?corr_id={Episode}", e => e.CorrId == Episode),
        new("an agent's project", "", e => e.Project == "demo", Agent: true),
        new("an agent's kind, slowly", "?prefix=ext.odd.", e => e.Project == "demo" && e.Kind.StartsWith("ext.odd.", StringComparison.Ordinal), Slow: true, Agent: true),
    ];

    [Fact]
    public async Task Clients_ReconnectingAThousandTimesDuringAHundredThousandEvents_SeeEachOnce()
    {
        await using var home = await TestHome.StartAsync(change: o => o with { RateLimit = 10_000 });
        using var agent = await home.AgentAsync("reader", "demo");
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        var drafts = Drafts(new Random(20261125));
        var origin = home.Service<EventJournal>().Head;
        var clients = Readings.Select((reading, i) => new Client(
            reading,
            reading.Agent ? agent : home.Owner,
            new Random(i),
            home.Service<StateHost>(),
            origin,
            [.. drafts.Select((d, n) => (d, n)).Where(d => reading.Wants(d.d)).Select(d => origin + 1 + d.n)])).ToList();

        var reading = clients.Select(c => Task.Run(async () =>
        {
            try
            {
                await c.ReadAsync(Reconnects / Readings.Length, deadline.Token);
            }
            catch
            {
                // The others, and the writer, need not wait for one that has failed.
                await deadline.CancelAsync();
                throw;
            }
        }));
        await Task.WhenAll([.. reading, AppendAsync(home.Service<EventJournal>(), drafts, clients, deadline.Token)]);

        Assert.Equal(origin + Events, home.Service<EventJournal>().Head);
        Assert.Equal(Reconnects, clients.Sum(c => c.Reconnected));
        Assert.All(clients, c => Assert.True(c.Expected.SequenceEqual(c.Seen), $"{c.Name}: {c.Seen.Count} of {c.Expected.Count} events, in another order or not once each."));
    }

    private static List<EventDraft> Drafts(Random random)
    {
        var drafts = new List<EventDraft>(Events);
        for (var i = 0; i < Events; i++)
        {
            var kind = random.Next(20) switch { 0 => "ext.rare.x", < 10 => "ext.even.x", _ => "ext.odd.x" };
            drafts.Add(new EventDraft(kind, Encoding.UTF8.GetBytes($$"""{"n":{{i}},"text":"line one\nline two"}"""), "system:test")
            {
                CorrId = random.Next(20) == 0 ? Episode : null,
                Project = random.Next(5) == 0 ? "demo" : null,
            });
        }

        return drafts;
    }

    // The writer stays near the quick readers, so that they read live as well as from behind; the slow ones it does not wait for.
    private static async Task AppendAsync(EventJournal journal, List<EventDraft> drafts, List<Client> clients, CancellationToken cancel)
    {
        var random = new Random(7);
        for (var written = 0; written < drafts.Count;)
        {
            var batch = drafts.GetRange(written, Math.Min(random.Next(1, 1200), drafts.Count - written));
            Assert.True((await journal.AppendAsync(batch, cancel: cancel)).Ok);
            written += batch.Count;
            foreach (var quick in clients.Where(c => !c.IsSlow))
            {
                await quick.ReachedAsync(written - 6000, cancel);
            }
        }
    }

    private sealed class Client(Reading reading, HttpClient http, Random random, StateHost state, long start, List<long> expected)
    {
        private readonly byte[] _chunk = new byte[8192];
        private readonly SemaphoreSlim _progress = new(0);
        private string? _lastId;
        private long _seenTo;

        public string Name => reading.Name;

        public bool IsSlow => reading.Slow;

        public List<long> Expected => expected;

        public List<long> Seen { get; } = new(expected.Count);

        public int Reconnected { get; private set; }

        /// <summary>Completes when this client has seen its events among the first so many, or looked so far.</summary>
        public async Task ReachedAsync(long count, CancellationToken cancel)
        {
            var due = expected.FindLastIndex(s => s <= start + count);
            while (due >= 0 && Volatile.Read(ref _seenTo) < expected[due])
            {
                await _progress.WaitAsync(cancel);
            }
        }

        public async Task ReadAsync(int reconnects, CancellationToken cancel)
        {
            _lastId = start.ToString(CultureInfo.InvariantCulture);
            await ConnectAsync(Cut(reconnects), cancel);
            while (Reconnected < reconnects || Seen.Count < expected.Count)
            {
                Reconnected++;
                if (reading.Slow)
                {
                    await FallBehindAsync(cancel);
                }

                await ConnectAsync(Reconnected == reconnects ? int.MaxValue : Cut(reconnects - Reconnected), cancel);
            }
        }

        // After how many bytes the connection breaks: anywhere, also within the first frame.
        private int Cut(int left) => random.Next(1, 400 + (int)(2L * (expected.Count - Seen.Count) * AverageFrame / left));

        private async Task ConnectAsync(int cut, CancellationToken cancel)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/events" + reading.Query);
            request.Headers.Add("Last-Event-ID", _lastId);
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            Assert.True(response.IsSuccessStatusCode, $"{Name}: {(int)response.StatusCode}");
            await using var body = await response.Content.ReadAsStreamAsync(cancel);
            var pending = new List<byte>();
            var connected = false;
            while (cut > 0 && !(connected && Seen.Count >= expected.Count))
            {
                var read = await body.ReadAsync(_chunk.AsMemory(0, Math.Min(cut, _chunk.Length)), cancel);
                Assert.True(read > 0, $"{Name}: the stream ended by itself.");
                cut -= read;
                pending.AddRange(_chunk.AsSpan(0, read));
                connected |= TakeFrames(pending);
                if (reading.Slow && random.Next(4) == 0)
                {
                    await FallBehindAsync(cancel);
                }
            }
        }

        private Task FallBehindAsync(CancellationToken cancel) =>
            state.WaitForAsync(Math.Min(Math.Max(state.Folded, start) + random.Next(2000), start + Events), cancel).AsTask();

        // Only whole frames count; what the break cut off comes again.
        private bool TakeFrames(List<byte> pending)
        {
            var bytes = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(pending);
            var taken = 0;
            while (bytes[taken..].IndexOf("\n\n"u8) is var length and >= 0)
            {
                Take(Encoding.UTF8.GetString(bytes.Slice(taken, length)));
                taken += length + 2;
            }

            pending.RemoveRange(0, taken);
            if (taken > 0)
            {
                _progress.Release();
            }

            return taken > 0;
        }

        private void Take(string frame)
        {
            string? name = null;
            foreach (var line in frame.Split('\n'))
            {
                if (line.StartsWith("id: ", StringComparison.Ordinal))
                {
                    _lastId = line[4..];
                }
                else if (line.StartsWith("event: ", StringComparison.Ordinal))
                {
                    name = line[7..];
                }
            }

            if (name is not null and not "service.connected")
            {
                Assert.StartsWith("ext.", name, StringComparison.Ordinal);
                Seen.Add(long.Parse(_lastId!, CultureInfo.InvariantCulture));
                Volatile.Write(ref _seenTo, Seen[^1]);
            }
        }
    }
}
