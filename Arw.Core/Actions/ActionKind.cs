using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using Arw.Core.Policy;
using Arw.Core.Primitives;

namespace Arw.Core.Actions;

/// <summary>A kind of action: everything that writes, reads outside, or spends is one. The schema is the API contract, the form and the MCP tool in one.</summary>
public abstract class ActionKind
{
    /// <summary>Lower-case dotted id, <c>file.write</c>.</summary>
    public abstract string Id { get; }

    /// <summary>Version of the contract; 1 by default, raised when the schema changes.</summary>
    public virtual int Version => 1;

    /// <summary>A short name for pages: "Write a file".</summary>
    public abstract string Title { get; }

    /// <summary>One or two sentences: what it does, for people and for models.</summary>
    public abstract string Summary { get; }

    /// <summary>What it changes; decides staging and how a retry is marked.</summary>
    public abstract Effects Effects { get; }

    /// <summary>A control action (grant, revoke, answer, cancel, posture, settings): runs inline at submit, for people only, past queue, cap, staging and kill switch. False by default.</summary>
    public virtual bool Control => false;

    /// <summary>It mostly waits for actions of its own (a recipe run), so it takes no slot of its project's concurrency. False by default.</summary>
    public virtual bool Orchestrates => false;

    /// <summary>JSON Schema (draft 2020-12) of the input.</summary>
    public abstract JsonNode InputSchema { get; }

    /// <summary>The capabilities that this input needs, concrete, before anything happens. Pure: no I/O, no clock. A refusal (422) for input that the schema cannot judge.</summary>
    public abstract Result<IReadOnlyList<Capability>> Needs(JsonElement input, ActionContext context);

    /// <summary>One line for people: verb, object, place: "Read the feed at alignment.example.org". The title by default.</summary>
    public virtual string Describe(JsonElement input) => Title;

    /// <summary>Id of the recipe that an input asks to run; null (the default) for actions that run none. Leases held by <c>recipe:ID</c> count for it and for all actions below it.</summary>
    public virtual string? RecipeOf(JsonElement input) => null;

    /// <summary>Does it. Refusals fail the action with their code; exceptions fail it with code <c>fault</c>. Before each effect ask <see cref="ActionRun.DemandAsync"/>.</summary>
    public abstract Task<Result<JsonNode?>> RunAsync(JsonElement input, ActionRun run, CancellationToken cancel);
}

/// <summary>A kind of action with a typed input; the schema is derived from the type.</summary>
/// <typeparam name="TInput">An immutable record; <c>[Description]</c> attributes become field help.</typeparam>
public abstract class ActionKind<TInput> : ActionKind
    where TInput : class
{
    private JsonNode? _schema;

    /// <inheritdoc/>
    public override JsonNode InputSchema => _schema ??= ActionSchema.Of(typeof(TInput));

    /// <inheritdoc cref="ActionKind.Needs"/>
    protected abstract Result<IReadOnlyList<Capability>> Needs(TInput input, ActionContext context);

    /// <inheritdoc cref="ActionKind.Describe"/>
    protected virtual string Describe(TInput input) => Title;

    /// <inheritdoc cref="ActionKind.RunAsync"/>
    protected abstract Task<Result<JsonNode?>> RunAsync(TInput input, ActionRun run, CancellationToken cancel);

    /// <inheritdoc/>
    public sealed override Result<IReadOnlyList<Capability>> Needs(JsonElement input, ActionContext context) =>
        Parse(input).TryGet(out var typed, out var refusal) ? Needs(typed, context) : refusal;

    /// <inheritdoc/>
    public sealed override string Describe(JsonElement input) =>
        Parse(input).TryGet(out var typed, out _) ? Describe(typed) : Title;

    /// <inheritdoc/>
    public sealed override async Task<Result<JsonNode?>> RunAsync(JsonElement input, ActionRun run, CancellationToken cancel) =>
        Parse(input).TryGet(out var typed, out var refusal) ? await RunAsync(typed, run, cancel) : refusal;

    private static Result<TInput> Parse(JsonElement input)
    {
        try
        {
            return input.Deserialize<TInput>(ArwJson.Strict) is { } typed
                ? typed
                : Refusal.Invalid("The input is null.", "Send an object.");
        }
        catch (JsonException e)
        {
            return Refusal.Invalid(e.Message, "See the action's schema under /spec/schemas.");
        }
    }
}

/// <summary>Schemas of action inputs, from their types.</summary>
public static class ActionSchema
{
    /// <summary>The draft 2020-12 schema of a type: required members, no additional ones, descriptions from <see cref="System.ComponentModel.DescriptionAttribute"/>.</summary>
    public static JsonNode Of(Type type)
    {
        var schema = ArwJson.Strict.GetJsonSchemaAsNode(type, new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = static (context, node) =>
            {
                var description = context.PropertyInfo?.AttributeProvider?
                    .GetCustomAttributes(typeof(System.ComponentModel.DescriptionAttribute), inherit: true)
                    .OfType<System.ComponentModel.DescriptionAttribute>().FirstOrDefault()?.Description;
                if (description is null)
                {
                    return node;
                }

                // A member of any type has the schema "true", which has no room for words.
                var described = node as JsonObject ?? [];
                described["description"] = description;
                return described;
            },
        });
        if (schema is JsonObject root)
        {
            root.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        }

        return schema;
    }
}
