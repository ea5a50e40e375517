using Arw.Core.Policy.Cedar.Entities;
using Arw.Core.Policy.Cedar.Evaluation;
using Arw.Core.Policy.Cedar.Schemas;
using Arw.Core.Policy.Cedar.Validation;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Tests.Policy.Cedar.Validation;

public class SchemaJsonTests
{
    private static readonly Schema Photos = Schema.Parse("""
        entity User in [Group] { name: String, boss?: User, from?: Set<ipaddr>, act?: Action } tags { until: datetime };
        entity Group in [Group];
        entity Kind enum ["public", "private"];
        action all;
        action view in all appliesTo { principal: User, resource: [Group, Kind], context: { limit?: decimal, kind?: Kind, by?: User } };
        """).OrThrow();

    private static readonly SchemaJson Json = new(Photos);

    [Fact]
    public void ReadEntities_WithoutEscapes_ReadsWhatTheSchemaExpects()
    {
        var entities = Json.ReadEntities("""
            [{ "uid": { "type": "User", "id": "a" },
               "attrs": { "name": "1.2.3.4", "boss": { "type": "User", "id": "b" }, "from": ["1.2.3.4", { "__extn": { "fn": "ip", "arg": "::1" } }] },
               "parents": [{ "type": "Group", "id": "g" }],
               "tags": { "t": { "until": "2024-10-15" } } }]
            """).OrThrow();
        var user = entities.Find(new EntityUid("User", "a"))!;
        Assert.True(user.Attributes.TryGet("name", out var name) && name.Kind == ValueKind.String);
        Assert.True(user.Attributes.TryGet("boss", out var boss) && boss.AsEntity == new EntityUid("User", "b"));
        Assert.True(user.Attributes.TryGet("from", out var from) && from.AsSet.All(item => item.Kind == ValueKind.Ip));
        Assert.True(user.Tags.TryGet("t", out var tag) && tag.AsRecord.Values[0].Kind == ValueKind.Datetime);
        Assert.True(entities.Find(new EntityUid("Action", "view"))!.IsIn(new EntityUid("Action", "all")));
    }

    [Theory]
    [InlineData("""{ "uid": { "type": "Robot", "id": "a" }, "attrs": {}, "parents": [] }""", "no entity type `Robot`")]
    [InlineData("""{ "uid": { "type": "Kind", "id": "secret" }, "attrs": {}, "parents": [] }""", "There is no entity Kind::\"secret\"")]
    [InlineData("""{ "uid": { "type": "User", "id": "a" }, "attrs": {}, "parents": [] }""", "\"name\" of User::\"a\" is missing")]
    [InlineData("""{ "uid": { "type": "User", "id": "a" }, "attrs": { "name": 1 }, "parents": [] }""", "is of another type")]
    [InlineData("""{ "uid": { "type": "User", "id": "a" }, "attrs": { "name": "n", "age": 1 }, "parents": [] }""", "\"age\" of User::\"a\" is not in the schema")]
    [InlineData("""{ "uid": { "type": "User", "id": "a" }, "attrs": { "name": "n", "boss": { "type": "Group", "id": "b" } }, "parents": [] }""", "is of another type")]
    [InlineData("""{ "uid": { "type": "User", "id": "a" }, "attrs": { "name": "n", "act": { "type": "Action", "id": "fly" } }, "parents": [] }""", "no action")]
    [InlineData("""{ "uid": { "type": "User", "id": "a" }, "attrs": { "name": "n" }, "parents": [{ "type": "User", "id": "b" }] }""", "cannot be in one of type `User`")]
    [InlineData("""{ "uid": { "type": "Group", "id": "a" }, "attrs": {}, "parents": [], "tags": { "t": 1 } }""", "has tags")]
    [InlineData("""{ "uid": { "type": "User", "id": "a" }, "attrs": { "name": "n" }, "parents": [], "tags": { "t": 1 } }""", "the tag \"t\"")]
    [InlineData("""{ "uid": { "type": "Action", "id": "view" }, "attrs": {}, "parents": [] }""", "not as the schema declares it")]
    [InlineData("""{ "uid": { "type": "Action", "id": "fly" }, "attrs": {}, "parents": [] }""", "no action")]
    public void ReadEntities_OfWhatTheSchemaForbids_Refuses(string entity, string message) =>
        Assert.Contains(message, Assert.Single(Json.ReadEntities($"[{entity}]").Errors).ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData("User", "view", "Group", "{}", null)]
    [InlineData("User", "view", "Group", """{ "limit": "1.5", "kind": { "type": "Kind", "id": "public" } }""", null)]
    [InlineData("Robot", "view", "Group", "{}", "no entity type `Robot`")]
    [InlineData("User", "view", "Kind", "{}", "There is no entity Kind::\"a\"")]
    [InlineData("User", "fly", "Group", "{}", "no action")]
    [InlineData("User", "all", "Group", "{}", "does not apply to a principal")]
    [InlineData("Group", "view", "Group", "{}", "does not apply to a principal")]
    [InlineData("User", "view", "User", "{}", "does not apply to a resource")]
    [InlineData("User", "view", "Group", """{ "extra": 1 }""", "not in the schema")]
    [InlineData("User", "view", "Group", """{ "limit": 1 }""", "is of another type")]
    [InlineData("User", "view", "Group", """{ "kind": { "type": "Kind", "id": "secret" } }""", "There is no entity Kind::\"secret\"")]
    public void Check_OfARequest_TellsWhatTheSchemaForbids(string principal, string action, string resource, string context, string? message)
    {
        var uid = new EntityUid("Action", action);
        var request = new CedarRequest(new EntityUid(principal, "a"), uid, new EntityUid(resource, "a"), ValueJson.ReadContext(context, Json.Context(uid)).OrThrow());
        var error = new RequestValidator(Photos).Check(request);
        Assert.Equal(message is null, error is null);
        Assert.Contains(message ?? "", error?.ToString() ?? "", StringComparison.Ordinal);
    }
}
