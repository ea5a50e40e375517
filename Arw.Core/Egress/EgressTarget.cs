using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Arw.Core.Primitives;

namespace Arw.Core.Egress;

/// <summary>A URL in the one spelling that policy judges, the ledger keeps and the socket uses. Everything that two parsers could read differently is refused instead of repaired.</summary>
/// <param name="Url">The normalised URL, without fragment.</param>
/// <param name="Host">Lower-case ASCII host name or canonical address, IPv6 without brackets.</param>
/// <param name="Port">Port, 1 to 65535.</param>
/// <param name="Literal">The address when the URL spells one; null for names.</param>
public sealed record EgressTarget(Uri Url, string Host, int Port, IPAddress? Literal)
{
    /// <summary>Protocol of a tunnel that may carry anything.</summary>
    public const string Tcp = "tcp";

    private const int MaxLength = 8192;

    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = false, AllowUnassigned = false };

    /// <summary>Scheme: <c>http</c> or <c>https</c>.</summary>
    public string Scheme => Url.Scheme;

    /// <summary>What is spoken there: the scheme, or for a tunnel what it may carry.</summary>
    public string Protocol { get; init; } = Url.Scheme;

    /// <summary>True when the request itself says that it carries a question to a name server.</summary>
    public bool SpeaksDns { get; init; }

    /// <summary>Scheme, host and port as one text: the origin that credentials belong to.</summary>
    public string Origin => Url.GetLeftPart(UriPartial.Authority);

    /// <summary>Where it leads.</summary>
    public EgressPlace Place => new(Protocol, Host, Port, Literal);

    /// <summary>Reads where a tunnel leads: <c>host:port</c>, by the same rules as the authority of a URL. Refusal: <c>invalid_url</c>.</summary>
    public static Result<EgressTarget> ParseTunnel(string authority, string protocol)
    {
        var colon = authority.LastIndexOf(':');
        if (colon < 0 || authority.AsSpan().IndexOfAny('/', '?', '#') >= 0 || authority[^1] == ']')
        {
            return Invalid(authority, "a tunnel leads to host:port and nothing else");
        }

        return Parse($"https://{authority}").Map(t => t with { Protocol = protocol });
    }

    /// <summary>Reads a URL. Refusals: <c>invalid_url</c>, or <c>scheme_not_allowed</c> for anything but http and https.</summary>
    public static Result<EgressTarget> Parse(string text)
    {
        if (text.Length is 0 or > MaxLength)
        {
            return Invalid(text, text.Length == 0 ? "it is empty" : $"it is longer than {MaxLength} characters");
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var scheme = colon < 0 ? "" : text[..colon].ToLowerInvariant();
        if (scheme is not ("http" or "https"))
        {
            return new Refusal("scheme_not_allowed", $"\"{Shown(text)}\" is not an http or https URL.", "Give the full URL, for example https://example.org/feed.xml.", 422);
        }

        foreach (var c in text)
        {
            if (c is '\\' || char.IsWhiteSpace(c) || char.IsControl(c) || char.IsSurrogate(c) && !IsPaired(text))
            {
                return Invalid(text, "it contains white space, a control character or a backslash");
            }
        }

        if (!text.AsSpan(colon + 1).StartsWith("//", StringComparison.Ordinal))
        {
            return Invalid(text, "there is no \"//\" after the scheme");
        }

        var start = colon + 3;
        var end = text.AsSpan(start).IndexOfAny('/', '?', '#');
        var authority = end < 0 ? text[start..] : text.Substring(start, end);
        var rest = end < 0 ? "/" : text[(start + end)..];
        return Authority(text, scheme, authority, rest.StartsWith('/') ? rest : "/" + rest);
    }

    private static Result<EgressTarget> Authority(string text, string scheme, string authority, string rest)
    {
        if (authority.Contains('@', StringComparison.Ordinal))
        {
            return Invalid(text, "it carries a user name or password before the host");
        }

        var bracketed = authority.StartsWith('[');
        var hostEnd = bracketed ? authority.IndexOf(']', StringComparison.Ordinal) + 1 : authority.IndexOf(':', StringComparison.Ordinal);
        var rawHost = hostEnd < 0 ? authority : authority[..hostEnd];
        var rawPort = hostEnd < 0 ? "" : authority[hostEnd..];
        if (bracketed && hostEnd == 0)
        {
            return Invalid(text, "the bracket around the IPv6 address is not closed");
        }

        var port = scheme == "https" ? 443 : 80;
        if (rawPort.Length > 0
            && (rawPort[0] != ':' || rawPort.Length is 1 or > 6 || rawPort[1] == '0' || rawPort.AsSpan(1).IndexOfAnyExceptInRange('0', '9') >= 0
                || !int.TryParse(rawPort.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out port) || port > 65535))
        {
            return Invalid(text, $"\"{rawPort}\" is not a port from 1 to 65535");
        }

        if (!(bracketed ? V6(text, rawHost[1..^1]) : NormalizeHost(rawHost)).TryGet(out var host, out var refusal))
        {
            return refusal with { Message = refusal.Message.Replace("\"\"", $"\"{Shown(text)}\"", StringComparison.Ordinal) };
        }

        var literal = IPAddress.TryParse(host, out var address) ? address : null;
        var shownHost = literal?.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{host}]" : host;
        var fragment = rest.IndexOf('#', StringComparison.Ordinal);
        var whole = string.Create(CultureInfo.InvariantCulture, $"{scheme}://{shownHost}:{port}{(fragment < 0 ? rest : rest[..fragment])}");

        // The platform's parser must agree on scheme, host and port, or the socket would go elsewhere than policy thinks.
        return Uri.TryCreate(whole, UriKind.Absolute, out var url) && url.Scheme == scheme && url.Port == port && url.UserInfo.Length == 0
            && (url.IdnHost == host || literal is not null && IPAddress.TryParse(url.IdnHost, out var same) && same.Equals(literal))
            ? new EgressTarget(url, host, port, literal)
            : Invalid(text, "it cannot be read as a URL");
    }

    private static Result<string> V6(string text, string inner) =>
        inner.AsSpan().IndexOfAnyExcept(V6Characters) < 0
        && IPAddress.TryParse(inner, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6
            // A mapped address is the IPv4 place under another name: it must not pass as another place.
            ? (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString()
            : Invalid(text, $"\"{inner}\" is not an IPv6 address (zones are not taken)");

    /// <summary>A host name in its one spelling: lower case, punycode; an IPv4 address only as four plain decimal numbers; an IPv6 address without brackets is not taken. Refusal <c>invalid_url</c>.</summary>
    public static Result<string> NormalizeHost(string raw)
    {
        if (raw.Length == 0)
        {
            return Invalid(raw, "there is no host");
        }

        if (raw.EndsWith('.'))
        {
            return Invalid(raw, $"the host \"{raw}\" ends with a dot; write it without");
        }

        string host;
        try
        {
            host = Idn.GetAscii(raw).ToLowerInvariant();
            Idn.GetUnicode(host);
        }
        catch (ArgumentException)
        {
            return Invalid(raw, $"\"{raw}\" is not a host name");
        }

        var labels = host.Split('.');
        if (host.Length > 253 || labels.Any(l => l.Length is 0 or > 63 || l[0] == '-' || l[^1] == '-' || l.AsSpan().IndexOfAnyExcept(LabelCharacters) >= 0))
        {
            return Invalid(raw, $"\"{raw}\" is not a host name");
        }

        // A last label that is a number makes the whole an IPv4 address for some parsers: integer, octal, hex and short forms.
        var last = labels[^1];
        if (last.AsSpan().IndexOfAnyExceptInRange('0', '9') >= 0 && !last.StartsWith("0x", StringComparison.Ordinal))
        {
            return host;
        }

        return host.Equals(raw, StringComparison.Ordinal) && labels.Length == 4 && labels.All(IsPlainByte)
            ? host
            : Invalid(raw, $"\"{raw}\" is an unusual spelling of an IPv4 address; write four decimal numbers, for example 192.0.2.1");
    }

    private static readonly System.Buffers.SearchValues<char> LabelCharacters = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_");

    private static readonly System.Buffers.SearchValues<char> V6Characters = System.Buffers.SearchValues.Create("0123456789abcdefABCDEF:.");

    private static bool IsPlainByte(string label) =>
        label.Length is >= 1 and <= 3 && (label.Length == 1 || label[0] != '0') && byte.TryParse(label, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static bool IsPaired(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static Refusal Invalid(string text, string why) =>
        new("invalid_url", $"The URL \"{Shown(text)}\" was not taken: {why}.", "Correct the URL and try again.", 422);

    private static string Shown(string text) => UrlRedaction.Redact(text.Length > 200 ? text[..200] + "…" : text);
}
