using System.Text.Json;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Entities;

/// <summary>Entities in JSON: an array of <c>{"uid": …, "attrs": {…}, "parents": […], "tags": {…}}</c>, tags optional.</summary>
public static class EntitiesJson
{
    /// <summary>Entities from the text of a JSON array.</summary>
    /// <param name="json">The text.</param>
    /// <param name="shapes">What a schema says about an entity, null for nothing; null without a schema.</param>
    public static CedarResult<CedarEntities> Read(string json, Func<EntityUid, ExpectedEntityShape?>? shapes = null) =>
        ValueJson.ParseText(json, "the entities", root => Read(root, shapes));

    /// <summary>Entities from a JSON array.</summary>
    /// <param name="json">The array.</param>
    /// <param name="shapes">What a schema says about an entity, null for nothing; null without a schema.</param>
    public static CedarResult<CedarEntities> Read(JsonElement json, Func<EntityUid, ExpectedEntityShape?>? shapes = null)
    {
        if (json.ValueKind != JsonValueKind.Array)
        {
            return new CedarError("The entities are no array.", Expected: "a JSON array of entities");
        }

        var errors = new List<CedarError>();
        var entities = new List<CedarEntity>(json.GetArrayLength());
        foreach (var item in json.EnumerateArray())
        {
            if (ReadEntity(item, shapes, errors) is { } entity)
            {
                entities.Add(entity);
            }
        }

        return errors.Count == 0 ? CedarEntities.Create(entities) : errors;
    }

    /// <summary>One entity; null with errors added when it is malformed.</summary>
    /// <param name="json">Its JSON object.</param>
    /// <param name="shapes">What a schema says about an entity, null for nothing; null without a schema.</param>
    /// <param name="errors">Receives what is wrong.</param>
    public static CedarEntity? ReadEntity(JsonElement json, Func<EntityUid, ExpectedEntityShape?>? shapes, List<CedarError> errors)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("uid", out var name))
        {
            errors.Add(new CedarError("An entity has no \"uid\".", Expected: "{\"uid\": …, \"attrs\": {…}, \"parents\": […]}"));
            return null;
        }

        if (ValueJson.ReadUid(name, "the entities", errors) is not { } uid)
        {
            return null;
        }

        var before = errors.Count;
        var shape = shapes?.Invoke(uid);
        var attributes = Values(json, "attrs", uid, attribute => shape?.Attributes.Fields.GetValueOrDefault(attribute), errors);
        var tags = json.TryGetProperty("tags", out _) ? Values(json, "tags", uid, _ => shape?.Tags, errors) : CedarRecord.Empty;
        var parents = Parents(json, uid, errors);
        return errors.Count == before ? new CedarEntity(uid, attributes, parents, tags) : null;
    }

    private static CedarRecord Values(JsonElement entity, string part, EntityUid uid, Func<string, ExpectedType?> expected, List<CedarError> errors)
    {
        if (!entity.TryGetProperty(part, out var json) || json.ValueKind != JsonValueKind.Object)
        {
            errors.Add(new CedarError($"The entity {uid} has no object \"{part}\".", Expected: $"\"{part}\": {{…}}"));
            return CedarRecord.Empty;
        }

        var fields = new List<KeyValuePair<string, CedarValue>>();
        foreach (var property in json.EnumerateObject())
        {
            fields.Add(new(property.Name, ValueJson.Read(property.Value, expected(property.Name), $"\"{property.Name}\" of {uid}", errors)));
        }

        return new CedarRecord(fields);
    }

    private static List<EntityUid> Parents(JsonElement entity, EntityUid uid, List<CedarError> errors)
    {
        var parents = new List<EntityUid>();
        if (!entity.TryGetProperty("parents", out var json) || json.ValueKind != JsonValueKind.Array)
        {
            errors.Add(new CedarError($"The entity {uid} has no array \"parents\".", Expected: "\"parents\": […]"));
            return parents;
        }

        foreach (var item in json.EnumerateArray())
        {
            if (ValueJson.ReadUid(item, $"the parents of {uid}", errors) is not { } parent)
            {
                continue;
            }

            if (IsAction(uid) && !IsAction(parent))
            {
                errors.Add(new CedarError($"The action {uid} has the parent {parent}, which is no action.", Expected: "actions as parents of actions"));
            }

            parents.Add(parent);
        }

        return parents;
    }

    private static bool IsAction(EntityUid uid) => uid.Type == "Action" || uid.Type.EndsWith("::Action", StringComparison.Ordinal);
}
