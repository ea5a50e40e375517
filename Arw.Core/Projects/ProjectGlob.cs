using System.Text.RegularExpressions;
using Arw.Core.Primitives;

namespace Arw.Core.Projects;

/// <summary>What to list: a folder, or names with <c>*</c> (within a name), <c>?</c> (one character) and <c>**</c> (any folders).</summary>
public sealed class ProjectGlob
{
    private readonly Regex? _pattern;

    private ProjectGlob(string text, ProjectPath folder, Regex? pattern, bool deep) =>
        (Text, Folder, _pattern, Deep) = (text, folder, pattern, deep);

    /// <summary>As written.</summary>
    public string Text { get; }

    /// <summary>The folder that the search starts in: all names before the first wildcard.</summary>
    public ProjectPath Folder { get; }

    /// <summary>True when it looks into folders below.</summary>
    public bool Deep { get; }

    /// <summary>True when the path, relative to the project, is one of those asked for.</summary>
    public bool Matches(string relative) => _pattern?.IsMatch(relative) ?? true;

    /// <summary>Reads <c>project://feeds</c> or <c>project://feeds/**/*.xml</c>; refuses what <see cref="ProjectPath.Parse"/> refuses.</summary>
    public static Result<ProjectGlob> Parse(string? uri)
    {
        // Wildcards are checked in disguise: a name that is fine with letters in their place is fine with them.
        if (!ProjectPath.Parse(uri?.Replace('*', 'a').Replace('?', 'a')).TryGet(out var disguised, out var refusal))
        {
            return refusal.Message.Contains('"', StringComparison.Ordinal) && uri is not null
                ? refusal with { Message = refusal.Message.Replace(uri.Replace('*', 'a').Replace('?', 'a'), uri, StringComparison.Ordinal) }
                : refusal;
        }

        var names = uri![ProjectPath.Scheme.Length..].Split('/')[..disguised.Segments.Count];
        var plain = names.TakeWhile(n => n.AsSpan().IndexOfAny('*', '?') < 0).ToArray();
        var folder = ProjectPath.Parse(ProjectPath.Scheme + string.Join('/', plain));
        if (!folder.TryGet(out var start, out refusal))
        {
            return refusal;
        }

        if (plain.Length == names.Length)
        {
            return new ProjectGlob(uri, start, null, deep: false);
        }

        var parts = names.Select((n, i) => n == "**"
            ? (i == names.Length - 1 ? ".*" : "(?:[^/]+/)*")
            : Regex.Escape(n).Replace(@"\*", "[^/]*", StringComparison.Ordinal).Replace(@"\?", "[^/]", StringComparison.Ordinal)
              + (i == names.Length - 1 ? "" : "/"));
        var pattern = new Regex($"^{string.Concat(parts)}$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        return new ProjectGlob(uri, start, pattern, deep: names.Length - plain.Length > 1 || names[^1].Contains("**", StringComparison.Ordinal));
    }
}
