using System.Globalization;
using System.Text;
using Arw.Core.Primitives;

namespace Arw.Core.Policy.Capabilities;

/// <summary>Where a capability's text went wrong.</summary>
/// <param name="Position">The character, counted from 1.</param>
public sealed record CapabilityFault(int Position);

/// <summary>Reads <c>name[:verbs][ scope]</c> and its older spellings.</summary>
internal static class CapabilityParser
{
    private const int MaxLength = 4096;
    private const string Next = "Write name[:verbs][ scope], for example net.http:GET https://example.org/feeds/* or file.write project://notes/**.";

    public static Result<Capability> Parse(string text)
    {
        try
        {
            return Read(text);
        }
        catch (CapabilitySyntaxException e)
        {
            // An older spelling is read as its modern text, which may be longer.
            var position = Math.Min(e.At, text.Length) + 1;
            return Refusal.Invalid(
                $"The capability \"{Quote(text)}\" is not understood at character {position.ToString(CultureInfo.InvariantCulture)}: {e.Message}.",
                Next,
                new CapabilityFault(position));
        }
    }

    /// <summary>The right to one request.</summary>
    public static Result<Capability> Http(string method, Uri url)
    {
        if (!url.IsAbsoluteUri || url.Scheme is not ("http" or "https"))
        {
            return Refusal.Invalid($"\"{Quote(url.OriginalString)}\" is not a web address.", "Use an absolute http or https address.");
        }

        if (HostPattern.Parse(Host(url), out var fault) is not { IsLiteral: true } host)
        {
            return Refusal.Invalid($"The host of \"{Quote(url.OriginalString)}\" cannot be used: {fault ?? "it is a pattern"}.", "Check the address.");
        }

        try
        {
            var verbs = Verbs(method, 0, http: true);
            if (verbs.Length != 1)
            {
                return Refusal.Invalid($"\"{Quote(method)}\" is not one HTTP method.", "Use GET, HEAD, POST and the like.");
            }

            var capability = new Capability("net.http", verbs, new HttpScope(url.Scheme, host, url.Port, UrlPath.Concrete(url.AbsolutePath)));
            return url.Port > 0 && capability.ToString().Length <= MaxLength
                ? capability
                : Refusal.Invalid($"The address \"{Quote(url.OriginalString)}\" is too long or has no port.", "Use an address of at most 4,096 characters.");
        }
        catch (CapabilitySyntaxException e)
        {
            return Refusal.Invalid($"The request \"{Quote(method)} {Quote(url.OriginalString)}\" cannot be made: {e.Message}.", "Check the method and the address.");
        }
    }

    // A numeric address is judged as the one that it will be connected to, whatever base it was written in.
    private static string Host(Uri url)
    {
        try
        {
            return url.HostNameType == UriHostNameType.IPv6 ? url.Host : url.IdnHost;
        }
        catch (UriFormatException)
        {
            return "";
        }
    }

    /// <summary>The right to one file.</summary>
    public static Result<Capability> File(string name, string projectPath)
    {
        var path = projectPath.StartsWith(FileScope.Prefix, StringComparison.Ordinal) ? projectPath : FileScope.Prefix + projectPath;
        return !Parse($"{name} {path}").TryGet(out var capability, out var refusal) ? refusal
            : capability.Scope.IsConcrete ? capability
            : Refusal.Invalid($"The path \"{Quote(projectPath)}\" has a wildcard in it.", "Name one file.");
    }

    /// <summary>Foreign text, safe to show inside a sentence.</summary>
    public static string Quote(string text)
    {
        var shown = text.Length > 200 ? text[..200] + "…" : text;
        return string.Create(shown.Length, shown, static (span, s) =>
        {
            for (var i = 0; i < s.Length; i++)
            {
                span[i] = IsHidden(s[i]) || char.IsSurrogate(s[i]) || s[i] == '"' ? '\uFFFD' : s[i];
            }
        });
    }

    /// <summary>Characters that would not be seen, or would change how their neighbours are seen.</summary>
    public static bool IsHidden(char c) => char.GetUnicodeCategory(c)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static Capability Read(string text)
    {
        Check(text);
        if (CapabilityAlias.Expand(text) is { } modern)
        {
            return Read(modern);
        }

        var space = text.IndexOf(' ', StringComparison.Ordinal);
        var head = space < 0 ? text : text[..space];
        var colon = head.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? head : head[..colon];
        CheckName(name);
        var verbs = colon < 0 ? [] : Verbs(head[(colon + 1)..], colon + 1, http: name.StartsWith("net.", StringComparison.Ordinal));
        if (space == text.Length - 1)
        {
            throw new CapabilitySyntaxException(space, "a space ends it, where a scope should follow");
        }

        var scope = space < 0 ? null : text[(space + 1)..];
        return new Capability(name, verbs, ScopeParser.Parse(name, scope, space + 1));
    }

    private static void Check(string text)
    {
        if (text.Length == 0)
        {
            throw new CapabilitySyntaxException(0, "it is empty");
        }

        if (text.Length > MaxLength)
        {
            throw new CapabilitySyntaxException(MaxLength, "it is longer than 4,096 characters");
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (IsHidden(text[i]))
            {
                throw new CapabilitySyntaxException(i, $"the hidden character U+{(int)text[i]:X4} is not allowed");
            }

            if (char.IsSurrogate(text[i]))
            {
                if (!Rune.TryGetRuneAt(text, i, out _))
                {
                    throw new CapabilitySyntaxException(i, "half a character");
                }

                i++;
            }
        }
    }

    private static void CheckName(string name)
    {
        var body = name.EndsWith(".*", StringComparison.Ordinal) ? name[..^2] : name;
        var start = true;
        for (var i = 0; i < body.Length; i++)
        {
            var c = body[i];
            var fits = start ? char.IsAsciiLetterLower(c) : char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '-' or '.';
            if (!fits)
            {
                throw new CapabilitySyntaxException(i, "a name is lower-case words joined by dots");
            }

            start = c == '.';
        }

        if (start)
        {
            throw new CapabilitySyntaxException(body.Length, "a name is lower-case words joined by dots");
        }
    }

    private static string[] Verbs(string text, int at, bool http)
    {
        if (text == "*")
        {
            return [];
        }

        var verbs = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var word in text.Split(','))
        {
            if (word.Length is 0 or > 32 || !word.All(c => char.IsAsciiLetter(c) || c is '-' or '_'))
            {
                throw new CapabilitySyntaxException(at, "verbs are words joined by commas");
            }

            verbs.Add(http ? word.ToUpperInvariant() : word.ToLowerInvariant());
            at += word.Length + 1;
        }

        return [.. verbs];
    }
}

/// <summary>Ends reading at a character. Never leaves <see cref="CapabilityParser"/>.</summary>
internal sealed class CapabilitySyntaxException(int at, string message) : Exception(message)
{
    public int At { get; } = at;
}
