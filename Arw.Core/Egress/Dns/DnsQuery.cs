using System.Buffers.Binary;
using System.Text;

namespace Arw.Core.Egress.Dns;

/// <summary>How a name server answers (RFC 1035, RFC 6891).</summary>
internal enum DnsCode
{
    /// <summary>The question was answered, with or without records.</summary>
    NoError = 0,

    /// <summary>The message cannot be read.</summary>
    FormatError = 1,

    /// <summary>No answer could be had.</summary>
    ServerFailure = 2,

    /// <summary>There is no such name.</summary>
    NoSuchName = 3,

    /// <summary>This kind of question is not answered here.</summary>
    NotImplemented = 4,

    /// <summary>The rules forbid an answer.</summary>
    Refused = 5,

    /// <summary>A version of the extensions that is not spoken here.</summary>
    BadVersion = 16,
}

/// <summary>Types of records that are told apart.</summary>
internal static class DnsType
{
    public const ushort A = 1;
    public const ushort Aaaa = 28;
    public const ushort Options = 41;
    public const ushort ServiceBinding = 64;
    public const ushort Https = 65;

    /// <summary>As people write it.</summary>
    public static string Word(ushort type) => type switch
    {
        A => "A",
        2 => "NS",
        5 => "CNAME",
        6 => "SOA",
        10 => "NULL",
        12 => "PTR",
        15 => "MX",
        16 => "TXT",
        Aaaa => "AAAA",
        33 => "SRV",
        ServiceBinding => "SVCB",
        Https => "HTTPS",
        255 => "ANY",
        _ => $"TYPE{type}",
    };
}

/// <summary>One question of a client, as far as it is needed to answer it. Whatever cannot be read in one way only is a fault, not a guess.</summary>
internal sealed record DnsQuery
{
    /// <summary>Length of the head of every message.</summary>
    public const int HeaderBytes = 12;

    private const int MaxNameBytes = 255;
    private const int MaxLabelBytes = 63;
    private const byte Pointer = 0xc0;
    private const ushort Internet = 1;

    /// <summary>The client's number for it.</summary>
    public ushort Id { get; private init; }

    /// <summary>What kind of operation it asks for; 0 is a question.</summary>
    public int Operation { get; private init; }

    /// <summary>It wants an answer in full, not a hint whom to ask.</summary>
    public bool Recursion { get; private init; }

    /// <summary>The question as it was sent, to be sent back letter by letter; empty when it cannot be read.</summary>
    public ReadOnlyMemory<byte> Question { get; private init; }

    /// <summary>The name in lower case without a closing dot; bytes that no host name has are written as <c>\ddd</c>. Empty for the root.</summary>
    public string Name { get; private init; } = "";

    /// <summary>Type of record, see <see cref="DnsType"/>.</summary>
    public ushort Type { get; private init; }

    /// <summary>It carries extensions, so that its answer may.</summary>
    public bool Extended { get; private init; }

    /// <summary>Why it cannot be answered; <see cref="DnsCode.NoError"/> when it can.</summary>
    public DnsCode Fault { get; private init; }

    /// <summary>Reads a message. Null for what must not be answered at all: a message without a head, and an answer, which two servers could throw at each other for ever.</summary>
    public static DnsQuery? Read(ReadOnlySpan<byte> message)
    {
        if (message.Length < HeaderBytes || (message[2] & 0x80) != 0)
        {
            return null;
        }

        var query = new DnsQuery { Id = BinaryPrimitives.ReadUInt16BigEndian(message), Operation = (message[2] >> 3) & 0xf, Recursion = (message[2] & 1) != 0 };
        if (query.Operation != 0)
        {
            return query with { Fault = DnsCode.NotImplemented };
        }

        var at = HeaderBytes;
        if (Count(message, 4) != 1 || Count(message, 6) != 0 || Count(message, 8) != 0
            || ReadName(message, ref at) is not { } name || message.Length - at < 4)
        {
            return query with { Fault = DnsCode.FormatError };
        }

        var (type, kind) = (BinaryPrimitives.ReadUInt16BigEndian(message[at..]), BinaryPrimitives.ReadUInt16BigEndian(message[(at + 2)..]));
        at += 4;
        query = query with { Question = message[HeaderBytes..at].ToArray(), Name = name, Type = type };
        return kind != Internet ? query with { Fault = DnsCode.NotImplemented } : query.Rest(message, at, Count(message, 10));
    }

    // What follows the question: at most the extensions matter.
    private DnsQuery Rest(ReadOnlySpan<byte> message, int at, int records)
    {
        const int FixedBytes = 10;
        bool? knownVersion = null;
        for (var i = 0; i < records; i++)
        {
            var root = at < message.Length && message[at] == 0;
            if (!SkipName(message, ref at) || message.Length - at < FixedBytes)
            {
                return this with { Fault = DnsCode.FormatError };
            }

            var (type, version) = (BinaryPrimitives.ReadUInt16BigEndian(message[at..]), message[at + 5]);
            at += FixedBytes + BinaryPrimitives.ReadUInt16BigEndian(message[(at + 8)..]);
            if (at > message.Length || (type == DnsType.Options && (knownVersion is not null || !root)))
            {
                return this with { Fault = DnsCode.FormatError };
            }

            knownVersion = type == DnsType.Options ? version == 0 : knownVersion;
        }

        return at != message.Length
            ? this with { Fault = DnsCode.FormatError }
            : this with { Extended = knownVersion is not null, Fault = knownVersion == false ? DnsCode.BadVersion : DnsCode.NoError };
    }

    private static int Count(ReadOnlySpan<byte> message, int at) => BinaryPrimitives.ReadUInt16BigEndian(message[at..]);

    // A name that is asked for stands in the message as it is: one that points elsewhere in it, and so perhaps to itself, has no honest use.
    private static string? ReadName(ReadOnlySpan<byte> message, ref int at)
    {
        var start = at;
        var name = new StringBuilder();
        while (true)
        {
            if (at >= message.Length || at - start >= MaxNameBytes)
            {
                return null;
            }

            var length = message[at++];
            if (length == 0)
            {
                return name.ToString();
            }

            if (length > MaxLabelBytes || message.Length - at < length)
            {
                return null;
            }

            if (name.Length > 0)
            {
                name.Append('.');
            }

            foreach (var b in message.Slice(at, length))
            {
                var c = char.ToLowerInvariant((char)b);
                if (char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_')
                {
                    name.Append(c);
                }
                else
                {
                    name.Append('\\').Append(b.ToString("d3", System.Globalization.CultureInfo.InvariantCulture));
                }
            }

            at += length;
        }
    }

    // A pointer ends a name, so there is nothing to follow.
    private static bool SkipName(ReadOnlySpan<byte> message, ref int at)
    {
        while (at < message.Length)
        {
            var length = message[at];
            if ((length & Pointer) == Pointer)
            {
                at += 2;
                return at <= message.Length;
            }

            if (length > MaxLabelBytes)
            {
                return false;
            }

            at += 1 + length;
            if (length == 0)
            {
                return true;
            }
        }

        return false;
    }
}
