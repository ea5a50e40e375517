using System.Globalization;
using Arw.Core.Policy.Cedar.Entities;
using Arw.Core.Policy.Cedar.Evaluation;
using Arw.Core.Policy.Cedar.Parsing;
using Arw.Core.Policy.Cedar.Policies;
using Arw.Core.Policy.Cedar.Values;
using CsCheck;

namespace Arw.Tests.Policy.Cedar.Policies;

public sealed class CedarPolicySetTests
{
    private static readonly CedarRequest Request = new(new("User", "ann"), new("Action", "view"), new("Doc", "d"), CedarRecord.Empty);

    [Fact]
    public void Decide_NothingMet_Denies() =>
        Assert.Equal(new CedarDecision(false, 0, 0), CedarPolicySet.Empty.Decide(Request, CedarEntities.Empty, [], []));

    [Fact]
    public void Decide_ForbidMet_WinsAndErrorsAreReported()
    {
        var answer = Set("""
            permit(principal, action, resource);
            forbid(principal, action, resource) when { principal.x };
            permit(principal == User::"bob", action, resource) when { 1 };
            forbid(principal is User, action, resource);
            permit(principal, action in [Action::"view"], resource) when { 1 };
            """).Decide(Request, CedarEntities.Empty);
        Assert.False(answer.Allowed);
        Assert.Equal(["policy3"], answer.Determining);
        Assert.Equal(["policy1", "policy4"], answer.Failing.Select(e => e.PolicyId));
        Assert.Equal((2, 44), (answer.Failing[0].Line, answer.Failing[0].Column));
    }

    [Fact]
    public void Decide_BuffersTooSmall_CountsAreComplete()
    {
        var set = Set(string.Concat(Enumerable.Repeat("permit(principal, action, resource); permit(principal, action, resource) when { 1 };", 20)));
        var determining = new CompiledPolicy[2];
        var failing = new CompiledPolicy[3];
        Assert.Equal(new CedarDecision(true, 20, 20), set.Decide(Request, CedarEntities.Empty, determining, failing));
        Assert.All(determining, p => Assert.NotNull(p.Id));
        Assert.Equal(20, set.Decide(Request, CedarEntities.Empty).Failing.Count);
    }

    [Fact]
    public void Decide_ActionUnderSeveralListed_CountsOnce()
    {
        var entities = CedarEntities.Create([new(new("Action", "view"), parents: [new("Action", "read"), new("Action", "any")])]).OrThrow();
        var answer = Set("""permit(principal, action in [Action::"any", Action::"read", Action::"any"], resource);""").Decide(Request, entities);
        Assert.Equal(["policy0"], answer.Determining);
        Assert.False(Set("permit(principal, action in [], resource);").Decide(Request, entities).Allowed);
    }

    [Fact]
    public void Edit_Whatever_LeavesTheSetBeforeAsItWas()
    {
        var before = Set("permit(principal, action, resource);");
        var after = before.Edit(edit =>
        {
            edit.Remove("policy0");
            edit.Add(Policy("forbid(principal, action, resource);", "no"));
        }).OrThrow();
        Assert.True(before.Decide(Request, CedarEntities.Empty).Allowed);
        Assert.False(after.Decide(Request, CedarEntities.Empty).Allowed);
        Assert.Equal(["no"], after.Policies.Select(p => p.Id));
    }

    [Fact]
    public void Edit_ListsOfManyChunks_DecideByWhatIsThere() =>
        Gen.Select(Gen.Int[0, 600], Gen.Int[0, 600], Gen.Int).Array[1, 8].Sample(
            edits =>
            {
                // A member of every team meets every policy, through lists and tables of several chunks.
                var ann = new CedarEntity(Request.Principal, parents: Enumerable.Range(0, 700).Select(n => new EntityUid("Team", $"t{n}")));
                var entities = CedarEntities.Create([ann]).OrThrow();
                string[] scopes = ["principal", "principal is User", "principal in Team::\"t{0}\"", "principal in Team::\"t0\""];
                List<string> ids = [];
                var sets = new List<(CedarPolicySet Set, string[] Ids)> { (CedarPolicySet.Empty, []) };
                var next = 0;
                foreach (var (adds, removes, seed) in edits)
                {
                    var random = new Random(seed);
                    var set = sets[^1].Set.Edit(edit =>
                    {
                        for (var i = 0; i < adds + removes; i++)
                        {
                            if (ids.Count > 0 && random.Next(adds + removes) < removes)
                            {
                                var at = random.Next(ids.Count);
                                edit.Remove(ids[at]);
                                ids.RemoveAt(at);
                            }
                            else
                            {
                                var scope = string.Format(CultureInfo.InvariantCulture, scopes[next % scopes.Length], next % 700);
                                edit.Add(Policy($"permit({scope}, action, resource);", $"p{next}"));
                                ids.Add($"p{next++}");
                            }
                        }
                    }).OrThrow();
                    sets.Add((set, [.. ids]));
                }

                Assert.All(sets, s => Assert.Equal(s.Ids, s.Set.Decide(Request, entities).Determining));
            },
            iter: 40);

    [Fact]
    public void Edit_OneWrongChange_ChangesNothing()
    {
        var errors = Set("permit(principal, action, resource);").Edit(edit =>
        {
            edit.Add(Policy("permit(principal, action, resource);", "policy0"));
            edit.Remove("none");
        }).Errors;
        Assert.Equal(2, errors.Count);
        Assert.False(CedarPolicySet.Parse("@id(\"policy1\") permit(principal, action, resource); permit(principal, action, resource);").Ok);
    }

    [Fact]
    public void Link_Template_DecidesForItsEntities()
    {
        var set = Set("""@id("t") permit(principal in ?principal, action, resource is Doc in ?resource);""");
        Assert.Equal(0, set.Count);
        Assert.False(set.Add(new TemplateLink("t", "l", new("User", "ann"), null)).Ok);
        Assert.False(set.Add(new TemplateLink("x", "l", null, null)).Ok);
        var linked = set.Add(new TemplateLink("t", "l", new("User", "ann"), new("Doc", "d"))).OrThrow();
        Assert.Equal(["l"], linked.Decide(Request, CedarEntities.Empty).Determining);
        Assert.False(linked.Remove("t").Ok);
        Assert.Null(linked.Remove("l").OrThrow().Remove("t").OrThrow().FindTemplate("t"));
    }

    [Fact]
    public void Decide_ShippedShapes_AllocatesNothing()
    {
        var set = Set("""
            permit(principal in Group::"staff", action in [Action::"view", Action::"edit"], resource is Doc) when { resource.owner == principal || context.n < 3 };
            forbid(principal, action, resource) unless { context.ip.isInRange(ip("10.0.0.0/8")) && ["a", "b"].contains(resource.kind) };
            permit(principal, action, resource) when { principal.missing };
            """);
        var entities = EntitiesJson.Read("""
            [{"uid": {"type": "User", "id": "ann"}, "attrs": {}, "parents": [{"type": "Group", "id": "staff"}]},
             {"uid": {"type": "Doc", "id": "d"}, "attrs": {"owner": {"__entity": {"type": "User", "id": "bob"}}, "kind": "a"}, "parents": []}]
            """).OrThrow();
        var request = Request with { Context = ValueJson.ReadContext("""{"n": 2, "ip": {"__extn": {"fn": "ip", "arg": "10.1.2.3"}}}""").OrThrow() };
        var (determining, failing) = (new CompiledPolicy[4], new CompiledPolicy[4]);
        Assert.Equal(new CedarDecision(true, 1, 1), set.Decide(request, entities, determining, failing));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            set.Decide(request, entities, determining, failing);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static CedarPolicySet Set(string text) => CedarPolicySet.Parse(text).OrThrow();

    private static Arw.Core.Policy.Cedar.Ast.CedarPolicy Policy(string text, string id) => CedarParser.ParsePolicy(text, id).OrThrow();
}
