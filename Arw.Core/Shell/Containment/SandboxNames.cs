using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Arw.Core.Shell.Containment;

/// <summary>The port inside a sandbox where programs expect a resolver. A question that comes by UDP is carried to the one socket that leads out with its length before it, as TCP has it; what comes by TCP is carried as it is.</summary>
internal sealed class SandboxNames : IDisposable
{
    private const int Port = 53;
    private const int MaxBytes = 512;
    private const int MostAtOnce = 32;

    // A program gives up before that and asks again.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly Socket _udp;

    private SandboxNames(Socket udp, TcpListener tcp) => (_udp, Connections) = (udp, tcp);

    /// <summary>Questions by TCP.</summary>
    public TcpListener Connections { get; }

    /// <summary>Listens; null where the port is not to be had.</summary>
    public static SandboxNames? Listen()
    {
        var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        var tcp = new TcpListener(IPAddress.Loopback, Port);
        try
        {
            udp.Bind(new IPEndPoint(IPAddress.Loopback, Port));
            tcp.Start();
            var names = new SandboxNames(udp, tcp);
            _ = names.ReceiveAsync();
            return names;
        }
        catch (SocketException)
        {
            udp.Dispose();
            tcp.Dispose();
            return null;
        }
    }

    public void Dispose()
    {
        _udp.Dispose();
        Connections.Dispose();
    }

    private async Task ReceiveAsync()
    {
        var room = new SemaphoreSlim(MostAtOnce);
        var buffer = new byte[MaxBytes];
        while (true)
        {
            try
            {
                await room.WaitAsync();
                var got = await _udp.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Loopback, 0));
                _ = AskAsync(buffer.AsSpan(0, got.ReceivedBytes).ToArray(), got.RemoteEndPoint, room);
            }
            catch (SocketException)
            {
                // A client that had gone before its answer came, which the socket reports here.
                room.Release();
            }
        }
    }

    private async Task AskAsync(byte[] question, EndPoint client, SemaphoreSlim room)
    {
        try
        {
            using var late = new CancellationTokenSource(Patience);
            using var door = await SandboxStart.DoorAsync();
            var framed = new byte[2 + question.Length];
            BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)question.Length);
            question.CopyTo(framed, 2);
            await door.SendAsync(framed, SocketFlags.None, late.Token);
            var length = await TakeAsync(door, 2, late.Token) is { } head ? BinaryPrimitives.ReadUInt16BigEndian(head) : 0;
            if (length > 0 && await TakeAsync(door, length, late.Token) is { } answer)
            {
                await _udp.SendToAsync(answer, client);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // No answer is one: the program asks again.
        }
        finally
        {
            room.Release();
        }
    }

    private static async Task<byte[]?> TakeAsync(Socket from, int count, CancellationToken cancel)
    {
        var bytes = new byte[count];
        for (var have = 0; have < count;)
        {
            var read = await from.ReceiveAsync(bytes.AsMemory(have), SocketFlags.None, cancel);
            if (read == 0)
            {
                return null;
            }

            have += read;
        }

        return bytes;
    }
}
