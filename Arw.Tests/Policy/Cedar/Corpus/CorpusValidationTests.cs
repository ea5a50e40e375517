using Arw.Core.Policy.Cedar.Entities;
using Arw.Core.Policy.Cedar.Evaluation;
using Arw.Core.Policy.Cedar.Parsing;
using Arw.Core.Policy.Cedar.Schemas;
using Arw.Core.Policy.Cedar.Validation;
using Xunit.Abstractions;

namespace Arw.Tests.Policy.Cedar.Corpus;

/// <summary>Validations of the public corpus, all of them: whether policies validate as listed, and that entities and requests conform to their schemas.</summary>
public sealed class CorpusValidationTests(ITestOutputHelper output)
{
    [CorpusFact]
    public void Validate_HandWrittenCases_AreAllAsListed() => Run(CorpusFiles.ReadHandWritten(), CorpusFiles.HandWritten);

    [CorpusFact]
    public void Validate_GeneratedCases_AreAllAsListed() => Run(CorpusFiles.ReadGenerated(), CorpusFiles.Generated);

    private void Run(IEnumerable<CorpusCase> corpus, int expectedCases)
    {
        var (cases, valid, requests, wrong) = (0, 0, 0, new List<string>());
        foreach (var test in corpus)
        {
            cases++;
            valid += test.ShouldValidate ? 1 : 0;
            requests += test.Requests.Count;
            wrong.AddRange(Differences(test).Select(difference => $"{test.Name}: {difference}"));
        }

        output.WriteLine($"{cases} cases, {valid} of them valid, {requests} requests, {wrong.Count} differences");
        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong.Take(20)));
        Assert.Equal(expectedCases, cases);
    }

    private static IEnumerable<string> Differences(CorpusCase test)
    {
        var schema = Schema.Parse(test.Schema);
        var policies = CedarParser.ParsePolicies(test.Policies);
        if (!schema.Ok || !policies.Ok)
        {
            return [string.Join(" ", schema.Errors.Concat(policies.Errors))];
        }

        var result = new PolicyValidator(schema.Value).Validate(policies.Value);
        IEnumerable<string> differences = result.Ok == test.ShouldValidate ? [] : [$"valid {result.Ok} instead of {test.ShouldValidate}; {string.Join(" ", result.Errors)}"];
        var json = new SchemaJson(schema.Value);
        return [.. differences, .. json.ReadEntities(test.Entities).Errors.Select(error => error.ToString()), .. Requests(test, schema.Value, json)];
    }

    private static IEnumerable<string> Requests(CorpusCase test, Schema schema, SchemaJson json)
    {
        var validator = new RequestValidator(schema);
        foreach (var request in test.Requests.Where(request => request.Validate))
        {
            var context = ValueJson.ReadContext(request.Context, json.Context(request.Action));
            if (!context.Ok)
            {
                yield return string.Join(" ", context.Errors);
            }
            else if (validator.Check(new CedarRequest(request.Principal, request.Action, request.Resource, context.Value)) is { } error)
            {
                yield return error.ToString();
            }
        }
    }
}
