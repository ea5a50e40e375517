using Arw.Core.Access;
using Arw.Core.Policy.Leases;
using Arw.Core.Primitives;
using Microsoft.Extensions.Time.Testing;

namespace Arw.Tests.Policy;

public class LeaseTermsTests
{
    private static readonly FakeTimeProvider Time = new(new DateTimeOffset(2026, 11, 25, 8, 0, 0, TimeSpan.Zero));
    private readonly LeaseTerms _terms = new(Time, new IdSource(Time));

    [Fact]
    public void Prepare_WithoutATime_GrantsForOneHour()
    {
        var lease = _terms.Prepare(new LeaseRequest("net.http:get https://EXAMPLE.org", "agent:digest"), Principal.Owner).Value;
        Assert.Equal("net.http:GET https://example.org/**", lease.Granted.Capability);
        Assert.Equal(Time.GetUtcNow().AddHours(1), lease.Granted.Until);
        Assert.Equal($"lease:{lease.Id}", lease.Draft.Subject);
        Assert.Equal("person:owner", lease.Draft.Actor);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(86_401)]
    [InlineData(long.MaxValue)]
    public void Prepare_TimeOutOfRange_Refuses(long ttl) =>
        Assert.Equal("invalid_input", Prepare(new LeaseRequest("demo.echo", "agent:x") { TtlSecs = ttl })?.Code);

    [Theory]
    [InlineData("digest")]
    [InlineData("person:owner")]
    [InlineData("agent:")]
    [InlineData("agent:a b")]
    [InlineData(":x")]
    [InlineData("episode:a/b")]
    public void Prepare_ForWhoIsNoHolder_Refuses(string holder) =>
        Assert.Contains("is no holder", Prepare(new LeaseRequest("demo.echo", holder))!.Message, StringComparison.Ordinal);

    [Fact]
    public void Prepare_ByAnAgent_Refuses() =>
        Assert.Equal("forbidden", Prepare(new LeaseRequest("demo.echo", "agent:x"), new Principal(PrincipalKind.Agent, "x"))?.Code);

    [Theory]
    [InlineData("policy.lease.grant")]
    [InlineData("policy.*")]
    [InlineData("credential.mint")]
    [InlineData("kill.switch.set")]
    public void Prepare_OfWhatGovernsTheHome_Refuses(string capability) =>
        Assert.Equal("forbidden", Prepare(new LeaseRequest(capability, "agent:x"))?.Code);

    [Fact]
    public void Prepare_UntilRevoked_IsForAPersonsAnswerOnly()
    {
        var asked = new LeaseRequest("demo.echo", "agent:x") { Mode = LeaseMode.UntilRevoked };
        Assert.Equal("forbidden", Prepare(asked)?.Code);
        Assert.Equal("forbidden", Prepare(asked with { Approval = "P1" }, Principal.System("demo"))?.Code);
        Assert.Null(_terms.Prepare(asked with { Approval = "P1" }, Principal.Owner).Value.Granted.Until);
    }

    [Fact]
    public void Prepare_ForAnEpisode_NamesItAndLastsADayAtMost()
    {
        var asked = new LeaseRequest("demo.echo", "agent:x") { Mode = LeaseMode.Episode };
        Assert.Equal("invalid_input", Prepare(asked)?.Code);
        Assert.Equal(Time.GetUtcNow().AddHours(24), _terms.Prepare(asked with { Episode = "e1" }, Principal.Owner).Value.Granted.Until);
    }

    [Fact]
    public void Prepare_OfANonPublicTarget_TakesAPersonAndAPort()
    {
        Assert.Null(Prepare(new LeaseRequest("net.http http://192.168.1.5:8080", "agent:x")));
        Assert.Null(Prepare(new LeaseRequest("net.http http://localhost", "agent:x")));
        Assert.Equal("invalid_input", Prepare(new LeaseRequest("net.http http://192.168.1.5:*", "agent:x"))?.Code);
        Assert.Equal("invalid_input", Prepare(new LeaseRequest("net.http *://[fe80::1]", "agent:x"))?.Code);
        Assert.Equal("forbidden", Prepare(new LeaseRequest("net.http http://192.168.1.5:8080", "agent:x"), Principal.System("demo"))?.Code);
    }

    [Fact]
    public void Prepare_OfMoney_LimitsTheSum()
    {
        Assert.Equal(500_000, _terms.Prepare(new LeaseRequest("spend.usd 0.50", "agent:x"), Principal.Owner).Value.Granted.Limits?.UsdMicros);
        Assert.Equal("invalid_input", Prepare(new LeaseRequest("demo.echo", "agent:x") { Limits = new LeaseLimits(Count: 0) })?.Code);
    }

    private Refusal? Prepare(LeaseRequest request, Principal? by = null) => _terms.Prepare(request, by ?? Principal.Owner).Refusal;
}
