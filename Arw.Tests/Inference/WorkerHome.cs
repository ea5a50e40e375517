using System.Collections.Concurrent;
using Arw.Core.Inference;
using Arw.Core.Journal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Arw.Tests.Inference;

/// <summary>The real worker program and its client, with the clock and the journal in the test's hands.</summary>
internal sealed class WorkerHome : IAsyncDisposable
{
    private readonly ConcurrentQueue<EventDraft> _written = new();
    private readonly SemaphoreSlim _news = new(0);

    public WorkerHome(Func<InferenceOptions, InferenceOptions>? change = null)
    {
        var options = new InferenceOptions();
        Client = new InferenceWorker(change?.Invoke(options) ?? options, Time, Write, NullLogger<InferenceWorker>.Instance);
    }

    public FakeTimeProvider Time { get; } = new();

    public InferenceWorker Client { get; }

    public IReadOnlyList<string> Kinds => _written.Select(d => d.Kind).ToArray();

    public TPayload Payload<TPayload>(EventKind<TPayload> kind) =>
        Arw.Core.Primitives.ArwJson.FromUtf8<TPayload>(_written.Last(d => d.Kind == kind.Name).Payload.Span);

    public async Task<string> NextKindAsync()
    {
        Assert.True(await _news.WaitAsync(TimeSpan.FromSeconds(60)), $"Nothing was written after {string.Join(", ", Kinds)}.");
        return Kinds[^1];
    }

    public ValueTask DisposeAsync() => Client.DisposeAsync();

    private ValueTask Write(EventDraft draft)
    {
        _written.Enqueue(draft);
        _news.Release();
        return ValueTask.CompletedTask;
    }
}
