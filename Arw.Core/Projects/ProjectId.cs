using Arw.Core.Primitives;

namespace Arw.Core.Projects;

/// <summary>The rule for project ids: they are folder names, parts of capabilities and of addresses, so they stay plain.</summary>
public static class ProjectId
{
    /// <summary>Longest id, in characters.</summary>
    public const int MaxLength = 48;

    private static readonly System.Buffers.SearchValues<char> Allowed = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>True for <c>[a-z0-9][a-z0-9-]{0,47}</c> that is no device name.</summary>
    public static bool IsWellFormed(string? id) =>
        id is { Length: > 0 and <= MaxLength } && id[0] != '-'
        && id.AsSpan().IndexOfAnyExcept(Allowed) < 0
        && !PathSegment.IsDeviceName(id);

    /// <summary>The id itself, or a refusal that quotes it.</summary>
    public static Result<string> Check(string? id) => IsWellFormed(id)
        ? id!
        : Refusal.Invalid($"\"{id}\" is no project id.", "Use 1 to 48 lower-case letters, digits and hyphens, beginning with a letter or digit.");
}
