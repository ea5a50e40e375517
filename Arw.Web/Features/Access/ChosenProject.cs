using Arw.Core.Access;
using Arw.Core.Primitives;

namespace Arw.Web.Features.Access;

/// <summary>The project that a request is about.</summary>
/// <param name="Project">Its id; null for things of no project, which only people see.</param>
internal readonly record struct ChosenProject(string? Project);

/// <summary>Which project somebody means, and whether it may be theirs.</summary>
internal static class ProjectChoiceRules
{
    /// <summary>The project that was named, or the only one that the caller is bound to.</summary>
    public static Result<ChosenProject> ProjectOf(this Principal principal, string? named)
    {
        var project = named is { Length: > 0 } ? named : principal.Projects is [var only] ? only : null;
        return principal.MayUse(project)
            ? new ChosenProject(project)
            : Refusal.Forbidden(
                project is null ? $"{principal.Actor} did not name a project." : $"{principal.Actor} is not bound to the project \"{project}\".",
                "Name a project that the credential is bound to.");
    }
}
