using System.Buffers;
using System.Globalization;
using System.Net.Sockets;
using Arw.Core.Primitives;
using Arw.Core.Redaction;

namespace Arw.Core.Egress.Proxy;

/// <summary>One plain HTTP/1.1 request passed on, and its answer passed back. Exactly one: what a client sends behind it is another request, on which nobody has decided, and stays unread.</summary>
internal sealed class ForwardExchange(ProxyClient client, Outbound server, OutboundData data, ProxyLimits limits, TimeProvider time)
{
    private const int BufferBytes = 64 * 1024;

    private bool _answered;

    /// <summary>Sends the request, passes the answer back, and closes the ledger row. A refusal when no answer came that could be passed back: the client has been sent nothing then.</summary>
    /// <param name="head">The head of the request.</param>
    /// <param name="content">Its body, whose beginning was judged.</param>
    public async Task<Refusal?> RunAsync(HttpHead head, RequestContent content)
    {
        var method = head.First.A;
        server.Unseen = content.Unseen;
        var upgrades = method == "GET" && content.IsEmpty && head.Lists("Connection", "upgrade") && head.Lists("Upgrade", "websocket");
        using var over = new CancellationTokenSource();
        var sending = Task.CompletedTask;
        try
        {
            await server.SendAsync(new ReadOnlySequence<byte>(Request(head, upgrades)));
            sending = upgrades ? Task.CompletedTask : content.PassAsync(server, over.Token);
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
            return cut is null ? new Refusal("connection_failed", $"\"{server.Target.Host}\" broke off without an answer.", "Try again later.", 502)
                : _answered ? null : content.Refused;
        }
        finally
        {
            await over.CancelAsync();
            await sending;
        }
    }

    // The server is told the host that was judged, whatever else the client wrote; and no compression is offered for what is looked into.
    private byte[] Request(HttpHead head, bool upgrades) => HttpHead.Write(
        $"{head.First.A} {server.Target.Url.PathAndQuery} HTTP/1.1",
        [
            new("Host", server.Target.Url.Authority),
            .. head.EndToEnd().Where(f => !f.Is("Host") && !f.Is("Expect") && !(upgrades && f.Is("Sec-WebSocket-Extensions"))),
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
                _answered = true;
                if (status == 101 && upgrades)
                {
                    await client.SendAsync(buffer.AsMemory(0, held), server.Stop);
                    await new Tunnel(client, server, data, limits, time).RunAsync(new UpwardLook(data.Watch(heads: false), new WebSocketFrames()), status);
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
            client.Abort();
        }

        if (!frame.MayEnd)
        {
            server.Cut(EgressOutcome.Error, "connection_broken", "The server broke off before the answer was complete.");
        }

        client.EndSending();
        await server.CloseAsync(EgressOutcome.Ok, status);
    }

    private static bool TryStatus(HttpHead head, out int status)
    {
        status = 0;
        return head.First.A is "HTTP/1.1" or "HTTP/1.0" && head.First.B.Length == 3 && int.TryParse(head.First.B, NumberStyles.None, CultureInfo.InvariantCulture, out status) && status >= 100;
    }

    private Refusal Unreadable(string why) => new("bad_answer", $"The answer of \"{server.Target.Host}\" cannot be passed on: {why}.", "Ask the server's operator.", 502);
}
