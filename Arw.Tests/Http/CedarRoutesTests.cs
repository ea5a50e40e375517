using System.Text.Json.Nodes;
using Arw.Tests.Policy.Cedar.Corpus;

namespace Arw.Tests.Http;

public sealed class CedarRoutesTests
{
    private const string Schema = "entity User; entity Photo { owner: User }; action view appliesTo { principal: User, resource: Photo };";
    private const string Policies = "permit(principal, action == Action::\"view\", resource) when { resource.owner == principal }; forbid(principal == User::\"bob\", action, resource);";

    [CorpusFact]
    public async Task Simulate_HandWrittenCorpus_AnswersAsListed()
    {
        await using var home = await TestHome.StartAsync(change: o => o with { RateLimit = 1000 });
        var requests = 0;
        foreach (var test in CorpusFiles.ReadHandWritten())
        {
            var answer = await PostAsync(home, "/policy/simulate", new JsonObject
            {
                ["policies"] = test.Policies,
                ["schema"] = test.Schema,
                ["entities"] = JsonNode.Parse(test.Entities),
                ["requests"] = new JsonArray([.. test.Requests.Select(r => new JsonObject
                {
                    ["principal"] = Uid(r.Principal),
                    ["action"] = Uid(r.Action),
                    ["resource"] = Uid(r.Resource),
                    ["context"] = JsonNode.Parse(r.Context.GetRawText()),
                    ["validateRequest"] = r.Validate,
                })]),
            });
            Assert.True(test.ShouldValidate == (bool)answer["validation"]!["ok"]!, $"{test.Name}: {answer["validation"]!.ToJsonString()}");
            foreach (var (asked, result) in test.Requests.Zip(answer["results"]!.AsArray()))
            {
                requests++;
                Assert.True((asked.Allowed ? "allow" : "deny") == (string?)result!["decision"], $"{test.Name}: {result.ToJsonString()}");
                Assert.Equal(asked.Reason.Order(StringComparer.Ordinal), Texts(result["reason"]));
                Assert.Equal(asked.Errors.Order(StringComparer.Ordinal), Texts(result["errors"]));
            }
        }

        Assert.True(requests > CorpusFiles.HandWritten);
    }

    [Fact]
    public async Task Simulate_WithoutSchema_DecidesInFileOrderNames()
    {
        await using var home = await TestHome.StartAsync();
        var question = Question(null, "alice", "bob");
        question["policies"] = Policies + " permit(principal, action, resource) when { context.missing };";
        var results = (await PostAsync(home, "/policy/simulate", question))["results"]!.AsArray();

        Assert.Equal("allow", (string?)results[0]!["decision"]);
        Assert.Equal(["policy0"], Texts(results[0]!["reason"]));
        Assert.Equal(["policy2"], Texts(results[0]!["errors"]));
        Assert.Equal("deny", (string?)results[1]!["decision"]);
        Assert.Equal(["policy1"], Texts(results[1]!["reason"]));
    }

    [Fact]
    public async Task Simulate_RequestAgainstItsSchema_IsDeniedWithWhatIsWrongUnlessUnchecked()
    {
        await using var home = await TestHome.StartAsync();
        var question = Question(Schema, "alice");
        var request = question["requests"]![0]!;
        (request["resource"]!["type"], request["resource"]!["id"]) = ("User", "alice");
        var result = (await PostAsync(home, "/policy/simulate", question))["results"]![0]!;
        Assert.Equal("deny", (string?)result["decision"]);
        Assert.Contains("User", (string)result["problems"]![0]!["message"]!, StringComparison.Ordinal);

        request["validateRequest"] = false;
        var unchecked_ = (await PostAsync(home, "/policy/simulate", question))["results"]![0]!;
        Assert.Null(unchecked_["problems"]);
        Assert.Equal(["policy0"], Texts(unchecked_["errors"]));
    }

    [Theory]
    [InlineData("permit(principal, action, resource) when { ", null, 1, 44)]
    [InlineData("permit(principal, action, resource);\npermit(principal, action, resource) when { principal.age > 3 };", Schema, 2, 44)]
    public async Task Validate_Mistake_IsNamedWithItsPlace(string policies, string? schema, int line, int column)
    {
        await using var home = await TestHome.StartAsync();
        var answer = await PostAsync(home, "/policy/validate", new JsonObject { ["policies"] = policies, ["schema"] = schema });
        Assert.False((bool)answer["ok"]!);
        var error = answer["errors"]![0]!;
        Assert.True(line == (int?)error["line"] && column == (int?)error["column"], error.ToJsonString());
    }

    [Fact]
    public async Task Simulate_NothingReadable_AnswersDeniedForEachRequest()
    {
        await using var home = await TestHome.StartAsync();
        var question = Question("entity User", "alice", "bob");
        question["policies"] = "permit(";
        var answer = await PostAsync(home, "/policy/simulate", question);
        Assert.False((bool)answer["validation"]!["ok"]!);
        Assert.All(answer["results"]!.AsArray(), r => Assert.Equal("deny", (string?)r!["decision"]));
        Assert.Equal(2, answer["results"]!.AsArray().Count);
    }

    private static JsonObject Question(string? schema, params string[] principals) => new()
    {
        ["policies"] = Policies,
        ["schema"] = schema,
        ["entities"] = JsonNode.Parse("""[{"uid":{"type":"Photo","id":"p"},"attrs":{"owner":{"__entity":{"type":"User","id":"alice"}}},"parents":[]}]"""),
        ["requests"] = new JsonArray([.. principals.Select(p => new JsonObject
        {
            ["principal"] = new JsonObject { ["type"] = "User", ["id"] = p },
            ["action"] = new JsonObject { ["type"] = "Action", ["id"] = "view" },
            ["resource"] = new JsonObject { ["type"] = "Photo", ["id"] = "p" },
            ["context"] = new JsonObject(),
        })]),
    };

    private static JsonObject Uid(Core.Policy.Cedar.Values.EntityUid uid) => new() { ["type"] = uid.Type, ["id"] = uid.Id };

    private static IEnumerable<string> Texts(JsonNode? array) => array!.AsArray().Select(t => (string)t!).Order(StringComparer.Ordinal);

    private static async Task<JsonObject> PostAsync(TestHome home, string path, JsonNode body)
    {
        using var response = await home.Owner.PostAsync(path, TestHome.Json(body));
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!.AsObject();
    }
}
