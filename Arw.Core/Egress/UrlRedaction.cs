using System.Text;

namespace Arw.Core.Egress;

/// <summary>Hides what a URL may carry in secret, for the ledger and for messages: user info, and values of query fields whose names say that they are secret.</summary>
public static class UrlRedaction
{
    private const string Hidden = "***";

    private static readonly string[] SecretWords =
        ["key", "token", "secret", "password", "passwd", "pwd", "auth", "sig", "signature", "session", "credential", "code", "jwt", "assertion"];

    /// <summary>The URL without its secrets; works on malformed text too. The fragment is dropped.</summary>
    public static string Redact(string url)
    {
        var fragment = url.IndexOf('#', StringComparison.Ordinal);
        if (fragment >= 0)
        {
            url = url[..fragment];
        }

        var query = url.IndexOf('?', StringComparison.Ordinal);
        var head = WithoutUserInfo(query < 0 ? url : url[..query]);
        return query < 0 ? head : head + Query(url[(query + 1)..]);
    }

    private static string WithoutUserInfo(string head)
    {
        var start = head.IndexOf("//", StringComparison.Ordinal);
        start = start < 0 ? 0 : start + 2;
        var end = head.AsSpan(start).IndexOfAny('/', '\\');
        var authority = end < 0 ? head[start..] : head.Substring(start, end);
        var at = authority.LastIndexOf('@');
        return at < 0 ? head : $"{head[..start]}{Hidden}{head[(start + at)..]}";
    }

    private static string Query(string query)
    {
        var shown = new StringBuilder(query.Length + 1).Append('?');
        foreach (var field in query.Split('&'))
        {
            if (shown.Length > 1)
            {
                shown.Append('&');
            }

            var equals = field.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? field : field[..equals];
            shown.Append(equals >= 0 && IsSecret(name) ? $"{name}={Hidden}" : field);
        }

        return shown.ToString();
    }

    private static bool IsSecret(string name)
    {
        var plain = Uri.UnescapeDataString(name);
        return Array.Exists(SecretWords, w => plain.Contains(w, StringComparison.OrdinalIgnoreCase));
    }
}
