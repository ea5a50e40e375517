using Arw.Core.Journal;
using Arw.Core.State;
using Arw.Tests.Journal;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using static Arw.Tests.Journal.JournalFixture;

namespace Arw.Tests.State;

public sealed class StateHostTests
{
    [Fact]
    public async Task Fold_AfterAppend_IsReadableOnceWaitedFor()
    {
        await using var f = new JournalFixture();
        using var views = new ViewsDatabase(f.Options.ViewsPath);
        var (count, rows) = (new CountModel(), new RowsModel());
        await using var host = await StartAsync(f, views, count, rows);

        var seq = (await f.Journal.AppendAsync(Draft("ext.row.put") with { Subject = "row:a" })).LastSeq;
        await host.WaitForAsync(seq);

        Assert.Equal(1, count.Current.Total);
        Assert.Equal(1, count.Version);
        Assert.Equal("a", rows.Rows.Find("row:a")!.Name);
        Assert.Equal(0, rows.Rows.Count(new TableQuery { Where = [new("name", Op.Equal, "b")] }));
    }

    [Fact]
    public async Task WaitFor_AnEvent_CompletesOnlyWhenWhoWatchesHasBeenTold()
    {
        await using var f = new JournalFixture();
        using var views = new ViewsDatabase(f.Options.ViewsPath);
        var count = new CountModel();
        await using var host = await StartAsync(f, views, count);
        using var reached = new SemaphoreSlim(0);
        using var go = new ManualResetEventSlim();
        using var watch = host.OnChanged(_ =>
        {
            reached.Release();
            go.Wait();
        });

        var seq = (await f.Journal.AppendAsync(Draft("ext.row.put") with { Subject = "row:a" })).LastSeq;
        await reached.WaitAsync();
        var waiting = host.WaitForAsync(seq).AsTask();

        Assert.Equal(1, count.Current.Total);
        Assert.False(waiting.IsCompleted);
        go.Set();
        await waiting.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Start_AfterStop_ContinuesFromTheCheckpointWithEqualState()
    {
        await using var f = new JournalFixture();
        var before = "";
        using (var views = new ViewsDatabase(f.Options.ViewsPath))
        {
            var count = new CountModel();
            await using var host = await StartAsync(f, views, count, new RowsModel());
            for (var i = 0; i < 50; i++)
            {
                await f.Journal.AppendAsync(Draft("ext.row.put") with { Subject = $"row:{i % 7}" });
            }

            await host.WaitForAsync(f.Journal.Head);
            before = host.Dump("rows");
        }

        using (var views = new ViewsDatabase(f.Options.ViewsPath))
        {
            var count = new CountModel { FailOnFold = true }; // nothing may be folded again
            await using var host = await StartAsync(f, views, count, new RowsModel());
            Assert.Equal(50, count.Current.Total);
            Assert.Equal(before, host.Dump("rows"));
        }
    }

    [Fact]
    public async Task Start_CacheOfAnotherJournal_RebuildsInsteadOfTrustingIt()
    {
        await using var f = new JournalFixture();
        await using var other = new JournalFixture();
        await other.Journal.AppendAsync(Draft("ext.row.put") with { Subject = "row:other" });
        await f.Journal.AppendAsync(Draft("ext.row.put") with { Subject = "row:mine" });
        using (var views = new ViewsDatabase(f.Options.ViewsPath))
        {
            await using var host = await StartAsync(other, views, new RowsModel());
        }

        using (var views = new ViewsDatabase(f.Options.ViewsPath))
        {
            var rows = new RowsModel();
            await using var host = await StartAsync(f, views, rows);
            Assert.NotNull(rows.Rows.Find("row:mine"));
            Assert.Null(rows.Rows.Find("row:other"));
        }
    }

    [Fact]
    public async Task Fold_Throws_StopsAndSaysSoInsteadOfServingStaleState()
    {
        await using var f = new JournalFixture();
        using var views = new ViewsDatabase(f.Options.ViewsPath);
        await using var host = await StartAsync(f, views, new CountModel { FailOnFold = true });

        var seq = (await f.Journal.AppendAsync(Draft())).LastSeq;

        await Assert.ThrowsAsync<StateFaultException>(async () => await host.WaitForAsync(seq).AsTask().WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal("asked to fail", host.Fault);
    }

    [Fact]
    public async Task Rebuild_OverRandomEventsAndRestarts_EqualsIncrementalState()
    {
        var op = Gen.Select(Gen.OneOf(Gen.Const("ext.row.put"), Gen.Const("ext.row.drop"), Gen.Const("ext.other.x")), Gen.Int[0, 9]);
        await op.Array[1, 60].SampleAsync(async ops =>
        {
            await using var f = new JournalFixture();
            string incremental;
            var half = ops.Length / 2;
            using (var views = new ViewsDatabase(f.Options.ViewsPath))
            {
                await using var host = await StartAsync(f, views, new CountModel(), new RowsModel());
                await Append(f, ops[..half]);
                await host.WaitForAsync(f.Journal.Head);
            }

            await Append(f, ops[half..]);
            using (var views = new ViewsDatabase(f.Options.ViewsPath))
            {
                await using var host = await StartAsync(f, views, new CountModel(), new RowsModel());
                incremental = host.Dump("rows") + host.Dump("count");
            }

            using (var views = new ViewsDatabase(Path.Combine(f.Options.DataDir, "fresh.db")))
            {
                await using var host = await StartAsync(f, views, new CountModel(), new RowsModel());
                Assert.Equal(incremental, host.Dump("rows") + host.Dump("count"));
            }
        }, iter: 25);

        static async Task Append(JournalFixture f, (string Kind, int Key)[] ops)
        {
            foreach (var (kind, key) in ops)
            {
                await f.Journal.AppendAsync(Draft(kind) with { Subject = $"row:{key}" });
            }
        }
    }

    [Fact]
    public async Task Query_SearchAndPages_AnswerByTextAndOrder()
    {
        await using var f = new JournalFixture();
        using var views = new ViewsDatabase(f.Options.ViewsPath);
        var rows = new RowsModel();
        await using var host = await StartAsync(f, views, rows);
        foreach (var name in new[] { "apple", "apricot", "banana", "\" OR *" })
        {
            await f.Journal.AppendAsync(Draft("ext.row.put") with { Subject = $"row:{name}" });
        }

        await host.WaitForAsync(f.Journal.Head);

        Assert.Equal(["apricot", "apple"], rows.Rows.Query(new TableQuery { Search = "ap", OrderBy = "seq" }).Select(r => r.Name));
        Assert.Equal(["apricot"], rows.Rows.Query(new TableQuery { Search = "ap", OrderBy = "seq", Limit = 1 }).Select(r => r.Name));
        Assert.Single(rows.Rows.Query(new TableQuery { Where = [new("name", Op.Prefix, "ban")] }));
        Assert.Empty(rows.Rows.Query(new TableQuery { Search = "\" OR banana" }));
        Assert.Throws<ArgumentException>(() => rows.Rows.Query(new TableQuery { OrderBy = "nope\"; DROP TABLE x" }));
    }

    private static async Task<StateHost> StartAsync(JournalFixture f, ViewsDatabase views, params ReadModel[] models)
    {
        var host = new StateHost(f.Journal, views, models, NullLogger<StateHost>.Instance);
        await host.StartAsync(default);
        return host;
    }

    internal sealed record Count(int Total);

    internal sealed class CountModel : DocumentModel<Count>
    {
        public bool FailOnFold { get; init; }

        public override string Id => "count";

        protected override Count Empty => new(0);

        protected override Count Fold(Count state, JournalEvent e) =>
            FailOnFold ? throw new InvalidOperationException("asked to fail") : new Count(state.Total + 1);
    }

    internal sealed record Row(string Name, long Seq, int Times);

    internal sealed class RowsModel : TableModel<Row>
    {
        public override string Id => "rows";

        protected internal override IReadOnlyList<Column<Row>> Columns { get; } = [new("name", r => r.Name), new("seq", r => r.Seq)];

        protected internal override Func<Row, string> SearchText => r => r.Name;

        protected override void Fold(IRowSet<Row> rows, JournalEvent e)
        {
            if (e.Kind == "ext.row.put")
            {
                rows.Put(e.Subject!, new Row(e.Subject![4..], e.Seq, (rows.Find(e.Subject!)?.Times ?? 0) + 1));
            }
            else if (e.Kind == "ext.row.drop")
            {
                rows.Delete(e.Subject!);
            }
        }
    }
}
