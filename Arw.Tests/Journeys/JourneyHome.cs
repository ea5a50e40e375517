using System.Text.Json.Nodes;
using Arw.Core.Access;
using Arw.Core.Actions;
using Arw.Core.Journal;
using Arw.Core.Policy.Leases;
using Arw.Core.State;
using Arw.Web.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Arw.Tests.Journeys;

/// <summary>A home with one project, which is driven through the action pipeline as its owner, and can be stopped and started again on the same data.</summary>
internal sealed class JourneyHome : IAsyncDisposable
{
    public const string Project = "lab";

    private readonly TempFolder _folder = new();
    private ArwHost? _host;

    public string Folder => _folder.Path;

    public static async Task<JourneyHome> StartAsync()
    {
        var home = new JourneyHome();
        await home.OpenAsync();
        await home.DoAsync("project.create", new JsonObject { ["id"] = Project, ["title"] = "Lab" });
        return home;
    }

    public T Get<T>()
        where T : notnull => _host!.Services.GetRequiredService<T>();

    public EventJournal Journal => Get<EventJournal>();

    public IReadOnlyList<Lease> Leases => Get<LeasesModel>().Current.Live;

    public string File(string path) => Path.Combine(Folder, "projects", Project, path);

    /// <summary>Submits an action as the owner.</summary>
    public async Task<SubmitOutcome> SubmitAsync(string kind, JsonNode input, OnNeedsLease ask = OnNeedsLease.Ask, string? corrId = null)
    {
        var result = await TryAsync(kind, input, ask, corrId);
        return result.Ok ? result.Value : throw new Xunit.Sdk.XunitException($"{kind}: {result.Refusal}");
    }

    public Task<Arw.Core.Primitives.Result<SubmitOutcome>> TryAsync(string kind, JsonNode input, OnNeedsLease ask = OnNeedsLease.Ask, string? corrId = null) =>
        Get<ActionService>().SubmitAsync(new SubmitRequest(kind, input) { Project = Project, OnNeedsLease = ask, CorrId = corrId }, Principal.Owner);

    /// <summary>Runs a control action.</summary>
    public async Task<JsonNode?> DoAsync(string kind, JsonNode input) => (await SubmitAsync(kind, input)).Output;

    /// <summary>Lets the project read one place that is not public.</summary>
    public Task AllowAsync(int port) => DoAsync(
        "egress.scope.set",
        new JsonObject { ["id"] = "feeds", ["hosts"] = new JsonArray("127.0.0.1"), ["ports"] = new JsonArray(port) });

    public async Task<Lease> GrantAsync(string capability, LeaseLimits? limits = null)
    {
        var input = new JsonObject { ["capability"] = capability, ["holder"] = $"project:{Project}" };
        if (limits?.Bytes is { } bytes)
        {
            input["limits"] = new JsonObject { ["bytes"] = bytes };
        }

        var id = (string)(await DoAsync("policy.lease.grant", input))!["id"]!;
        return Get<LeasesModel>().Current.Find(id)!;
    }

    /// <summary>Launches the research digest, its permissions accepted.</summary>
    public Task<SubmitOutcome> DigestAsync(IEnumerable<string> feeds, string output) => SubmitAsync("recipe.run", Digest(feeds, output));

    public static JsonObject Digest(IEnumerable<string> feeds, string output) => new()
    {
        ["recipe"] = "research-digest",
        ["accepted"] = true,
        ["inputs"] = new JsonObject
        {
            ["feeds"] = new JsonArray([.. feeds.Select(f => JsonValue.Create(f))]),
            ["output"] = $"project://demo/digests/{output}.md",
        },
    };

    public Task AnswerAsync(string approval, string answer) => DoAsync("approval.answer", new JsonObject { ["approval"] = approval, ["answer"] = answer });

    /// <summary>The next question of an episode.</summary>
    public async Task<Approval> NextApprovalAsync(string corrId)
    {
        Approval? found = null;
        await Until(() => (found = Get<ApprovalsModel>().Current.Open.FirstOrDefault(a => a.CorrId == corrId)) is not null);
        return found!;
    }

    public async Task<ActionRow> EndOf(string action) => await Get<ActionService>().WaitForEndAsync(action).WaitAsync(TimeSpan.FromSeconds(90));

    public IReadOnlyList<ActionRow> Actions(string corrId) => Get<ActionsModel>().Rows.Query(new TableQuery
    {
        Where = [new Condition("corr_id", Op.Equal, corrId)],
        OrderBy = "created",
        Limit = 1000,
    });

    /// <summary>Waits until a condition on read models holds: looked at after every change, never by the clock.</summary>
    public async Task Until(Func<bool> condition)
    {
        var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watch = Get<StateHost>().OnChanged(_ => Check());
        Check();
        await met.Task.WaitAsync(TimeSpan.FromSeconds(60));

        void Check()
        {
            if (condition())
            {
                met.TrySetResult();
            }
        }
    }

    /// <summary>Stops the home and starts it again on the same data.</summary>
    public async Task RestartAsync()
    {
        await CloseAsync();
        await OpenAsync();
    }

    /// <summary>Stops the home; its data stay.</summary>
    public async Task CloseAsync()
    {
        if (_host is { } host)
        {
            _host = null;
            await host.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _folder.Dispose();
    }

    private async Task OpenAsync() => _host = await ArwHost.StartAsync(new ArwOptions { Port = 0, OtlpHttpPort = 0, OtlpGrpcPort = 0, DnsPort = 0, ProxyPort = 0, StateDir = Folder, AdminToken = Http.TestHome.OwnerToken, Demo = false });
}
