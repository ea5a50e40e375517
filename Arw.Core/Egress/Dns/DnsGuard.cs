using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Arw.Core.Egress.Proxy;
using Arw.Core.Journal;
using Arw.Core.Primitives;

namespace Arw.Core.Egress.Dns;

/// <summary>The resolver that programs must use: answers for names to which the egress guard would let their asker out, tells no address where it would not, and records every lookup before it is made.</summary>
public sealed class DnsGuard(NameGate names, LookupBook book, NameLookup lookup, DnsLimits limits, TimeProvider time)
{
    private const int LengthBytes = 2;

    private long _answered;
    private long _refused;
    private long _failed;

    /// <summary>Lookups since the start that were answered, refused by a rule, and failed.</summary>
    public (long Answered, long Refused, long Failed) Lookups => (Interlocked.Read(ref _answered), Interlocked.Read(ref _refused), Interlocked.Read(ref _failed));

    /// <summary>The answer to a message; null for what is not answered at all.</summary>
    internal async ValueTask<byte[]?> AnswerAsync(ReadOnlyMemory<byte> message, DnsAsker asker, CancellationToken cancel)
    {
        if (DnsQuery.Read(message.Span) is not { } query)
        {
            return null;
        }

        try
        {
            return query.Fault == DnsCode.NoError ? await AnswerAsync(query, asker, cancel) : Fail(query, query.Fault);
        }
        catch (JournalFaultException)
        {
            // What cannot be recorded does not happen.
            return Fail(query, DnsCode.ServerFailure);
        }
    }

    /// <summary>Serves a connection that carries messages with their length before them, one after the other.</summary>
    internal async Task ServeAsync(ProxyClient client, DnsAsker asker, CancellationToken stop)
    {
        while (true)
        {
            using var late = new CancellationTokenSource(limits.Idle, time);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);
            if (await TakeAsync(client, patience.Token) is not { } message || await AnswerAsync(message, asker, stop) is not { } answer)
            {
                return;
            }

            await client.SendAsync(Framed(answer), patience.Token);
        }
    }

    /// <summary>A message with its length before it.</summary>
    internal static byte[] Framed(ReadOnlySpan<byte> message)
    {
        var framed = new byte[LengthBytes + message.Length];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)message.Length);
        message.CopyTo(framed.AsSpan(LengthBytes));
        return framed;
    }

    // Null at the end, and for a message that is larger than any honest one.
    private async ValueTask<byte[]?> TakeAsync(ProxyClient client, CancellationToken cancel)
    {
        while (true)
        {
            var read = await client.Input.ReadAsync(cancel);
            if (Length(read.Buffer) is { } length)
            {
                if (length > limits.MaxMessageBytes)
                {
                    client.Input.AdvanceTo(read.Buffer.End);
                    return null;
                }

                if (read.Buffer.Length >= LengthBytes + length)
                {
                    var message = read.Buffer.Slice(LengthBytes, length).ToArray();
                    client.Input.AdvanceTo(read.Buffer.GetPosition(LengthBytes + length));
                    return message;
                }
            }

            client.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted)
            {
                return null;
            }
        }
    }

    private static int? Length(in ReadOnlySequence<byte> bytes)
    {
        Span<byte> length = stackalloc byte[LengthBytes];
        if (bytes.Length < LengthBytes)
        {
            return null;
        }

        bytes.Slice(0, LengthBytes).CopyTo(length);
        return BinaryPrimitives.ReadUInt16BigEndian(length);
    }

    private async ValueTask<byte[]> AnswerAsync(DnsQuery query, DnsAsker asker, CancellationToken cancel)
    {
        if (book.Admit(asker) is { } refusal)
        {
            return Refuse(query, refusal);
        }

        if (!names.Judge(query.Name, asker).TryGet(out var places, out refusal) || (refusal = Unanswered(query.Type)) is not null)
        {
            refusal = await book.NoteAsync(asker, query, DnsOutcome.Refused, refusal.Code, refusal.Message, cancel) ?? refusal;
            return Refuse(query, refusal);
        }

        // These name other ports, and keys that hide a server's name: what the guard decides on. That there are none keeps clients with what it sees.
        var family = query.Type switch { DnsType.A => AddressFamily.InterNetwork, DnsType.Aaaa => AddressFamily.InterNetworkV6, _ => AddressFamily.Unspecified };
        if (await book.NoteAsync(asker, query, family == AddressFamily.Unspecified ? DnsOutcome.Nothing : DnsOutcome.Asked, places[0].Code, null, cancel) is { } unrecorded)
        {
            return Refuse(query, unrecorded);
        }

        return family == AddressFamily.Unspecified ? Answer(query, []) : await LookUpAsync(query, family, places, asker, cancel);
    }

    private async ValueTask<byte[]> LookUpAsync(DnsQuery query, AddressFamily family, IReadOnlyList<DecidedPlace> places, DnsAsker asker, CancellationToken cancel)
    {
        if (await lookup(query.Name, family, cancel) is not { } found)
        {
            book.Answered(asker, query, DnsOutcome.Failed, []);
            return Fail(query, DnsCode.ServerFailure);
        }

        Refusal? refusal = null;
        var addresses = new List<IPAddress>();
        foreach (var address in found.Addresses.Take(DnsAnswer.MaxAddresses))
        {
            if (names.JudgeAddress(places, address) is { } why)
            {
                refusal ??= why;
            }
            else
            {
                addresses.Add(address);
            }
        }

        if (addresses.Count == 0 && refusal is not null)
        {
            book.Answered(asker, query, DnsOutcome.Refused, [], refusal);
            return Refuse(query, refusal);
        }

        book.Answered(asker, query, addresses.Count > 0 ? DnsOutcome.Answered : DnsOutcome.Nothing, [.. addresses.Select(a => a.ToString())]);
        return found.Found ? Answer(query, addresses, Math.Clamp(found.Ttl, limits.LeastTtl, limits.MostTtl)) : Fail(query, DnsCode.NoSuchName);
    }

    private static Refusal? Unanswered(ushort type) => type is DnsType.A or DnsType.Aaaa or DnsType.ServiceBinding or DnsType.Https
        ? null
        : new Refusal("record_not_answered", $"Records of the type {DnsType.Word(type)} are not looked up here: they carry text and places that nobody judges.", "Ask for addresses (A, AAAA).", 403);

    private byte[] Answer(DnsQuery query, IReadOnlyList<IPAddress> addresses, int ttl = 0)
    {
        Interlocked.Increment(ref _answered);
        return DnsAnswer.Write(query, DnsCode.NoError, addresses, ttl);
    }

    private byte[] Refuse(DnsQuery query, Refusal refusal)
    {
        Interlocked.Increment(ref _refused);
        return DnsAnswer.Write(query, refusal.Code == "record_not_answered" ? DnsCode.NotImplemented : DnsCode.Refused, [], 0, refusal.Code);
    }

    private byte[] Fail(DnsQuery query, DnsCode code)
    {
        Interlocked.Increment(ref code == DnsCode.NoSuchName ? ref _answered : ref _failed);
        return DnsAnswer.Write(query, code, [], 0);
    }
}
