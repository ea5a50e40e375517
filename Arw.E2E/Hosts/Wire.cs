using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Arw.E2E.Hosts;

/// <summary>The wire between a browser and a home, which can be cut and mended.</summary>
public sealed class Wire : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, bool> _open = new();
    private readonly int _to;
    private readonly Task _accepting;
    private volatile bool _cut;

    public Wire(Uri home)
    {
        _to = home.Port;
        _listener.Start();
        Url = new UriBuilder(home) { Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.Uri;
        _accepting = AcceptAsync();
    }

    /// <summary>Where the home is reached over this wire.</summary>
    public Uri Url { get; }

    /// <summary>Ends what is under way and lets nothing through from now on.</summary>
    public void Cut()
    {
        _cut = true;
        foreach (var client in _open.Keys)
        {
            client.Close();
        }
    }

    /// <summary>Lets new connections through again.</summary>
    public void Mend() => _cut = false;

    public async ValueTask DisposeAsync()
    {
        Cut();
        _listener.Stop();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                if (_cut)
                {
                    client.Close();
                }
                else
                {
                    _ = CarryAsync(client);
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The listener was stopped, perhaps between two connections.
        }
    }

    private async Task CarryAsync(TcpClient client)
    {
        using var home = new TcpClient();
        try
        {
            await home.ConnectAsync(IPAddress.Loopback, _to);
            (_open[client], _open[home]) = (true, true);
            await Task.WhenAny(client.GetStream().CopyToAsync(home.GetStream()), home.GetStream().CopyToAsync(client.GetStream()));
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // It was cut while it was made.
        }
        finally
        {
            client.Close();
            _open.TryRemove(client, out _);
            _open.TryRemove(home, out _);
        }
    }
}
