using System.Buffers;
using static Arw.Core.Redaction.Bytes;

namespace Arw.Core.Redaction.Kinds;

/// <summary>Money and people: card numbers and accounts by their checksums, mail addresses and phone numbers by their form.</summary>
internal static class PersonKinds
{
    /// <summary>A mail address.</summary>
    public static readonly SecretKind Mail = new("mail", DataClass.Person, "Mail address", "RFC 5321");

    /// <summary>A phone number.</summary>
    public static readonly SecretKind Phone = new("phone", DataClass.Person, "Phone number", "ITU-T E.164, or named as one");

    private static readonly SearchValues<byte> Local = Of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.!#$%&*+/?^_{|}~-");
    private static readonly SearchValues<byte> Host = Of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-");

    // Length of an IBAN by country, ISO 13616 registry.
    private static readonly Dictionary<string, int> Lengths = "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20"
        .Split(' ').ToDictionary(e => e[..2], e => int.Parse(e.AsSpan(2), System.Globalization.CultureInfo.InvariantCulture));

    public static IEnumerable<Detector> All { get; } =
    [
        new(new SecretKind("card", DataClass.Financial, "Payment card number", "ISO/IEC 7812, with Luhn's checksum"), [.. Triples("23456")], Card),
        new(new SecretKind("iban", DataClass.Financial, "Bank account (IBAN)", "ISO 13616, with its checksum"), [.. Lengths.Keys.SelectMany(c => Enumerable.Range(0, 10).Select(d => $"{c}{d}"))], Iban),
        new(Phone, ["phone", "mobile", "tel:", "tel.", "tel ", "telefon", "fax:", "fax "], NamedPhone, AnyCase: true),
    ];

    /// <summary>The mail address around an @.</summary>
    public static Hit MailAt(ReadOnlySpan<byte> text, int at)
    {
        var local = RunBefore(text, at, Local, 64);
        while (local > 0 && text[at - local] is (byte)'.' or (byte)'/' or (byte)'?' or (byte)'&' or (byte)'!' or (byte)'{' or (byte)'|' or (byte)'}' or (byte)'#' or (byte)'*')
        {
            local--;
        }

        var host = Run(text, at + 1, Host, 254);
        while (host > 0 && text[at + host] is (byte)'.' or (byte)'-')
        {
            host--;
        }

        var name = text.Slice(at + 1, host);
        var dot = name.LastIndexOf((byte)'.');
        var addressed = at - local >= 2 && text[at - local - 1] == '/' && text[at - local - 2] == '/';
        return local > 0 && !addressed && text[at - 1] != '.' && dot > 0 && name.Length - dot > 2 && name[(dot + 1)..].IndexOfAnyExcept(Letters) < 0 && name[0] is not ((byte)'.' or (byte)'-') && name.IndexOf(".."u8) < 0
            ? new Hit(at - local, at + 1 + host)
            : Hit.None;
    }

    /// <summary>The international number after a plus sign.</summary>
    public static Hit PhoneAt(ReadOnlySpan<byte> text, int at)
    {
        if (at > 0 && (IsWord(text[at - 1]) || text[at - 1] is (byte)'+' or (byte)'/' or (byte)'.' or (byte)'-' or (byte)')') && !FollowsLineMark(text, at))
        {
            return Hit.None;
        }

        var (digits, end) = Dial(text, at + 1);
        return digits is >= 9 and <= 15 && text[at + 1] is not (byte)'0' && text[at + 1] is not (byte)'(' && Ends(text, end) ? new Hit(at, end) : Hit.None;
    }

    private static IEnumerable<string> Triples(string first) =>
        from a in first from b in "0123456789" from c in "0123456789" select $"{a}{b}{c}";

    private static Hit Card(ReadOnlySpan<byte> text, int at)
    {
        if (at > 0 && (IsWord(text[at - 1]) || text[at - 1] is (byte)'.' or (byte)'-' or (byte)'+') && !FollowsLineMark(text, at))
        {
            return Hit.None;
        }

        Span<byte> digits = stackalloc byte[17];
        var (count, end, separator) = (0, at, (byte)0);
        var groups = 0;
        for (var group = 0; end < text.Length && count < 17;)
        {
            var b = text[end];
            if (char.IsAsciiDigit((char)b))
            {
                digits[count++] = b;
                group++;
                end++;
            }
            else if (b is (byte)' ' or (byte)'-' && (separator == 0 || separator == b) && group is 4 or 6 && count < 15 && end + 1 < text.Length && char.IsAsciiDigit((char)text[end + 1]))
            {
                (separator, group) = (b, 0);
                groups++;
                end++;
            }
            else
            {
                break;
            }
        }

        return IsCard(digits[..count]) && groups is 0 or 2 or 3 && Ends(text, end) && !(end < text.Length && text[end] == '_') && IsVaried(digits[..count], 2) && Checksums.Luhn(digits[..count])
            ? new Hit(at, end)
            : Hit.None;
    }

    // Visa, Mastercard, Discover, JCB with 16 digits, American Express with 15, Diners with 14.
    private static bool IsCard(ReadOnlySpan<byte> digits)
    {
        if (digits.Length is < 14 or > 16)
        {
            return false;
        }

        var four = (digits[0] - '0') * 1000 + (digits[1] - '0') * 100 + (digits[2] - '0') * 10 + digits[3] - '0';
        return digits.Length switch
        {
            16 => four is (>= 4000 and < 5000) or (>= 5100 and < 5600) or (>= 2221 and < 2721) or 6011 or (>= 6440 and < 6600) or (>= 3528 and < 3590) or (>= 6200 and < 6300),
            15 => four is (>= 3400 and < 3500) or (>= 3700 and < 3800),
            _ => four is (>= 3000 and < 3060) or (>= 3600 and < 3700) or (>= 3800 and < 4000),
        };
    }

    private static Hit Iban(ReadOnlySpan<byte> text, int at)
    {
        if (!Begins(text, at) || !Lengths.TryGetValue(string.Create(2, (text[at], text[at + 1]), static (s, p) => (s[0], s[1]) = ((char)p.Item1, (char)p.Item2)), out var length))
        {
            return Hit.None;
        }

        Span<byte> iban = stackalloc byte[36];
        var (count, end) = (0, at);
        for (; end < text.Length && count < length; end++)
        {
            var b = text[end];
            if (char.IsAsciiDigit((char)b) || char.IsAsciiLetterUpper((char)b))
            {
                iban[count++] = b;
            }
            else if (b != ' ' || count % 4 != 0)
            {
                break;
            }
        }

        return count == length && char.IsAsciiDigit((char)iban[3]) && Ends(text, end) && Checksums.Iban(iban[..count]) ? new Hit(at, end) : Hit.None;
    }

    // "Phone: 030 1234567": without a country code, only what is called a number is one.
    private static Hit NamedPhone(ReadOnlySpan<byte> text, int at)
    {
        var from = at + 3;
        var end = Math.Min(text.Length, at + 24);
        while (from < end && !char.IsAsciiDigit((char)text[from]) && text[from] is not ((byte)'+' or (byte)'('))
        {
            from++;
        }

        if (from >= end || text[from - 1] is not ((byte)' ' or (byte)':' or (byte)'"' or (byte)'\'' or (byte)'='))
        {
            return Hit.None;
        }

        var (digits, stop) = Dial(text, text[from] == '+' ? from + 1 : from);
        return digits is >= 7 and <= 15 && Ends(text, stop) ? new Hit(from, stop) : Hit.None;
    }

    // Digits with single blanks, dashes, dots, slashes and brackets between them.
    private static (int Digits, int End) Dial(ReadOnlySpan<byte> text, int from)
    {
        var (digits, end) = (0, from);
        for (var at = from; at < text.Length && digits <= 15 && at - from < 32; at++)
        {
            if (char.IsAsciiDigit((char)text[at]))
            {
                digits++;
                end = at + 1;
            }
            else if (text[at] is not ((byte)' ' or (byte)'-' or (byte)'.' or (byte)'/' or (byte)'(' or (byte)')') || at - end > 1)
            {
                break;
            }
        }

        return (digits, end);
    }
}
