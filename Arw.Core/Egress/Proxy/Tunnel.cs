using System.Buffers;
using System.Net.Sockets;
using Arw.Core.Primitives;
using Arw.Core.Redaction;

namespace Arw.Core.Egress.Proxy;

/// <summary>Carries bytes both ways, untouched; what goes up in clear text is looked at first. Each direction reads on only when what it read has been sent, and ends by itself. Before anything is sent, the first bytes of the client are held to what was permitted.</summary>
internal sealed class Tunnel(ProxyClient client, Outbound server, OutboundData data, ProxyLimits limits, TimeProvider time)
{
    private const int BufferBytes = 64 * 1024;

    private UpwardLook? _look;

    /// <summary>Carries until both directions have ended or the connection is cut, and closes the ledger row.</summary>
    /// <param name="look">Looks at what the client sends; null when its first bytes are still to be judged, which tell what they are.</param>
    /// <param name="status">HTTP status for the row; null for none.</param>
    public async Task RunAsync(UpwardLook? look = null, int? status = null)
    {
        _look = look;
        var judged = look is not null;
        // Where only TLS is permitted the client speaks first; elsewhere the server may.
        var (up, down) = judged || server.Target.Protocol != Uri.UriSchemeHttps
            ? (UpAsync(judged), DownAsync())
            : (Task.CompletedTask, Task.CompletedTask);
        if (!judged && server.Target.Protocol == Uri.UriSchemeHttps && await JudgeAsync(limits.Handshake))
        {
            (up, down) = (UpAsync(judged: true), DownAsync());
        }

        await Task.WhenAll(up, down);
        await server.CloseAsync(EgressOutcome.Ok, status);
    }

    private async Task UpAsync(bool judged)
    {
        if (!judged && !await JudgeAsync(Timeout.InfiniteTimeSpan))
        {
            return;
        }

        try
        {
            while (true)
            {
                var read = await client.Input.ReadAsync(server.Stop);
                if (!read.Buffer.IsEmpty)
                {
                    if (_look is not null && !await _look.MayPassAsync(read.Buffer, server))
                    {
                        client.Input.AdvanceTo(read.Buffer.End);
                        return;
                    }

                    await SendAsync(read.Buffer);
                }

                client.Input.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    server.EndSending();
                    return;
                }
            }
        }
        catch (Exception e) when (IsBroken(e))
        {
            server.Cut(EgressOutcome.Aborted, "connection_broken", "The connection broke off on its way to the server.");
        }
    }

    private async Task DownAsync()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            while (await ReceiveAsync(buffer) is > 0 and var read)
            {
                await client.SendAsync(buffer.AsMemory(0, read), server.Stop);
                server.Moved();
            }

            client.EndSending();
        }
        catch (Exception e) when (IsBroken(e))
        {
            server.Cut(EgressOutcome.Aborted, "connection_broken", "The connection broke off on its way to the client.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask<int> ReceiveAsync(byte[] buffer)
    {
        try
        {
            return await server.ReceiveAsync(buffer);
        }
        catch (SocketException e)
        {
            server.Cut(EgressOutcome.Error, "connection_broken", $"The server broke off: {e.Message}.");
            throw;
        }
    }

    private async ValueTask SendAsync(ReadOnlySequence<byte> bytes)
    {
        try
        {
            await server.SendAsync(bytes);
        }
        catch (SocketException e)
        {
            server.Cut(EgressOutcome.Error, "connection_broken", $"The server broke off: {e.Message}.");
            throw;
        }
    }

    // Looks at the client's first bytes without taking them. False when the connection was cut or the client said nothing at all.
    private async Task<bool> JudgeAsync(TimeSpan patience)
    {
        using var late = new CancellationTokenSource(patience, time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(late.Token, server.Stop);
        try
        {
            while (true)
            {
                var read = await client.Input.ReadAsync(any.Token);
                var hello = ClientHello.Read(read.Buffer);
                var first = read.Buffer.IsEmpty ? default : read.Buffer.FirstSpan[0];
                var wait = hello.Kind == HelloKind.Incomplete && !read.IsCompleted;
                client.Input.AdvanceTo(read.Buffer.Start, wait ? read.Buffer.End : read.Buffer.Start);
                if (wait)
                {
                    continue;
                }

                if (read.Buffer.IsEmpty)
                {
                    server.EndSending();
                    return server.Target.Protocol != Uri.UriSchemeHttps;
                }

                if (Fault(hello) is { } fault)
                {
                    server.Cut(EgressOutcome.Denied, fault.Code, fault.Message);
                    return false;
                }

                Choose(hello, first);
                return true;
            }
        }
        catch (Exception e) when (IsBroken(e))
        {
            server.Cut(
                late.IsCancellationRequested ? EgressOutcome.Limit : EgressOutcome.Aborted,
                late.IsCancellationRequested ? "handshake_timeout" : "connection_broken",
                late.IsCancellationRequested ? "The client did not begin TLS in time." : "The client broke off.");
            return false;
        }
    }

    // HTTP and its relatives begin with a word, which servers take in small letters and behind empty lines, too. Of other bytes nothing is known but what a canary looks like.
    private void Choose(ClientHello hello, byte first)
    {
        var text = char.IsAsciiLetter((char)first) || first is (byte)'\r' or (byte)'\n' or (byte)'\t' or (byte)' ';
        server.Unseen = hello.Kind == HelloKind.Tls ? UnseenContent.Encrypted : text ? null : UnseenContent.Binary;
        _look = hello.Kind == HelloKind.Tls ? null : new UpwardLook(data.Watch(heads: true, canariesOnly: !text));
    }

    private Refusal? Fault(ClientHello hello)
    {
        var (host, protocol) = (server.Target.Host, server.Target.Protocol);
        return hello.Kind switch
        {
            HelloKind.Incomplete or HelloKind.Malformed => new Refusal("tls_malformed", "The tunnel begins like TLS, but its first message cannot be read."),
            HelloKind.NotTls when protocol == Uri.UriSchemeHttps => new Refusal("tunnel_not_tls", $"Only TLS was permitted to \"{host}\", and the tunnel carries something else."),
            HelloKind.NotTls => null,
            _ when protocol == Uri.UriSchemeHttp => new Refusal("tunnel_is_tls", $"Only unencrypted traffic was permitted to \"{host}\", and the tunnel carries TLS."),
            _ when hello.ServerName is null && server.Target.Literal is null => new Refusal("server_name_missing", $"The tunnel was asked for to \"{host}\", but its TLS names no server."),
            _ when hello.ServerName is { } name && name != host => new Refusal("server_name_mismatch", $"The tunnel was asked for to \"{host}\", but its TLS asks for \"{name}\"."),
            _ => null,
        };
    }

    private static bool IsBroken(Exception e) => e is SocketException or IOException or OperationCanceledException or ObjectDisposedException;
}
