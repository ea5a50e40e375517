using System.Text.Json;
using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Entities;
using Arw.Core.Policy.Cedar.Evaluation;
using Arw.Core.Policy.Cedar.Formatting;
using Arw.Core.Policy.Cedar.Json;
using Arw.Core.Policy.Cedar.Parsing;
using Arw.Core.Policy.Cedar.Policies;
using Arw.Core.Policy.Cedar.Values;
using Arw.Tests.Policy.Cedar.Differential;
using CsCheck;

namespace Arw.Tests.Policy.Cedar;

public sealed class CedarProperties
{
    [Fact]
    public void Print_AnyPolicy_ReadsBackAsItself() => CedarGen.Policy.Sample(
        policy => Assert.Equal(policy, CedarParser.ParsePolicy(CedarPrinter.Print(policy)).OrThrow()),
        iter: 2000);

    [Fact]
    public void Json_AnyPolicy_ReadsBackAsWhatItMeans() => CedarGen.Policy.Sample(
        policy =>
        {
            // The JSON form has no "has" with several names: what comes back is spelled out, and written the same again.
            var json = CedarJson.Write(policy);
            var read = CedarJson.ReadPolicy(json).OrThrow();
            Assert.Equal(json, CedarJson.Write(read));
        },
        iter: 2000);

    [Fact]
    public void Format_AnyPolicy_SaysTheSameAndIsStable() => Gen.Select(CedarGen.Policy, Gen.Int[10, 120]).Sample(
        (policy, width) =>
        {
            var formatted = CedarFormatter.Format(CedarPrinter.Print(policy), width).OrThrow();
            Assert.Equal(policy, CedarParser.ParsePolicy(formatted).OrThrow());
            Assert.Equal(formatted, CedarFormatter.Format(formatted, width).OrThrow());
        },
        iter: 2000);

    [Fact]
    public void Parse_AnyText_NeverThrows() => Gen.OneOf(
            CedarGen.Any("permit", "(", ")", "principal", ",", "action", "resource", ";", "when", "{", "}", "1", "\"a\"", "::", "A", "==", "in", "[", "]", "&&", ".", "ip", "!", "-", "if", "then", "else", "?principal", "@", "is", "has", "like", "// c\n", " "),
            Gen.Char.Select(c => c.ToString()))
        .Array[0, 40].Sample(
            tokens =>
            {
                var text = string.Join(' ', tokens);
                var read = CedarParser.ParsePolicies(text);
                Assert.Equal(read.Ok, CedarFormatter.Format(text).Ok);
                Assert.Equal(read.Ok, read.Errors.Count == 0);
                _ = CedarParser.ParseExpression(text);
            },
            iter: 5000);

    [Fact]
    public void Decide_AnySet_IsAsWithoutIndexAndInAnyOrderOfEdits() => Gen.Select(CedarGen.Policy.Array[0, 30], CedarGen.Uid, CedarGen.ActionUid, CedarGen.Uid, Gen.Int[0, 30]).Sample(
        (drawn, principal, action, resource, removed) =>
        {
            var policies = drawn.Select((p, i) => p with { Id = $"policy{i}" }).Where(p => !p.IsTemplate).ToList();
            var entities = CedarEntities.Create(
            [
                new(principal, parents: [new("Group", "x"), new("A::B", "y")]),
                new(new("Group", "x"), parents: [new("Group", "top")]),
                new(action, parents: [new("Action", "x"), new("Action", "y")]),
            ]);
            if (!entities.Ok)
            {
                return;
            }

            var set = CedarPolicySet.Create(policies).OrThrow();
            foreach (var policy in policies.Take(removed))
            {
                set = set.Remove(policy.Id).OrThrow();
            }

            var request = new CedarRequest(principal, action, resource, CedarRecord.Empty);
            Assert.Equal(Plain(policies.Skip(removed), request, entities.Value), Describe(set.Decide(request, entities.Value)));
        },
        iter: 1000);

    [Fact]
    public void Decide_AnyConditions_AreMetAsTheirExpressionsAre() => DifferentialCase.Gen.Sample(
        test =>
        {
            // Deciding and evaluating are compiled apart: steps here, nodes there.
            // A least long as the receiver of a call reads as the negation of one that is too large: the differential test sees to such refusals.
            if (CedarParser.ParsePolicies(test.Policies) is not { Ok: true, Value: { } policies })
            {
                return;
            }

            var (set, entities) = (CedarPolicySet.Create(policies).OrThrow(), EntitiesJson.Read(test.Entities));
            foreach (var json in test.Requests.Where(_ => entities.Ok).Select(r => JsonDocument.Parse(r).RootElement))
            {
                if (ValueJson.ReadContext(json.GetProperty("context")) is { Ok: true } context)
                {
                    var request = new CedarRequest(Uid(json, "principal"), Uid(json, "action"), Uid(json, "resource"), context.Value);
                    Assert.Equal(Plain(policies, request, entities.Value!), Describe(set.Decide(request, entities.Value!)));
                }
            }
        },
        iter: 1000,
        threads: 1);

    private static EntityUid Uid(JsonElement request, string part) =>
        new(request.GetProperty(part).GetProperty("type").GetString()!, request.GetProperty(part).GetProperty("id").GetString()!);

    private static string Describe(CedarAnswer answer) =>
        $"{answer.Allowed} {string.Join(",", answer.Determining)} / {string.Join(",", answer.Failing.Select(e => e.PolicyId))}";

    // The language's definition, one policy after the other.
    private static string Plain(IEnumerable<CedarPolicy> policies, CedarRequest request, CedarEntities entities)
    {
        var (permits, forbids, failing) = (new List<string>(), new List<string>(), new List<string>());
        foreach (var policy in policies)
        {
            Expr[] tests =
            [
                Test(policy.Principal, RequestVariable.Principal), Test(policy.Action, RequestVariable.Action), Test(policy.Resource, RequestVariable.Resource),
                .. policy.Conditions.Select(c => c.IsWhen ? c.Body : new NotExpr(c.Body)),
            ];
            var met = CedarPolicySet.Evaluate(new AndExpr(tests), request, entities);
            if (met.Error is not null)
            {
                failing.Add(policy.Id);
            }
            else if (met.Value.AsBool)
            {
                (policy.Effect == PolicyEffect.Permit ? permits : forbids).Add(policy.Id);
            }
        }

        var allowed = permits.Count > 0 && forbids.Count == 0;
        return $"{allowed} {string.Join(",", forbids.Count > 0 ? forbids : permits)} / {string.Join(",", failing)}";
    }

    private static Expr Test(ScopeConstraint constraint, RequestVariable variable)
    {
        var target = new VariableExpr(variable);
        return constraint switch
        {
            ScopeEquals c => new BinaryExpr(BinaryOperator.Equal, target, new EntityLiteral(c.Entity.Entity!)),
            ScopeIn c => new BinaryExpr(BinaryOperator.In, target, new EntityLiteral(c.Entity.Entity!)),
            ScopeInAny c => new BinaryExpr(BinaryOperator.In, target, new SetExpr(NodeList.From(c.Entities.Select(e => (Expr)new EntityLiteral(e.Entity!))))),
            ScopeIs c => new IsExpr(target, c.EntityType, c.In is { } below ? new EntityLiteral(below.Entity!) : null),
            _ => new BoolLiteral(true),
        };
    }
}
