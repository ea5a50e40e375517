using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Arw.Core.Redaction;

namespace Arw.Core.Journal;

/// <summary>Replaces secrets before anything is written, and masks classified data where it is shown or sent. Fails closed: a value that cannot be judged is dropped, the event is kept.</summary>
/// <param name="key">The salt of the tags; by default one that ends with the process.</param>
public sealed class Redactor(RedactionKey? key = null)
{
    /// <summary>What stands where a value stood whose name alone says that it is secret, or that could not be judged. Others get a tag, <c>[redacted:KIND:…]</c>.</summary>
    public const string Mark = "[redacted]";

    private static readonly HashSet<string> SecretNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "authorization", "proxy-authorization", "proxy_authorization", "cookie", "set-cookie", "set_cookie",
        "x-arw-admin", "x_arw_admin", "x-arw-token", "x_arw_token", "x-api-key", "x_api_key", "api-key", "api_key",
    };

    private static readonly SecretKind HomeSecret = new("home-secret", DataClass.Credential, "A secret of this home", "made or configured here");
    private static readonly SecretKind CanaryKind = new("canary", DataClass.Credential, "Canary", "planted by a person of this home");

    private readonly RedactionKey _key = key ?? RedactionKey.Passing();
    private readonly Lock _changing = new();
    private ImmutableArray<string> _secrets = [];
    private RedactionSetup _setup = RedactionSetup.Default;
    private volatile Looking _looking = new(RedactionSetup.Default, [], [], new SecretIndex(SecretIndex.Shipped));

    /// <summary>Makes the event that says that a canary was found: the canary's id, and the event that carried it; none where it rightly is. Null = nobody is told.</summary>
    public Func<string, EventDraft, EventDraft?>? Alarm { get; set; }

    /// <summary>What is configured now.</summary>
    public RedactionSetup Setup => _looking.Setup;

    /// <summary>Makes a secret of this home known; shorter than 8 characters is not a secret and is ignored.</summary>
    public void AddSecret(string secret)
    {
        lock (_changing)
        {
            if (secret.Length >= 8 && !_secrets.Contains(secret))
            {
                _secrets = _secrets.Add(secret);
                Look();
            }
        }
    }

    /// <summary>Replaces what a person configured.</summary>
    public void Configure(RedactionSetup setup)
    {
        lock (_changing)
        {
            _setup = setup;
            Look();
        }
    }

    /// <summary>True when a member of that name holds a secret whatever its value. Telemetry names a header by its place as well: <c>http.request.header.cookie</c>.</summary>
    public static bool IsSecretName(ReadOnlySpan<char> name)
    {
        var known = SecretNames.GetAlternateLookup<ReadOnlySpan<char>>();
        return known.Contains(name) || (name.LastIndexOf('.') is >= 0 and var dot && known.Contains(name[(dot + 1)..]));
    }

    /// <summary>The text as the journal would hold it; the same instance when nothing is replaced.</summary>
    public string Redact(string text) => Mask(text, _looking.Setup.Journal);

    /// <summary>The text without what is of these classes; the same instance when there is none.</summary>
    public string Mask(string text, DataClasses classes)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        return Replace(_looking, utf8, null, classes, null) is { } masked ? Encoding.UTF8.GetString(masked) : text;
    }

    /// <summary>A copy of a JSON value in whose texts nothing of these classes is left.</summary>
    public JsonNode? Mask(JsonNode? json, DataClasses classes) => json switch
    {
        JsonObject members => new JsonObject(members.Select(m => KeyValuePair.Create(m.Key, Mask(m.Value, classes)))),
        JsonArray items => new JsonArray([.. items.Select(i => Mask(i, classes))]),
        JsonValue value when value.TryGetValue<string>(out var text) => JsonValue.Create(Mask(text, classes)),
        _ => json?.DeepClone(),
    };

    /// <summary>What is of these classes in a text, in order, none over another.</summary>
    public IReadOnlyList<Finding> Find(ReadOnlySpan<byte> utf8, DataClasses classes) => Find(_looking, utf8, classes);

    /// <summary>Ids of the canaries in a text.</summary>
    public IReadOnlyList<string> Canaries(ReadOnlySpan<byte> utf8)
    {
        var found = new List<string>();
        NoteCanaries(_looking, utf8, found);
        return found;
    }

    /// <summary>What stands where a value stood.</summary>
    public string Tag(SecretKind kind, ReadOnlySpan<byte> value) => _key.Tag(kind.Id, value);

    /// <summary>Whether nothing is to be replaced in a text as it stands in JSON: one look, so that most values are never decoded.</summary>
    /// <param name="utf8">The text with its escapes.</param>
    /// <param name="names">What a value would be that this text is the name of; null for nothing secret.</param>
    internal bool IsPlainlyClean(ReadOnlySpan<byte> utf8, out SecretKind? names)
    {
        var looking = _looking;
        var scan = new SecretScan(looking.Index, utf8, looking.Setup.Journal);
        var found = scan.Next(out _);
        names = scan.Names;

        // An escape may hide anything, so escaped values are decoded and judged.
        return !found && !utf8.Contains((byte)'\\') && !MayMatchRule(looking, utf8);
    }

    /// <summary>The text as the journal holds it; null when nothing is replaced.</summary>
    /// <param name="utf8">The text, decoded.</param>
    /// <param name="named">What the name of the value says that it is; null for nothing.</param>
    /// <param name="canaries">Takes the ids of canaries that are found; null = nobody asks.</param>
    internal byte[]? Redact(ReadOnlySpan<byte> utf8, SecretKind? named, ICollection<string>? canaries)
    {
        var looking = _looking;
        return Replace(looking, utf8, named, looking.Setup.Journal, canaries);
    }

    private byte[]? Replace(Looking looking, ReadOnlySpan<byte> utf8, SecretKind? named, DataClasses classes, ICollection<string>? canaries)
    {
        IReadOnlyList<Finding> findings;
        try
        {
            findings = Find(looking, utf8, classes);
            if (findings.Count == 0 && named is not null && Redaction.Kinds.AssignedKinds.IsSecret(named, utf8, quoted: true) && utf8.IndexOf("[redacted"u8) < 0)
            {
                findings = [new Finding(named, 0, utf8.Length)];
            }
        }
        catch (RegexMatchTimeoutException)
        {
            return Encoding.UTF8.GetBytes(Mark);
        }

        if (findings.Count == 0)
        {
            return null;
        }

        NoteCanaries(looking, utf8, canaries);
        using var masked = new MemoryStream(utf8.Length + 32 * findings.Count);
        var at = 0;
        foreach (var finding in findings)
        {
            masked.Write(utf8[at..finding.Start]);
            masked.Write(Encoding.UTF8.GetBytes(Tag(finding.Kind, utf8.Slice(finding.Start, finding.Length))));
            at = finding.End;
        }

        masked.Write(utf8[at..]);
        return masked.ToArray();
    }

    private static List<Finding> Find(Looking looking, ReadOnlySpan<byte> utf8, DataClasses classes)
    {
        var found = new List<Finding>();
        var scan = new SecretScan(looking.Index, utf8, classes);
        while (scan.Next(out var finding))
        {
            found.Add(finding);
        }

        var rules = looking.Setup.Rules.Where(r => classes.HasFlag(r.Class.Set())).ToList();
        if (rules.Count == 0)
        {
            return found;
        }

        foreach (var rule in rules)
        {
            found.AddRange(rule.Find(utf8));
        }

        found.Sort((a, b) => a.Start != b.Start ? a.Start.CompareTo(b.Start) : b.Length.CompareTo(a.Length));
        var end = 0;
        found.RemoveAll(f =>
        {
            var over = f.Start < end;
            end = over ? end : f.End;
            return over;
        });
        return found;
    }

    private static bool MayMatchRule(Looking looking, ReadOnlySpan<byte> utf8)
    {
        foreach (var keyword in looking.Keywords)
        {
            if (utf8.IndexOf(keyword) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    // By themselves, not among the findings: there a canary may be part of a header or of an address.
    private static void NoteCanaries(Looking looking, ReadOnlySpan<byte> utf8, ICollection<string>? found)
    {
        if (found is null)
        {
            return;
        }

        foreach (var (id, value) in looking.Canaries)
        {
            if (utf8.IndexOf(value) >= 0 && !found.Contains(id))
            {
                found.Add(id);
            }
        }
    }

    private void Look()
    {
        var literals = _secrets.Select(s => Literal(HomeSecret, s)).Concat(_setup.Canaries.Values.Select(c => Literal(CanaryKind, c)));
        var rules = _setup.Rules.Where(r => _setup.Journal.HasFlag(r.Class.Set()));
        _looking = new Looking(
            _setup,
            [.. rules.Select(r => Encoding.UTF8.GetBytes(r.Keyword))],
            [.. _setup.Canaries.Select(c => (c.Key, Encoding.UTF8.GetBytes(c.Value)))],
            new SecretIndex([.. SecretIndex.Shipped, .. literals]));
    }

    private static Detector Literal(SecretKind kind, string secret)
    {
        var length = Encoding.UTF8.GetByteCount(secret);
        return new Detector(kind, [secret], (_, at) => new Hit(at, at + length));
    }

    private sealed record Looking(RedactionSetup Setup, ImmutableArray<byte[]> Keywords, ImmutableArray<(string Id, byte[] Value)> Canaries, SecretIndex Index);
}
