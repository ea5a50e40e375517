using System.Net;
using System.Net.Sockets;

namespace Arw.Bench.Proxy;

/// <summary>A server whose client says in its first byte what it wants: <c>d</c> to be sent bytes, <c>u</c> to send some, <c>e</c> an echo.</summary>
internal sealed class TcpServer : IDisposable
{
    public const byte Download = (byte)'d';
    public const byte Upload = (byte)'u';
    public const byte Echo = (byte)'e';

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public TcpServer()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(2048);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _ = AcceptAsync();
    }

    public int Port { get; }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The section is over.
        }
    }

    private static async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            socket.NoDelay = true;
            var buffer = new byte[128 * 1024];
            try
            {
                if (await socket.ReceiveAsync(buffer.AsMemory(0, 1)) == 0)
                {
                    return;
                }

                switch (buffer[0])
                {
                    case Download:
                        while (true)
                        {
                            await socket.SendAsync(buffer);
                        }

                    case Upload:
                        // Each mebibyte is acknowledged with a byte, so that the sender knows what has arrived.
                        for (long got = 0; await socket.ReceiveAsync(buffer) is > 0 and var read; got += read)
                        {
                            if ((got + read) >> 20 > got >> 20)
                            {
                                await socket.SendAsync(new byte[((got + read) >> 20) - (got >> 20)]);
                            }
                        }

                        break;
                    default:
                        while (await socket.ReceiveAsync(buffer) is > 0 and var read)
                        {
                            await socket.SendAsync(buffer.AsMemory(0, read));
                        }

                        break;
                }
            }
            catch (SocketException)
            {
                // The client has what it wanted.
            }
        }
    }
}
