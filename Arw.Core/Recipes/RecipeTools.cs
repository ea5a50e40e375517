using Arw.Core.Actions;
using Arw.Core.Primitives;

namespace Arw.Core.Recipes;

/// <summary>The action kinds that recipes may use as tools.</summary>
/// <param name="kinds">All kinds of this home; asked for late, because the recipe kinds are among them.</param>
internal sealed class RecipeTools(Func<IEnumerable<ActionKind>> kinds)
{
    private readonly Lazy<IReadOnlyDictionary<string, ActionKind>> _kinds = new(() => kinds().ToDictionary(k => k.Id, StringComparer.Ordinal));

    /// <summary>The tool, or why a recipe cannot use it.</summary>
    public Result<ActionKind> Find(string id)
    {
        if (!_kinds.Value.TryGetValue(id, out var kind))
        {
            return Refusal.Invalid($"The tool \"{id}\" does not exist here.", "Install the pack that brings it, or change the recipe.");
        }

        // A run acts for the person who launched it: it must not be able to grant, approve or configure in their name, nor start runs without end.
        return kind.Control || kind.Orchestrates
            ? Refusal.Forbidden($"\"{id}\" is not for recipes.", "Remove the step; people do this themselves.")
            : kind;
    }
}
