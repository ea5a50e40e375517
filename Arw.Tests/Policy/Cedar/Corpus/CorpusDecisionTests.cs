using Arw.Core.Policy.Cedar.Entities;
using Arw.Core.Policy.Cedar.Evaluation;
using Arw.Core.Policy.Cedar.Policies;
using Arw.Core.Policy.Cedar.Schemas;
using Arw.Core.Policy.Cedar.Validation;
using Xunit.Abstractions;

namespace Arw.Tests.Policy.Cedar.Corpus;

/// <summary>Decisions, determining policies and errors of the public corpus, all of them.</summary>
public sealed class CorpusDecisionTests(ITestOutputHelper output)
{
    [CorpusFact]
    public void Decide_HandWrittenCases_AreAllAsListed() => Run(CorpusFiles.ReadHandWritten(), CorpusFiles.HandWritten);

    [CorpusFact]
    public void Decide_GeneratedCases_AreAllAsListed() => Run(CorpusFiles.ReadGenerated(), CorpusFiles.Generated);

    private void Run(IEnumerable<CorpusCase> corpus, int expectedCases)
    {
        var (cases, requests, wrong) = (0, 0, new List<string>());
        foreach (var test in corpus)
        {
            cases++;
            requests += test.Requests.Count;
            wrong.AddRange(Differences(test));
        }

        output.WriteLine($"{cases} cases, {requests} requests, {wrong.Count} differences");
        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong.Take(20)));
        Assert.Equal(expectedCases, cases);
    }

    private static IEnumerable<string> Differences(CorpusCase test)
    {
        var json = new SchemaJson(Schema.Parse(test.Schema).OrThrow());
        var policies = CedarPolicySet.Parse(test.Policies);
        var entities = json.ReadEntities(test.Entities);
        if (!policies.Ok || !entities.Ok)
        {
            yield return $"{test.Name}: {string.Join(" ", policies.Errors.Concat(entities.Errors))}";
            yield break;
        }

        for (var i = 0; i < test.Requests.Count; i++)
        {
            var request = test.Requests[i];
            var context = ValueJson.ReadContext(request.Context, json.Context(request.Action));
            if (!context.Ok)
            {
                yield return $"{test.Name} request {i}: {string.Join(" ", context.Errors)}";
                continue;
            }

            var answer = policies.Value.Decide(new CedarRequest(request.Principal, request.Action, request.Resource, context.Value), entities.Value);
            var found = Describe(answer.Allowed, answer.Determining, answer.Failing.Select(e => e.PolicyId!));
            var listed = Describe(request.Allowed, request.Reason, request.Errors);
            if (found != listed)
            {
                yield return $"{test.Name} request {i}: {found} instead of {listed}; {string.Join(" ", answer.Failing)}";
            }
        }
    }

    private static string Describe(bool allowed, IEnumerable<string> determining, IEnumerable<string> failing) =>
        $"{(allowed ? "allow" : "deny")} by [{string.Join(", ", determining.Order(StringComparer.Ordinal))}] errors [{string.Join(", ", failing.Order(StringComparer.Ordinal))}]";
}
