using Arw.Core.Policy.Cedar.Parsing;
using Arw.Core.Policy.Cedar.Policies;
using Arw.Core.Policy.Cedar.Schemas;
using Arw.Core.Policy.Cedar.Validation;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Tests.Policy.Cedar.Validation;

public class PolicyValidatorTests
{
    private static readonly Schema Files = Schema.Parse("""
        entity User in [Group] {
            name: String, age?: Long, boss?: User, home: { zip: Long, geo?: { lat?: decimal } }, friends: Set<User>,
            ip?: ipaddr, since: datetime, quota?: duration, admin: Bool, size?: Size
        } tags String;
        entity Group in [Group] { owner: User, size?: Size };
        entity Size enum ["small", "large"];
        entity File in [Folder] { owner: User, bytes: Long } tags { a: Long };
        entity Folder;
        action all;
        action read, write in all appliesTo { principal: User, resource: [File, Folder], context: { mfa?: Bool, source: ipaddr } };
        action manage in write appliesTo { principal: [User, Group], resource: Group };
        """).OrThrow();

    private static readonly PolicyValidator Validator = new(Files);

    [Theory]
    [InlineData("principal.name == \"a\"")]
    [InlineData("principal has age && principal.age > 3")]
    [InlineData("principal has home.geo.lat && principal.home.geo.lat.lessThan(decimal(\"1.5\"))")]
    [InlineData("if principal has boss then principal.boss.admin else false")]
    [InlineData("!(principal has age) || principal.admin")]
    [InlineData("(principal has age || false) && principal.age == 1")]
    [InlineData("(principal has age && principal has boss) && principal.boss.name == \"a\" && principal.age == 1")]
    [InlineData("principal.hasTag(\"t\") && principal.getTag(\"t\") like \"a*\"")]
    [InlineData("principal.hasTag(principal.name) && principal.getTag(principal.name) == \"a\"")]
    [InlineData("false && principal.missing")]
    [InlineData("true || principal.missing")]
    [InlineData("if false then principal.missing else true")]
    [InlineData("principal is File && principal.missing")]
    [InlineData("principal == File::\"f\" && principal.missing")]
    [InlineData("principal in File::\"f\" && principal.missing")]
    [InlineData("action == Action::\"manage\" && principal.missing")]
    [InlineData("action in [Action::\"write\"] && principal.missing")]
    [InlineData("principal has missing && principal.missing")]
    [InlineData("1 == \"a\" || principal.admin")]
    [InlineData("(true && false) == true && principal.missing")]
    [InlineData("principal.friends.contains(principal)")]
    [InlineData("principal.friends.containsAny([User::\"a\"]) && !principal.friends.isEmpty()")]
    [InlineData("principal.since < datetime(\"2024-10-15\").offset(duration(\"1h\"))")]
    [InlineData("context.source.isInRange(ip(\"10.0.0.0/8\"))")]
    [InlineData("[true, false, principal.admin].contains(true)")]
    [InlineData("{ a: true } == { a: principal.admin }")]
    [InlineData("(if principal.admin then { a: true } else { a: false }).a")]
    [InlineData("resource in [Folder::\"a\", Folder::\"b\"]")]
    [InlineData("principal.size == Size::\"small\" || true")]
    public void Validate_OfACondition_AcceptsWhatCannotFail(string condition) =>
        Assert.Empty(Validate($"permit(principal is User, action == Action::\"read\", resource) when {{ {Guarded(condition)} }};").Errors);

    [Theory]
    [InlineData("principal.missing", "has no attribute \"missing\"")]
    [InlineData("principal.age == 1", "may be absent")]
    [InlineData("(principal has age || principal.admin) && principal.age == 1", "may be absent")]
    [InlineData("!(principal has age) && principal.age == 1", "may be absent")]
    [InlineData("principal has boss.age && principal.age == 1", "may be absent")]
    [InlineData("principal has boss && principal.boss.boss.admin", "may be absent")]
    [InlineData("context.mfa", "may be absent")]
    [InlineData("principal.getTag(\"t\") == \"a\"", "may be absent")]
    [InlineData("principal.hasTag(\"t\") && principal.getTag(\"u\") == \"a\"", "may be absent")]
    [InlineData("principal == 1", "never equal")]
    [InlineData("principal.name == principal.since", "never equal")]
    [InlineData("principal.friends.contains(File::\"f\")", "never equal")]
    [InlineData("principal.friends.containsAll([1])", "never equal")]
    [InlineData("principal.home == { zip: 1, geo: { lat: decimal(\"1.0\") } }", "never equal")]
    [InlineData("[1, \"a\"].contains(1)", "all of one type")]
    [InlineData("[principal, resource].contains(principal)", "all of one type")]
    [InlineData("[].contains(1)", "empty set")]
    [InlineData("(if principal.admin then 1 else \"a\") == 1", "of one type")]
    [InlineData("principal", "of type `User`")]
    [InlineData("principal.name + 1 == 2", "texts cannot be joined")]
    [InlineData("principal.name < \"b\"", "have no order")]
    [InlineData("principal.since < duration(\"1h\")", "compared with `datetime`")]
    [InlineData("principal.name in Group::\"g\"", "of type `String`")]
    [InlineData("principal in [1]", "of type `Set<Long>`")]
    [InlineData("principal.admin is User", "of type `Bool`")]
    [InlineData("principal.admin.isIpv4()", "of type `Bool`")]
    [InlineData("ip(principal.name).isIpv4()", "called with an expression")]
    [InlineData("ip(\"300.0.0.1\").isIpv4()", "is no ipaddr")]
    [InlineData("decimal(\"1.23456\") == decimal(\"1.0\")", "is no decimal")]
    [InlineData("datetime(\"2024-13-01\") == principal.since", "is no datetime")]
    [InlineData("duration(\"soon\") == duration(\"1h\")", "is no duration")]
    [InlineData("context.source.isInRange()", "called with 1 arguments")]
    [InlineData("principal == Missing::\"a\"", "no entity type `Missing`")]
    [InlineData("principal is Missing", "no entity type `Missing`")]
    [InlineData("action == Action::\"fly\"", "no action `Action::\"fly\"`")]
    [InlineData("false && resource == Size::\"huge\"", "no entity `Size::\"huge\"`")]
    [InlineData("false && principal == Missing::\"a\"", "no entity type `Missing`")]
    public void Validate_OfACondition_RefusesWhatCanFail(string condition, string message)
    {
        var text = $"permit(principal is User, action == Action::\"read\", resource) when {{ {condition} }};";
        var errors = Validate(text).Errors;
        Assert.Contains(errors, error => error.Message.Contains(message, StringComparison.Ordinal));
        Assert.All(errors, error => Assert.True(error is { Line: 1, Column: > 0, PolicyId: "policy0" }));
    }

    [Theory]
    [InlineData("principal == Missing::\"a\"", "action", "resource", "no entity type")]
    [InlineData("principal is Missing", "action", "resource", "no entity type")]
    [InlineData("principal", "action == Action::\"fly\"", "resource", "no action")]
    [InlineData("principal", "action in [Action::\"read\", Action::\"fly\"]", "resource", "no action")]
    [InlineData("principal", "action in []", "resource", "empty set")]
    [InlineData("principal", "action", "resource in Size::\"huge\"", "no entity `Size")]
    public void Validate_OfAScope_RefusesWhatTheSchemaDoesNotKnow(string principal, string action, string resource, string message) =>
        Assert.Contains(Validate($"permit({principal}, {action}, {resource});").Errors, error => error.Message.Contains(message, StringComparison.Ordinal));

    [Theory]
    [InlineData("principal is Group", "action == Action::\"read\"", "resource")]
    [InlineData("principal", "action == Action::\"read\"", "resource in Group::\"g\"")]
    [InlineData("principal", "action == Action::\"all\"", "resource")]
    [InlineData("principal in File::\"f\"", "action", "resource")]
    public void Validate_OfAScopeThatNoRequestMeets_RefusesItUnlessThatIsTolerated(string principal, string action, string resource)
    {
        var policies = CedarParser.ParsePolicies($"permit({principal}, {action}, {resource}) when {{ principal.missing }};").OrThrow();
        Assert.Contains("No action that the scope allows", Assert.Single(Validator.Validate(policies).Errors).Message, StringComparison.Ordinal);
        var tolerant = new PolicyValidator(Files) { TolerateInapplicableScopes = true }.Validate(policies);
        Assert.Empty(tolerant.Errors);
        Assert.Equal(2, tolerant.Warnings.Count);
    }

    [Fact]
    public void Validate_OfAConditionThatIsAlwaysFalse_Warns()
    {
        var result = Validate("permit(principal, action, resource) when { principal is File } unless { false };");
        Assert.True(result.Ok);
        Assert.Contains("never applies", Assert.Single(result.Warnings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_OfSeveralKindsOfRequests_TellsEachMistakeOnceWithItsPlace()
    {
        var result = Validate("permit(principal, action, resource)\nwhen { resource.bytes > 1 };\n@id(\"two\") forbid(principal, action, resource) when { principal.name };");
        Assert.Contains(result.Errors, error => error is { Line: 2, Column: 8, PolicyId: "policy0" });
        Assert.Contains(result.Errors, error => error is { Line: 3, PolicyId: "two" });
        Assert.Equal(result.Errors.Count, result.Errors.Distinct().Count());
    }

    [Fact]
    public void Validate_OfTemplates_ChecksThemOnceAndTheirLinksForWhatTheyAdd()
    {
        var set = CedarPolicySet.Parse("@id(\"t\") permit(principal in ?principal, action, resource) when { principal.admin };").OrThrow();
        set = set.Add(new TemplateLink("t", "good", new EntityUid("Group", "g"), null)).OrThrow();
        set = set.Add(new TemplateLink("t", "idle", new EntityUid("Folder", "f"), null)).OrThrow();
        set = set.Add(new TemplateLink("t", "bad", new EntityUid("Missing", "m"), null)).OrThrow();
        var result = Validator.Validate(set);
        Assert.Equal(["t", "idle", "bad", "bad"], result.Errors.Select(error => error.PolicyId));
    }

    [Fact]
    public void Validate_OfLongChains_EndsWithoutExhaustingTheStack()
    {
        var chain = string.Join(" && ", Enumerable.Range(0, 5_000).Select(i => $"principal.hasTag(\"{i}\") && principal.getTag(\"{i}\") == \"a\""));
        Assert.True(Validate($"permit(principal is User, action, resource) when {{ {chain} }};").Ok);
    }

    private static string Guarded(string condition) => condition.StartsWith("principal.size", StringComparison.Ordinal) ? $"principal has size && ({condition})" : condition;

    private static ValidationResult Validate(string policies) => Validator.Validate(CedarParser.ParsePolicies(policies).OrThrow());
}
