using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Arw.Core.Egress.Dns;

/// <summary>Writes answers. Every answer fits into the 512 bytes that any client takes, so that none is ever cut.</summary>
internal static class DnsAnswer
{
    /// <summary>Most addresses in an answer.</summary>
    public const int MaxAddresses = 8;

    private const int MaxBytes = 512;
    private const int MaxRuleChars = 64;
    private const ushort NameOfQuestion = 0xc00c;
    private const ushort UdpBytes = 1232;
    private const ushort ExtendedError = 15;
    private const ushort Blocked = 15;

    /// <summary>The bytes of an answer.</summary>
    /// <param name="query">What it answers.</param>
    /// <param name="code">How.</param>
    /// <param name="addresses">Addresses of the type that was asked for; at most <see cref="MaxAddresses"/>.</param>
    /// <param name="ttl">Seconds for which they may be kept.</param>
    /// <param name="rule">Code of the rule that forbids an answer, told to clients that speak extended errors (RFC 8914); null for none.</param>
    public static byte[] Write(DnsQuery query, DnsCode code, IReadOnlyList<IPAddress> addresses, int ttl, string? rule = null)
    {
        var bytes = new byte[MaxBytes];
        var at = new Cursor(bytes);
        at.Number(query.Id);
        at.Byte((byte)(0x80 | (query.Operation << 3) | (query.Recursion ? 1 : 0)));
        at.Byte((byte)(0x80 | ((int)code & 0xf)));
        at.Number((ushort)(query.Question.IsEmpty ? 0 : 1));
        at.Number((ushort)addresses.Count);
        at.Number(0);
        at.Number((ushort)(query.Extended ? 1 : 0));
        at.Bytes(query.Question.Span);
        foreach (var address in addresses)
        {
            var value = address.GetAddressBytes();
            at.Number(NameOfQuestion);
            at.Number(query.Type);
            at.Number(1);
            at.Wide((uint)ttl);
            at.Number((ushort)value.Length);
            at.Bytes(value);
        }

        if (query.Extended)
        {
            Extensions(ref at, (int)code >> 4, rule);
        }

        return bytes[..at.Written];
    }

    private static void Extensions(ref Cursor at, int highCode, string? rule)
    {
        at.Byte(0);
        at.Number(DnsType.Options);
        at.Number(UdpBytes);
        at.Byte((byte)highCode);
        at.Byte(0);
        at.Number(0);
        if (rule is null)
        {
            at.Number(0);
            return;
        }

        var text = Encoding.ASCII.GetBytes(rule.Length > MaxRuleChars ? rule[..MaxRuleChars] : rule);
        at.Number((ushort)(text.Length + 6));
        at.Number(ExtendedError);
        at.Number((ushort)(text.Length + 2));
        at.Number(Blocked);
        at.Bytes(text);
    }

    private ref struct Cursor(byte[] bytes)
    {
        public int Written { get; private set; }

        public void Byte(byte value) => bytes[Written++] = value;

        public void Number(ushort value)
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(Written), value);
            Written += 2;
        }

        public void Wide(uint value)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(Written), value);
            Written += 4;
        }

        public void Bytes(ReadOnlySpan<byte> value)
        {
            value.CopyTo(bytes.AsSpan(Written));
            Written += value.Length;
        }
    }
}
