using System.Buffers;
using System.Net.Sockets;
using Arw.Core.Primitives;
using Arw.Core.Redaction;

namespace Arw.Core.Egress.Proxy;

/// <summary>
/// What a client sends with one plain HTTP request. A small body is held until it is known to be harmless: nothing of a refused one leaves.
/// A larger or slower one is passed on piece by piece, each looked at before it goes, and the request is cut at the piece that may not.
/// </summary>
internal sealed class RequestContent : IDisposable
{
    // What every body may hold, with a place or without.
    private const int SmallBytes = 16 * 1024;

    private static readonly byte[] Continue = "HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray();

    private readonly ProxyClient _client;
    private readonly HttpHead _head;
    private readonly BodyFrame _frame;
    private readonly OutboundData _data;
    private readonly ProxyLimits _limits;
    private readonly TimeProvider _time;
    private readonly KeyValuePair<string, string>[] _fields;
    private readonly OutboundWatch _watch;
    private readonly OutboundWatch _aside;
    private readonly LargeHolds _places;
    private ArrayBufferWriter<byte> _held = new();
    private int _most;

    public RequestContent(ProxyClient client, HttpHead head, BodyFrame frame, OutboundData data, LargeHolds places, ProxyLimits limits, TimeProvider time)
    {
        (_places, _most) = (places, Math.Min(SmallBytes, limits.HoldBytes));
        (_client, _head, _frame, _data, _limits, _time) = (client, head, frame, data, limits, time);
        _fields = [.. head.EndToEnd().Select(f => KeyValuePair.Create(f.Name, f.Value))];
        (_watch, _aside) = (data.Watch(_fields), data.Watch(heads: false));
    }

    /// <summary>The fields of its head.</summary>
    public IReadOnlyCollection<KeyValuePair<string, string>> Fields => _fields;

    /// <summary>True when there is no body.</summary>
    public bool IsEmpty { get; init; }

    /// <summary>Why it could not be looked into; null when it could.</summary>
    public UnseenContent? Unseen => !IsEmpty && _head.Count("Content-Encoding") > 0 && !_head.Lists("Content-Encoding", "identity") ? UnseenContent.Compressed : null;

    /// <summary>Why the request was cut while its body was passed on; null when it was not.</summary>
    public Refusal? Refused { get; private set; }

    /// <summary>Holds what there is of the body and judges it with the head: why the request may not leave, or null.</summary>
    public async ValueTask<Refusal?> JudgeAsync(OutboundJudge judge, Uri url, CancellationToken stop)
    {
        await HoldAsync(stop);
        return _frame.Broken ? Incomplete() : await _data.JudgeAsync(judge, url, _fields, Found(), stop);
    }

    /// <summary>Passes the body on; then it watches whether the client is still there.</summary>
    public async Task PassAsync(Outbound server, CancellationToken over)
    {
        using var any = CancellationTokenSource.CreateLinkedTokenSource(over, server.Stop);
        try
        {
            await SendAsync(server);
            while (!_frame.Done)
            {
                if (!await ReadAsync(any.Token) || _frame.Broken)
                {
                    server.Cut(EgressOutcome.Aborted, "request_incomplete", Incomplete().Message);
                    return;
                }

                var found = Found();
                if (found.AtEnd && !_frame.Done && _held.WrittenCount < _most)
                {
                    continue;
                }

                if (await server.Judge.JudgeAsync(found, any.Token) is { } refusal)
                {
                    Refused = refusal;
                    server.Cut(EgressOutcome.Aborted, refusal.Code, refusal.Message, leaveClient: true);
                    return;
                }

                await SendAsync(server);
            }

            await AwaitLeaveAsync(any.Token);
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

    /// <summary>Gives back the room that the held body took.</summary>
    public void Dispose()
    {
        if (_most > SmallBytes)
        {
            _most = SmallBytes;
            _places.Give();
            _held = new();
        }

        _held.ResetWrittenCount();
    }

    private async Task HoldAsync(CancellationToken stop)
    {
        if (_frame.Done)
        {
            return;
        }

        if (_head.Lists("Expect", "100-continue"))
        {
            await _client.SendAsync(Continue, stop);
        }

        using var late = new CancellationTokenSource(_limits.Hold, _time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);
        try
        {
            while (!_frame.Done && !_frame.Broken && MayHold() && await ReadAsync(any.Token))
            {
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // A client that takes its time may wait for an answer to what it has sent: the rest is looked at as it passes.
        }
    }

    // Beyond a little, only so many at a time.
    private bool MayHold()
    {
        if (_held.WrittenCount >= _most && _most < _limits.HoldBytes && _places.TryTake())
        {
            _most = _limits.HoldBytes;
        }

        return _held.WrittenCount < _most;
    }

    // Takes what came of the body; false when the client has ended before it.
    private async ValueTask<bool> ReadAsync(CancellationToken cancel)
    {
        var read = await _client.Input.ReadAsync(cancel);
        var taken = 0L;
        foreach (var memory in read.Buffer)
        {
            var some = _frame.Take(memory.Span, _watch, _aside);
            _held.Write(memory.Span[..some]);
            taken += some;
            if (some < memory.Length)
            {
                break;
            }
        }

        _client.Input.AdvanceTo(read.Buffer.GetPosition(taken));
        return _frame.Done || !read.IsCompleted;
    }

    private async ValueTask AwaitLeaveAsync(CancellationToken cancel)
    {
        var read = await _client.Input.ReadAsync(cancel);
        _client.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
    }

    private OutboundFinding Found()
    {
        var (body, aside) = (_watch.Look(), _aside.Look());
        return new(body.Canary ?? aside.Canary, body.Classes | aside.Classes, body.AtEnd);
    }

    private async ValueTask SendAsync(Outbound server)
    {
        await server.SendAsync(new ReadOnlySequence<byte>(_held.WrittenMemory));
        Dispose();
        _watch.Pass();
        _aside.Pass();
    }

    private static Refusal Incomplete() =>
        new("request_incomplete", "The client broke off before its request was complete, or its chunks are malformed.", "Send the whole request.");
}
