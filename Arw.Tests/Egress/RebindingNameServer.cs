using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Arw.Tests.Egress;

/// <summary>A name server on a UDP socket that answers each question for an IPv4 address as it is told to, with a time to live of zero: the next question may get another answer.</summary>
internal sealed class RebindingNameServer : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly Func<string, int, IPAddress?> _answer;
    private readonly Task _serving;
    private readonly Dictionary<string, int> _asked = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Serves on a bound socket.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="answer">The answer to a name, and how often it has been asked for before; null = there is none.</param>
    public RebindingNameServer(Socket socket, Func<string, int, IPAddress?> answer)
    {
        (_socket, _answer) = (socket, answer);
        _serving = ServeAsync();
    }

    /// <summary>How often a name was asked for.</summary>
    public int Asked(string name)
    {
        lock (_asked)
        {
            return _asked.GetValueOrDefault(name);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _serving;
    }

    private async Task ServeAsync()
    {
        var buffer = new byte[1500];
        try
        {
            while (true)
            {
                var got = await _socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
                await _socket.SendToAsync(Answer(buffer.AsSpan(0, got.ReceivedBytes).ToArray()), got.RemoteEndPoint);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private byte[] Answer(byte[] question)
    {
        var (at, labels) = (12, new List<string>());
        while (question[at] != 0)
        {
            labels.Add(Encoding.Latin1.GetString(question, at + 1, question[at]));
            at += 1 + question[at];
        }

        var type = BinaryPrimitives.ReadUInt16BigEndian(question.AsSpan(at + 1));
        var name = string.Join('.', labels);
        IPAddress? address = null;
        if (type == 1)
        {
            lock (_asked)
            {
                var before = _asked.GetValueOrDefault(name);
                _asked[name] = before + 1;
                address = _answer(name, before);
            }
        }

        // A header with the question's id, one question, and at most one answer that points back to the name.
        byte[] record = address is null ? [] : [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, .. address.GetAddressBytes()];
        return [question[0], question[1], 0x81, 0x80, 0, 1, 0, (byte)(address is null ? 0 : 1), 0, 0, 0, 0, .. question[12..(at + 5)], .. record];
    }
}
