using System.Net;
using System.Net.Sockets;

namespace Arw.Bench.Otlp;

/// <summary>Ports for programs that want to be told theirs.</summary>
internal static class Ports
{
    /// <summary>A port that nobody has now.</summary>
    public static int Free()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>Waits until somebody listens there.</summary>
    public static async Task ListeningAsync(int port)
    {
        for (var tries = 0; tries < 600; tries++)
        {
            try
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            }
        }

        throw new InvalidOperationException($"Nobody listens on port {port}.");
    }
}
