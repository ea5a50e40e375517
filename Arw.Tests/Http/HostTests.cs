using System.Net;
using Arw.Web.Hosting;
using Microsoft.Extensions.Configuration;

namespace Arw.Tests.Http;

public class HostTests
{
    [Fact]
    public void Options_WithSeveralFaults_NameEachKey()
    {
        var refusal = Read(("ARW_PORT", "lots"), ("ARW_BIND", "everywhere"), ("ARW_PUBLIC_URL", "not a url"), ("ARW_ADMIN_TOKEN_SHA256", "abc"), ("ARW_TRUSTED_PROXIES", "10.0.0.0/99")).Refusal!;
        Assert.Equal("bad_configuration", refusal.Code);
        foreach (var key in new[] { "ARW_PORT", "ARW_BIND", "ARW_PUBLIC_URL", "ARW_ADMIN_TOKEN_SHA256", "ARW_TRUSTED_PROXIES" })
        {
            Assert.Contains($"\n  {key}: ", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Options_BeyondLoopbackWithoutTokenAndTls_AreRefused()
    {
        var refusal = Read(("ARW_BIND", "0.0.0.0")).Refusal!;
        Assert.Contains("ARW_ADMIN_TOKEN", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("ARW_TLS_CERT", refusal.Message, StringComparison.Ordinal);
        Assert.True(Read(("ARW_BIND", "0.0.0.0"), ("ARW_ADMIN_TOKEN", new string('t', 32)), ("ARW_TRUSTED_PROXIES", "10.0.0.1")).Ok);
    }

    [Fact]
    public void Options_FromSectionAndEnvironment_AreTheSame()
    {
        Assert.Equal(1234, Read(("Arw:Port", "1234")).Value.Port);
        Assert.Equal(1234, Read(("ARW_PORT", "1234"), ("Arw:Port", "99")).Value.Port);
        Assert.Equal(IPAddress.IPv6Loopback, Read(("ARW_BIND", "::1")).Value.Bind);
        Assert.Equal(7, OptionsReader.Read(["--port", "7"]).Value.Port);
    }

    [Fact]
    public void Options_Anchor_IsOutsideTheDataFolderOrRefused()
    {
        var options = Read(("ARW_STATE_DIR", "/data/home")).Value;
        Assert.Matches(@"^home-[0-9a-f]{8}\.jsonl$", Path.GetFileName(options.Anchor));
        Assert.NotEqual(options.Anchor, Read(("ARW_STATE_DIR", "/other/home")).Value.Anchor);
        Assert.Null(Read(("ARW_ANCHOR", "none")).Value.Anchor);
        Assert.Equal("/data/home-heads.jsonl", Read(("ARW_STATE_DIR", "/data/home"), ("ARW_ANCHOR", "/data/home-heads.jsonl")).Value.Anchor);
        Assert.Contains("ARW_ANCHOR", Read(("ARW_STATE_DIR", "/data/home"), ("ARW_ANCHOR", "/data/home/x/../heads.jsonl")).Refusal!.Message, StringComparison.Ordinal);
        Assert.Contains("ARW_ANCHOR_EVENTS", Read(("ARW_ANCHOR_EVENTS", "0")).Refusal!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Address_ThatNamesNothing_IsAPageForABrowserAndAProblemForAProgram()
    {
        await using var home = await TestHome.StartAsync();
        using var program = await home.Owner.GetAsync("/no/such");
        await TestHome.AssertProblemAsync(program, 404, "not_found");

        using var request = new HttpRequestMessage(HttpMethod.Get, "/no/such");
        request.Headers.Accept.ParseAdd("text/html");
        using var browser = await home.Owner.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotFound, browser.StatusCode);
        Assert.Contains("There is no such page", await browser.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task DataFolder_InUse_IsRefusedInWords()
    {
        await using var home = await TestHome.StartAsync();
        var options = home.Service<ArwOptions>();
        var refused = await Assert.ThrowsAsync<StartUpRefusedException>(() => ArwHost.StartAsync(options));
        Assert.Equal("data_folder_in_use", refused.Refusal.Code);
        Assert.Contains(options.StateDir, refused.Refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task DataFolderAndToken_AreReadableByTheirOwnerOnly()
    {
        using var folder = new TempFolder();
        var state = folder.File("state");
        await using var host = await ArwHost.StartAsync(new ArwOptions { Port = 0, OtlpHttpPort = 0, OtlpGrpcPort = 0, DnsPort = 0, ProxyPort = 0, StateDir = state });
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(state));
        var token = Path.Combine(state, "admin.token");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(token));

        using var client = new HttpClient { BaseAddress = host.Url };
        client.DefaultRequestHeaders.Add("X-ARW-Admin", (await File.ReadAllTextAsync(token)).Trim());
        using var response = await client.GetAsync("/state/credentials");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Announcement_NamesUrlAndSignInLink()
    {
        await using var home = await TestHome.StartAsync();
        using var output = new StringWriter();
        StartUp.Announce(output, home.Host);
        Assert.Contains(home.Host.Url.ToString(), output.ToString(), StringComparison.Ordinal);
        Assert.Contains(home.Host.SignInLink.ToString(), output.ToString(), StringComparison.Ordinal);
        Assert.True(home.Host.Url.Port > 0);
    }

    private static Core.Primitives.Result<ArwOptions> Read(params (string Key, string Value)[] values) =>
        OptionsReader.Read(new ConfigurationBuilder().AddInMemoryCollection(values.Select(v => KeyValuePair.Create(v.Key, (string?)v.Value))).Build());
}
