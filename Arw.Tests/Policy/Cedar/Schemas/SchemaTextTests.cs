using Arw.Core.Policy.Cedar.Schemas;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Tests.Policy.Cedar.Schemas;

public class SchemaTextTests
{
    [Fact]
    public void Parse_OfEveryKindOfDeclaration_GivesTheModel()
    {
        var schema = Parse("""
            // Photos.
            @doc("people and what they own")
            namespace Photos {
                type Address = { street: String, zip?: Long, };
                entity User, Admin in [Group] = { name: String, "home address"?: Address, friends: Set<User> } tags Set<String>;
                entity Group in Group;
                entity Photo in [Album] { taken: datetime, from: ipaddr };
                entity Album enum ["public", "private"];
                action all;
                action view, "look at" in [all, Photos::Action::"all"] appliesTo {
                    principal: [User, Admin],
                    resource: Photo,
                    context: Address,
                };
                action edit in view appliesTo { resource: [Photo], principal: User, context: { mfa: __cedar::Bool } } attributes {};
            }
            """);
        var user = schema.EntityTypes["Photos::User"];
        Assert.Equal(["Photos::Group"], user.Parents);
        Assert.Equal("{ friends: Set<Photos::User>, \"home address\"?: { street: String, zip?: Long }, name: String }", user.Attributes.ToString());
        Assert.Equal("Set<String>", user.Tags!.ToString());
        Assert.Equal(["Photos::Group"], schema.EntityTypes["Photos::Group"].Ancestors);
        Assert.Equal(["public", "private"], schema.EntityTypes["Photos::Album"].Choices!);
        var edit = schema.Actions[new EntityUid("Photos::Action", "edit")];
        Assert.Equal(["all", "view"], edit.Ancestors.Select(action => action.Id).Order());
        Assert.Equal("{ mfa: Bool }", edit.Context.ToString());
        var look = schema.Actions[new EntityUid("Photos::Action", "look at")];
        Assert.Equal(["Photos::User", "Photos::Admin"], look.PrincipalTypes);
        Assert.Equal("{ street: String, zip?: Long }", look.Context.ToString());
        Assert.Empty(schema.Actions[new EntityUid("Photos::Action", "all")].PrincipalTypes);
    }

    [Fact]
    public void Parse_OfNamesInSeveralNamespaces_TakesTheNearestMeaning()
    {
        var schema = Parse("""
            entity Bool;
            entity Shared;
            type Text = String;
            namespace A {
                type User = Long;
                entity User;
                entity Thing { own: User, other: B::User, shared: Shared, text: Text, odd: Bool, real: __cedar::Bool, act: Action };
                action do appliesTo { principal: User, resource: Shared };
            }
            namespace B {
                entity User { act: A::Action };
                action do in A::Action::"do";
            }
            """);
        Assert.Equal(
            "{ act: A::Action, odd: Bool, other: B::User, own: Long, real: Bool, shared: Shared, text: String }",
            schema.EntityTypes["A::Thing"].Attributes.ToString());
        Assert.IsType<EntityReferenceType>(schema.EntityTypes["A::Thing"].Attributes.Find("odd")!.Type);
        Assert.Equal([new EntityUid("A::Action", "do")], schema.Actions[new EntityUid("B::Action", "do")].Ancestors);
        Assert.Equal(["A::User"], schema.Actions[new EntityUid("A::Action", "do")].PrincipalTypes);
    }

    [Theory]
    [InlineData("entity in;", 1, 8, "\"in\" is a reserved word")]
    [InlineData("entity A { a: Long b: Long };", 1, 20, "\"b\" is unexpected. Expected } or , after the attribute")]
    [InlineData("entity A\nentity B;", 2, 1, "\"entity\" is unexpected. Expected ; after the entity type")]
    [InlineData("entity A { a: Missing };", 1, 15, "`Missing` is not declared as a type")]
    [InlineData("namespace N {\n  entity A { a: Missing };\n}", 2, 17, "Neither `N::Missing` nor `Missing` is declared as a type")]
    [InlineData("entity A in B;", 1, 13, "`B` is not declared as an entity type")]
    [InlineData("type T = Long;\nentity A in T;", 2, 13, "`T` is not declared as an entity type")]
    [InlineData("entity A;\nentity A;", 2, 8, "declared twice")]
    [InlineData("action a;\naction \"a\";", 2, 8, "declared twice")]
    [InlineData("type T = Long; type T = String;", 1, 21, "declared twice")]
    [InlineData("namespace N {}\nnamespace N {}", 2, 11, "stands twice")]
    [InlineData("namespace __cedar {}", 1, 11, "belongs to the language")]
    [InlineData("entity __cedar;", 1, 8, "belongs to the language")]
    [InlineData("entity Action;", 1, 8, "cannot be called `Action`")]
    [InlineData("type Long = String;", 1, 6, "cannot be called `Long`")]
    [InlineData("type A = B; type B = Set<A>;", 1, 18, "defined by itself")]
    [InlineData("type A = { a: A };", 1, 6, "defined by itself")]
    [InlineData("action a in a;", 1, 8, "form a cycle")]
    [InlineData("action a in b;", 1, 13, "There is no action `Action::\"b\"`")]
    [InlineData("action a in N::Action::\"b\";", 1, 13, "There is no action")]
    [InlineData("entity A; namespace N { entity A; }", 1, 32, "hides `A` of the empty namespace")]
    [InlineData("action a; namespace N { action a; }", 1, 32, "hides the one of the empty namespace")]
    [InlineData("entity A; action a appliesTo { principal: A };", 1, 30, "which `resource` types")]
    [InlineData("entity A; action a appliesTo { principal: A, resource: [] };", 1, 46, "lists no entity type")]
    [InlineData("entity A; action a appliesTo { principal: A, principal: A, resource: A };", 1, 46, "stands twice")]
    [InlineData("entity A; action a appliesTo { principal: A, resource: A, context: A };", 1, 68, "not declared as a common type")]
    [InlineData("type T = Long; entity A; action a appliesTo { principal: A, resource: A, context: T };", 1, 83, "must be a record")]
    [InlineData("entity A; action a appliesTo { principal: Action, resource: A };", 1, 43, "not declared as an entity type")]
    [InlineData("@a(\"x\") @a entity A;", 1, 10, "stands twice")]
    [InlineData("entity A enum [];", 1, 16, "Expected the id of an entity")]
    [InlineData("entity A enum [\"a\\q\"];", 1, 18, "is no escape")]
    [InlineData("entity A enum [\"a];", 1, 16, "does not end")]
    [InlineData("entity A { a: Set<Long };", 1, 24, "Expected >")]
    [InlineData("entitiy A;", 1, 1, "Expected namespace, entity, action or type")]
    [InlineData("namespace N { entity A;", 1, 24, "ends too early")]
    [InlineData("entity A §;", 1, 10, "\"§\" is unexpected")]
    public void Parse_OfWhatIsWrong_SaysWhereAndWhy(string text, int line, int column, string message)
    {
        var reading = Schema.Parse(text);
        Assert.False(reading.Ok);
        var error = Assert.Single(reading.Errors);
        Assert.Equal((line, column), (error.Line, error.Column));
        Assert.Contains(message, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_OfSeveralBrokenDeclarations_TellsAllOfThem()
    {
        var reading = Schema.Parse("""
            entity A { a: };
            namespace N {
                entity B in;
                entity C { c: { d: Long e: Long } };
                action a appliesTo { principal };
            }
            type = Long;
            """);
        Assert.Equal([1, 3, 4, 5, 7], reading.Errors.Select(error => error.Line));
    }

    [Theory]
    [InlineData("entity Long;", "hides the built-in type")]
    [InlineData("namespace N { type decimal = Long; }", "hides the built-in type")]
    [InlineData("entity A; type A = Long;", "hides the entity type")]
    public void Parse_OfNamesThatHideOthers_Warns(string text, string message)
    {
        var reading = Schema.Parse(text);
        Assert.True(reading.Ok);
        Assert.Contains(message, Assert.Single(reading.Value.Warnings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_OfBottomlessNesting_RefusesWithAMessage()
    {
        foreach (var text in (string[])[
            $"type T = {string.Concat(Enumerable.Repeat("Set<", 100_000))}Long{new string('>', 100_000)};",
            $"type T = {string.Concat(Enumerable.Repeat("{a:", 100_000))}Long{new string('}', 100_000)};",
            string.Concat(Enumerable.Range(1, 5_000).Select(i => $"type T{i} = Set<T{i - 1}>; ")) + "type T0 = Long;",
            string.Concat(Enumerable.Range(1, 60).Select(i => $"type T{i} = {{ a: T{i - 1}, b: T{i - 1} }}; ")) + "type T0 = Long;"])
        {
            var reading = Schema.Parse(text);
            Assert.False(reading.Ok);
            Assert.NotEmpty(reading.Errors);
        }
    }

    private static Schema Parse(string text)
    {
        var reading = Schema.Parse(text);
        Assert.Empty(reading.Errors);
        return reading.Value!;
    }
}
