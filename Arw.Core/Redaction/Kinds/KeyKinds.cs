using System.Buffers;
using System.Buffers.Text;
using System.Text;
using static Arw.Core.Redaction.Bytes;
using static Arw.Core.Redaction.Shapes;

namespace Arw.Core.Redaction.Kinds;

/// <summary>Private keys, signed tokens, credentials in headers and addresses: told apart by their structure.</summary>
internal static class KeyKinds
{
    private const int MaxBlock = 16 * 1024;
    private const int MaxUser = 512;

    private static readonly SearchValues<byte> UserEnds = SearchValues.Create("/?#\"'<>@ \t\r\n`\\"u8);
    private static readonly SearchValues<byte> AuthorityEnds = SearchValues.Create("/?#\"'<> \t\r\n`\\"u8);
    private static readonly SearchValues<byte> BlockBytes = Of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/=\r\n \t:,.-()\\_");
    private static readonly SearchValues<byte> SchemeBytes = Of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-");
    private static readonly SearchValues<byte> Base64LinesBytes = Of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/=\r\n");
    private static readonly SearchValues<byte> EqualsSign = Of("=");
    private static readonly SearchValues<byte> Base58 = Of("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz");

    private static readonly HashSet<string> Stores = new(StringComparer.OrdinalIgnoreCase)
    {
        "postgres", "postgresql", "mysql", "mariadb", "mongodb", "mongodb+srv", "redis", "rediss", "valkey", "amqp", "amqps", "mssql", "sqlserver",
        "oracle", "clickhouse", "cockroachdb", "nats", "kafka", "ldap", "ldaps", "smtp", "smtps", "imap", "imaps", "ftp", "ftps", "sftp", "neo4j", "bolt",
    };

    public static IEnumerable<Detector> All { get; } =
    [
        new(Credential("private-key", "Private key (PEM)", "RFC 7468, RFC 4716, RFC 9580"), ["-----BEGIN "], PrivateKey),
        new(Credential("putty-key", "PuTTY private key", "the-earth.li/~sgtatham/putty"), ["Private-Lines: "], PuttyKey),
        Token("age-key", "age secret key", "age-encryption.org/v1", Of("023456789ACDEFGHJKLMNPQRSTUVWXYZ"), 58, 58, "AGE-SECRET-KEY-1"),
        Token("wallet-key", "Extended private key of a wallet", "BIP 32", Base58, 100, 110, "xprv", "tprv", "yprv", "zprv"),
        new(Credential("jwt", "JSON Web Token", "RFC 7519"), ["eyJ"], JsonWebToken),
        new(Credential("bearer-token", "Bearer token in a header", "RFC 6750"), ["bearer "], Bearer, AnyCase: true),
        new(Credential("basic-credentials", "Name and password in a header", "RFC 7617"), ["basic "], Basic, AnyCase: true),
        new(Credential("connection-url", "Password in the address of a database or server", "RFC 3986, user information"), ["://"], (text, at) => UserInformation(text, at, stores: true)),
        new(Credential("url-user", "User information in a web address", "RFC 3986, user information"), ["://"], (text, at) => UserInformation(text, at, stores: false)),
        Token("arw-token", "Credential of a home like this one", "Access/SecretSource.cs", LowerBase32, 16, 64, "arw_person_", "arw_agent_", "arw_node_", "arw_guest_"),
    ];

    private static Hit PrivateKey(ReadOnlySpan<byte> text, int at)
    {
        var head = text.Slice(at, Math.Min(80, text.Length - at));
        var label = head[11..];
        var close = label.IndexOf("-----"u8);
        if (close < 0 || label[..close].IndexOf("PRIVATE KEY"u8) < 0)
        {
            return Hit.None;
        }

        // To its closing line; without one, as far as it looks like a key: half a key is a secret too.
        var from = at + 11 + close + 5;
        var rest = text.Slice(from, Math.Min(MaxBlock, text.Length - from));
        if (rest.IndexOf("-----END "u8) is >= 0 and var end && rest[(end + 9)..].IndexOf("-----"u8) is >= 0 and <= 64 and var tail)
        {
            return new Hit(at, from + end + 9 + tail + 5);
        }

        var run = Run(text, from, BlockBytes, MaxBlock);
        return run >= 32 ? new Hit(at, from + run) : Hit.None;
    }

    private static Hit PuttyKey(ReadOnlySpan<byte> text, int at)
    {
        var from = at + 15;
        var run = Run(text, from, Base64LinesBytes, MaxBlock);
        return run >= 32 ? new Hit(from, from + run) : Hit.None;
    }

    // header.payload.signature, of which the header must be JSON that names an algorithm.
    private static Hit JsonWebToken(ReadOnlySpan<byte> text, int at)
    {
        const int MaxHeader = 1024;
        if (at > 0 && (IsWord(text[at - 1]) || text[at - 1] == '-') && !FollowsLineMark(text, at))
        {
            return Hit.None;
        }

        var header = Run(text, at, Url64, MaxHeader);
        var second = at + header + 1;
        if (header is < 12 or MaxHeader || second >= text.Length || text[second - 1] != '.' || !NamesAlgorithm(text.Slice(at, header)))
        {
            return Hit.None;
        }

        var body = Run(text, second, Url64, 64 * 1024);
        var end = second + body;
        for (var part = 0; part < 3 && end + 1 < text.Length && text[end] == '.'; part++)
        {
            end += 1 + Run(text, end + 1, Url64, 64 * 1024);
        }

        return body + (end - second) >= 8 ? new Hit(at, end) : Hit.None;
    }

    private static bool NamesAlgorithm(ReadOnlySpan<byte> header)
    {
        Span<byte> json = stackalloc byte[1024];
        return Base64Url.TryDecodeFromUtf8(header, json, out var length)
            && (json[..length].IndexOf("\"alg\""u8) >= 0 || json[..length].IndexOf("\"enc\""u8) >= 0 || json[..length].IndexOf("\"typ\""u8) >= 0);
    }

    private static Hit Bearer(ReadOnlySpan<byte> text, int at)
    {
        var from = at + 7;
        if (!Begins(text, at))
        {
            return Hit.None;
        }

        var run = Run(text, from, Token68, 4096);
        while (run > 0 && text[from + run - 1] == '.')
        {
            run--;
        }

        // "Bearer authentication" is prose: a token has a digit or is longer than words are.
        var token = text.Slice(from, run);
        return run >= 8 && (token.IndexOfAny(Digits) >= 0 || run >= 24) ? new Hit(from, from + run + Padding(text, from + run)) : Hit.None;
    }

    private static Hit Basic(ReadOnlySpan<byte> text, int at)
    {
        var from = at + 6;
        if (!Begins(text, at))
        {
            return Hit.None;
        }

        var run = Run(text, from, Bytes.Base64, 1024);
        run += Padding(text, from + run);
        Span<byte> decoded = stackalloc byte[1024];
        return run >= 8
            && System.Buffers.Text.Base64.DecodeFromUtf8(text.Slice(from, run), decoded, out _, out var length) == OperationStatus.Done
            && decoded[..length].Contains((byte)':')
                ? new Hit(from, from + run)
                : Hit.None;
    }

    private static int Padding(ReadOnlySpan<byte> text, int at) => Run(text, at, EqualsSign, 2);

    private static Hit UserInformation(ReadOnlySpan<byte> text, int at, bool stores)
    {
        var from = at + 3;
        var length = RunBefore(text, at, SchemeBytes, 24);
        var end = text.Slice(from, Math.Min(MaxUser, text.Length - from)).IndexOfAny(UserEnds);
        if (length == 0 || end <= 0 || text[from + end] != '@')
        {
            return Hit.None;
        }

        // A password may hold an @ of its own: the last one before the path parts it from the host.
        var authority = text.Slice(from, Math.Min(MaxUser, text.Length - from));
        var path = authority.IndexOfAny(AuthorityEnds);
        authority = path < 0 ? authority : authority[..path];
        end = authority.LastIndexOf((byte)'@');
        var scheme = Encoding.ASCII.GetString(text.Slice(at - length, length));
        var named = authority[..end].Contains((byte)':');
        return stores == Stores.Contains(scheme) && (named || scheme.StartsWith("http", StringComparison.OrdinalIgnoreCase))
            ? new Hit(from, from + end)
            : Hit.None;
    }
}
