using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Arw.Core.Actions;
using Arw.Core.Policy;
using Arw.Core.Primitives;
using Arw.Core.Redaction;

namespace Arw.Core.Egress.Proxy;

/// <summary>Why a connection was ended before its time.</summary>
/// <param name="Outcome">How the ledger calls it.</param>
/// <param name="Code">Stable code.</param>
/// <param name="Why">In words.</param>
internal sealed record CutReason(EgressOutcome Outcome, string Code, string Why);

/// <summary>The far end of one connection through the proxy: connects to judged addresses only, counts what passes, and can be cut at any moment, together with the client's end. From its ledger row's opening to its closing.</summary>
internal sealed class Outbound : IAsyncDisposable
{
    private readonly ActionRun _run;
    private readonly Admission _admission;
    private readonly ProxyLimits _limits;
    private readonly TimeProvider _time;
    private readonly ProxyClient _client;
    private readonly EgressPrice? _price;
    private readonly long _began;
    private readonly ITimer _timer;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenRegistration _revoking;
    private volatile Socket? _socket;
    private CutReason? _cut;
    private long _moved;
    private long _in;
    private long _out;
    private int _closed;
    private IPAddress? _address;

    public Outbound(string id, EgressTarget target, Capability capability, OutboundJudge judge, ProxyIdentity identity, ActionRun run, Admission admission, ProxyClient client, EgressPrice? price, ProxyLimits limits, TimeProvider time)
    {
        (Judge, _price) = (judge, price);
        (Id, Target, Capability, Identity, _run, _admission, _client, _limits, _time) = (id, target, capability, identity, run, admission, client, limits, time);
        Stop = _stop.Token;
        _began = _moved = time.GetTimestamp();
        var every = limits.Idle / 4;
        _timer = time.CreateTimer(_ => Watch(), null, every, every);
        _revoking = admission.Permit.Revoked.UnsafeRegister(
            static me => ((Outbound)me!).Cut(EgressOutcome.Aborted, "permission_withdrawn", "The permission was withdrawn, and the connection was cut."), this);
    }

    /// <summary>Id of the ledger row.</summary>
    public string Id { get; }

    /// <summary>Where to.</summary>
    public EgressTarget Target { get; }

    /// <summary>What was permitted.</summary>
    public Capability Capability { get; }

    /// <summary>Judges what is found in what the client sends.</summary>
    public OutboundJudge Judge { get; }

    /// <summary>Why what the client sends could not be looked into; null when it could, or is not known yet.</summary>
    public UnseenContent? Unseen { get; set; }

    /// <summary>In whose name.</summary>
    public ProxyIdentity Identity { get; }

    /// <summary>Who asks, for the gate.</summary>
    public ActionContext Context => _run.Context;

    /// <summary>True when a change of posture can withdraw the permission. What a lease permitted ends with the lease: its last counted use may be this very connection.</summary>
    public bool Rejudges => _admission.Permit.Decision.LeaseId is null;

    /// <summary>Cancelled when the connection is cut.</summary>
    public CancellationToken Stop { get; }

    /// <summary>Why it was cut; null while it was not.</summary>
    public CutReason? Reason => Volatile.Read(ref _cut);

    /// <summary>Connects to the first judged address that answers. The refusal <c>connection_failed</c> says why none did.</summary>
    public async Task<Result<Done>> ConnectAsync(TimeSpan patience)
    {
        var why = "";
        foreach (var address in _admission.Addresses)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            using var late = new CancellationTokenSource(patience, _time);
            using var any = CancellationTokenSource.CreateLinkedTokenSource(late.Token, Stop);
            try
            {
                _socket = socket;
                await socket.ConnectAsync(address, Target.Port, any.Token);
                _address = address;
                return Reason is { } cut ? Refused(cut) : default(Done);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                socket.Dispose();
                if (Reason is { } cut)
                {
                    return Refused(cut);
                }

                why = e is SocketException ? e.Message : "it did not answer in time";
            }
        }

        return new Refusal("connection_failed", $"The connection to \"{Target.Host}\" port {Target.Port} could not be made: {why}.", "Check the address, or try again later.", 502);
    }

    /// <summary>Sends all of it.</summary>
    public async ValueTask SendAsync(ReadOnlySequence<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var sent = bytes.IsSingleSegment
                ? await Connected.SendAsync(bytes.First, SocketFlags.None, Stop)
                : await Connected.SendAsync(Segments(bytes), SocketFlags.None);
            bytes = bytes.Slice(sent);
            Interlocked.Add(ref _out, sent);
            Moved();
        }
    }

    /// <summary>Receives; 0 at the end.</summary>
    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer)
    {
        var read = await Connected.ReceiveAsync(buffer, SocketFlags.None, Stop);
        Interlocked.Add(ref _in, read);
        Moved();
        return read;
    }

    /// <summary>Notes that bytes moved on the client's side: a reader that takes its time is not silent.</summary>
    public void Moved()
    {
        Volatile.Write(ref _moved, _time.GetTimestamp());
        if (Interlocked.Read(ref _in) + Interlocked.Read(ref _out) > _admission.Permit.BytesLeft)
        {
            Cut(EgressOutcome.Limit, "lease_used_up", "The lease that permitted the connection has no bytes left.");
        }
    }

    /// <summary>Says that nothing more will be sent.</summary>
    public void EndSending()
    {
        try
        {
            _socket?.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is gone already.
        }
    }

    /// <summary>Ends both ends at once; the first reason counts. What the kernel has not sent yet is dropped.</summary>
    /// <param name="outcome">How the ledger calls it.</param>
    /// <param name="code">Stable code.</param>
    /// <param name="why">In words.</param>
    /// <param name="leaveClient">True to leave the client's end open: it is told why.</param>
    public void Cut(EgressOutcome outcome, string code, string why, bool leaveClient = false)
    {
        if (Interlocked.CompareExchange(ref _cut, new CutReason(outcome, code, why), null) is null)
        {
            _socket?.Close(0);
            if (!leaveClient)
            {
                _client.Abort();
            }

            _stop.Cancel();
        }
    }

    /// <summary>Closes the connection and its ledger row; the first call counts.</summary>
    public async ValueTask CloseAsync(EgressOutcome outcome, int? status = null, string? error = null)
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
        {
            return;
        }

        await _revoking.DisposeAsync();
        await _timer.DisposeAsync();
        _socket?.Dispose();
        var (bytesIn, bytesOut) = (Interlocked.Read(ref _in), Interlocked.Read(ref _out));
        var closed = new EgressClosed(Id, Reason?.Outcome ?? outcome, bytesIn, bytesOut, (long)_time.GetElapsedTime(_began).TotalMilliseconds)
        {
            Status = status,
            Address = _address?.ToString(),
            Error = Reason?.Why ?? error,
            Code = Reason?.Code,
            FeeMicroUsd = EgressPrice.FeeOf(_price, _address, bytesIn + bytesOut),
            CountsTokens = _price is { CountsTokens: true },
            Unseen = Unseen,
            Missing = LedgerEntry.Texts(Judge.Missing),
        };
        var booked = _admission.Permit.BookBytes?.Invoke(bytesIn + bytesOut);

        // Written even when the home is stopping: the row must not stay open.
        await _run.AppendAsync([EgressEvents.Closed.Draft(closed, Context.Principal.Actor, EgressEvents.Subject(Id)), .. booked is null ? Array.Empty<Journal.EventDraft>() : [booked]], CancellationToken.None);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => CloseAsync(EgressOutcome.Ok);

    private Socket Connected => _socket ?? throw new InvalidOperationException("It is not connected.");

    private static Refusal Refused(CutReason cut) => new(cut.Code, cut.Why, null, 403);

    private static List<ArraySegment<byte>> Segments(in ReadOnlySequence<byte> bytes)
    {
        const int MaxSegments = 32;
        var segments = new List<ArraySegment<byte>>(MaxSegments);
        foreach (var memory in bytes)
        {
            if (memory.Length > 0)
            {
                segments.Add(MemoryMarshal.TryGetArray(memory, out var segment) ? segment : memory.ToArray());
                if (segments.Count == MaxSegments)
                {
                    break;
                }
            }
        }

        return segments;
    }

    private void Watch()
    {
        if (_time.GetElapsedTime(Volatile.Read(ref _moved)) >= _limits.Idle)
        {
            Cut(EgressOutcome.Limit, "idle_timeout", $"Nothing moved for {_limits.Idle.TotalSeconds:0} seconds.");
        }
        else if (_time.GetElapsedTime(_began) >= _limits.Total)
        {
            Cut(EgressOutcome.Limit, "time_limit", $"The connection was open for {_limits.Total.TotalHours:0.#} hours.");
        }
    }
}
