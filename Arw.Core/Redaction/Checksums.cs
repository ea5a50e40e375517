namespace Arw.Core.Redaction;

/// <summary>Public checksums that tell a number from one that only looks like it.</summary>
internal static class Checksums
{
    /// <summary>Luhn's sum, over digits only.</summary>
    public static bool Luhn(ReadOnlySpan<byte> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)] - '0';
            sum += (i & 1) == 0 ? digit : digit > 4 ? 2 * digit - 9 : 2 * digit;
        }

        return sum % 10 == 0;
    }

    /// <summary>ISO 7064 mod 97-10 of an IBAN: country, check digits and account without spaces.</summary>
    public static bool Iban(ReadOnlySpan<byte> iban)
    {
        var rest = 0;
        for (var i = 0; i < iban.Length; i++)
        {
            var c = iban[(i + 4) % iban.Length];
            rest = char.IsAsciiDigit((char)c) ? (rest * 10 + c - '0') % 97 : (rest * 100 + c - 'A' + 10) % 97;
        }

        return rest == 1;
    }
}
