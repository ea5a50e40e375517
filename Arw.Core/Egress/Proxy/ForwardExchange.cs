using System.Buffers;
using System.Globalization;
using System.Net.Sockets;
using Arw.Core.Primitives;

namespace Arw.Core.Egress.Proxy;

/// <summary>One plain HTTP/1.1 request passed on, and its answer passed back. Exactly one: what a client sends behind it is another request, on which nobody has decided, and stays unread.</summary>
internal sealed class ForwardExchange(ProxyClient client, Outbound server, ProxyLimits limits, TimeProvider time)
{
    private const int BufferBytes = 64 * 1024;

    /// <summary>Sends the request, passes the answer back, and closes the ledger row. A refusal when no answer came that could be passed back: the client has been sent nothing then.</summary>
    public async Task<Refusal?> RunAsync(HttpHead head, BodyFrame body)
    {
        var method = head.First.A;
        var upgrades = method == "GET" && body.Done && head.Lists("Connection", "upgrade") && head.Lists("Upgrade", "websocket");
        using var over = new CancellationTokenSource();
        var sending = Task.CompletedTask;
        try
        {
            await server.SendAsync(new ReadOnlySequence<byte>(Request(head, upgrades)));
            sending = upgrades ? Task.CompletedTask : SendBodyAsync(body, over.Token);
            var refusal = await AnswerAsync(method, upgrades);
            if (refusal is not null)
            {
                await server.CloseAsync(server.Reason?.Outcome ?? EgressOutcome.Error, null, refusal.Message);
            }

            return refusal;
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            var cut = server.Reason;
            await server.CloseAsync(EgressOutcome.Error, null, "The server broke off.");
            return cut is null ? new Refusal("connection_failed", $"\"{server.Target.Host}\" broke off without an answer.", "Try again later.", 502) : null;
        }
        finally
        {
            await over.CancelAsync();
            await sending;
        }
    }

    // The server is told the host that was judged, whatever else the client wrote.
    private byte[] Request(HttpHead head, bool upgrades) => HttpHead.Write(
        $"{head.First.A} {server.Target.Url.PathAndQuery} HTTP/1.1",
        [
            new("Host", server.Target.Url.Authority),
            .. head.EndToEnd().Where(f => !f.Is("Host")),
            .. upgrades ? (Field[])[new("Connection", "Upgrade"), new("Upgrade", "websocket")] : [new("Connection", "close")],
        ]);

    private async Task<Refusal?> AnswerAsync(string method, bool upgrades)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(BufferBytes, limits.MaxHeadBytes));
        try
        {
            var held = 0;
            while (true)
            {
                var bytes = new ReadOnlySequence<byte>(buffer, 0, held);
                if (HttpHead.End(bytes) is not { } end)
                {
                    if (held >= limits.MaxHeadBytes)
                    {
                        return Unreadable("its head is too large");
                    }

                    if (await server.ReceiveAsync(buffer.AsMemory(held)) is not (> 0 and var read))
                    {
                        return Unreadable("it ended before its head was complete");
                    }

                    held += read;
                    continue;
                }

                var headBytes = bytes.Slice(0, end);
                if (HttpHead.Parse(headBytes) is not { } head || !TryStatus(head, out var status))
                {
                    return Unreadable("its head is malformed");
                }

                var used = (int)headBytes.Length;
                if (status == 101 && upgrades)
                {
                    await client.SendAsync(buffer.AsMemory(0, held), server.Stop);
                    await new Tunnel(client, server, limits, time).RunAsync(judged: true, status);
                    return null;
                }

                if (status is >= 100 and < 200)
                {
                    await client.SendAsync(buffer.AsMemory(0, used), server.Stop);
                    buffer.AsSpan(used, held - used).CopyTo(buffer);
                    held -= used;
                    continue;
                }

                var frame = method == "HEAD" || status is 204 or 304 ? BodyFrame.None() : BodyFrame.Of(head, BodyFrame.UntilClose);
                if (frame is null)
                {
                    return Unreadable("it says in two ways how long it is");
                }

                await client.SendAsync(HttpHead.Write($"HTTP/1.1 {status} {head.First.C}", [.. head.EndToEnd(), new("Connection", "close")]), server.Stop);
                await PassBodyAsync(frame, buffer, used, held, status);
                return null;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task PassBodyAsync(BodyFrame frame, byte[] buffer, int from, int to, int status)
    {
        try
        {
            while (true)
            {
                var taken = frame.Take(buffer.AsSpan(from, to - from));
                await client.SendAsync(buffer.AsMemory(from, taken), server.Stop);
                server.Moved();
                if (frame.Done || frame.Broken)
                {
                    break;
                }

                (from, to) = (0, await server.ReceiveAsync(buffer));
                if (to == 0)
                {
                    break;
                }
            }
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Whichever side it was: the answer did not arrive whole, and its reader must notice.
            server.Cut(EgressOutcome.Aborted, "connection_broken", "The connection broke off before the answer was complete.");
        }

        if (!frame.MayEnd)
        {
            server.Cut(EgressOutcome.Error, "connection_broken", "The server broke off before the answer was complete.");
        }

        client.EndSending();
        await server.CloseAsync(EgressOutcome.Ok, status);
    }

    // Then it watches whether the client is still there.
    private async Task SendBodyAsync(BodyFrame body, CancellationToken over)
    {
        using var any = CancellationTokenSource.CreateLinkedTokenSource(over, server.Stop);
        try
        {
            while (true)
            {
                var read = await client.Input.ReadAsync(any.Token);
                var end = read.Buffer.Start;
                foreach (var memory in read.Buffer)
                {
                    var taken = body.Take(memory.Span);
                    end = read.Buffer.GetPosition(taken, end);
                    if (taken < memory.Length)
                    {
                        break;
                    }
                }

                await server.SendAsync(read.Buffer.Slice(0, end));
                var more = read.Buffer.Slice(end).Length > 0;
                client.Input.AdvanceTo(end, more ? read.Buffer.End : end);
                if (body.Broken || (read.IsCompleted && !body.Done))
                {
                    server.Cut(EgressOutcome.Aborted, "request_incomplete", "The client broke off before its request was complete, or its chunks are malformed.");
                    return;
                }

                if (read.IsCompleted || more)
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The answer is there; a server need not read the whole request to give it.
        }
        catch (SocketException)
        {
            // The server takes no more; its answer may be on its way still.
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            server.Cut(EgressOutcome.Aborted, "connection_broken", "The client broke off.");
        }
    }

    private static bool TryStatus(HttpHead head, out int status)
    {
        status = 0;
        return head.First.A is "HTTP/1.1" or "HTTP/1.0" && head.First.B.Length == 3 && int.TryParse(head.First.B, NumberStyles.None, CultureInfo.InvariantCulture, out status) && status >= 100;
    }

    private Refusal Unreadable(string why) => new("bad_answer", $"The answer of \"{server.Target.Host}\" cannot be passed on: {why}.", "Ask the server's operator.", 502);
}
