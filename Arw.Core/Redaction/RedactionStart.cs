using System.Text.Json;
using Arw.Core.Actions;
using Arw.Core.Journal;
using Arw.Core.State;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Arw.Core.Redaction;

/// <summary>Registers redaction with the kernel.</summary>
public static class ArwRedaction
{
    /// <summary>The redactor with its salt, what a person configured about it, and the check of what is sent.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="dataDir">The data folder, where the salt is.</param>
    internal static IServiceCollection AddArwRedaction(this IServiceCollection services, string dataDir) => services
        .AddSingleton(_ => RedactionKey.FromFolder(dataDir))
        .AddSingleton(p => new Redactor(p.GetRequiredService<RedactionKey>()))
        .AddSingleton<OutboundData>()
        .AddKinds(typeof(RedactionEvents))
        .AddReadModel<RedactionModel>()
        .AddAction<SetRedactionMasksAction>()
        .AddAction<SetRedactionRuleAction>()
        .AddAction<RemoveRedactionRuleAction>()
        .AddAction<PlantCanaryAction>()
        .AddAction<RemoveCanaryAction>()
        .AddHostedService<RedactionStart>();
}

/// <summary>Tells the redactor what a person configured, at start and at each change. Registered after the read models start and before anything runs.</summary>
internal sealed class RedactionStart(Redactor redactor, RedactionKey key, RedactionModel model, StateHost state) : IHostedService
{
    private IDisposable? _watch;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        redactor.Alarm = Alarm;
        _watch = state.OnChanged(model.Id, Tell);
        Tell();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _watch?.Dispose();
        return Task.CompletedTask;
    }

    private void Tell() => redactor.Configure(model.Current.Setup(key));

    // The answer to whoever plants a canary holds it, rightly.
    private static EventDraft? Alarm(string canary, EventDraft carrier) => IsPlanting(carrier)
        ? null
        : RedactionEvents.CanarySeen.Draft(
            new CanarySeen(canary, "event") { Kind = carrier.Kind, By = carrier.Actor }, "system:redaction", RedactionEvents.Canary(canary), carrier.Project, carrier.CorrId, carrier.ParentId);

    private static bool IsPlanting(EventDraft carrier)
    {
        if (carrier.Kind != ActionEvents.Completed.Name)
        {
            return false;
        }

        using var payload = JsonDocument.Parse(carrier.Payload);
        return payload.RootElement.TryGetProperty("kind", out var kind) && kind.GetString() == PlantCanaryAction.Kind;
    }
}
