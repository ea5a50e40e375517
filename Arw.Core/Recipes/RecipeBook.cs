using Arw.Core.Primitives;

namespace Arw.Core.Recipes;

/// <summary>A recipe that can be launched.</summary>
/// <param name="Manifest">The manifest.</param>
/// <param name="Text">Its text.</param>
/// <param name="Digest">Digest of that text's bytes: what is accepted.</param>
/// <param name="Source"><c>shipped</c>, or where it was installed from.</param>
public sealed record RecipeEntry(RecipeManifest Manifest, string Text, string Digest, string Source);

/// <summary>Finds recipes in the gallery.</summary>
/// <param name="model">The gallery.</param>
public sealed class RecipeBook(RecipesModel model)
{
    /// <summary>All valid recipes, shipped ones first.</summary>
    public IReadOnlyList<RecipeEntry> All =>
        [.. RecipesModel.Entries(model.Current).Where(e => e.Recipe.Manifest is not null)
            .Select(e => new RecipeEntry(e.Recipe.Manifest!, e.Recipe.Text, e.Recipe.Digest, e.Source))];

    /// <summary>The recipe of that id; a refusal (404) when there is none, (409) when another version is asked for.</summary>
    /// <param name="id">Recipe id.</param>
    /// <param name="version">The version that is expected; null = whichever is there.</param>
    public Result<RecipeEntry> Find(string id, string? version = null)
    {
        if (ShippedRecipes.Find(id) is { Manifest: { } shipped } recipe)
        {
            return Versioned(new RecipeEntry(shipped, recipe.Text, recipe.Digest, "shipped"), version);
        }

        if (!model.Current.Installed.TryGetValue(id, out var installed))
        {
            return Refusal.NotFound("recipe", id);
        }

        var loaded = ManifestLoader.Load(installed.Manifest);
        return loaded.AsResult().TryGet(out var manifest, out var refusal)
            ? Versioned(new RecipeEntry(manifest, loaded.Text, loaded.Digest, installed.Source), version)
            : refusal;
    }

    private static Result<RecipeEntry> Versioned(RecipeEntry entry, string? version) => version is null || version == entry.Manifest.Version
        ? entry
        : Refusal.Conflict($"\"{entry.Manifest.Id}\" is at version {entry.Manifest.Version}, not {version}.", "Launch the version that is installed, or install the other one.");
}
