using System.Collections.Concurrent;
using System.Net.Sockets;
using Arw.Core.State;

namespace Arw.Tests.Egress.Proxy;

/// <summary>The bytes of the ledger are those of the outbound socket: row by row what the servers counted.</summary>
public class LedgerBytesTests
{
    [Fact]
    public async Task Rows_OfTenThousandCleanTransfers_HaveExactlyWhatTheServersCounted()
    {
        const int Many = 10_000;
        const int AtOnce = 64;
        var counted = new ConcurrentBag<(long Out, long In)>();
        await using var target = new TcpTarget(async (me, socket) =>
        {
            // The first two bytes say how much comes back.
            var (buffer, got) = (new byte[8192], 0L);
            var back = -1;
            while (await me.ReceiveAsync(socket, buffer) is > 0 and var read)
            {
                back = got == 0 && read >= 2 ? (buffer[0] << 8 | buffer[1]) & 0x3fff : back;
                got += read;
            }

            await me.SendAsync(socket, new byte[back]);
            counted.Add((got, back));
        });
        await using var proxy = await ProxyHome.StartAsync();
        await proxy.AllowAsync("127.0.0.1", target.Port, "tcp");

        await Parallel.ForEachAsync(Enumerable.Range(0, Many), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, _) =>
        {
            using var socket = await proxy.TunnelAsync($"127.0.0.1:{target.Port}");
            var payload = new byte[2 + (i * 37 % 5000)];
            new Random(i).NextBytes(payload);
            await socket.SendAsync(payload);
            socket.Shutdown(SocketShutdown.Send);
            await socket.ReadAllAsync();
        });

        await proxy.RowAsync(_ => proxy.Ledger.Rows.Count(new TableQuery { Where = [new("outcome", Op.Equal, "ok")] }) == Many);
        var rows = proxy.Ledger.Rows.Query(new TableQuery { Limit = Many * 2 });
        Assert.Equal(Many, rows.Count);
        Assert.Equal(counted.Order(), rows.Select(r => (r.BytesOut, r.BytesIn)).Order());
    }

    [Fact]
    public async Task Rows_OfAbortedTransfers_SayAbortedAndHaveAtLeastWhatTheServersReceived()
    {
        const int Many = 200;
        var counted = new ConcurrentBag<long>();
        await using var target = new TcpTarget(async (_, socket) =>
        {
            var (buffer, got) = (new byte[4096], 0L);
            try
            {
                while (await socket.ReceiveAsync(buffer) is > 0 and var read)
                {
                    got += read;
                }
            }
            finally
            {
                counted.Add(got);
            }
        });
        await using var proxy = await ProxyHome.StartAsync();
        await proxy.AllowAsync("127.0.0.1", target.Port, "tcp");

        await Parallel.ForEachAsync(Enumerable.Range(1, Many), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
        {
            using var socket = await proxy.TunnelAsync($"127.0.0.1:{target.Port}");
            await socket.SendAsync(new byte[i * 1000]);
            socket.Close(0);
        });

        await proxy.RowAsync(_ => proxy.Ledger.Rows.Count(new TableQuery { Where = [new("outcome", Op.Equal, "aborted")] }) == Many);
        var rows = proxy.Ledger.Rows.Query(new TableQuery { Limit = Many * 2 });
        Assert.Equal(Many, rows.Count);
        Assert.True(counted.Sum() <= rows.Sum(r => r.BytesOut));
        // Sorted, no count may exceed its row's: a row with less than its server received would break the order somewhere.
        Assert.All(counted.Order().Zip(rows.Select(r => r.BytesOut).Order()), pair => Assert.True(pair.First <= pair.Second));
    }
}
