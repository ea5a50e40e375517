using System.Text.Json.Serialization;
using Arw.Core.Policy.Capabilities;
using Arw.Core.Primitives;

namespace Arw.Core.Policy;

/// <summary>
/// A right to do something, in words that both people and the engine read: <c>name[:verbs][ scope]</c>, for example
/// <c>net.http:GET,HEAD https://*.example.org/feeds/*</c>, <c>file.write project://notes/**</c>, <c>model.run llama-*</c>, <c>spend.usd 0.50</c>.
/// Immutable and always in canonical form: two capabilities are equal exactly when their texts are.
/// </summary>
[JsonConverter(typeof(CapabilityJson))]
public sealed class Capability : IEquatable<Capability>
{
    internal const string DataSend = "data.send";

    private readonly string[] _verbs;
    private readonly string _text;

    internal Capability(string name, string[] verbs, CapabilityScope scope)
    {
        (Name, _verbs, Scope) = (name, verbs, scope);
        var head = verbs.Length == 0 ? name : $"{name}:{string.Join(',', verbs)}";
        _text = scope.IsAny ? head : $"{head} {scope}";
        IsControl = name.Split('.')[0] is "policy" or "approval" or "action" or "credential" or "egress" or "kill" or "project";
    }

    /// <summary>Dotted name, <c>net.http</c>; ends with <c>.*</c> when it stands for all names below, <c>file.*</c>.</summary>
    public string Name { get; }

    /// <summary>Verbs in order, <c>GET</c>; empty = any verb.</summary>
    public IReadOnlyList<string> Verbs => _verbs;

    /// <summary>What the right is limited to.</summary>
    public CapabilityScope Scope { get; }

    /// <summary>True when it stands for governing the home itself: people have it, no lease grants it.</summary>
    public bool IsControl { get; }

    /// <summary>Scheme of a network scope, <c>http</c> or <c>https</c>; null = either, or no network scope.</summary>
    public string? Scheme => (Scope as HttpScope)?.Scheme;

    /// <summary>Host of a network scope, lower case and in punycode; <c>*</c> = any, <c>*.example.org</c> = its subdomains; null when it has no network scope.</summary>
    public string? Host => (Scope as HttpScope)?.Host.Text;

    /// <summary>Port of a network scope; null = any, or no network scope.</summary>
    public int? Port => (Scope as HttpScope)?.Port;

    /// <summary>Path of a network scope (from the slash on) or of a file scope (after <c>project://</c>); null for other scopes.</summary>
    public string? Path => Scope switch
    {
        HttpScope http => "/" + http.Path.Join('/'),
        FileScope file => file.Path.Join('/'),
        _ => null,
    };

    /// <summary>Words of any other scope: a model id, a command and its arguments; empty for none.</summary>
    public IReadOnlyList<string> Args => Scope is WordScope { IsAny: false } words ? words.Words.Parts : [];

    /// <summary>Limit of a money scope in integer micro-USD; null = no limit, or no money scope.</summary>
    public long? UsdMicros => (Scope as MoneyScope)?.UsdMicros;

    /// <summary>Reads a capability's text. The refusal names the position, counted from 1.</summary>
    public static Result<Capability> Parse(string text) => CapabilityParser.Parse(text);

    /// <summary>The right to one HTTP request: exactly this method, scheme, host, port and path. A <c>*</c> in the address is taken literally, the query is not part of it.</summary>
    /// <exception cref="ArgumentException">The address is not an absolute http or https one with a proper host, or the method is no HTTP method: see <see cref="ParseHttp"/> for input from outside.</exception>
    public static Capability Http(string method, Uri url) => OrThrow(CapabilityParser.Http(method, url), nameof(url));

    /// <summary>As <see cref="Http"/>, for an address from outside: a refusal instead of an exception.</summary>
    public static Result<Capability> ParseHttp(string method, string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var parsed)
            ? CapabilityParser.Http(method, parsed)
            : Refusal.Invalid($"\"{CapabilityParser.Quote(url)}\" is not a web address.", "Send an absolute address such as https://example.org/feed.xml.");

    /// <summary>The right to one file or folder of the project.</summary>
    /// <param name="verb"><c>read</c> (also <c>list</c>) or <c>write</c>.</param>
    /// <param name="projectPath">Path inside the project, with or without <c>project://</c>; no wildcards.</param>
    /// <exception cref="ArgumentException">The path leaves the project or is malformed: see <see cref="ParseFile"/> for input from outside.</exception>
    public static Capability File(string verb, string projectPath) => OrThrow(ParseFile(verb, projectPath), nameof(projectPath));

    /// <summary>As <see cref="File"/>, for a path from outside: a refusal instead of an exception.</summary>
    public static Result<Capability> ParseFile(string verb, string projectPath) => CapabilityParser.File($"file.{verb}", projectPath);

    /// <summary>A capability of that name, with or without a scope.</summary>
    /// <exception cref="ArgumentException">Name or scope are malformed: see <see cref="Parse"/> for input from outside.</exception>
    public static Capability Of(string name, string? scope = null) =>
        OrThrow(Parse(scope is null ? name : $"{name} {scope}"), nameof(scope));

    /// <summary>Whether whoever holds this also holds the other: a partial order (reflexive, transitive, antisymmetric). Allocates nothing.</summary>
    public bool Covers(Capability other) =>
        NameCovers(Name, other.Name) && VerbsCover(_verbs, other._verbs) && Scope.Covers(other.Scope);

    /// <summary>The greatest capability that both cover; null when they have nothing in common.</summary>
    public static Capability? Meet(Capability a, Capability b)
    {
        var name = NameCovers(a.Name, b.Name) ? b.Name : NameCovers(b.Name, a.Name) ? a.Name : null;
        if (name is null)
        {
            return null;
        }

        var verbs = a._verbs.Length == 0 ? b._verbs : b._verbs.Length == 0 ? a._verbs : [.. a._verbs.Intersect(b._verbs)];
        if (verbs.Length == 0 && (a._verbs.Length > 0 || b._verbs.Length > 0))
        {
            return null;
        }

        return a.Scope.Meet(b.Scope) is { } scope ? new Capability(name, verbs, scope) : null;
    }

    /// <summary>The right in plain words, to follow "may": "read from example.org, any path under /feeds".</summary>
    public string Describe() => CapabilityWords.Describe(this);

    /// <summary>The right to send classified data with the request that this is the right to: <c>data.send:person https://example.org/inbox</c>.</summary>
    internal Capability ForData(Redaction.DataClass what) => new(DataSend, [Redaction.DataClassSets.Word(what)], Scope);

    /// <summary>This capability with another scope.</summary>
    internal Capability With(CapabilityScope scope) => new(Name, _verbs, scope);

    /// <inheritdoc/>
    public bool Equals(Capability? other) => other is not null && _text == other._text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Capability);

    /// <inheritdoc/>
    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    /// <summary>The canonical text; parses to an equal capability.</summary>
    public override string ToString() => _text;

    private static bool NameCovers(string name, string other) =>
        name == other
        || (name.EndsWith(".*", StringComparison.Ordinal) && other.AsSpan().StartsWith(name.AsSpan(0, name.Length - 1), StringComparison.Ordinal));

    private static bool VerbsCover(string[] verbs, string[] others)
    {
        if (verbs.Length == 0)
        {
            return true;
        }

        foreach (var other in others)
        {
            if (Array.IndexOf(verbs, other) < 0)
            {
                return false;
            }
        }

        return others.Length > 0;
    }

    private static Capability OrThrow(Result<Capability> result, string parameter) =>
        result.TryGet(out var capability, out var refusal) ? capability : throw new ArgumentException(refusal.Message, parameter);
}
