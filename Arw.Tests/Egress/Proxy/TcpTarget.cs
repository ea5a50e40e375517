using System.Net;
using System.Net.Sockets;

namespace Arw.Tests.Egress.Proxy;

/// <summary>A TCP server of this machine that counts connections and what it received and sent.</summary>
internal sealed class TcpTarget : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Func<TcpTarget, Socket, Task> _serve;
    private readonly Task _accepting;
    private readonly List<Task> _serving = [];
    private int _connections;
    private long _received;
    private long _sent;

    public TcpTarget(Func<TcpTarget, Socket, Task> serve)
    {
        _serve = serve;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(2048);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    public int Connections => Volatile.Read(ref _connections);

    public long Received => Interlocked.Read(ref _received);

    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Sends back what comes.</summary>
    public static TcpTarget Echo() => new(async (target, socket) =>
    {
        var buffer = new byte[64 * 1024];
        while (await target.ReceiveAsync(socket, buffer) is > 0 and var read)
        {
            await target.SendAsync(socket, buffer.AsMemory(0, read));
        }
    });

    public async Task<int> ReceiveAsync(Socket socket, Memory<byte> buffer)
    {
        var read = await socket.ReceiveAsync(buffer);
        Interlocked.Add(ref _received, read);
        return read;
    }

    public async Task SendAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var sent = await socket.SendAsync(bytes);
            Interlocked.Add(ref _sent, sent);
            bytes = bytes[sent..];
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_serving);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptAsync();
                Interlocked.Increment(ref _connections);
                _serving.Add(ServeAsync(socket));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                await _serve(this, socket);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
            {
                // The other end went away; what the test expects is asserted elsewhere.
            }
        }
    }
}
