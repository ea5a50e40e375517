using Arw.Core.Policy.Cedar.Schemas;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Tests.Policy.Cedar.Schemas;

public class SchemaJsonTests
{
    [Fact]
    public void ParseJson_OfEveryKindOfDeclaration_GivesTheModel()
    {
        var reading = Schema.ParseJson("""
            {
              "Photos": {
                "annotations": { "doc": "people and what they own" },
                "commonTypes": { "Address": { "type": "Record", "attributes": { "zip": { "type": "Long", "required": false } }, "annotations": {} } },
                "entityTypes": {
                  "User": {
                    "memberOfTypes": ["Group"],
                    "shape": { "type": "Record", "additionalAttributes": false, "attributes": {
                      "home": { "type": "Address" },
                      "flag": { "type": "Bool" },
                      "sure": { "type": "Boolean", "annotations": { "doc": null } },
                      "any": { "type": "EntityOrCommon", "name": "Group" },
                      "friends": { "type": "Set", "element": { "type": "Entity", "name": "Photos::User" }, "required": false },
                      "limit": { "type": "Extension", "name": "decimal" } } },
                    "tags": { "type": "String" }
                  },
                  "Group": {},
                  "Size": { "enum": ["small", "large"] }
                },
                "actions": {
                  "all": { "appliesTo": null, "memberOf": null },
                  "view": {
                    "memberOf": [{ "id": "all" }, { "id": "all", "type": "Photos::Action" }],
                    "appliesTo": { "principalTypes": ["User"], "resourceTypes": ["Size", "Group"], "context": { "type": "Address" } }
                  }
                }
              }
            }
            """);
        Assert.Empty(reading.Errors);
        var schema = reading.Value!;
        Assert.Equal(
            "{ any: Photos::Group, flag: Bool, friends?: Set<Photos::User>, home: { zip?: Long }, limit: decimal, sure: Bool }",
            schema.EntityTypes["Photos::User"].Attributes.ToString());
        Assert.Equal("String", schema.EntityTypes["Photos::User"].Tags!.ToString());
        Assert.Equal(["small", "large"], schema.EntityTypes["Photos::Size"].Choices!);
        var view = schema.Actions[new EntityUid("Photos::Action", "view")];
        Assert.Equal([new EntityUid("Photos::Action", "all")], view.Parents);
        Assert.Equal(["Photos::Size", "Photos::Group"], view.ResourceTypes);
        Assert.Equal("{ zip?: Long }", view.Context.ToString());
    }

    [Theory]
    [InlineData("""{"": {"entityTypes": {}}}""", 1, 6, "must be \"actions\"")]
    [InlineData("""{"": {"entityTypes": {}, "actions": {}, "types": {}}}""", 1, 41, "no \"types\"")]
    [InlineData("""{"a b": {"entityTypes": {}, "actions": {}}}""", 1, 2, "not the name of a namespace")]
    [InlineData("{\"\": {\"actions\": {},\n\"entityTypes\": {\"A\": {\"shape\": {\"type\": \"T\"}}}}}", 2, 41, "`T` is not declared as a common type")]
    [InlineData("""{"": {"actions": {}, "entityTypes": {"A": {}, "A": {}}}}""", 1, 47, "stands twice")]
    [InlineData("""{"": {"actions": {}, "entityTypes": {"A": {"enum": []}}}}""", 1, 52, "lists no id")]
    [InlineData("""{"": {"actions": {}, "entityTypes": {"A": {"enum": ["a"], "tags": {"type": "Long"}}}}}""", 1, 67, "cannot have \"tags\"")]
    [InlineData("""{"": {"actions": {}, "entityTypes": {"A": {"tags": null}}}}""", 1, 52, "Expected a type as an object")]
    [InlineData("""{"": {"actions": {}, "entityTypes": {"A": {"tags": {"type": "Set"}}}}}""", 1, 52, "needs \"element\"")]
    [InlineData("""{"": {"actions": {}, "entityTypes": {"A": {"tags": {"type": "Long", "name": "x"}}}}}""", 1, 77, "has no \"name\"")]
    [InlineData("""{"": {"actions": {}, "entityTypes": {"A": {"tags": {"type": "Extension", "name": "money"}}}}}""", 1, 82, "no extension type")]
    [InlineData("""{"": {"actions": {"a": {"attributes": {}}}, "entityTypes": {}}}""", 1, 39, "Actions have no attributes")]
    [InlineData("""{"": {"actions": {"a": {"memberOf": [{"type": "Action"}]}}, "entityTypes": {}}}""", 1, 38, "must be \"id\"")]
    [InlineData("""{"": {"actions": {}, "entityTypes": {"A": {"shape": {"type": "Record", "additionalAttributes": true, "attributes": {}}}}}}""", 1, 96, "not supported")]
    [InlineData("{\"\": {\n  \"entityTypes\" {}}}", 2, 17, "This is not JSON")]
    [InlineData("", 1, 1, "This is not JSON")]
    [InlineData("[]", 1, 1, "Expected an object of namespaces")]
    public void ParseJson_OfWhatIsWrong_SaysWhereAndWhy(string text, int line, int column, string message)
    {
        var reading = Schema.ParseJson(text);
        Assert.False(reading.Ok);
        Assert.Contains(reading.Errors, error => error.Line == line && error.Column == column && error.ToString().Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public void ParseJson_OfBottomlessNesting_RefusesWithAMessage()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"type\":\"Set\",\"element\":", 100_000)) + "{\"type\":\"Long\"}" + new string('}', 100_000);
        foreach (var text in (string[])[
            new string('[', 100_000),
            $"{{\"\":{{\"actions\":{{}},\"entityTypes\":{{\"A\":{{\"tags\":{deep}}}}}}}}}"])
        {
            Assert.NotEmpty(Schema.ParseJson(text).Errors);
        }
    }
}
