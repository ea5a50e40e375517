using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Primitives;
using Json.Schema;
using Microsoft.Extensions.DependencyInjection;

namespace Arw.Core.Actions;

/// <summary>All kinds of actions of this home, and the judge of their inputs.</summary>
/// <param name="services">Where packs registered theirs; resolved at first use, because some kinds need the pipeline that needs this catalogue.</param>
public sealed class ActionCatalogue(IServiceProvider services)
{
    static ActionCatalogue() => SchemaWords.Use();

    private readonly Lazy<Dictionary<string, ActionKind>> _kinds = new(() => services.GetServices<ActionKind>().ToDictionary(k => k.Id, StringComparer.Ordinal));
    private readonly ConcurrentDictionary<string, JsonSchema> _schemas = new(StringComparer.Ordinal);

    /// <summary>All kinds, by id.</summary>
    public IEnumerable<ActionKind> All => _kinds.Value.Values.OrderBy(k => k.Id, StringComparer.Ordinal);

    /// <summary>The kind of that id, or a refusal that suggests the closest.</summary>
    public Result<ActionKind> Find(string id) => _kinds.Value.TryGetValue(id, out var kind)
        ? kind
        : new Refusal("unknown_action", $"There is no action kind \"{id}\".", $"Known kinds: {string.Join(", ", All.Select(k => k.Id))}.", 422);

    /// <summary>Checks an input against the kind's schema: the parsed input, or a refusal (422) with one entry per error.</summary>
    public Result<JsonElement> Validate(ActionKind kind, JsonNode? input)
    {
        var element = JsonSerializer.SerializeToElement(input ?? new JsonObject(), ArwJson.Options);
        var schema = _schemas.GetOrAdd(kind.Id, _ => JsonSchema.FromText(kind.InputSchema.ToJsonString()));
        var result = schema.Evaluate(element, new EvaluationOptions { OutputFormat = OutputFormat.List });
        if (result.IsValid)
        {
            return element;
        }

        var errors = (result.Details ?? [])
            .Where(d => d.Errors is not null)
            .SelectMany(d => d.Errors!.Select(e => new InputError(d.InstanceLocation.ToString(), e.Value)))
            .Distinct()
            .ToList();
        return Refusal.Invalid(
            $"The input of {kind.Id} is not valid: {string.Join("; ", errors.Take(3).Select(e => e.Path.Length == 0 ? e.Message : $"{e.Path}: {e.Message}"))}",
            $"See /spec/schemas/{kind.Id}.json.",
            errors);
    }
}

/// <summary>One thing wrong with an input.</summary>
/// <param name="Path">JSON pointer to it; empty for the input as a whole.</param>
/// <param name="Message">What is wrong.</param>
public sealed record InputError(string Path, string Message);
