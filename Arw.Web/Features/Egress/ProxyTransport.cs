using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Arw.Web.Features.Egress;

/// <summary>Where the proxy listens: told apart from the server's other addresses by its type.</summary>
/// <param name="port">Port on loopback.</param>
internal sealed class ProxyEndPoint(int port) : EndPoint
{
    /// <summary>The address.</summary>
    public IPEndPoint Address { get; } = new(IPAddress.Loopback, port);

    /// <inheritdoc/>
    public override AddressFamily AddressFamily => Address.AddressFamily;

    /// <inheritdoc/>
    public override string ToString() => Address.ToString();
}

/// <summary>The server's way to the sockets of the proxy. Its usual one reads four kibibytes at a time and ends both directions together, which halves what an upload carries and loses half-closed connections.</summary>
internal sealed class ProxyTransport : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    /// <inheritdoc/>
    public bool CanBind(EndPoint endpoint) => endpoint is ProxyEndPoint;

    /// <inheritdoc/>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        const int Waiting = 512;
        var address = ((ProxyEndPoint)endpoint).Address;
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(address);
            socket.Listen(Waiting);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            socket.Dispose();
            throw new AddressInUseException(e.Message, e);
        }

        return ValueTask.FromResult<IConnectionListener>(new Listener(socket, endpoint));
    }

    private sealed class Listener(Socket socket, EndPoint endpoint) : IConnectionListener
    {
        public EndPoint EndPoint => endpoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (true)
            {
                try
                {
                    return new Connection(await socket.AcceptAsync(cancellationToken));
                }
                catch (Exception e) when (e is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
                {
                    return null;
                }
                catch (SocketException)
                {
                    // A client that went away before it was accepted; the next one is waited for.
                }
            }
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => DisposeAsync();

        public ValueTask DisposeAsync()
        {
            socket.Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Connection : DefaultConnectionContext, IConnectionSocketFeature, IDuplexPipe
    {
        // An idle connection waits without a buffer.
        private static readonly StreamPipeReaderOptions Reading = new(bufferSize: 64 * 1024, minimumReadSize: 16 * 1024, useZeroByteReads: true);

        public Connection(Socket socket)
            : base(Guid.CreateVersion7().ToString("N"))
        {
            socket.NoDelay = true;
            Socket = socket;
            var stream = new NetworkStream(socket, ownsSocket: false);
            (Input, Output) = (PipeReader.Create(stream, Reading), PipeWriter.Create(stream));
            Transport = this;
            (LocalEndPoint, RemoteEndPoint) = (socket.LocalEndPoint, socket.RemoteEndPoint);
            Features.Set<IConnectionSocketFeature>(this);
        }

        public Socket Socket { get; }

        public PipeReader Input { get; }

        public PipeWriter Output { get; }

        // Nobody waits for its token of being closed, which the base would cancel later, on whatever thread, disposed or not.
        public override void Abort(ConnectionAbortedException abortReason) => Socket.Close(0);

        public override async ValueTask DisposeAsync()
        {
            await Input.CompleteAsync();
            Socket.Dispose();
            await base.DisposeAsync();
        }
    }
}
