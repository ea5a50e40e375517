using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Text;

namespace Arw.Core.Egress.Proxy;

/// <summary>What a SOCKS client said.</summary>
/// <param name="User">User name.</param>
/// <param name="Secret">Password.</param>
internal readonly record struct SocksLogin(string User, string Secret);

/// <summary>SOCKS 5 (RFC 1928) with user name and password (RFC 1929): the words of client and server. Only CONNECT is spoken.</summary>
internal static class Socks5
{
    /// <summary>First byte of a client.</summary>
    public const byte Version = 5;

    /// <summary>The answer that it worked.</summary>
    public const byte Granted = 0;

    /// <summary>The answer that the rules forbid it.</summary>
    public const byte NotAllowed = 2;

    private const byte NoLogin = 0;
    private const byte LoginMethod = 2;
    private const byte Connect = 1;

    /// <summary>Lets a client in that need not log in; false when it insists on logging in.</summary>
    public static async Task<bool> WelcomeAsync(ProxyClient client, CancellationToken cancel)
    {
        var greeting = await TakeAsync(client.Input, b => b.Length < 2 ? 2 : 2 + b[1], cancel);
        var welcome = greeting?.AsSpan(2).Contains(NoLogin) == true;
        await client.SendAsync(new[] { Version, welcome ? NoLogin : (byte)0xff }, cancel);
        return welcome;
    }

    /// <summary>Chooses the login with a password and reads it; null when the client will not, or is no SOCKS client.</summary>
    public static async Task<SocksLogin?> LoginAsync(ProxyClient client, CancellationToken cancel)
    {
        var greeting = await TakeAsync(client.Input, b => b.Length < 2 ? 2 : 2 + b[1], cancel);
        if (greeting is null || !greeting.AsSpan(2).Contains(LoginMethod))
        {
            await client.SendAsync(new byte[] { Version, 0xff }, cancel);
            return null;
        }

        await client.SendAsync(new[] { Version, LoginMethod }, cancel);
        var login = await TakeAsync(client.Input, b => b.Length < 2 ? 2 : b.Length < 3 + b[1] ? 3 + b[1] : 3 + b[1] + b[2 + b[1]], cancel);
        return login is [1, ..]
            ? new SocksLogin(Encoding.UTF8.GetString(login, 2, login[1]), Encoding.UTF8.GetString(login, 3 + login[1], login[2 + login[1]]))
            : null;
    }

    /// <summary>Answers the login.</summary>
    public static ValueTask AnswerLoginAsync(ProxyClient client, bool welcome, CancellationToken cancel) =>
        client.SendAsync(new byte[] { 1, welcome ? (byte)0 : (byte)1 }, cancel);

    /// <summary>Reads where to, as <c>host:port</c>; null when it asks for something else than a connection.</summary>
    public static async Task<string?> WhereToAsync(ProxyClient client, CancellationToken cancel)
    {
        var asked = await TakeAsync(client.Input, b => b.Length < 5 ? 5 : 6 + (b[3] switch { 1 => 4, 3 => 1 + b[4], 4 => 16, _ => 0 }), cancel);
        if (asked is not [Version, Connect, 0, 1 or 3 or 4, ..])
        {
            await AnswerAsync(client, 7, cancel);
            return null;
        }

        var host = asked[3] switch
        {
            1 => new IPAddress(asked.AsSpan(4, 4)).ToString(),
            3 => Encoding.Latin1.GetString(asked, 5, asked[4]),
            _ => $"[{new IPAddress(asked.AsSpan(4, 16))}]",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{host}:{BinaryPrimitives.ReadUInt16BigEndian(asked.AsSpan(^2))}");
    }

    /// <summary>Answers the request.</summary>
    public static ValueTask AnswerAsync(ProxyClient client, byte reply, CancellationToken cancel) =>
        client.SendAsync(new byte[] { Version, reply, 0, 1, 0, 0, 0, 0, 0, 0 }, cancel);

    /// <summary>The answer that stands for a refusal.</summary>
    public static byte Reply(string code) => code switch
    {
        "connection_failed" => 5,
        "name_not_resolved" => 4,
        _ => NotAllowed,
    };

    // Takes one message, whose length is known once enough of it is there; null when the client ends before.
    private static async Task<byte[]?> TakeAsync(PipeReader input, Func<byte[], int> length, CancellationToken cancel)
    {
        while (true)
        {
            var read = await input.ReadAsync(cancel);
            var wanted = length(read.Buffer.Slice(0, Math.Min(read.Buffer.Length, 600)).ToArray());
            if (read.Buffer.Length >= wanted)
            {
                var message = read.Buffer.Slice(0, wanted).ToArray();
                input.AdvanceTo(read.Buffer.GetPosition(wanted));
                return message;
            }

            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted)
            {
                return null;
            }
        }
    }
}
