using System.Buffers;
using System.Text;
using static Arw.Core.Redaction.Bytes;
using static Arw.Core.Redaction.Shapes;

namespace Arw.Core.Redaction.Kinds;

/// <summary>Values that are secret because of the name before them: <c>password = …</c>, <c>"api_key": "…"</c>. Only what looks drawn at random is taken, since code is full of such names.</summary>
internal static class AssignedKinds
{
    private const int MaxName = 24;
    private const int MaxValue = 512;
    private const string Source = "a name that says so, and the value's entropy";

    private static readonly SearchValues<byte> NameBytes = Of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");
    private static readonly SearchValues<byte> BareEnds = SearchValues.Create("\"'`,;<>(){}[]&|\\ \t\r\n"u8);

    // What names these are parts of is not secret: PublicKeyToken, nextPageToken, cancellationToken.
    private static readonly string[] Harmless = ["public", "publickey", "page", "next", "continuation", "cancellation", "cancel", "sync", "etag", "csrf", "design", "color"];

    // What a name ends with that only points at a secret: credential_id, tokenType, password-file.
    private static readonly string[] HarmlessEnds = ["id", "ids", "name", "type", "kind", "url", "uri", "path", "file"];

    public static readonly SecretKind Password = Credential("assigned-password", "Password", Source);
    public static readonly SecretKind Secret = Credential("assigned-secret", "Secret value", Source);
    public static readonly SecretKind Token = Credential("assigned-token", "Token value", Source);
    public static readonly SecretKind ApiKey = Credential("assigned-api-key", "API key", Source);
    public static readonly SecretKind AwsSecret = Credential("aws-secret-access-key", "AWS secret access key", "docs.aws.amazon.com, IAM access keys");

    public static IEnumerable<Detector> All { get; } =
    [
        Assigned(AwsSecret, "secret_access_key", "secretaccesskey", "aws_secret_key", "awssecretkey", "secret-access-key"),
        Assigned(Password, "password", "passwd", "passphrase", "passwort", "pwd"),
        Assigned(ApiKey, "api_key", "apikey", "api-key", "access_key", "accesskey", "access-key", "auth_key", "authkey", "auth-key"),
        Assigned(Secret, "secret", "private_key", "privatekey", "signing_key", "signingkey", "encryption_key", "encryptionkey", "credential"),
        Assigned(Token, "token"),
    ];

    /// <summary>Whether a value whose name says that it is of this kind is one.</summary>
    /// <param name="kind">What the name says.</param>
    /// <param name="value">The value, without quotes.</param>
    /// <param name="quoted">True when it stood in quotes or was a JSON text.</param>
    public static bool IsSecret(SecretKind kind, ReadOnlySpan<byte> value, bool quoted)
    {
        if (value.Length is < 8 or > MaxValue || IsReference(value))
        {
            return false;
        }

        var digits = value.IndexOfAny(Digits) >= 0;
        var letters = value.IndexOfAny(Letters) >= 0;
        if (kind == AwsSecret)
        {
            return value.Length == 40 && letters && value.IndexOfAnyExcept(Base64) < 0 && Entropy(value) >= 3.8;
        }

        if (kind == Password)
        {
            var symbols = value.IndexOfAnyExcept(NameBytes) >= 0;
            return letters && (digits || symbols) && IsVaried(value) && Entropy(value) >= (quoted ? 2.5 : 2.8);
        }

        // Names of types and places are long, and have few digits; what is drawn at random changes between kinds of characters all the time.
        var least = kind == Token || !quoted ? 16 : 12;
        return value.Length >= least && digits && letters && value.IndexOfAny(" ,"u8) < 0 && Entropy(value) >= (value.IndexOfAnyExcept(HexAndDashes) < 0 ? 2.8 : 3.3) && Changes(value) * 5 >= value.Length;
    }

    // What stands for a value that is elsewhere: $NAME, ${name}, {{ name }}, %NAME%, <name>, …
    private static bool IsReference(ReadOnlySpan<byte> value) =>
        (value[0] == '$' && value[1..].IndexOfAnyExcept(NameBytes) < 0)
        || (value[0] == '%' && value[^1] == '%')
        || value[0] is (byte)'<' or (byte)'{'
        || value.StartsWith("**"u8)
        || value.IndexOf("${"u8) >= 0 || value.IndexOf("{{"u8) >= 0 || value.IndexOf("$("u8) >= 0 || value.IndexOf("..."u8) >= 0 || value.IndexOf("://"u8) >= 0;

    private static int Changes(ReadOnlySpan<byte> value)
    {
        var changes = 0;
        for (var i = 1; i < value.Length; i++)
        {
            var (a, b) = ((char)value[i - 1], (char)value[i]);
            if (char.IsAsciiDigit(a) != char.IsAsciiDigit(b) || (char.IsAsciiLetterUpper(a) != char.IsAsciiLetterUpper(b) && char.IsAsciiLetter(a) && char.IsAsciiLetter(b)))
            {
                changes++;
            }
        }

        return changes;
    }

    /// <summary>Where the value of the name at a place stands: nothing when the text ends with the name.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">Where the word in the name begins.</param>
    /// <param name="word">Length of that word.</param>
    /// <param name="endsOpen">True when the text ends with the name: whoever knows what follows it, judges that.</param>
    /// <param name="quoted">Whether the value stands in quotes.</param>
    public static Hit Value(ReadOnlySpan<byte> text, int at, int word, out bool endsOpen, out bool quoted)
    {
        (endsOpen, quoted) = (false, false);
        var next = at + word;
        if (IsHarmless(text[Math.Max(0, at - 16)..at]))
        {
            return Hit.None;
        }

        if (next < text.Length && (text[next] is (byte)'_' or (byte)'-' or (byte)'.' || char.IsAsciiDigit((char)text[next]) || char.IsAsciiLetterUpper((char)text[next])))
        {
            next += Run(text, next, NameBytes, MaxName);
            if (EndsHarmlessly(text[(at + word)..next]))
            {
                return Hit.None;
            }
        }

        endsOpen = next == text.Length;
        var flag = FlagBefore(text, at);
        next = Skip(text, next, "\"'`]\\"u8, 3);
        var spaces = next;
        next = Skip(text, next, " \t"u8, 4);
        if (next >= text.Length)
        {
            return Hit.None;
        }

        var operation = Skip(text, next, ":=>"u8, 3);
        if (operation == next && (!flag || spaces == next))
        {
            return Hit.None;
        }

        next = Skip(text, operation, " \t"u8, 4);
        var open = Skip(text, next, "\\"u8, 1);
        if (open < text.Length && text[open] is (byte)'"' or (byte)'\'' or (byte)'`')
        {
            quoted = true;
            var quote = text[open];
            var rest = text.Slice(open + 1, Math.Min(MaxValue + 1, text.Length - open - 1));
            var close = rest.IndexOfAny([quote, (byte)'\n', (byte)'\\']);
            return close > 0 && rest[close] != '\n' ? new Hit(open + 1, open + 1 + close) : Hit.None;
        }

        var bare = text.Slice(next, Math.Min(MaxValue + 1, text.Length - next));
        var end = bare.IndexOfAny(BareEnds);
        end = end < 0 ? bare.Length : end;
        return end == 0 || (end < bare.Length && bare[end] is (byte)'(' or (byte)'[' or (byte)'{' or (byte)'<') ? Hit.None : new Hit(next, next + Trimmed(bare[..end]));
    }

    private static Detector Assigned(SecretKind kind, params string[] words) => new(kind, words, (_, _) => Hit.None, AnyCase: true) { IsAssignment = true };

    // name=value=more is two assignments; a sentence ends with a dot.
    private static int Trimmed(ReadOnlySpan<byte> bare)
    {
        var equals = bare.IndexOf((byte)'=');
        if (equals >= 0 && bare[equals..].IndexOfAnyExcept((byte)'=') >= 0)
        {
            bare = bare[..equals];
        }

        return bare.TrimEnd(".:"u8).Length;
    }

    // On a command line: --password value.
    private static bool FlagBefore(ReadOnlySpan<byte> text, int at) => text[Math.Max(0, at - 16)..at].IndexOf("--"u8) >= 0;

    private static bool EndsHarmlessly(ReadOnlySpan<byte> rest)
    {
        foreach (var word in HarmlessEnds)
        {
            if (rest.Length >= word.Length && Ascii.EqualsIgnoreCase(rest[^word.Length..], word)
                && (rest.Length == word.Length || rest[^(word.Length + 1)] is (byte)'_' or (byte)'-' or (byte)'.' || char.IsAsciiLetterUpper((char)rest[^word.Length])))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsHarmless(ReadOnlySpan<byte> before)
    {
        var trimmed = before.TrimEnd("_-."u8);
        foreach (var word in Harmless)
        {
            if (trimmed.Length >= word.Length && Ascii.EqualsIgnoreCase(trimmed[^word.Length..], word))
            {
                return true;
            }
        }

        return false;
    }

    private static int Skip(ReadOnlySpan<byte> text, int at, ReadOnlySpan<byte> any, int most)
    {
        var end = at;
        while (end < text.Length && end - at < most && any.Contains(text[end]))
        {
            end++;
        }

        return end;
    }
}
