using System.IO.Pipelines;
using System.Net.Sockets;

namespace Arw.Core.Egress.Proxy;

/// <summary>The client's end of a connection to the proxy.</summary>
/// <param name="Input">What it sends.</param>
/// <param name="Socket">What is written to it goes straight to its socket: only so can one direction be ended while the other goes on.</param>
/// <param name="Abort">Ends it at once, both ways, dropping what is under way.</param>
public sealed record ProxyClient(PipeReader Input, Socket Socket, Action Abort)
{
    /// <summary>Sends all of it.</summary>
    internal async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await Socket.SendAsync(bytes, SocketFlags.None, cancel)..];
        }
    }

    /// <summary>Says that nothing more will be sent to it.</summary>
    internal void EndSending()
    {
        try
        {
            Socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is gone already.
        }
    }
}
