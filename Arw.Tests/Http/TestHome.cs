using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Arw.Core.Access;
using Arw.Web.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Arw.Tests.Http;

/// <summary>A whole home on a free port with an empty data folder, and clients of it.</summary>
internal sealed class TestHome : IAsyncDisposable
{
    public const string OwnerToken = "the-owners-token-for-tests-only";

    private readonly TempFolder _folder;

    private TestHome(ArwHost host, TempFolder folder)
    {
        (Host, _folder) = (host, folder);
        Stranger = Client(null);
        Owner = Client(OwnerToken);
    }

    public ArwHost Host { get; }

    /// <summary>Its data folder.</summary>
    public string Folder => _folder.Path;

    /// <summary>Sends no credential, follows no redirect, keeps no cookie.</summary>
    public HttpClient Stranger { get; }

    /// <summary>Sends the owner's token.</summary>
    public HttpClient Owner { get; }

    public static async Task<TestHome> StartAsync(Action<IServiceCollection>? configure = null, Func<ArwOptions, ArwOptions>? change = null)
    {
        var folder = new TempFolder();
        var options = new ArwOptions { Port = 0, OtlpHttpPort = 0, OtlpGrpcPort = 0, DnsPort = 0, ProxyPort = 0, StateDir = folder.Path, AdminToken = OwnerToken, Demo = false };
        return new TestHome(await ArwHost.StartAsync(change?.Invoke(options) ?? options, configure), folder);
    }

    public T Service<T>()
        where T : notnull => Host.Services.GetRequiredService<T>();

    /// <summary>A client with a token of its own.</summary>
    public HttpClient Client(string? token)
    {
        // Without a drain time of zero a stream that a test drops stays open for up to two seconds more, and counts against its credential.
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            Expect100ContinueTimeout = TimeSpan.FromSeconds(30),
            ResponseDrainTimeout = TimeSpan.Zero,
        };
        var client = new HttpClient(handler) { BaseAddress = Host.Url };
        if (token is not null)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return client;
    }

    /// <summary>Mints a credential by the API, as a person would.</summary>
    public async Task<(string Id, string Secret)> MintAsync(string name, PrincipalKind kind, string[]? projects = null, long? ttlSecs = null)
    {
        var input = new JsonObject { ["name"] = name, ["kind"] = kind.ToString().ToLowerInvariant() };
        if (projects is not null)
        {
            input["projects"] = new JsonArray([.. projects.Select(p => JsonValue.Create(p))]);
        }

        if (ttlSecs is not null)
        {
            input["ttl_secs"] = ttlSecs;
        }

        var answer = await ActAsync("credential.mint", input);
        return ((string)answer["output"]!["id"]!, (string)answer["output"]!["secret"]!);
    }

    /// <summary>A client with a new agent's credential.</summary>
    public async Task<HttpClient> AgentAsync(string name, params string[] projects) =>
        Client((await MintAsync(name, PrincipalKind.Agent, projects.Length == 0 ? null : projects)).Secret);

    /// <summary>Runs an action as the owner.</summary>
    public async Task<JsonObject> ActAsync(string kind, JsonNode input)
    {
        using var response = await Owner.PostAsync("/actions", Json(new JsonObject { ["kind"] = kind, ["input"] = input }));
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{kind}: {(int)response.StatusCode} {body}");
        return JsonNode.Parse(body)!.AsObject();
    }

    public static StringContent Json(JsonNode body) => Json(body.ToJsonString());

    public static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    /// <summary>Asserts a refusal: its status, its media type and its code.</summary>
    public static async Task<JsonObject> AssertProblemAsync(HttpResponseMessage response, int status, string code)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"Expected {status}, got {(int)response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(text)!.AsObject();
        Assert.Equal(code, (string?)problem["code"]);
        Assert.Equal(status, (int)problem["status"]!);
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        return problem;
    }

    public async ValueTask DisposeAsync()
    {
        Stranger.Dispose();
        Owner.Dispose();
        await Host.DisposeAsync();
        _folder.Dispose();
    }
}
