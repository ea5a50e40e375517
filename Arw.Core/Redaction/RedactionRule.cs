using System.Collections.Concurrent;
using System.ComponentModel;
using System.Text;
using System.Text.RegularExpressions;
using Arw.Core.Primitives;

namespace Arw.Core.Redaction;

/// <summary>A detector that a person wrote, with the samples that show that it does what it should. Matched in linear time.</summary>
public sealed record RedactionRule
{
    private const int MaxPattern = 500;
    private const int MaxSamples = 50;
    private const int LeastKeyword = 3;

    /// <summary>Its name in tags, 1 to 40 of a-z, 0-9 and hyphen.</summary>
    [Description("Its name in tags, 1 to 40 of a-z, 0-9 and hyphen")]
    public required string Id { get; init; }

    /// <summary>A regular expression without look-around and back-references.</summary>
    [Description("Regular expression; look-around and back-references are not possible. The group named secret, or the whole match, is replaced")]
    public required string Pattern { get; init; }

    /// <summary>A text that every match contains; only values that hold it are looked at.</summary>
    [Description("At least 3 characters that stand in every match, in the same capitals: only values that hold them are looked at")]
    public required string Keyword { get; init; }

    /// <summary>What sort of thing it finds; custom by default.</summary>
    [Description("custom (default), credential, financial or person")]
    public DataClass Class { get; init; } = DataClass.Custom;

    /// <summary>Texts in which it must find something; at least one.</summary>
    [Description("Texts in which it must find something, made up ones; at least one")]
    public required IReadOnlyList<string> Matches { get; init; }

    /// <summary>Texts in which it must find nothing; at least one.</summary>
    [Description("Texts in which it must find nothing; at least one")]
    public required IReadOnlyList<string> Passes { get; init; }

    /// <summary>Why the rule cannot be set, naming the sample that failed; null when all its tests hold.</summary>
    public Refusal? Fault()
    {
        if (Id.Length is 0 or > 40 || !Id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
        {
            return Refusal.Invalid($"\"{Id}\" is no name for a rule.", "Use 1 to 40 of a-z, 0-9 and hyphen.");
        }

        if (SecretIndex.Shipped.Any(d => d.Kind.Id == Id) || Id is "canary" or "home-secret")
        {
            return Refusal.Invalid($"\"{Id}\" is the name of a kind that every home finds.", "Choose another name.");
        }

        if (Pattern.Length is 0 or > MaxPattern || Keyword.Length < LeastKeyword || Keyword.Length > MaxPattern)
        {
            return Refusal.Invalid("The pattern or the keyword is too short or too long.", $"A pattern has 1 to {MaxPattern} characters, a keyword at least {LeastKeyword}.");
        }

        if (Matches.Count is 0 or > MaxSamples || Passes.Count is 0 or > MaxSamples)
        {
            return Refusal.Invalid("A rule needs its tests.", $"Give 1 to {MaxSamples} texts that it must find something in, and as many that it must leave alone.");
        }

        try
        {
            Regex(Pattern);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return Refusal.Invalid($"The pattern cannot be used: {e.Message}", "Correct it; look-around and back-references are not possible.");
        }

        return Matches.FirstOrDefault(m => Find(Encoding.UTF8.GetBytes(m)).Count == 0) is { } missed
                ? Refusal.Invalid($"The rule finds nothing in \"{missed}\".", "Correct the pattern, the keyword or the sample. The rule was not set.")
            : Passes.FirstOrDefault(p => Find(Encoding.UTF8.GetBytes(p)).Count > 0) is { } caught
                ? Refusal.Invalid($"The rule finds something in \"{caught}\", which it must leave alone.", "Narrow the pattern. The rule was not set.")
            : null;
    }

    /// <summary>What the rule finds in a text.</summary>
    internal IReadOnlyList<Finding> Find(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IndexOf(Encoding.UTF8.GetBytes(Keyword)) < 0)
        {
            return [];
        }

        var kind = new SecretKind(Id, Class, Id, "a rule of this home");
        var text = Encoding.UTF8.GetString(utf8);
        var found = new List<Finding>();
        var (characters, bytes) = (0, 0);
        for (var match = Regex(Pattern).Match(text); match.Success; match = match.NextMatch())
        {
            Capture secret = match.Groups["secret"] is { Success: true } group ? group : match;
            if (secret.Length == 0 || secret.Index < characters)
            {
                continue;
            }

            // Places in characters become places in bytes, each part counted once.
            bytes += Encoding.UTF8.GetByteCount(text.AsSpan(characters, secret.Index - characters));
            characters = secret.Index;
            var length = Encoding.UTF8.GetByteCount(secret.ValueSpan);
            found.Add(new Finding(kind, bytes, length));
        }

        return found;
    }

    private static readonly ConcurrentDictionary<string, Regex> Compiled = new(StringComparer.Ordinal);

    private static Regex Regex(string pattern) => Compiled.GetOrAdd(
        pattern, static p => new Regex(p, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)));
}
