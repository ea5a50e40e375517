using Arw.Core.Beliefs;
using Arw.Core.Primitives;
using Arw.Core.Projects;

namespace Arw.Core.World;

/// <summary>Ids of the map's nodes.</summary>
public static class WorldIds
{
    private const int MaxName = 120;

    /// <summary>A belief's node.</summary>
    public static string Claim(string beliefId) => BeliefEvents.Subject(beliefId);

    /// <summary>A thing by its name.</summary>
    public static string Entity(string? project, string name) => Named("entity", project, BeliefIdentity.Normalise(name));

    /// <summary>A topic by its name.</summary>
    public static string Topic(string? project, string name) => Named("topic", project, BeliefIdentity.Normalise(name));

    /// <summary>A file of the project.</summary>
    public static string File(string? project, string path) => Named("file", project, path[ProjectPath.Scheme.Length..]);

    /// <summary>An action.</summary>
    public static string Task(string? project, string actionId) => Named("task", project, actionId);

    /// <summary>Somebody.</summary>
    public static string Actor(string? project, string actor) => Named("actor", project, actor);

    /// <summary>A project.</summary>
    public static string Project(string id) => Named("project", id, id);

    /// <summary>Where a belief comes from: a file's node for files of the project.</summary>
    public static string Source(string? project, BeliefSource source) =>
        IsFile(source) ? File(project, source.Key) : Named("source", project, source.Key);

    /// <summary>What a relation leads to: a belief by its id, else the thing of that name.</summary>
    public static string Target(string? project, string target) =>
        target.StartsWith("belief:", StringComparison.Ordinal) ? target : Entity(project, target);

    /// <summary>True when the source is a file of the project.</summary>
    public static bool IsFile(BeliefSource source) => source.Key.StartsWith(ProjectPath.Scheme, StringComparison.Ordinal);

    // Long names are told apart by their digest.
    private static string Named(string kind, string? project, string name) =>
        $"{kind}:{project}/{(name.Length <= MaxName ? name : string.Concat(name.AsSpan(0, MaxName), "~", Digest.Of(name).AsSpan(7, 16)))}";
}
