using System.Text;
using Arw.Core.Journal;
using Microsoft.Data.Sqlite;
using static Arw.Tests.Journal.JournalFixture;

namespace Arw.Tests.Journal;

public sealed class EventJournalTests
{
    [Fact]
    public async Task Append_Reopened_EventsAreThereInOrder()
    {
        await using var f = new JournalFixture();
        var first = await f.Journal.AppendAsync([Draft(payload: """{"n": 1}"""), Draft(payload: """{"n":2}""")]);
        await f.Journal.AppendAsync(Draft() with { Subject = "thing:1", Project = "p", CorrId = "c" });

        await f.ReopenAsync();

        Assert.Equal(new Appended(1, 2), first.Value);
        var events = f.Journal.Read(0);
        Assert.Equal([1, 2, 3], events.Select(e => e.Seq));
        Assert.Equal("""{"n":1}""", Encoding.UTF8.GetString(events[0].Payload.Span));
        Assert.Equal(("thing:1", "p", "c"), (events[2].Subject, events[2].Project, events[2].CorrId));
        Assert.Equal(f.Time.GetUtcNow(), events[2].Recorded);
    }

    [Fact]
    public async Task Append_PreconditionMissed_WritesNothingAndSaysTheCurrentSeq()
    {
        await using var f = new JournalFixture();
        await f.Journal.AppendAsync(Draft() with { Subject = "lease:1" });

        var stale = await f.Journal.AppendAsync([Draft() with { Subject = "lease:1" }, Draft()], [new Precondition("lease:1", 0)]);
        var right = await f.Journal.AppendAsync([Draft() with { Subject = "lease:1" }], [new Precondition("lease:1", 1), new Precondition("lease:2", 0)]);

        Assert.Equal("conflict", stale.Refusal!.Code);
        Assert.Contains("1", stale.Refusal.Message, StringComparison.Ordinal);
        Assert.Equal(2, right.Value.LastSeq);
        Assert.Equal(2, f.Journal.Head);
    }

    [Fact]
    public async Task Append_ManyAtOnceOnOneSubject_ExactlyOneWins()
    {
        await using var f = new JournalFixture();
        var results = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ =>
            f.Journal.AppendAsync([Draft() with { Subject = "action:1" }], [new Precondition("action:1", 0)]).AsTask()));

        Assert.Single(results, r => r.Ok);
        Assert.Equal(1, f.Journal.Head);
    }

    [Fact]
    public async Task Append_LargePayload_BecomesABlobThatReadsBack()
    {
        await using var f = new JournalFixture();
        var text = new string('x', 40_000);
        await f.Journal.AppendAsync(Draft(payload: $$"""{"text":"{{text}}"}"""));

        var e = Assert.Single(f.Journal.Read(0));
        Assert.True(e.Payload.IsEmpty);
        Assert.Equal(40_011, e.PayloadRef!.Bytes);
        var whole = await f.Journal.HydrateAsync(e, default);
        Assert.Contains(text, Encoding.UTF8.GetString(whole.Payload.Span), StringComparison.Ordinal);
        Assert.Contains("payload_ref", Encoding.UTF8.GetString(e.ToJson().Span), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"a\":1,\"a\":2}", "twice")]
    [InlineData("{\"a\":{\"b\":1,\"\\u0062\":2}}", "twice")]
    [InlineData("{\"a\":\"\\ud800\"}", "surrogate")]
    [InlineData("{\"a\":", "not valid JSON")]
    [InlineData("{} {}", "not valid JSON")]
    public async Task Append_BadPayload_IsRefusedAndNothingIsWritten(string payload, string message)
    {
        await using var f = new JournalFixture();
        var result = await f.Journal.AppendAsync([Draft(payload: payload)]);
        Assert.Equal("invalid_input", result.Refusal!.Code);
        Assert.Contains(message, result.Refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, f.Journal.Head);
    }

    [Theory]
    [InlineData("Upper.case")]
    [InlineData("single")]
    [InlineData("a..b")]
    [InlineData("a.b\n")]
    public async Task Append_BadKind_IsRefused(string kind)
    {
        await using var f = new JournalFixture();
        Assert.Equal("invalid_input", (await f.Journal.AppendAsync([Draft(kind)])).Refusal!.Code);
    }

    [Fact]
    public async Task Append_TooLarge_Is413()
    {
        await using var f = new JournalFixture(o => o with { MaxPayloadBytes = 100 });
        Assert.Equal(413, (await f.Journal.AppendAsync([Draft(payload: $"\"{new string('x', 200)}\"")])).Refusal!.Status);
    }

    [Fact]
    public async Task Chain_OverAllRows_Verifies()
    {
        await using var f = new JournalFixture();
        await f.Journal.AppendAsync([Draft(payload: "{\"n\":1}"), Draft() with { Subject = "s:1", ParentId = "p", SpanId = "q" }]);
        await f.ReopenAsync();
        await f.Journal.AppendAsync(Draft());

        using var context = new JournalContext(JournalContext.OptionsFor($"Data Source={f.Options.JournalPath};Mode=ReadOnly;Pooling=False"));
        var chain = new ChainHash();
        var previous = ChainHash.Genesis;
        foreach (var row in context.Events.OrderBy(r => r.Seq))
        {
            Assert.Equal(ChainHash.PayloadDigest(row.Salt, row.Payload), row.PayloadDigest);
            Assert.Equal(chain.Next(previous, row), row.Hash);
            previous = row.Hash;
        }

        Assert.Equal(3, context.Events.Count());
    }

    [Fact]
    public async Task Append_DatabaseFails_AcknowledgesNothingAndRecovers()
    {
        await using var f = new JournalFixture();
        await f.Journal.AppendAsync(Draft());
        using (var other = new SqliteConnection($"Data Source={f.Options.JournalPath};Pooling=False"))
        {
            other.Open();
            using var block = other.CreateCommand();
            block.CommandText = "CREATE TRIGGER no BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'disk on fire'); END";
            block.ExecuteNonQuery();
            await Assert.ThrowsAsync<JournalFaultException>(async () => await f.Journal.AppendAsync(Draft()));
            Assert.Contains("disk on fire", f.Journal.Fault!.Cause, StringComparison.Ordinal);
            block.CommandText = "DROP TRIGGER no";
            block.ExecuteNonQuery();
        }

        Assert.Equal(2, (await f.Journal.AppendAsync(Draft())).LastSeq);
        Assert.Null(f.Journal.Fault);
    }

    [Fact]
    public async Task Follow_FromAnywhereWithFilter_SeesEachMatchOnceInOrder()
    {
        await using var f = new JournalFixture();
        using var stop = new CancellationTokenSource();
        var filter = new EventFilter { Prefixes = ["ext.a."], CorrId = "c" };
        var seen = new List<long>();
        var done = new TaskCompletionSource();
        await Write(0, 500);
        await f.ReopenAsync(); // nothing of the first half is in memory any more
        var follow = Task.Run(async () =>
        {
            try
            {
                await foreach (var page in f.Journal.FollowAsync("test", 100, filter, stop.Token))
                {
                    seen.AddRange(page.Events.Select(e => e.Seq));
                    if (page.ScannedTo >= 2000)
                    {
                        done.SetResult();
                        break;
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // The test is over.
            }
        });
        await Write(500, 2000);
        await done.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await follow;

        Assert.Equal(Enumerable.Range(101, 1900).Where(n => n % 4 == 0).Select(n => (long)n), seen);

        // Every second event is of kind a, every second of those of episode c: those whose number divides by four.
        async Task Write(int from, int to)
        {
            for (var n = from + 1; n <= to; n++)
            {
                await f.Journal.AppendAsync(Draft(n % 2 == 0 ? "ext.a.x" : "ext.b.x") with { CorrId = n % 4 == 0 ? "c" : "d" });
            }
        }
    }

    [Fact]
    public async Task Newest_WithPrefix_ReturnsTheLastOnesOldestFirst()
    {
        await using var f = new JournalFixture();
        foreach (var kind in new[] { "ext.a.1", "ext.b.1", "ext.a.2", "ext.b.2", "ext.a.3" })
        {
            await f.Journal.AppendAsync(Draft(kind));
        }

        Assert.Equal(["ext.a.2", "ext.a.3"], f.Journal.Newest(2, new EventFilter { Prefixes = ["ext.a."] }).Select(e => e.Kind));
    }

    [Fact]
    public async Task Append_Once_PassesOverWhatIsWrittenAlready()
    {
        await using var fixture = new JournalFixture();
        EventDraft Once(string subject) => JournalFixture.Draft() with { Subject = subject, Once = true };

        var first = (await fixture.Journal.AppendAsync([Once("a"), Once("b"), Once("a")])).Value;
        var second = (await fixture.Journal.AppendAsync([Once("b"), Once("c")])).Value;
        var none = (await fixture.Journal.AppendAsync([Once("a")])).Value;
        Assert.Equal([new Appended(1, 2), new Appended(3, 3), new Appended(4, 3)], [first, second, none]);
        Assert.Equal(["a", "b", "c"], fixture.Journal.Read(0).Select(e => e.Subject));
        Assert.Equal("invalid_input", (await fixture.Journal.AppendAsync([JournalFixture.Draft() with { Once = true }])).Refusal!.Code);
    }
}
