using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Journal;
using Arw.Core.Primitives;
using Arw.Core.State;

namespace Arw.Core.Recipes;

/// <summary>Installed recipes, folded from the journal.</summary>
/// <param name="Installed">By id.</param>
public sealed record RecipesState(ImmutableSortedDictionary<string, RecipeInstalled> Installed);

/// <summary>The gallery: shipped recipes and installed ones. <c>/state/recipes</c>: <c>{items, invalid}</c>.</summary>
public sealed class RecipesModel : DocumentModel<RecipesState>
{
    /// <inheritdoc/>
    public override string Id => "recipes";

    /// <inheritdoc/>
    protected override RecipesState Empty => new(ImmutableSortedDictionary<string, RecipeInstalled>.Empty.WithComparers(StringComparer.Ordinal));

    /// <inheritdoc/>
    protected override RecipesState Fold(RecipesState state, JournalEvent e)
    {
        if (RecipeEvents.Installed.Is(e))
        {
            var recipe = RecipeEvents.Installed.Read(e);
            return new RecipesState(state.Installed.SetItem(recipe.Id, recipe));
        }

        return RecipeEvents.Removed.Is(e) && RecipeEvents.Removed.Read(e).Id is var id && state.Installed.ContainsKey(id)
            ? new RecipesState(state.Installed.Remove(id))
            : state;
    }

    /// <inheritdoc/>
    protected override JsonNode Project(RecipesState state)
    {
        var items = new JsonArray();
        var invalid = new JsonArray();
        foreach (var (recipe, source) in Entries(state))
        {
            if (recipe.Manifest is { } manifest)
            {
                items.Add(Item(manifest, recipe.Digest, source));
            }
            else
            {
                // It was valid when it was installed: a rule has become stricter since.
                invalid.Add(new JsonObject
                {
                    ["digest"] = recipe.Digest,
                    ["source"] = source,
                    ["problems"] = JsonSerializer.SerializeToNode(recipe.Problems, ArwJson.Options),
                });
            }
        }

        return new JsonObject { ["items"] = items, ["invalid"] = invalid };
    }

    internal static IEnumerable<(LoadedManifest Recipe, string Source)> Entries(RecipesState state) =>
        ShippedRecipes.All.Select(r => (r, "shipped"))
            .Concat(state.Installed.Values.Select(r => (ManifestLoader.Load(r.Manifest), r.Source)));

    private static JsonObject Item(RecipeManifest manifest, string digest, string source) => new()
    {
        ["id"] = manifest.Id,
        ["name"] = manifest.Name,
        ["version"] = manifest.Version,
        ["digest"] = digest,
        ["source"] = source,
        ["tags"] = JsonSerializer.SerializeToNode(manifest.Tags, ArwJson.Options),
        ["tools"] = JsonSerializer.SerializeToNode(manifest.Tools.Select(t => t.Id), ArwJson.Options),
        ["permissions"] = JsonSerializer.SerializeToNode(manifest.Permissions, ArwJson.Options),
        ["inputs"] = manifest.Inputs?.DeepClone(),
        ["model"] = JsonSerializer.SerializeToNode(manifest.Model, ArwJson.Options),
        ["ui"] = JsonSerializer.SerializeToNode(manifest.Ui, ArwJson.Options),
        ["notes"] = manifest.Notes,
    };
}
