using System.ComponentModel;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Policy;
using Arw.Core.Primitives;

namespace Arw.Core.Recipes;

/// <summary>Input of <c>recipe.install</c>: exactly one of path, content and text.</summary>
public sealed record RecipeInstallInput(
    [property: Description("Absolute path of a folder, a manifest file or a zip archive on this machine.")] string? Path = null,
    [property: Description("An uploaded manifest or zip archive, in base64.")] string? Content = null,
    [property: Description("The manifest's text, YAML or JSON.")] string? Text = null);

/// <summary><c>recipe.install</c>: checks a manifest and takes it into the gallery. The journal keeps its text; a newer version replaces the older one.</summary>
internal sealed class RecipeInstall(RecipeBook book) : ActionKind<RecipeInstallInput>
{
    public override string Id => "recipe.install";

    public override string Title => "Install a recipe";

    public override string Summary => "Checks a recipe manifest from a folder, file, zip archive or upload and adds it to the gallery. It gets no permission by that.";

    public override Effects Effects => Effects.None;

    public override bool Control => true;

    protected override Result<IReadOnlyList<Capability>> Needs(RecipeInstallInput input, ActionContext context) =>
        new[] { input.Path, input.Content, input.Text }.Count(x => x is not null) == 1
            ? Array.Empty<Capability>()
            : Refusal.Invalid("Exactly one of path, content and text is expected.", "Send a path, an upload in base64, or the text.");

    protected override async Task<Result<JsonNode?>> RunAsync(RecipeInstallInput input, ActionRun run, CancellationToken cancel)
    {
        if (!Bytes(input).TryGet(out var bytes, out var refusal))
        {
            return refusal;
        }

        var loaded = ManifestLoader.Load(bytes);
        if (!loaded.AsResult().TryGet(out var manifest, out refusal))
        {
            return refusal;
        }

        var known = book.Find(manifest.Id);
        if (known is { Ok: true, Value.Source: "shipped" })
        {
            return Refusal.Conflict($"\"{manifest.Id}\" is the id of a recipe that comes with this home.", "Give yours another id.");
        }

        if (known is { Ok: true } same && same.Value.Digest != loaded.Digest && same.Value.Manifest.Version == manifest.Version)
        {
            return Refusal.Conflict($"\"{manifest.Id}\" {manifest.Version} is installed with other content.", "Raise its version, or remove the installed one first.");
        }

        var source = input.Path is { } path ? $"file {System.IO.Path.GetFileName(path.TrimEnd('/', '\\'))}" : "upload";
        if (known is not { Ok: true } || known.Value.Digest != loaded.Digest)
        {
            var payload = new RecipeInstalled(manifest.Id, manifest.Version, manifest.Name, loaded.Digest, loaded.Text, source);
            await run.AppendAsync([RecipeEvents.Installed.Draft(payload, run.Context.Principal.Actor, RecipeEvents.Subject(manifest.Id))], cancel);
        }

        return new JsonObject { ["id"] = manifest.Id, ["version"] = manifest.Version, ["digest"] = loaded.Digest };
    }

    private static Result<byte[]> Bytes(RecipeInstallInput input)
    {
        if (input.Path is { } path)
        {
            return RecipePackage.FromPath(path);
        }

        if (input.Text is { } text)
        {
            return System.Text.Encoding.UTF8.GetBytes(text);
        }

        var bytes = new byte[input.Content!.Length];
        return Convert.TryFromBase64String(input.Content, bytes, out var written)
            ? RecipePackage.FromBytes(bytes[..written])
            : Refusal.Invalid("The upload is no base64.", "Encode the file in base64.");
    }
}

/// <summary>Input of <c>recipe.remove</c>.</summary>
public sealed record RecipeRemoveInput([property: Description("Id of an installed recipe.")] string Id);

/// <summary><c>recipe.remove</c>: takes an installed recipe out of the gallery. Its runs stay in the journal.</summary>
internal sealed class RecipeRemove(RecipesModel model) : ActionKind<RecipeRemoveInput>
{
    public override string Id => "recipe.remove";

    public override string Title => "Remove a recipe";

    public override string Summary => "Takes an installed recipe out of the gallery. Shipped recipes stay.";

    public override Effects Effects => Effects.None;

    public override bool Control => true;

    protected override Result<IReadOnlyList<Capability>> Needs(RecipeRemoveInput input, ActionContext context) => Array.Empty<Capability>();

    protected override async Task<Result<JsonNode?>> RunAsync(RecipeRemoveInput input, ActionRun run, CancellationToken cancel)
    {
        if (!model.Current.Installed.ContainsKey(input.Id))
        {
            return ShippedRecipes.Find(input.Id) is null
                ? Refusal.NotFound("installed recipe", input.Id)
                : Refusal.Conflict($"\"{input.Id}\" comes with this home and cannot be removed.");
        }

        await run.AppendAsync([RecipeEvents.Removed.Draft(new RecipeRemoved(input.Id), run.Context.Principal.Actor, RecipeEvents.Subject(input.Id))], cancel);
        return new JsonObject { ["id"] = input.Id };
    }
}
