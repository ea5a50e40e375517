using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Arw.Tests.Redaction;

/// <summary>Draws the parts of which public token formats are made.</summary>
internal sealed class Drawn(int seed)
{
    public const string Lower = "abcdefghijklmnopqrstuvwxyz";
    public const string Upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    public const string Digit = "0123456789";
    public const string Alnum = Digit + Upper + Lower;
    public const string Base64Url = Alnum + "-_";

    public Random Random { get; } = new(seed);

    public string Of(string alphabet, int length) => string.Concat(Enumerable.Range(0, length).Select(_ => alphabet[Random.Next(alphabet.Length)]));

    public string Of(string alphabet, int least, int most) => Of(alphabet, Random.Next(least, most + 1));

    public string An(int length) => Of(Alnum, length);

    public string Hex(int length) => Of("0123456789abcdef", length);

    public string Url(int length) => Of(Base64Url, length);

    public string Digits(int length) => Of(Digit, length);

    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        Random.NextBytes(bytes);
        return bytes;
    }

    public string Base64(int bytes) => Convert.ToBase64String(Bytes(bytes));

    public string Base64UrlOf(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    public string Uuid() => new Guid(Bytes(16)).ToString();

    public T Any<T>(params T[] from) => from[Random.Next(from.Length)];

    /// <summary>GitHub and npm: 30 random characters, then CRC-32 of them in base 62.</summary>
    public string WithCrc(string prefix)
    {
        var body = An(30);
        var crc = Crc32(Encoding.ASCII.GetBytes(body));
        var tail = "";
        for (; crc > 0; crc /= 62)
        {
            tail = Alnum[(int)(crc % 62)] + tail;
        }

        return prefix + body + tail.PadLeft(6, '0');
    }

    private static uint Crc32(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320u : crc >> 1;
            }
        }

        return ~crc;
    }

    public string Card(string prefix, int length)
    {
        var body = prefix + Digits(length - prefix.Length - 1);
        var check = Enumerable.Range(0, 10).First(d => (body + d.ToString(CultureInfo.InvariantCulture)).Reverse()
            .Select((c, i) => i % 2 == 0 ? c - '0' : (c - '0') * 2 is var twice && twice > 9 ? twice - 9 : (c - '0') * 2).Sum() % 10 == 0);
        return body + check.ToString(CultureInfo.InvariantCulture);
    }

    public string Iban(string country, string account)
    {
        var number = string.Concat((account + country + "00").Select(c => char.IsDigit(c) ? c.ToString() : (c - 'A' + 10).ToString(CultureInfo.InvariantCulture)));
        var check = 98 - (int)(System.Numerics.BigInteger.Parse(number, CultureInfo.InvariantCulture) % 97);
        return $"{country}{check:00}{account}";
    }

    public string Jwt(string algorithm)
    {
        var header = Base64UrlOf($$"""{"alg":"{{algorithm}}","typ":"JWT"}""");
        var body = Base64UrlOf($$"""{"sub":"{{Digits(8)}}","iat":{{Random.Next()}},"name":"{{An(6)}}"}""");
        return $"{header}.{body}.{Url(43)}";
    }

    public string Pem()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Any(key.ExportPkcs8PrivateKeyPem(), key.ExportECPrivateKeyPem());
    }
}
