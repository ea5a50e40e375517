using System.ComponentModel;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Policy;
using Arw.Core.Primitives;

namespace Arw.Core.Models;

/// <summary><c>model.register</c>: adds a manifest, or replaces the one of its id.</summary>
internal sealed class RegisterModelAction : ActionKind<ModelManifest>
{
    public override string Id => "model.register";

    public override string Title => "Register a model";

    public override string Summary => "Makes a language model behind an OpenAI-compatible endpoint known, or replaces what is known about it.";

    public override Effects Effects => Effects.None;

    public override bool Control => true;

    protected override Result<IReadOnlyList<Capability>> Needs(ModelManifest input, ActionContext context) =>
        input.Fault() is { } fault ? fault : Array.Empty<Capability>();

    protected override string Describe(ModelManifest input) => $"Register the model {input.Id}";

    protected override async Task<Result<JsonNode?>> RunAsync(ModelManifest input, ActionRun run, CancellationToken cancel)
    {
        await run.AppendAsync([ModelEvents.Registered.Draft(input, run.Context.Principal.Actor, ModelEvents.Subject(input.Id))], cancel);
        return new JsonObject { ["id"] = input.Id };
    }
}

/// <summary>Input of <c>model.remove</c>.</summary>
/// <param name="Id">The model's id.</param>
public sealed record RemoveModelInput([property: Description("Id of the model.")] string Id);

/// <summary><c>model.remove</c>: forgets a manifest.</summary>
internal sealed class RemoveModelAction(ModelCatalogue models) : ActionKind<RemoveModelInput>
{
    public override string Id => "model.remove";

    public override string Title => "Remove a model";

    public override string Summary => "Forgets a registered language model. Chats that run go on.";

    public override Effects Effects => Effects.None;

    public override bool Control => true;

    protected override Result<IReadOnlyList<Capability>> Needs(RemoveModelInput input, ActionContext context) => Array.Empty<Capability>();

    protected override string Describe(RemoveModelInput input) => $"Remove the model {input.Id}";

    protected override async Task<Result<JsonNode?>> RunAsync(RemoveModelInput input, ActionRun run, CancellationToken cancel)
    {
        if (models.Find(input.Id) is null)
        {
            return Refusal.NotFound("model", input.Id);
        }

        await run.AppendAsync([ModelEvents.Removed.Draft(new ModelRemoved(input.Id), run.Context.Principal.Actor, ModelEvents.Subject(input.Id))], cancel);
        return new JsonObject { ["id"] = input.Id };
    }
}
