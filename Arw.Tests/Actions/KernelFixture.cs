using System.Text.Json.Nodes;
using Arw.Core;
using Arw.Core.Access;
using Arw.Core.Actions;
using Arw.Core.Journal;
using Arw.Core.Policy;
using Arw.Core.State;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Arw.Tests.Actions;

/// <summary>The kernel with policy on a folder of its own, startable again as another process would.</summary>
internal sealed class KernelFixture : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Action<IServiceCollection>? _configure;
    private ServiceProvider _services;
    private List<IHostedService> _running = [];

    public KernelFixture(Action<IServiceCollection>? configure = null)
    {
        _configure = configure;
        _services = Build();
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 25, 8, 0, 0, TimeSpan.Zero));

    public static Principal Agent { get; } = new(PrincipalKind.Agent, "digest") { Projects = ["demo"] };

    public EventJournal Journal => Get<EventJournal>();

    public ActionService Actions => Get<ActionService>();

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Starts the kernel; without the pump, tests claim by hand.</summary>
    public async Task<KernelFixture> StartAsync(bool pump = true)
    {
        _running = [.. _services.GetServices<IHostedService>().Where(s => pump || s is not ActionPump)];
        foreach (var service in _running)
        {
            await service.StartAsync(default);
        }

        return this;
    }

    /// <summary>Stops everything and starts again on the same data, as a new process.</summary>
    public async Task RestartAsync(bool pump = true)
    {
        await StopAsync();
        _services = Build();
        await StartAsync(pump);
    }

    public async Task<SubmitOutcome> SubmitAsync(string kind, JsonNode? input = null, Principal? by = null, Func<SubmitRequest, SubmitRequest>? change = null)
    {
        var request = new SubmitRequest(kind, input ?? new JsonObject()) { Project = "demo" };
        var result = await Actions.SubmitAsync(change?.Invoke(request) ?? request, by ?? Principal.Owner);
        return result.Ok ? result.Value : throw new Xunit.Sdk.XunitException(result.Refusal.ToString());
    }

    public async Task<ActionRow> EndOf(string id) => await Actions.WaitForEndAsync(id).WaitAsync(TimeSpan.FromSeconds(30));

    public IReadOnlyList<string> KindsOf(string id) => [.. Journal.OfSubject(ActionEvents.Subject(id)).Select(e => e.Kind)];

    /// <summary>Waits until a condition on read models holds: looked at after every change, never by the clock.</summary>
    public async Task Until(Func<bool> condition)
    {
        var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watch = Get<StateHost>().OnChanged(_ =>
        {
            if (condition())
            {
                met.TrySetResult();
            }
        });
        if (!condition())
        {
            await met.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }

    private async Task StopAsync()
    {
        foreach (var service in Enumerable.Reverse(_running))
        {
            await service.StopAsync(default);
        }

        await _services.DisposeAsync();
    }

    private ServiceProvider Build()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(Time);
        services.AddArwKernel(new JournalOptions { DataDir = _folder.Path });
        services.AddArwPolicy();
        services.AddAction<TestAction>();
        services.AddSingleton<TestControls>();
        _configure?.Invoke(services);
        return services.BuildServiceProvider();
    }
}
