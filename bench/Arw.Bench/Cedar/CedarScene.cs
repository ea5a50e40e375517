using System.Text.Json;
using Arw.Core.Policy.Cedar.Entities;
using Arw.Core.Policy.Cedar.Evaluation;
using Arw.Core.Policy.Cedar.Policies;
using Arw.Core.Policy.Cedar.Validation;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Bench.Cedar;

/// <summary>A company's policies, twenty a team, and questions about its documents: each question meets at most the twenty of its team by scope.</summary>
internal sealed class CedarScene
{
    public const int PerTeam = 20;
    private const int Users = 10;
    private const int Docs = 20;

    public const string Schema = """
        entity Team;
        entity Folder;
        entity User in [Team] { level: Long, dept: String };
        entity Doc in [Folder] { owner: User, kind: String, level: Long, readers: Set<String> };
        action view, edit, share appliesTo { principal: [User], resource: [Doc], context: { mfa: Bool, risk: Long, ip: ipaddr, via: String } };
        """;

    private static readonly string[] Actions = ["view", "edit", "share"];
    private static readonly string[] Kinds = ["report", "note", "invoice", "draft"];
    private readonly Random _random = new(7);

    public CedarScene(int policies, bool scoped = true)
    {
        Text = string.Join('\n', Enumerable.Range(0, policies).Select(i => Policy(i, scoped)));
        Set = CedarPolicySet.Parse(Text).OrThrow();
        var teams = Math.Max(1, policies / PerTeam);
        Entities = new TypedJson(Arw.Core.Policy.Cedar.Schemas.Schema.Parse(Schema).OrThrow()).ReadEntities(Json(Enumerable.Range(0, teams))).OrThrow();
        Questions = [.. Enumerable.Range(0, 500).Select(_ => Ask(teams))];
    }

    /// <summary>The policies as written.</summary>
    public string Text { get; }

    public CedarPolicySet Set { get; }

    public CedarEntities Entities { get; }

    public IReadOnlyList<CedarQuestion> Questions { get; }

    /// <summary>A policy, whose number chooses its team, its scope and its condition.</summary>
    public static string Policy(int number, bool scoped = true)
    {
        var (team, n) = (number / PerTeam, number % PerTeam);
        var scope = !scoped ? "principal, action, resource" : (n % 5) switch
        {
            0 => $"principal in Team::\"t{team}\", action == Action::\"view\", resource",
            1 => $"principal in Team::\"t{team}\", action in [Action::\"view\", Action::\"edit\"], resource in Folder::\"f{team}\"",
            2 => $"principal == User::\"u{team}-{n % Users}\", action, resource in Folder::\"f{team}\"",
            3 => $"principal is User, action, resource in Folder::\"f{team}\"",
            _ => $"principal is User in Team::\"t{team}\", action, resource is Doc",
        };
        var condition = (n % 10) switch
        {
            0 => "when { resource.owner == principal }",
            1 => $"when {{ context.mfa && context.risk < {10 + (number % 50)} }}",
            2 => "",
            3 => $"when {{ principal.level >= resource.level && resource.kind == \"{Kinds[number % 4]}\" }}",
            4 => "unless { context.risk > 90 || resource.kind like \"inv*\" }",
            5 => "when { resource has owner && resource.owner.level > 3 && principal.dept == resource.owner.dept }",
            6 => $"when {{ [\"note\", \"draft\"].contains(resource.kind) && context.via != \"bot{number % 7}\" }}",
            7 => "when { context.ip.isInRange(ip(\"10.0.0.0/8\")) }",
            8 => $"when {{ resource.readers.contains(\"r{number % 9}\") }}",
            _ => $"when {{ principal.level + {number % 4} > resource.level * 2 || resource in Folder::\"f{team}\" && context.mfa }}",
        };
        return $"{(n % 10 == 7 ? "forbid" : "permit")}({scope}) {condition};";
    }

    private CedarQuestion Ask(int teams)
    {
        var team = _random.Next(teams);
        var (user, action, doc) = (new EntityUid("User", $"u{team}-{_random.Next(Users)}"), new EntityUid("Action", Actions[_random.Next(3)]), new EntityUid("Doc", $"d{team}-{_random.Next(Docs)}"));
        var context = JsonSerializer.Serialize(new
        {
            mfa = _random.Next(2) == 0,
            risk = _random.Next(100),
            ip = new { __extn = new { fn = "ip", arg = _random.Next(10) > 0 ? "11.1.2.3" : "10.1.2.3" } },
            via = "web",
        });
        return new CedarQuestion(
            new CedarRequest(user, action, doc, ValueJson.ReadContext(context).OrThrow()),
            $"\"principal\": {Uid(user)}, \"action\": {Uid(action)}, \"resource\": {Uid(doc)}, \"context\": {context}, \"entities\": {Json([team])}");
    }

    /// <summary>What is known about teams.</summary>
    private static string Json(IEnumerable<int> teams) => JsonSerializer.Serialize(teams.SelectMany(Team));

    private static IEnumerable<object> Team(int team)
    {
        for (var user = 0; user < Users; user++)
        {
            yield return Entity("User", $"u{team}-{user}", new { level = user % 7, dept = $"dept{user % 3}" }, Uid("Team", $"t{team}"));
        }

        for (var doc = 0; doc < Docs; doc++)
        {
            var attributes = new { owner = new { __entity = Uid("User", $"u{team}-{doc % Users}") }, kind = Kinds[doc % 4], level = doc % 5, readers = new[] { "r1", $"r{doc % 9}" } };
            yield return Entity("Doc", $"d{team}-{doc}", attributes, Uid("Folder", $"f{team}"));
        }

        yield return Entity("Team", $"t{team}", new { });
        yield return Entity("Folder", $"f{team}", new { });
    }

    private static object Entity(string type, string id, object attrs, params object[] parents) => new { uid = Uid(type, id), attrs, parents };

    private static object Uid(string type, string id) => new { type, id };

    private static string Uid(EntityUid uid) => JsonSerializer.Serialize(Uid(uid.Type, uid.Id));
}

/// <summary>One question, for either engine.</summary>
/// <param name="Request">For ours.</param>
/// <param name="Json">For the reference: principal, action, resource, context, and the entities that it needs.</param>
internal sealed record CedarQuestion(CedarRequest Request, string Json);
