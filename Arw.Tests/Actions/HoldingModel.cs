using Arw.Core.Journal;
using Arw.Core.State;
using Microsoft.Extensions.DependencyInjection;

namespace Arw.Tests.Actions;

internal sealed record Held(long Seq);

/// <summary>A read model right behind the scheduler's queue that holds up folding at an event: what comes before it is then ahead of what comes after.</summary>
internal sealed class HoldingModel : DocumentModel<Held>
{
    private readonly ManualResetEventSlim _go = new(true);
    private TaskCompletionSource _reached = new();
    private volatile string? _kind;

    public override string Id => "holding";

    /// <summary>Completes when folding stands at the event.</summary>
    public Task Reached => _reached.Task.WaitAsync(TimeSpan.FromSeconds(30));

    protected override Held Empty { get; } = new(0);

    public static void AddBehindTheQueue(IServiceCollection services)
    {
        services.AddSingleton<HoldingModel>();
        var queue = services.IndexOf(services.First(s => s.ServiceType == typeof(ReadModel)));
        services.Insert(queue + 1, ServiceDescriptor.Singleton<ReadModel>(p => p.GetRequiredService<HoldingModel>()));
    }

    public void Hold(string kind)
    {
        _reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _go.Reset();
        _kind = kind;
    }

    public void LetGo()
    {
        _kind = null;
        _go.Set();
    }

    protected override Held Fold(Held state, JournalEvent e)
    {
        if (e.Kind == _kind)
        {
            _reached.SetResult();
            _go.Wait();
        }

        return state;
    }
}
