using System.Net;
using System.Net.Sockets;
using Arw.Core.Egress.Proxy;
using Arw.Web.Hosting;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Arw.Web.Features.Egress;

/// <summary>Adds the proxy's port to the server, on loopback. A port that another program has is left out: the home starts without it and says so.</summary>
internal sealed class ProxyListener(ArwOptions options, ILogger<ProxyListener> log) : IConfigureOptions<KestrelServerOptions>
{
    /// <summary>It listens.</summary>
    public const string Ok = "ok";

    /// <summary>It is switched off by configuration.</summary>
    public const string Off = "off";

    /// <summary>Another program has the port.</summary>
    public const string Busy = "port_busy";

    /// <summary>How it stands: <c>ok</c>, <c>off</c> or <c>port_busy</c>.</summary>
    public string State { get; private set; } = Off;

    /// <summary>The port; 0 = switched off.</summary>
    public int Port => options.ProxyPort;

    /// <inheritdoc/>
    public void Configure(KestrelServerOptions kestrel)
    {
        if (Port == 0)
        {
            return;
        }

        var place = new ProxyEndPoint(Port);
        if (!IsFree(place.Address))
        {
            log.LogWarning("The egress proxy does not listen: another program has port {Port}. The home works without it; set another port, or 0 to switch it off", Port);
            State = Busy;
            return;
        }

        kestrel.Listen(place, listen => listen.UseConnectionHandler<ProxyConnectionHandler>());
        State = Ok;
    }

    // The server gives up as a whole when one of its ports is taken, so the port is tried first.
    private static bool IsFree(IPEndPoint address)
    {
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(address);
            socket.Listen(1);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

/// <summary>Hands each connection to the proxy.</summary>
internal sealed class ProxyConnectionHandler(ProxyServer proxy, IHostApplicationLifetime lifetime) : ConnectionHandler
{
    /// <inheritdoc/>
    public override Task OnConnectedAsync(ConnectionContext connection)
    {
        var socket = connection.Features.Get<IConnectionSocketFeature>()!.Socket;
        return proxy.ServeAsync(new ProxyClient(connection.Transport.Input, socket, connection.Abort), null, lifetime.ApplicationStopping);
    }
}
