using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Arw.Core.Policy.Capabilities;

/// <summary>
/// Which hosts: <c>example.org</c>, an address, <c>*.example.org</c> (subdomains of any depth, not example.org itself: whoever means both asks for both), or <c>*</c>.
/// Names are kept in lower case and punycode, without a trailing dot; addresses in their canonical form, IPv6 in brackets.
/// </summary>
public sealed class HostPattern
{
    private static readonly IdnMapping Idn = new() { AllowUnassigned = false, UseStd3AsciiRules = false };
    private static readonly System.Buffers.SearchValues<char> LabelCharacters = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_");

    private HostPattern(string text)
    {
        Text = text;
        Name = text.Trim('[', ']');
        Address = IPAddress.TryParse(Name, out var address) ? address : null;
        IsNonPublicLiteral = text is "localhost" || text.EndsWith(".localhost", StringComparison.Ordinal)
            || (Address is not null && NonPublicAddress.Contains(Address));
    }

    /// <summary>Any host.</summary>
    public static HostPattern Any { get; } = new("*");

    /// <summary>The canonical text.</summary>
    public string Text { get; }

    /// <summary>The canonical text without the brackets of an IPv6 address.</summary>
    public string Name { get; }

    /// <summary>The address that it spells; null for names.</summary>
    public IPAddress? Address { get; }

    /// <summary>True for <c>*</c>.</summary>
    public bool IsAny => Text == "*";

    /// <summary>True when it names exactly one host.</summary>
    public bool IsLiteral => !Text.StartsWith('*');

    /// <summary>True when its text alone says that it is not on the public internet: a non-public address, or localhost. Other names are known only once they are resolved.</summary>
    public bool IsNonPublicLiteral { get; }

    /// <summary>Reads a host pattern; on failure <paramref name="fault"/> says what is wrong with it.</summary>
    internal static HostPattern? Parse(string text, out string? fault)
    {
        fault = null;
        if (text == "*")
        {
            return Any;
        }

        var wildcard = text.StartsWith("*.", StringComparison.Ordinal);
        var name = wildcard ? text[2..] : text;
        if (name.Contains('*', StringComparison.Ordinal))
        {
            fault = "a star stands only for a whole host or for its first labels, as in *.example.org";
            return null;
        }

        var host = name.StartsWith('[') ? Address6(name, ref fault) : DnsName(name, ref fault);
        if (host is not null && wildcard && (host.StartsWith('[') || IPAddress.TryParse(host, out _)))
        {
            fault = "an address has no subdomains";
            return null;
        }

        return host is null ? null : new HostPattern(wildcard ? "*." + host : host);
    }

    internal bool Covers(HostPattern other) =>
        IsAny || Text == other.Text
        || (!IsLiteral && other.Text.Length >= Text.Length && other.Text.AsSpan().EndsWith(Text.AsSpan(1), StringComparison.Ordinal));

    internal HostPattern? Meet(HostPattern other) => Covers(other) ? other : other.Covers(this) ? this : null;

    private static string? Address6(string text, ref string? fault)
    {
        // A zone names an interface of this machine; it has no place in a right.
        if (!text.EndsWith(']') || text.Contains('%', StringComparison.Ordinal)
            || !IPAddress.TryParse(text[1..^1], out var address) || address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            fault = "that is no IPv6 address in brackets";
            return null;
        }

        // ::ffff:127.0.0.1 is the same target as 127.0.0.1 and must not pass as another.
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4().ToString() : $"[{address}]";
    }

    private static string? DnsName(string text, ref string? fault)
    {
        string name;
        try
        {
            name = Idn.GetAscii(text).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            fault = "that is no host name";
            return null;
        }

        name = name.EndsWith('.') ? name[..^1] : name;
        var labels = name.Split('.');
        if (name.Length is 0 or > 253 || Array.Exists(labels, l => l.Length is 0 or > 63 || l.AsSpan().ContainsAnyExcept(LabelCharacters)))
        {
            fault = "that is no host name";
            return null;
        }

        // What ends in a number is an IPv4 address to every resolver, in whatever base: only the plain form is taken.
        var last = labels[^1];
        if (char.IsAsciiDigit(last[0]) && (last.All(char.IsAsciiDigit) || last.StartsWith("0x", StringComparison.Ordinal)) && !IsPlainAddress4(labels))
        {
            fault = "an IPv4 address is four decimal numbers, without leading zeros";
            return null;
        }

        return name;
    }

    private static bool IsPlainAddress4(string[] labels) =>
        labels.Length == 4 && Array.TrueForAll(labels, l =>
            l.Length <= 3 && l.All(char.IsAsciiDigit) && (l.Length == 1 || l[0] != '0') && int.Parse(l, CultureInfo.InvariantCulture) <= 255);
}
