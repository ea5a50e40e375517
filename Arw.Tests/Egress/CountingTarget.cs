using System.Net;
using System.Net.Sockets;

namespace Arw.Tests.Egress;

/// <summary>Listens on every address of this machine, IPv4 and IPv6, and counts who comes.</summary>
internal sealed class CountingTarget : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly Task _accepting;
    private int _connections;

    public CountingTarget()
    {
        _socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true };
        _socket.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
        _socket.Listen(512);
        Port = ((IPEndPoint)_socket.LocalEndPoint!).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    public int Connections => Volatile.Read(ref _connections);

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                using var peer = await _socket.AcceptAsync();
                Interlocked.Increment(ref _connections);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
