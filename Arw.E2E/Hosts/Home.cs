using System.Text.Json.Nodes;
using Arw.Core.Access;
using Arw.Core.Actions;
using Arw.Web.Features.Access;
using Arw.Web.Hosting;
using Arw.Web.Hosting.Protection;
using Microsoft.Extensions.DependencyInjection;

namespace Arw.E2E.Hosts;

/// <summary>A whole home on a free port with a data folder of its own, and the people who look at it.</summary>
public sealed class Home : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly ArwHost _host;
    private bool _linkSpent;
    private string? _session;

    private Home(ArwHost host, DirectoryInfo folder) => (_host, _folder) = (host, folder);

    public Uri Url => _host.Url;

    /// <summary>Its data folder.</summary>
    public string Folder => _folder.FullName;

    /// <summary>What browsers reported against the content security policy.</summary>
    public IReadOnlyList<string> CspReports => Service<CspReports>().Recent;

    public static async Task<Home> StartAsync(bool demo, int proxyPort = 0)
    {
        var folder = Directory.CreateTempSubdirectory("arw-e2e-");
        return new Home(await ArwHost.StartAsync(new ArwOptions { Port = 0, OtlpHttpPort = 0, OtlpGrpcPort = 0, DnsPort = 0, ProxyPort = proxyPort, StateDir = folder.FullName, Demo = demo, RateLimit = 5000 }), folder);
    }

    public T Service<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    /// <summary>A browser of its own for a person, signed in: the first by the link that start-up prints, or a fresh one; later ones with the same session unless they ask for their own.</summary>
    public async Task<Person> SignInAsync(Chromium chromium, Look look, bool ownSession = false)
    {
        var shared = ownSession ? null : _session;
        var person = await Person.OpenAsync(chromium, this, look, shared);
        if (shared is null)
        {
            var link = _linkSpent ? Service<HomeAddress>().SignInLink(Service<SignInCodes>().Mint(Principal.Owner)) : _host.SignInLink;
            _linkSpent = true;
            await person.Page.GotoAsync(link.AbsoluteUri);
            await person.LiveAsync();
            _session = await person.Page.Context.StorageStateAsync();
        }

        return person;
    }

    /// <summary>Submits an action as the owner, as a script would.</summary>
    public async Task<SubmitOutcome> SubmitAsync(SubmitRequest request)
    {
        var result = await Service<ActionService>().SubmitAsync(request, Principal.Owner);
        Assert.True(result.Ok, $"{request.Kind}: {result.Refusal}");
        return result.Value;
    }

    /// <summary>Submits an action as the owner and returns it once it has ended.</summary>
    public async Task<ActionRow> RunAsync(string kind, JsonObject input, string? project = null)
    {
        var outcome = await SubmitAsync(new SubmitRequest(kind, input) { Project = project, OnNeedsLease = OnNeedsLease.Ask });
        return await Service<ActionService>().WaitForEndAsync(outcome.Id);
    }

    /// <summary>Runs a control action as the owner.</summary>
    public async Task ControlAsync(string kind, JsonObject input) => Assert.Equal(ActionState.Completed, (await SubmitAsync(new SubmitRequest(kind, input))).State);

    /// <summary>Waits until the home is in some state.</summary>
    public static async Task UntilAsync(Func<bool> reached, string what)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!reached())
        {
            try
            {
                await timer.WaitForNextTickAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"It did not come to this in 90 s: {what}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
