using System.Runtime.InteropServices;
using System.Threading.Channels;
using Arw.Core.Journal;
using Arw.Core.Primitives;
using Microsoft.Extensions.Logging;

namespace Arw.Core.Inference;

/// <summary>Vectors of some texts.</summary>
/// <param name="Model">The model that made them.</param>
/// <param name="Dimensions">Length of each.</param>
/// <param name="Vectors">One unit vector per text, in order.</param>
public sealed record Embeddings(string Model, int Dimensions, IReadOnlyList<float[]> Vectors);

/// <summary>The home's side of the inference worker: one process, started by the first request, stopped after idle time. A crash costs the request in flight; the next one starts another process.</summary>
public sealed class InferenceWorker : IAsyncDisposable
{
    private const string Actor = "system:inference";
    private const string Subject = "inference:worker";
    private readonly InferenceOptions _options;
    private readonly TimeProvider _time;
    private readonly Func<EventDraft, ValueTask> _journal;
    private readonly ILogger<InferenceWorker> _log;
    private readonly Channel<Job> _queue;
    private readonly CancellationTokenSource _shutdown = new();
    private readonly Task _pump;
    private WorkerProcess? _worker;
    private int _disposed;

    /// <summary>A worker that is not started yet.</summary>
    /// <param name="options">Where it is and how long it stays.</param>
    /// <param name="time">The clock of its limits.</param>
    /// <param name="journal">Writes the worker's events. Its failure is logged and costs no request.</param>
    /// <param name="log">Where that is logged.</param>
    public InferenceWorker(InferenceOptions options, TimeProvider time, Func<EventDraft, ValueTask> journal, ILogger<InferenceWorker> log)
    {
        (_options, _time, _journal, _log) = (options, time, journal, log);
        _queue = Channel.CreateBounded<Job>(new BoundedChannelOptions(options.QueueLimit) { SingleReader = true });
        _pump = Task.Run(PumpAsync);
    }

    /// <summary>Embeds texts; only the first <see cref="InferenceProtocol.MaxTextLength"/> characters and 256 tokens of each count.</summary>
    /// <returns>The vectors, or a refusal: <c>inference_unavailable</c> (no worker could be started), <c>inference_worker_lost</c> (it died during this request), <c>inference_busy</c> (too many wait).</returns>
    /// <exception cref="OperationCanceledException">The caller cancelled; the worker is not disturbed.</exception>
    public async Task<Result<Embeddings>> EmbedAsync(IReadOnlyList<string> texts, CancellationToken cancel)
    {
        var job = new Job(texts.Select(Clip).ToArray(), cancel);
        if (!_queue.Writer.TryWrite(job))
        {
            return _shutdown.IsCancellationRequested
                ? ShuttingDown()
                : new Refusal("inference_busy", $"{_options.QueueLimit} requests wait for the inference worker already.", "Try again in a moment.", 429);
        }

        return await job.Done.Task.WaitAsync(cancel);
    }

    /// <summary>Stops the worker; waiting requests are refused.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _shutdown.CancelAsync();
        _queue.Writer.Complete();
        await _pump;
        _shutdown.Dispose();
    }

    private static string Clip(string text) =>
        text.Length <= InferenceProtocol.MaxTextLength ? text
        : char.IsHighSurrogate(text[InferenceProtocol.MaxTextLength - 1]) ? text[..(InferenceProtocol.MaxTextLength - 1)]
        : text[..InferenceProtocol.MaxTextLength];

    private static Refusal ShuttingDown() =>
        new("inference_unavailable", "The home is shutting down.", "Try again once it runs.", 503);

    private async Task PumpAsync()
    {
        var idle = new CancellationTokenSource();
        while (!_shutdown.IsCancellationRequested)
        {
            using var wait = CancellationTokenSource.CreateLinkedTokenSource(_shutdown.Token, idle.Token, _worker?.Exited ?? CancellationToken.None);
            try
            {
                await _queue.Reader.WaitToReadAsync(wait.Token);
            }
            catch (OperationCanceledException)
            {
                await LetGoAsync();
                idle.Dispose();
                idle = new CancellationTokenSource();
                continue;
            }

            if (_queue.Reader.TryRead(out var job))
            {
                var finish = await AttemptAsync(job);

                // The idle clock starts before the caller hears of the result, so that time passing after the answer counts in full.
                idle.Dispose();
                idle = _worker is null ? new CancellationTokenSource() : new CancellationTokenSource(_options.IdleTimeout, _time);
                finish();
            }
        }

        idle.Dispose();
        await LetGoAsync();
        while (_queue.Reader.TryRead(out var job))
        {
            job.Done.TrySetResult(ShuttingDown());
        }
    }

    /// <summary>Runs a job; returns what tells the caller.</summary>
    private async Task<Action> AttemptAsync(Job job)
    {
        try
        {
            var result = await RunAsync(job);
            return () => job.Done.TrySetResult(result);
        }
        catch (OperationCanceledException) when (job.Cancel.IsCancellationRequested)
        {
            return () => job.Done.TrySetCanceled(job.Cancel);
        }
        catch (OperationCanceledException)
        {
            return () => job.Done.TrySetResult(ShuttingDown());
        }
        catch (Exception fault)
        {
            return () => job.Done.TrySetException(fault);
        }
    }

    private async Task<Result<Embeddings>> RunAsync(Job job)
    {
        if (_worker is { Exited.IsCancellationRequested: true })
        {
            await LetGoAsync();
        }

        if (_worker is null && await StartAsync() is { } refusal)
        {
            return refusal;
        }

        var worker = _worker!;
        var vectors = new List<float[]>(job.Texts.Count);
        foreach (var texts in job.Texts.Chunk(InferenceProtocol.MaxTexts))
        {
            job.Cancel.ThrowIfCancellationRequested();
            using var limit = new CancellationTokenSource(_options.ReplyTimeout, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _shutdown.Token);
            try
            {
                var reply = await worker.EmbedAsync(texts, either.Token);
                vectors.AddRange(MemoryMarshal.Cast<byte, float>(reply.Vectors).ToArray().Chunk(worker.Dimensions));
            }
            catch (Exception e) when (!_shutdown.IsCancellationRequested && e is IOException or InvalidDataException or OperationCanceledException)
            {
                await CrashedAsync(e is OperationCanceledException ? $"No answer within {_options.ReplyTimeout}." : e.Message, requestLost: true);
                return new Refusal("inference_worker_lost", "The inference worker died while it worked on this request.", "Try again: a fresh worker starts with the next request.", 503);
            }
        }

        return new Embeddings(worker.Model, worker.Dimensions, vectors);
    }

    private async Task<Refusal?> StartAsync()
    {
        if (!File.Exists(_options.WorkerPath))
        {
            return Unavailable("the program is not there");
        }

        var began = _time.GetTimestamp();
        try
        {
            _worker = await WorkerProcess.StartAsync(_options, _time, _shutdown.Token);
        }
        catch (IOException e)
        {
            return Unavailable(e.Message);
        }

        await JournalAsync(InferenceEvents.Started.Draft(
            new WorkerStarted(_worker.Pid, _worker.Model, _worker.Dimensions, (long)_time.GetElapsedTime(began).TotalMilliseconds), Actor, Subject));
        return null;

        Refusal Unavailable(string why) =>
            new("inference_unavailable", $"The inference worker \"{_options.WorkerPath}\" could not be started: {why}", "Build or publish Arw.Web as a whole, or set the path of the worker.", 503);
    }

    /// <summary>Ends the worker, if there is one, and says why it ended.</summary>
    private async Task LetGoAsync()
    {
        if (_worker is null)
        {
            return;
        }

        if (_worker.Exited.IsCancellationRequested)
        {
            await CrashedAsync("It ended while nothing was asked of it.", requestLost: false);
            return;
        }

        await _worker.DisposeAsync();
        var stopped = new WorkerStopped(_worker.Pid, _shutdown.IsCancellationRequested ? "shutdown" : "idle");
        _worker = null;
        await JournalAsync(InferenceEvents.Stopped.Draft(stopped, Actor, Subject));
    }

    private async Task CrashedAsync(string reason, bool requestLost)
    {
        var worker = _worker!;
        await worker.DisposeAsync();
        _worker = null;
        await JournalAsync(InferenceEvents.Crashed.Draft(
            new WorkerCrashed(worker.Pid, reason, requestLost, worker.ExitCode, worker.LastWords), Actor, Subject));
    }

    private async Task JournalAsync(EventDraft draft)
    {
        try
        {
            await _journal(draft);
        }
        catch (Exception e)
        {
            _log.LogError(e, "The event {Kind} of the inference worker could not be written.", draft.Kind);
        }
    }

    private sealed record Job(IReadOnlyList<string> Texts, CancellationToken Cancel)
    {
        public TaskCompletionSource<Result<Embeddings>> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
