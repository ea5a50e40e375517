using System.Text.Json;
using Arw.Core.Actions;
using Arw.Core.Egress;
using Arw.Core.Policy;
using Arw.Core.Primitives;

namespace Arw.Tests.Egress;

public class EgressSettingsTests
{
    [Fact]
    public async Task Set_ModeAndOneLimit_LeavesTheRest()
    {
        var world = new EgressWorld();
        await RunAsync(world, new SetEgressSettingsAction(), """{"mode":"allowlist","limits":{"max_redirects":2}}""");
        Assert.Equal((EgressMode.Allowlist, 2, 20_000), (world.Gate.ModeFor("demo"), world.Settings.Current.Limits.MaxRedirects, world.Settings.Current.Limits.IdleMs));

        await RunAsync(world, new SetEgressSettingsAction(), """{"limits":{"idle_ms":500}}""");
        Assert.Equal((EgressMode.Allowlist, 2, 500), (world.Gate.ModeFor("demo"), world.Settings.Current.Limits.MaxRedirects, world.Settings.Current.Limits.IdleMs));

        await RunAsync(world, new SetEgressSettingsAction(), """{"mode":"posture"}""");
        Assert.Equal((EgressMode.Public, null), (world.Gate.ModeFor("demo"), world.Settings.Current.Mode));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"limits":{"max_redirects":21}}""")]
    [InlineData("""{"limits":{"idle_ms":0}}""")]
    [InlineData("""{"mode":"wide_open"}""")]
    [InlineData("""{"mod":"public"}""")]
    public void Set_BadInput_IsRefused(string input) =>
        Assert.Equal("invalid_input", Needs(new SetEgressSettingsAction(), input).Refusal?.Code);

    [Fact]
    public async Task Scope_SetAndRemove_ChangesWhatIsEligible()
    {
        var world = new EgressWorld { Mode = EgressMode.Allowlist };
        var target = EgressTarget.Parse("https://xn--bcher-kva.example/").Value;
        Assert.False(world.Gate.Judge(target, Capability.Http("GET", target.Url), world.Run.Context).Ok);

        await RunAsync(world, new SetEgressScopeAction(), """{"id":"books","hosts":["BÜCHER.example"]}""");
        Assert.Equal("books", world.Gate.Judge(target, Capability.Http("GET", target.Url), world.Run.Context).Value.Scope);

        await RunAsync(world, new RemoveEgressScopeAction(world.Settings), """{"id":"books"}""");
        Assert.Equal("not_in_allowlist", world.Gate.Judge(target, Capability.Http("GET", target.Url), world.Run.Context).Refusal?.Code);
        var again = await new RemoveEgressScopeAction(world.Settings).RunAsync(Json("""{"id":"books"}"""), world.Run, default);
        Assert.Equal("not_found", again.Refusal?.Code);
    }

    [Theory]
    [InlineData("""{"id":"A b","hosts":["a.example"]}""")]
    [InlineData("""{"id":"a"}""")]
    [InlineData("""{"id":"a","hosts":["*"]}""")]
    [InlineData("""{"id":"a","hosts":["*.org"]}""")]
    [InlineData("""{"id":"a","hosts":["*.1.2.3.4"]}""")]
    [InlineData("""{"id":"a","hosts":["a.*.example"]}""")]
    [InlineData("""{"id":"a","hosts":["https://a.example"]}""")]
    [InlineData("""{"id":"a","hosts":["a.example:80"]}""")]
    [InlineData("""{"id":"a","hosts":["127.1"]}""")]
    [InlineData("""{"id":"a","cidrs":["10.0.0.1/8"]}""")]
    [InlineData("""{"id":"a","cidrs":["ten/8"]}""")]
    [InlineData("""{"id":"a","hosts":["a.example"],"ports":[0]}""")]
    [InlineData("""{"id":"a","hosts":["a.example"],"ports":[1,70000]}""")]
    [InlineData("""{"id":"a","hosts":["a.example"],"protocols":["gopher"]}""")]
    public void ScopeSet_BadInput_IsRefused(string input) =>
        Assert.Equal("invalid_input", Needs(new SetEgressScopeAction(), input).Refusal?.Code);

    [Theory]
    [InlineData("127.0.0.1", null, 8080, true)]
    [InlineData(null, "127.0.0.1/32", 8080, true)]
    [InlineData(null, "127.0.0.0/31", 8080, false)]
    [InlineData("localhost", null, 8080, false)]
    [InlineData("127.0.0.1", null, 8081, false)]
    [InlineData("127.0.0.1", null, null, false)]
    public void Spells_OnlyTheLiteralPlace(string? host, string? cidr, int? port, bool expected)
    {
        var scope = new EgressScope
        {
            Id = "s",
            Hosts = host is null ? [] : [host],
            Cidrs = cidr is null ? [] : [cidr],
            Ports = port is { } p ? [p] : [],
        };
        Assert.Equal(expected, scope.Spells(EgressTarget.Parse("http://127.0.0.1:8080/").Value.Place));
    }

    [Fact]
    public void Actions_AreControl() =>
        Assert.All((ActionKind[])[new SetEgressSettingsAction(), new SetEgressScopeAction(), new RemoveEgressScopeAction(new EgressSettingsModel())], a => Assert.True(a.Control));

    private static async Task RunAsync(EgressWorld world, ActionKind action, string input)
    {
        Assert.Null((await action.RunAsync(Json(input), world.Run, default)).Refusal);
        world.Apply(world.Run.Written[^1]);
    }

    private static Result<IReadOnlyList<Core.Policy.Capability>> Needs(ActionKind action, string input) => action.Needs(Json(input), new EgressWorld().Run.Context);

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
