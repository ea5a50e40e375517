using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;

namespace Arw.Core.Journal;

/// <summary>Replaces secrets before an event is written: the home's own credentials, authorisation headers and cookies, user names and passwords in URLs. Fails closed: a value that cannot be judged is dropped, the event is kept.</summary>
public sealed partial class Redactor
{
    /// <summary>What stands where a secret stood.</summary>
    public const string Mark = "[redacted]";

    private static readonly HashSet<string> SecretNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "authorization", "proxy-authorization", "proxy_authorization", "cookie", "set-cookie", "set_cookie",
        "x-arw-admin", "x_arw_admin", "x-arw-token", "x_arw_token", "x-api-key", "x_api_key", "api-key", "api_key",
    };

    private ImmutableArray<Secret> _secrets = [];

    /// <summary>Makes a secret of this home known; shorter than 8 characters is not a secret and is ignored.</summary>
    public void AddSecret(string secret)
    {
        if (secret.Length >= 8)
        {
            ImmutableInterlocked.Update(
                ref _secrets,
                s => s.Any(known => known.Text == secret) ? s : s.Add(new Secret(secret, Encoding.UTF8.GetBytes(secret))));
        }
    }

    /// <summary>True when a member of that name holds a secret whatever its value. Telemetry names a header by its place as well: <c>http.request.header.cookie</c>.</summary>
    public static bool IsSecretName(ReadOnlySpan<char> name)
    {
        var known = SecretNames.GetAlternateLookup<ReadOnlySpan<char>>();
        return known.Contains(name) || (name.LastIndexOf('.') is >= 0 and var dot && known.Contains(name[(dot + 1)..]));
    }

    /// <summary>True when a text can hold no secret: a cheap look at its bytes, so that most values are never decoded.</summary>
    internal bool IsPlainlyClean(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Contains((byte)'@') && utf8.IndexOf("//"u8) >= 0)
        {
            return false;
        }

        // An escape may hide anything, so escaped values are decoded and judged.
        if (utf8.IndexOf("arw_"u8) >= 0 || utf8.Contains((byte)'\\') || NamesScheme(utf8))
        {
            return false;
        }

        foreach (var secret in _secrets)
        {
            if (utf8.IndexOf(secret.Utf8) >= 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The text without its secrets; the same instance when there are none.</summary>
    public string Redact(string text)
    {
        try
        {
            var result = text;
            foreach (var secret in _secrets)
            {
                result = result.Replace(secret.Text, Mark, StringComparison.Ordinal);
            }

            result = OwnToken().Replace(result, Mark);
            result = UserInfo().Replace(result, "${scheme}" + Mark + "@");
            return Scheme().Replace(result, "${scheme} " + Mark);
        }
        catch (RegexMatchTimeoutException)
        {
            return Mark;
        }
    }

    private static bool NamesScheme(ReadOnlySpan<byte> utf8)
    {
        for (var space = utf8.IndexOf((byte)' '); space >= 0; space = utf8.IndexOf((byte)' '))
        {
            var word = utf8[..space];
            if ((word.Length >= 6 && Ascii.EqualsIgnoreCase(word[^6..], "bearer"u8)) || (word.Length >= 5 && Ascii.EqualsIgnoreCase(word[^5..], "basic"u8)))
            {
                return true;
            }

            utf8 = utf8[(space + 1)..];
        }

        return false;
    }

    private sealed record Secret(string Text, byte[] Utf8);

    [GeneratedRegex(@"arw_(?:person|agent|node|guest)_[a-z2-7]{16,}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OwnToken();

    [GeneratedRegex(@"(?<scheme>[A-Za-z][A-Za-z0-9+.\-]*://)[^\s/?#@""'<>]+@", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex UserInfo();

    [GeneratedRegex(@"\b(?<scheme>bearer|basic)\s+[A-Za-z0-9._~+/\-]{8,}=*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Scheme();
}
