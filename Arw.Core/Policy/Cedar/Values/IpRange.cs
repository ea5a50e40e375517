using System.Globalization;
using System.Net;
using System.Numerics;

namespace Arw.Core.Policy.Cedar.Values;

/// <summary>An IPv4 or IPv6 address, or a range of them given by a prefix, <c>10.0.0.0/8</c>. Equal when address and prefix are, host bits included.</summary>
public sealed class IpRange : IEquatable<IpRange>
{
    private const int MaxTextLength = 43;

    private readonly UInt128 _address;

    private IpRange(UInt128 address, bool isV4, int prefix) => (_address, IsV4, Prefix) = (address, isV4, prefix);

    /// <summary>True for IPv4.</summary>
    public bool IsV4 { get; }

    /// <summary>Number of leading bits that all addresses of the range share; 32 or 128 for a single address.</summary>
    public int Prefix { get; }

    /// <summary>True when all of it is loopback: 127.0.0.0/8 or ::1.</summary>
    public bool IsLoopback => IsV4 ? Prefix >= 8 && _address >> 24 == 127 : Prefix == 128 && _address == 1;

    /// <summary>True when all of it is multicast: 224.0.0.0/4 or ff00::/8.</summary>
    public bool IsMulticast => IsV4 ? Prefix >= 4 && _address >> 28 == 0xe : Prefix >= 8 && _address >> 120 == 0xff;

    private int Bits => IsV4 ? 32 : 128;

    /// <summary>True when every address of this is one of the other's; never between IPv4 and IPv6.</summary>
    public bool IsInRange(IpRange other)
    {
        if (IsV4 != other.IsV4 || Prefix < other.Prefix)
        {
            return false;
        }

        return other.Prefix == 0 || (_address ^ other._address) >> (Bits - other.Prefix) == UInt128.Zero;
    }

    /// <summary>Reads an address or range; null when the text is neither. IPv4 in dotted form only, without leading zeros; IPv6 without dotted parts and zones.</summary>
    public static IpRange? Parse(string text)
    {
        if (text.Length > MaxTextLength)
        {
            return null;
        }

        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var address = slash < 0 ? text.AsSpan() : text.AsSpan(0, slash);
        var isV4 = !address.Contains(':');
        if ((isV4 ? ParseV4(address) : ParseV6(address)) is not { } value)
        {
            return null;
        }

        var bits = isV4 ? 32 : 128;
        return slash < 0 ? new IpRange(value, isV4, bits) : ParsePrefix(text.AsSpan(slash + 1), bits) is { } prefix ? new IpRange(value, isV4, prefix) : null;
    }

    /// <inheritdoc/>
    public bool Equals(IpRange? other) => other is not null && IsV4 == other.IsV4 && Prefix == other.Prefix && _address == other._address;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as IpRange);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_address, IsV4, Prefix);

    /// <summary>The address, and the prefix of a range; reads back as an equal one.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[16];
        ((IBinaryInteger<UInt128>)_address).WriteBigEndian(bytes);
        var address = IsV4 ? new IPAddress(bytes[12..]).ToString() : Groups(bytes);
        return Prefix == Bits ? address : string.Create(CultureInfo.InvariantCulture, $"{address}/{Prefix}");
    }

    // IPAddress would write some IPv6 addresses with a dotted end, which does not read back.
    private static string Groups(ReadOnlySpan<byte> bytes)
    {
        Span<ushort> groups = stackalloc ushort[8];
        for (var i = 0; i < 8; i++)
        {
            groups[i] = (ushort)((bytes[2 * i] << 8) | bytes[(2 * i) + 1]);
        }

        var (start, length) = (-1, 1);
        for (var i = 0; i < 8; i++)
        {
            var zeros = 0;
            while (i + zeros < 8 && groups[i + zeros] == 0)
            {
                zeros++;
            }

            if (zeros > length)
            {
                (start, length) = (i, zeros);
            }
        }

        if (start < 0)
        {
            return Hex(groups);
        }

        return $"{Hex(groups[..start])}::{Hex(groups[(start + length)..])}";
    }

    private static string Hex(ReadOnlySpan<ushort> groups) =>
        string.Join(':', groups.ToArray().Select(g => g.ToString("x", CultureInfo.InvariantCulture)));

    private static int? ParsePrefix(ReadOnlySpan<char> text, int max)
    {
        if (text.IsEmpty || text.Length > (max == 32 ? 2 : 3) || (text[0] == '0' && text.Length > 1) || text.IndexOfAnyExceptInRange('0', '9') >= 0)
        {
            return null;
        }

        var prefix = int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
        return prefix <= max ? prefix : null;
    }

    private static UInt128? ParseV4(ReadOnlySpan<char> text)
    {
        var (address, octets) = (0u, 0);
        foreach (var part in text.Split('.'))
        {
            var octet = text[part];
            if (++octets > 4 || octet.Length is 0 or > 3 || (octet[0] == '0' && octet.Length > 1) || octet.IndexOfAnyExceptInRange('0', '9') >= 0
                || !byte.TryParse(octet, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            {
                return null;
            }

            address = (address << 8) | value;
        }

        return octets == 4 ? address : null;
    }

    private static UInt128? ParseV6(ReadOnlySpan<char> text)
    {
        var gap = text.IndexOf("::");
        Span<ushort> groups = stackalloc ushort[8];
        if (gap < 0)
        {
            return ParseGroups(text, groups) == 8 ? Join(groups) : null;
        }

        var head = text[..gap];
        var tail = text[(gap + 2)..];
        Span<ushort> after = stackalloc ushort[8];
        var headCount = head.IsEmpty ? 0 : ParseGroups(head, groups);
        var tailCount = tail.IsEmpty ? 0 : ParseGroups(tail, after);
        if (headCount < 0 || tailCount < 0 || headCount + tailCount > 7)
        {
            return null;
        }

        groups[headCount..].Clear();
        after[..tailCount].CopyTo(groups[(8 - tailCount)..]);
        return Join(groups);
    }

    /// <summary>Number of groups read, at most 8; negative when the text is malformed.</summary>
    private static int ParseGroups(ReadOnlySpan<char> text, Span<ushort> groups)
    {
        var count = 0;
        foreach (var part in text.Split(':'))
        {
            var group = text[part];
            if (count == 8 || group.Length is 0 or > 4 || !ushort.TryParse(group, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out groups[count]))
            {
                return -1;
            }

            count++;
        }

        return count;
    }

    private static UInt128 Join(ReadOnlySpan<ushort> groups)
    {
        var address = UInt128.Zero;
        foreach (var group in groups)
        {
            address = (address << 16) | group;
        }

        return address;
    }
}
