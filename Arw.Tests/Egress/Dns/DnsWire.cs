using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Arw.Tests.Egress.Dns;

/// <summary>Questions and answers byte by byte, as <c>dig</c> would send and show them.</summary>
internal static class DnsWire
{
    public const ushort A = 1;
    public const ushort Txt = 16;
    public const ushort Aaaa = 28;
    public const ushort Https = 65;

    /// <summary>A question; with extensions when asked for.</summary>
    public static byte[] Question(string name, ushort type = A, bool extended = false, ushort id = 0x1234)
    {
        var bytes = new List<byte> { (byte)(id >> 8), (byte)id, 1, 0, 0, 1, 0, 0, 0, 0, 0, (byte)(extended ? 1 : 0) };
        foreach (var label in name.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            bytes.Add((byte)label.Length);
            bytes.AddRange(Encoding.Latin1.GetBytes(label));
        }

        bytes.AddRange([0, (byte)(type >> 8), (byte)type, 0, 1]);
        if (extended)
        {
            bytes.AddRange([0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0]);
        }

        return [.. bytes];
    }

    /// <summary>What an answer says; throws when it cannot be read.</summary>
    public static WireAnswer Read(byte[] answer)
    {
        var question = 12;
        if (answer[5] > 0)
        {
            while (answer[question] != 0)
            {
                question += answer[question] + 1;
            }

            question += 5;
        }

        var at = question;
        var (addresses, ttl, extended) = (new List<IPAddress>(), (int?)null, 0);
        for (var i = 0; i < BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(6)); i++)
        {
            Assert.Equal(0xc00c, BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(at)));
            ttl = (int)BinaryPrimitives.ReadUInt32BigEndian(answer.AsSpan(at + 6));
            var length = BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(at + 10));
            addresses.Add(new IPAddress(answer.AsSpan(at + 12, length)));
            at += 12 + length;
        }

        string? rule = null;
        if (BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(10)) == 1)
        {
            Assert.Equal([0, 0, 41], answer[at..(at + 3)]);
            extended = answer[at + 5] << 4;
            var length = BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(at + 9));
            rule = length > 0 ? Encoding.ASCII.GetString(answer, at + 17, length - 6) : null;
            at += 11 + length;
        }

        Assert.Equal(answer.Length, at);
        return new WireAnswer((answer[3] & 0xf) | extended, addresses, ttl, rule, answer[12..question]);
    }

    /// <summary>Asks by UDP.</summary>
    public static async Task<WireAnswer> AskAsync(int port, byte[] question)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(IPAddress.Loopback, port);
        await socket.SendAsync(question);
        var buffer = new byte[1500];
        var read = await socket.ReceiveAsync(buffer).WaitAsync(TimeSpan.FromSeconds(30));
        return Read(buffer[..read]);
    }
}

/// <summary>An answer.</summary>
internal sealed record WireAnswer(int Code, IReadOnlyList<IPAddress> Addresses, int? Ttl, string? Rule, byte[] Question);
