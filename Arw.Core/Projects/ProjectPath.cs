using System.Text;
using Arw.Core.Primitives;

namespace Arw.Core.Projects;

/// <summary>A place inside a project, <c>project://notes/today.md</c>: parsed once, safe by construction.</summary>
public sealed record ProjectPath
{
    /// <summary>The scheme with its slashes.</summary>
    public const string Scheme = "project://";

    private const int MaxBytes = 1024;
    private const int MaxDepth = 32;

    private ProjectPath(IReadOnlyList<string> segments) => Segments = segments;

    /// <summary>The project's own folder.</summary>
    public static ProjectPath Root { get; } = new([]);

    /// <summary>Names from the project's folder down; empty for the folder itself.</summary>
    public IReadOnlyList<string> Segments { get; }

    /// <summary>The last name; empty for the project's folder.</summary>
    public string Name => Segments.Count == 0 ? "" : Segments[^1];

    /// <summary>The path without scheme, <c>notes/today.md</c>.</summary>
    public string Relative => string.Join('/', Segments);

    /// <summary>The folder above; the root's is itself.</summary>
    public ProjectPath Parent => Segments.Count <= 1 ? Root : new([.. Segments.Take(Segments.Count - 1)]);

    /// <summary>Reads <c>project://a/b</c>; one slash at the end is allowed. Everything that could leave the project, or mean two things, is refused (422).</summary>
    public static Result<ProjectPath> Parse(string? uri)
    {
        if (uri is null || !uri.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return Bad(uri, $"does not begin with \"{Scheme}\"");
        }

        var rest = uri[Scheme.Length..];
        if (rest.Length == 0)
        {
            return Root;
        }

        if (Encoding.UTF8.GetByteCount(rest) > MaxBytes)
        {
            return Bad(uri[..64] + "…", $"is longer than {MaxBytes} bytes");
        }

        var segments = (rest[^1] == '/' ? rest[..^1] : rest).Split('/');
        if (segments.Length > MaxDepth)
        {
            return Bad(uri, $"is deeper than {MaxDepth} folders");
        }

        foreach (var segment in segments)
        {
            if (PathSegment.Fault(segment) is { } fault)
            {
                return Bad(uri, fault);
            }
        }

        return new ProjectPath(segments);
    }

    /// <summary>Reads a path that must name a file: not the project's folder, no slash at the end.</summary>
    public static Result<ProjectPath> ParseFile(string? uri)
    {
        if (!Parse(uri).TryGet(out var path, out var refusal))
        {
            return refusal;
        }

        return path.Segments.Count == 0 || uri![^1] == '/' ? Bad(uri, "names a folder, not a file") : path;
    }

    /// <summary>A file or folder below this one.</summary>
    public Result<ProjectPath> Child(string name) => Parse(Scheme + (Segments.Count == 0 ? name : $"{Relative}/{name}"));

    /// <inheritdoc/>
    public bool Equals(ProjectPath? other) => other is not null && Segments.SequenceEqual(other.Segments, StringComparer.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => Relative.GetHashCode(StringComparison.Ordinal);

    /// <summary>The full form, <c>project://notes/today.md</c>.</summary>
    public override string ToString() => Scheme + Relative;

    private static Refusal Bad(string? uri, string fault) => Refusal.Invalid(
        $"The path \"{uri}\" {fault}.", "Write a path inside the project, such as project://notes/today.md.");
}
