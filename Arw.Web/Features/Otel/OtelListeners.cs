using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Arw.Web.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Arw.Web.Features.Otel;

/// <summary>How a port of the intake stands.</summary>
/// <param name="Protocol">What is spoken there, in words.</param>
/// <param name="Port">The port; 0 = switched off.</param>
/// <param name="State"><c>ok</c>, <c>off</c> or <c>port_busy</c>.</param>
internal sealed record OtelListener(string Protocol, int Port, string State)
{
    /// <summary>It listens.</summary>
    public const string Ok = "ok";

    /// <summary>It is switched off by configuration.</summary>
    public const string Off = "off";

    /// <summary>Another program has the port.</summary>
    public const string Busy = "port_busy";
}

/// <summary>Adds the ports of the intake to the server: one that speaks HTTP/1.1, one that speaks HTTP/2 only, as gRPC in clear text needs. A port that another program has is left out: the home starts without it and says so.</summary>
internal sealed class OtelListeners(ArwOptions options, ILogger<OtelListeners> log) : IConfigureOptions<KestrelServerOptions>
{
    /// <summary>OTLP over HTTP.</summary>
    public OtelListener Http { get; private set; } = new("OTLP/HTTP", options.OtlpHttpPort, OtelListener.Off);

    /// <summary>OTLP over gRPC.</summary>
    public OtelListener Grpc { get; private set; } = new("OTLP/gRPC", options.OtlpGrpcPort, OtelListener.Off);

    /// <inheritdoc/>
    public void Configure(KestrelServerOptions kestrel)
    {
        Http = Open(kestrel, Http, HttpProtocols.Http1);
        Grpc = Open(kestrel, Grpc, HttpProtocols.Http2);
    }

    /// <summary>Whether a request came in by a port of the intake.</summary>
    public bool Owns(HttpContext context) =>
        context.Connection.LocalPort is var port and not 0
        && ((Http.State == OtelListener.Ok && port == Http.Port) || (Grpc.State == OtelListener.Ok && port == Grpc.Port));

    private OtelListener Open(KestrelServerOptions kestrel, OtelListener listener, HttpProtocols protocols)
    {
        if (listener.Port == 0)
        {
            return listener;
        }

        var address = new IPEndPoint(options.OtlpBind, listener.Port);
        if (!IsFree(address))
        {
            log.LogWarning("{Protocol} does not listen: another program has port {Port}. The home works without it; set another port, or 0 to switch it off", listener.Protocol, listener.Port);
            return listener with { State = OtelListener.Busy };
        }

        kestrel.Listen(address, listen =>
        {
            listen.Protocols = protocols;
            if (options.TlsCertificate is { } certificate)
            {
                listen.UseHttps(X509Certificate2.CreateFromPemFile(certificate, options.TlsKey));
            }
        });
        return listener with { State = OtelListener.Ok };
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
