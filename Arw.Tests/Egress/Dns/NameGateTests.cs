using System.Net;
using Arw.Core.Egress;
using Arw.Core.Egress.Dns;
using Arw.Core.Policy.Postures;
using CsCheck;

namespace Arw.Tests.Egress.Dns;

/// <summary>A name may be looked up exactly when the guard would let its asker out to it.</summary>
public class NameGateTests
{
    [Theory]
    [InlineData("net.http https://api.example", "api.example", true)]
    [InlineData("net.http:GET https://api.example/feeds/**", "api.example", true)]
    [InlineData("net.http:POST https://api.example:8443/in", "api.example", true)]
    [InlineData("net.http *://*.api.example:*", "deep.under.api.example", true)]
    [InlineData("net.http *://*.api.example:*", "api.example", false)]
    [InlineData("net.http https://api.example", "other.example", false)]
    [InlineData("net.http https://api.example", "sub.api.example", false)]
    [InlineData("file.read project://**", "api.example", false)]
    public async Task Judge_ByLeases_DecidesWhatALeaseReaches(string lease, string name, bool decided)
    {
        await using var world = new DnsWorld();
        world.Grant(lease);

        var answer = world.Names.Judge(name, DnsWorld.Program);
        Assert.Equal(decided ? null : "needs_lease", answer.Refusal?.Code);
        Assert.False(world.Names.Judge(name, DnsAsker.Anybody).Ok);
    }

    [Fact]
    public async Task Judge_ALeaseOfSomebodyElse_DecidesNothing()
    {
        await using var world = new DnsWorld();
        world.Grant("net.http https://api.example", "agent:other");
        world.Grant("net.http https://api.example", "episode:ep2");
        Assert.Equal("needs_lease", world.Names.Judge("api.example", DnsWorld.Program).Refusal?.Code);

        world.Grant("net.http https://api.example", "episode:ep1");
        Assert.True(world.Names.Judge("api.example", DnsWorld.Program).Ok);
    }

    [Fact]
    public async Task Judge_UnderRelaxed_DecidesPublicNamesForAnybody()
    {
        await using var world = new DnsWorld();
        world.Take(Posture.Relaxed);
        Assert.True(world.Names.Judge("api.example", DnsWorld.Program).Ok);
        Assert.True(world.Names.Judge("api.example", DnsAsker.Anybody).Ok);
        Assert.Equal("address_not_public", world.Names.Judge("localhost", DnsAsker.Anybody).Refusal?.Code);
        Assert.Equal("address_not_public", world.Names.Judge("metadata.google.internal", DnsWorld.Program).Refusal?.Code);

        world.Scope(new EgressScope { Id = "never", Hosts = ["*.example"], Deny = true });
        Assert.Equal("denied_by_scope", world.Names.Judge("api.example", DnsWorld.Program).Refusal?.Code);

        world.Kill();
        Assert.Equal("kill_switch", world.Names.Judge("other.test", DnsWorld.Program).Refusal?.Code);
        Assert.Equal("kill_switch", world.Names.Judge("other.test", DnsAsker.Anybody).Refusal?.Code);
    }

    [Fact]
    public async Task Judge_UnderStrict_NeedsScopeAndLease()
    {
        await using var world = new DnsWorld();
        world.Take(Posture.Strict);
        world.Grant("net.http https://api.example:8443");
        Assert.Equal("not_in_allowlist", world.Names.Judge("api.example", DnsWorld.Program).Refusal?.Code);

        world.Scope(new EgressScope { Id = "api", Hosts = ["api.example"] });
        Assert.Equal("needs_lease", world.Names.Judge("api.example", DnsWorld.Program).Refusal?.Code);

        world.Scope(new EgressScope { Id = "api", Hosts = ["api.example"], Ports = [8443] });
        Assert.True(world.Names.Judge("api.example", DnsWorld.Program).Ok);
    }

    [Fact]
    public async Task Judge_ForAnybody_CountsScopesAndNobodysLeases()
    {
        await using var world = new DnsWorld();
        world.Grant("net.http https://api.example");
        Assert.Equal("no_holder", world.Names.Judge("api.example", DnsAsker.Anybody).Refusal?.Code);

        world.Scope(new EgressScope { Id = "api", Hosts = ["*.example"], Ports = [5432], Protocols = ["tcp"], ExpiresAt = world.Time.GetUtcNow().AddMinutes(1) });
        Assert.Equal("in_scope", Assert.Single(world.Names.Judge("api.example", DnsAsker.Anybody).Value).Code);
        Assert.False(world.Names.Judge("api.other", DnsAsker.Anybody).Ok);

        world.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal("no_holder", world.Names.Judge("api.example", DnsAsker.Anybody).Refusal?.Code);
    }

    [Fact]
    public async Task Judge_WhatARecipeNeverDoes_StopsNamesOnlyWhereNothingIsLeft()
    {
        await using var world = new DnsWorld();
        world.Grant("net.http https://api.example");
        world.Never("net.http:POST");
        Assert.True(world.Names.Judge("api.example", DnsWorld.Program).Ok);

        world.Never("net.http");
        Assert.Equal("forbidden", world.Names.Judge("api.example", DnsWorld.Program).Refusal?.Code);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("0x7f.1")]
    [InlineData("2130706433")]
    [InlineData("")]
    [InlineData(@"a\046b.example")]
    [InlineData("4.3.2.1.in-addr.arpa.")]
    public async Task Judge_WhatIsNoHostName_IsRefused(string name)
    {
        await using var world = new DnsWorld();
        world.Take(Posture.Relaxed);
        Assert.Equal("not_a_host_name", world.Names.Judge(name, DnsAsker.Anybody).Refusal?.Code);
    }

    [Fact]
    public async Task Judge_AnyName_IsDecidedOrRefusedAndNeverThrows()
    {
        await using var world = new DnsWorld();
        world.Grant("net.http *://*.example:*");
        Gen.Char["ax-_.0\\n"].Array[0, 80].Sample(letters =>
        {
            var name = new string(letters);
            return !world.Names.Judge(name, DnsWorld.Program).Ok && world.Names.Judge($"{name}.example", DnsWorld.Program) is { Refusal: null or { Code: "not_a_host_name" } };
        });
    }

    [Fact]
    public async Task JudgeAddress_ThatIsNotPublic_NeedsAScopeThatSpellsThePlace()
    {
        await using var world = new DnsWorld();
        world.Grant("net.http *://inner.example:*", answers: "someone");
        var inner = IPAddress.Parse("10.1.2.3");
        Assert.Equal("address_not_public", world.Names.JudgeAddress(world.Names.Judge("inner.example", DnsWorld.Program).Value, inner)?.Code);

        world.Scope(new EgressScope { Id = "wide", Hosts = ["*.example"], Ports = [8080] });
        Assert.Equal("address_not_public", world.Names.JudgeAddress(world.Names.Judge("inner.example", DnsWorld.Program).Value, inner)?.Code);

        world.Scope(new EgressScope { Id = "spelled", Hosts = ["inner.example"], Ports = [8080] });
        Assert.Null(world.Names.JudgeAddress(world.Names.Judge("inner.example", DnsWorld.Program).Value, inner));

        world.Scope(new EgressScope { Id = "not-there", Cidrs = ["10.0.0.0/8"], Deny = true });
        Assert.Equal("denied_by_scope", world.Names.JudgeAddress(world.Names.Judge("inner.example", DnsWorld.Program).Value, inner)?.Code);
    }
}
