using Arw.Core.Actions;
using Arw.Core.Policy;
using Arw.Core.Primitives;
using Arw.Core.Projects;

namespace Arw.Core.Files;

/// <summary>What the file actions need before anything happens.</summary>
internal static class FileNeeds
{
    /// <summary>The capability to read or write a file of the action's project.</summary>
    public static Result<IReadOnlyList<Capability>> Of(string verb, string path, ActionContext context) =>
        !InProject(context).TryGet(out _, out var refusal)
        || !ProjectPath.ParseFile(path).TryGet(out var parsed, out refusal)
        || !Capability.ParseFile(verb, parsed.ToString()).TryGet(out var need, out refusal)
            ? refusal
            : new[] { need };

    /// <summary>The action's project, or a refusal: files exist in projects only.</summary>
    public static Result<string> InProject(ActionContext context) => context.Project is { } project
        ? project
        : Refusal.Invalid("Files belong to a project, and this action names none.", "Submit it with \"project\".");
}
