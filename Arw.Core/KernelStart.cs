using Arw.Core.Actions;
using Arw.Core.Journal;
using Arw.Core.State;
using Microsoft.Extensions.Hosting;

namespace Arw.Core;

/// <summary>Starts the kernel in order: read models from their checkpoints, then the mark of this start. Registered before everything that reads or runs.</summary>
internal sealed class KernelStart(EventJournal journal, StateHost state, ActionRunner runner) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await journal.Archive.TidyAsync(cancellationToken);
        await state.StartAsync(cancellationToken);
        var version = typeof(KernelStart).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
        var started = await journal.AppendAsync(HomeEvents.Started.Draft(new HomeStarted(runner.Boot, version), "system:home"), cancellationToken);
        await state.WaitForAsync(started.LastSeq, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
