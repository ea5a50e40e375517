using System.IO.Compression;
using System.Net;
using Arw.Core.Egress;
using Arw.Core.Primitives;
using Arw.Tests.Actions;
using Microsoft.AspNetCore.Http;

namespace Arw.Tests.Egress;

public class GuardedHttpTests
{
    [Fact]
    public async Task Send_SpelledLoopbackScope_AnswersAndKeepsTheLedger()
    {
        await using var server = await LoopbackServer.StartAsync(c => c.Response.WriteAsync($"hello {c.Request.Headers.UserAgent}"));
        var world = new EgressWorld();
        world.Allow(server);

        await using (var answer = (await world.GetAsync(server.Url("/a?token=s3cret"))).Value)
        {
            Assert.Equal(200, answer.Status);
            Assert.Equal("hello Arw/0.1", System.Text.Encoding.UTF8.GetString((await answer.ReadAsync(100, default)).Value.Bytes));
        }

        Assert.Equal(["egress.opened", "egress.closed"], world.Kinds);
        var opened = world.Written(EgressEvents.Opened);
        Assert.Equal(("127.0.0.1", server.Port, "s0", "permitted"), (opened.Host, opened.Port, opened.Scope, opened.Code));
        Assert.DoesNotContain("s3cret", opened.Url, StringComparison.Ordinal);
        var closed = world.Written(EgressEvents.Closed);
        Assert.Equal((EgressOutcome.Ok, 200, "127.0.0.1"), (closed.Outcome, closed.Status, closed.Address));
        Assert.True(closed.BytesIn > 15 && closed.BytesOut > 30);
        Assert.Equal($"net.http:GET http://127.0.0.1:{server.Port}/a", Assert.Single(world.Run.Demands).ToString());
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}/")]
    [InlineData("http://localhost:{0}/")]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/")]
    [InlineData("http://[::1]:{0}/")]
    public async Task Send_LoopbackWithoutScope_IsDeniedBeforePolicyIsAsked(string url)
    {
        await using var server = await LoopbackServer.StartAsync(c => c.Response.WriteAsync("secret"));
        var world = new EgressWorld { Mode = EgressMode.Observe };

        var result = await world.GetAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, url, server.Port));

        Assert.Equal("address_not_public", result.Refusal?.Code);
        Assert.Empty(world.Run.Demands);
        Assert.Equal("address_not_public", world.Written(EgressEvents.Denied).Code);
        Assert.Equal(0, server.Requests);
    }

    [Fact]
    public async Task Send_OtherPortOrWideScope_DoesNotOpenLoopback()
    {
        await using var server = await LoopbackServer.StartAsync(c => c.Response.WriteAsync("secret"));
        var world = new EgressWorld();
        world.Allow("127.0.0.1", server.Port == 1 ? 2 : 1);
        world.Apply(EgressEvents.ScopeSet.Draft(new EgressScope { Id = "wide", Cidrs = ["127.0.0.0/8"], Ports = [server.Port] }, "person:owner"));
        world.Apply(EgressEvents.ScopeSet.Draft(new EgressScope { Id = "noport", Hosts = ["127.0.0.1"] }, "person:owner"));
        world.Apply(EgressEvents.ScopeSet.Draft(new EgressScope { Id = "old", Hosts = ["127.0.0.1"], Ports = [server.Port], ExpiresAt = DateTimeOffset.UnixEpoch }, "person:owner"));

        Assert.Equal("address_not_public", (await world.GetAsync(server.Url())).Refusal?.Code);
        Assert.Equal(0, server.Requests);
    }

    [Fact]
    public async Task Send_LeaseThatSpellsThePlace_OpensLoopback()
    {
        await using var server = await LoopbackServer.StartAsync(c => c.Response.WriteAsync("ok"));
        var world = new EgressWorld();
        world.SpelledLeases.Add($"127.0.0.1:{server.Port}");

        await using var answer = (await world.GetAsync(server.Url())).Value;
        Assert.Equal(200, answer.Status);
    }

    [Fact]
    public async Task Send_NameThatLeadsToLoopback_IsDeniedThoughPermitted()
    {
        await using var server = await LoopbackServer.StartAsync(c => c.Response.WriteAsync("secret"));
        var world = new EgressWorld { Names = _ => [IPAddress.Parse("93.184.215.14"), IPAddress.Loopback] };

        var result = await world.GetAsync($"http://rebind.example:{server.Port}/");

        Assert.Equal("address_not_public", result.Refusal?.Code);
        Assert.Equal("127.0.0.1", world.Written(EgressEvents.Denied).Address);
        Assert.Equal(0, server.Requests);
    }

    [Fact]
    public async Task Send_RebindingName_IsCheckedAtEveryHop()
    {
        // The first answer of the name server is the spelled place; the redirect's is loopback under a name nobody spelled.
        await using var server = await LoopbackServer.StartAsync(c =>
        {
            c.Response.Redirect($"http://rebind.example:{c.Request.Host.Port}/secret");
            return Task.CompletedTask;
        });
        var world = new EgressWorld { Names = _ => [IPAddress.Loopback] };
        world.Allow("spelled.example", server.Port);

        var result = await world.GetAsync($"http://spelled.example:{server.Port}/");

        Assert.Equal("address_not_public", result.Refusal?.Code);
        Assert.Equal(["spelled.example", "rebind.example"], world.Resolved);
        Assert.Equal(1, server.Requests);
    }

    [Fact]
    public async Task Send_PolicySaysNo_NeitherResolvesNorConnects()
    {
        var world = new EgressWorld { Run = new FakeRun { Judge = _ => new Refusal("needs_lease", "No lease.", null, 403) } };

        Assert.Equal("needs_lease", (await world.GetAsync("https://feeds.example/")).Refusal?.Code);
        Assert.Empty(world.Resolved);
        Assert.Equal("needs_lease", world.Written(EgressEvents.Denied).Code);
    }

    [Fact]
    public async Task Send_AllowlistMode_AsksOnlyForPlacesInScopes()
    {
        var world = new EgressWorld { Mode = EgressMode.Allowlist, Names = _ => throw new System.Net.Sockets.SocketException(11001) };
        world.Apply(EgressEvents.ScopeSet.Draft(new EgressScope { Id = "feeds", Hosts = ["*.example.org"] }, "person:owner"));

        Assert.Equal("not_in_allowlist", (await world.GetAsync("https://example.org/")).Refusal?.Code);
        Assert.Equal("not_in_allowlist", (await world.GetAsync("https://evilexample.org/")).Refusal?.Code);
        Assert.Equal("not_in_allowlist", (await world.GetAsync("https://a.example.org:8443/")).Refusal?.Code);
        Assert.Equal("name_not_resolved", (await world.GetAsync("https://a.example.org/")).Refusal?.Code);
        Assert.Equal(["a.example.org"], world.Resolved);
    }

    [Fact]
    public async Task Send_RedirectToForbiddenHost_IsRefusedWithItsOwnDecision()
    {
        await using var server = await LoopbackServer.StartAsync(c =>
        {
            c.Response.Redirect("https://forbidden.example/next");
            return Task.CompletedTask;
        });
        var world = new EgressWorld
        {
            Run = new FakeRun { Judge = c => c.ToString().Contains("forbidden", StringComparison.Ordinal) ? new Refusal("needs_lease", "No.", null, 403) : null },
        };
        world.Allow(server);

        Assert.Equal("needs_lease", (await world.GetAsync(server.Url())).Refusal?.Code);
        Assert.Equal(["egress.opened", "egress.closed", "egress.denied"], world.Kinds);
        Assert.Equal((1, "forbidden.example"), (world.Written(EgressEvents.Denied).Hop, world.Written(EgressEvents.Denied).Host));
    }

    [Fact]
    public async Task Send_RedirectToOtherOrigin_DropsCredentials()
    {
        string? seen = null;
        await using var second = await LoopbackServer.StartAsync(c =>
        {
            seen = $"{c.Request.Headers.Authorization}|{c.Request.Headers["X-Api-Key"]}|{c.Request.Headers.Accept}";
            return Task.CompletedTask;
        });
        await using var first = await LoopbackServer.StartAsync(c =>
        {
            c.Response.Redirect(c.Request.Path == "/" ? "/same" : second.Url());
            return c.Request.Headers.Authorization == "Bearer x" ? Task.CompletedTask : throw new InvalidOperationException("Lost on the same origin.");
        });
        var world = new EgressWorld();
        world.Allow(first);
        world.Allow(second);
        var request = new GuardedRequest("GET", first.Url())
        {
            Headers = [new("Authorization", "Bearer x"), new("X-Api-Key", "k"), new("Accept", "text/html")],
        };

        await using var answer = (await world.Http.SendAsync(request, world.Run, default)).Value;

        Assert.Equal("||text/html", seen);
        Assert.Equal([302, 302], answer.Redirects.Select(r => r.Status));
        Assert.Equal(3, world.Run.Demands.Count);
    }

    [Theory]
    [InlineData("/loop", "redirect_loop")]
    [InlineData("/endless0", "too_many_redirects")]
    [InlineData("/userinfo", "invalid_url")]
    [InlineData("/octal", "invalid_url")]
    [InlineData("/file", "scheme_not_allowed")]
    public async Task Send_BadRedirect_IsRefused(string path, string code)
    {
        await using var server = await LoopbackServer.StartAsync(c =>
        {
            var asked = c.Request.Path.Value!;
            c.Response.StatusCode = 302;
            c.Response.Headers.Location = asked switch
            {
                "/loop" => "/loop",
                "/userinfo" => $"http://a@127.0.0.1:{c.Request.Host.Port}/",
                "/octal" => $"http://0177.0.0.1:{c.Request.Host.Port}/",
                "/file" => "file:///etc/passwd",
                _ => asked + "1",
            };
            return Task.CompletedTask;
        });
        var world = new EgressWorld();
        world.Allow(server);

        Assert.Equal(code, (await world.GetAsync(server.Url(path))).Refusal?.Code);
        Assert.Equal("egress.denied", world.Kinds.Last());
        Assert.True(server.Requests <= 6);
    }

    [Fact]
    public void Redirect_FromHttpsToHttp_IsRefused()
    {
        var fault = RedirectRules.Fault(EgressTarget.Parse("https://a.example/").Value, EgressTarget.Parse("http://a.example/").Value, "GET", 1, new EgressLimits(), []);
        Assert.Equal("redirect_downgrade", fault?.Code);
    }

    [Fact]
    public async Task Read_GzipBomb_IsCutWithBoundedMemory()
    {
        using var bomb = new MemoryStream();
        using (var gzip = new GZipStream(bomb, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            var zeros = new byte[1 << 20];
            for (var i = 0; i < 64; i++)
            {
                gzip.Write(zeros);
            }
        }

        await using var server = await LoopbackServer.StartAsync(async c =>
        {
            c.Response.Headers.ContentEncoding = "gzip";
            await c.Response.Body.WriteAsync(bomb.ToArray());
        });
        var world = new EgressWorld();
        world.Allow(server);
        world.Limit(new EgressLimitsChange { MaxBodyBytes = 1 << 30 });
        await using var answer = (await world.GetAsync(server.Url())).Value;

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal("compression_bomb", (await answer.ReadAsync(1 << 30, default)).Refusal?.Code);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 32 << 20);
        Assert.Equal(EgressOutcome.Limit, world.Written(EgressEvents.Closed).Outcome);
    }

    [Fact]
    public async Task Send_DeclaredHugeBody_IsRefusedBeforeItIsRead()
    {
        await using var server = await LoopbackServer.StartAsync(async c =>
        {
            c.Response.ContentLength = 100 << 20;
            await c.Response.StartAsync();
            await c.Response.Body.FlushAsync();
            await c.RequestAborted.WhenCancelled();
        });
        var world = new EgressWorld();
        world.Allow(server);

        Assert.Equal("response_too_large", (await world.GetAsync(server.Url())).Refusal?.Code);
        var closed = world.Written(EgressEvents.Closed);
        Assert.Equal(EgressOutcome.Limit, closed.Outcome);
        Assert.True(closed.BytesIn < 1 << 20);
    }

    [Fact]
    public async Task Read_UndeclaredHugeBody_IsCutAtTheLimit()
    {
        await using var server = await LoopbackServer.StartAsync(async c =>
        {
            var chunk = new byte[1 << 16];
            while (!c.RequestAborted.IsCancellationRequested)
            {
                await c.Response.Body.WriteAsync(chunk, c.RequestAborted);
            }
        });
        var world = new EgressWorld();
        world.Allow(server);
        world.Limit(new EgressLimitsChange { MaxBodyBytes = 1 << 20 });

        await using var answer = (await world.GetAsync(server.Url())).Value;
        Assert.Equal("response_too_large", (await answer.ReadAsync(1 << 30, default)).Refusal?.Code);
        Assert.True(world.Written(EgressEvents.Closed).BytesIn < 4 << 20);
    }

    [Fact]
    public async Task Read_RevokedWhileTheBodyComes_CutsTheConnectionAndAsksPolicyWhy()
    {
        var cut = new TaskCompletionSource();
        await using var server = await LoopbackServer.StartAsync(async c =>
        {
            await c.Response.WriteAsync("first");
            await c.Response.Body.FlushAsync();
            await c.RequestAborted.WhenCancelled();
            cut.SetResult();
        });
        var revoked = false;
        var world = new EgressWorld { Run = new FakeRun { Judge = _ => revoked ? new Refusal("needs_lease", "Revoked.", null, 403) : null } };
        world.Allow(server);
        await using var answer = (await world.GetAsync(server.Url())).Value;
        Assert.Equal(5, await answer.Body.ReadAtLeastAsync(new byte[5], 5));
        var rest = answer.ReadAsync(100, default);

        revoked = true;
        await world.Run.Revocation.CancelAsync();

        Assert.Equal("needs_lease", (await rest).Refusal?.Code);
        await cut.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(EgressOutcome.Aborted, world.Written(EgressEvents.Closed).Outcome);
    }

    [Fact]
    public async Task Send_ActionCancelled_ThrowsAndClosesTheRow()
    {
        using var cancel = new CancellationTokenSource();
        await using var server = await LoopbackServer.StartAsync(async c =>
        {
            await cancel.CancelAsync();
            await c.RequestAborted.WhenCancelled();
        });
        var world = new EgressWorld();
        world.Allow(server);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => world.GetAsync(server.Url(), cancel.Token));
        Assert.Equal(EgressOutcome.Aborted, world.Written(EgressEvents.Closed).Outcome);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Send_SilentServer_TimesOut(bool idle)
    {
        await using var server = await LoopbackServer.StartAsync(c => c.RequestAborted.WhenCancelled());
        var world = new EgressWorld();
        world.Allow(server);
        world.Limit(idle ? new EgressLimitsChange { IdleMs = 150 } : new EgressLimitsChange { TotalMs = 150 });

        Assert.Equal("timeout", (await world.GetAsync(server.Url())).Refusal?.Code);
        Assert.Equal(EgressOutcome.Limit, world.Written(EgressEvents.Closed).Outcome);
    }

    [Fact]
    public async Task Send_HugeHeaders_AreRefused()
    {
        await using var server = await LoopbackServer.StartAsync(c =>
        {
            c.Response.Headers["X-Big"] = new string('a', 100_000);
            return Task.CompletedTask;
        });
        var world = new EgressWorld();
        world.Allow(server);
        Assert.Equal("connection_failed", (await world.GetAsync(server.Url())).Refusal?.Code);
    }

    [Theory]
    [InlineData("Host", "evil.example", "header_not_allowed")]
    [InlineData("Cookie", "a=b", "header_not_allowed")]
    [InlineData("Transfer-Encoding", "chunked", "header_not_allowed")]
    [InlineData("X-A", "a\r\nHost: b", "invalid_input")]
    [InlineData("X A", "a", "invalid_input")]
    public async Task Send_HeaderThatIsNotTheCallers_IsRefused(string name, string value, string code)
    {
        var world = new EgressWorld();
        var request = new GuardedRequest("GET", "https://example.org/") { Headers = [new(name, value)] };
        Assert.Equal(code, (await world.Http.SendAsync(request, world.Run, default)).Refusal?.Code);
        Assert.Empty(world.Run.Demands);
    }

    [Fact]
    public async Task Send_Cookies_AreNeitherKeptNorShown()
    {
        var seen = new List<string>();
        await using var server = await LoopbackServer.StartAsync(c =>
        {
            seen.Add(c.Request.Headers.Cookie.ToString());
            c.Response.Headers.SetCookie = "sid=s3cret";
            return Task.CompletedTask;
        });
        var world = new EgressWorld();
        world.Allow(server);
        for (var i = 0; i < 2; i++)
        {
            await using var answer = (await world.GetAsync(server.Url())).Value;
            Assert.Equal("***", answer.Headers()["set-cookie"]);
        }

        Assert.Equal(["", ""], seen);
    }

    [Fact]
    public async Task For_HttpClient_GoesThroughTheGuard()
    {
        await using var server = await LoopbackServer.StartAsync(async c =>
        {
            using var reader = new StreamReader(c.Request.Body);
            await c.Response.WriteAsync($"{c.Request.Method} {await reader.ReadToEndAsync()}");
        });
        var world = new EgressWorld();
        world.Allow(server);
        using var client = new HttpClient(world.Http.For(world.Run));

        using var answer = await client.PostAsync(server.Url(), new StringContent("body"));
        Assert.Equal("POST body", await answer.Content.ReadAsStringAsync());
        var refused = await Assert.ThrowsAsync<EgressRefusedException>(() => client.GetAsync("http://127.0.0.1:1/"));
        Assert.Equal("address_not_public", refused.Refusal.Code);
    }
}
