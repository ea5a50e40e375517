using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Arw.Core.Egress.Proxy;
using Arw.Core.Journal;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Arw.Core.Egress.Dns;

/// <summary>How the resolver's port stands.</summary>
public enum DnsPortState
{
    /// <summary>It is switched off by configuration.</summary>
    Off,

    /// <summary>It listens.</summary>
    Ok,

    /// <summary>Another program has the port.</summary>
    PortBusy,
}

/// <summary>The resolver's port on loopback, UDP and TCP. Who asks there is not known. A port that another program has is left out: the home starts without it and says so.</summary>
public sealed class DnsListener(DnsGuard guard, LookupBook book, DnsOptions options, DnsLimits limits, ILogger<DnsListener> log) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _inFlight = new(limits.MaxInFlight);
    private readonly SemaphoreSlim _connections = new(limits.MaxConnections);
    private Socket? _udp;
    private Socket? _tcp;
    private Task _serving = Task.CompletedTask;

    /// <summary>How it stands.</summary>
    public DnsPortState State { get; private set; }

    /// <summary>The port; 0 = switched off.</summary>
    public int Port => options.Port;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (Port == 0)
        {
            return Task.CompletedTask;
        }

        try
        {
            var place = new IPEndPoint(IPAddress.Loopback, Port);
            _udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            _tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            _udp.Bind(place);
            _tcp.Bind(place);
            _tcp.Listen();
            State = DnsPortState.Ok;
            _serving = Task.WhenAll(ReceiveAsync(_udp), AcceptAsync(_tcp));
        }
        catch (SocketException)
        {
            log.LogWarning("The resolver does not listen: another program has port {Port}. The home works without it; set another port, or 0 to switch it off", Port);
            State = DnsPortState.PortBusy;
            Close();
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _serving;
        Close();
        try
        {
            await book.WriteAsync(all: true);
        }
        catch (JournalFaultException e)
        {
            log.LogWarning("The last lookups could not be recorded: {Why}", e.Message);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Close();
        _stop.Dispose();
        _inFlight.Dispose();
        _connections.Dispose();
    }

    private void Close()
    {
        _udp?.Dispose();
        _tcp?.Dispose();
    }

    private async Task ReceiveAsync(Socket socket)
    {
        var buffer = new byte[limits.MaxMessageBytes + 1];
        var anyone = new IPEndPoint(IPAddress.Any, 0);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var got = await socket.ReceiveFromAsync(buffer, SocketFlags.None, anyone, _stop.Token);
                if (got.ReceivedBytes <= limits.MaxMessageBytes && await _inFlight.WaitAsync(0))
                {
                    _ = AnswerAsync(socket, buffer.AsSpan(0, got.ReceivedBytes).ToArray(), got.RemoteEndPoint);
                }
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // Stopped; or a client that had gone before its answer came, which the socket reports here.
            }
        }
    }

    private async Task AnswerAsync(Socket socket, byte[] message, EndPoint client)
    {
        try
        {
            if (await guard.AnswerAsync(message, DnsAsker.Anybody, _stop.Token) is { } answer)
            {
                await socket.SendToAsync(answer, SocketFlags.None, client, _stop.Token);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client went away, or the home stops.
        }
        catch (Exception e)
        {
            log.LogError(e, "A question to the resolver faulted");
        }
        finally
        {
            _inFlight.Release();
        }
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var socket = await listener.AcceptAsync(_stop.Token);
                if (await _connections.WaitAsync(0))
                {
                    _ = ServeAsync(socket);
                }
                else
                {
                    socket.Dispose();
                }
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // Stopped; or a client that went away before it was accepted.
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                await guard.ServeAsync(new ProxyClient(PipeReader.Create(new NetworkStream(socket)), socket, socket.Close), DnsAsker.Anybody, _stop.Token);
            }
            catch (Exception e) when (e is SocketException or IOException or OperationCanceledException or ObjectDisposedException)
            {
                // The client went away, or was silent for too long.
            }
            catch (Exception e)
            {
                log.LogError(e, "A connection to the resolver faulted");
            }
            finally
            {
                _connections.Release();
            }
        }
    }
}
