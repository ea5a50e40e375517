using Arw.Core.Journal;

namespace Arw.Core.Inference;

/// <summary>The life of the inference worker. Subject: <c>inference:worker</c>; actor: <c>system:inference</c>.</summary>
public static class InferenceEvents
{
    /// <summary>It was started on demand.</summary>
    public static readonly EventKind<WorkerStarted> Started = new("inference.worker.started", "The inference worker was started.");

    /// <summary>The home stopped it.</summary>
    public static readonly EventKind<WorkerStopped> Stopped = new("inference.worker.stopped", "The home stopped the inference worker: idle, or shutting down.");

    /// <summary>It died, or answered nonsense and was killed.</summary>
    public static readonly EventKind<WorkerCrashed> Crashed = new("inference.worker.crashed", "The inference worker died or had to be killed; the next request starts another.");
}

/// <summary>Payload of <c>inference.worker.started</c>.</summary>
/// <param name="Pid">Process id.</param>
/// <param name="Model">The model that it serves.</param>
/// <param name="Dimensions">Length of its vectors.</param>
/// <param name="StartMs">Milliseconds from the request to readiness.</param>
public sealed record WorkerStarted(int Pid, string Model, int Dimensions, long StartMs);

/// <summary>Payload of <c>inference.worker.stopped</c>.</summary>
/// <param name="Pid">Process id.</param>
/// <param name="Reason"><c>idle</c> or <c>shutdown</c>.</param>
public sealed record WorkerStopped(int Pid, string Reason);

/// <summary>Payload of <c>inference.worker.crashed</c>.</summary>
/// <param name="Pid">Process id.</param>
/// <param name="Reason">What was seen, in words.</param>
/// <param name="RequestLost">Whether a request was in flight and was refused.</param>
/// <param name="ExitCode">Exit code; 128 + signal for a killed process; null when it could not be read.</param>
/// <param name="LastWords">The end of its standard error; null for silence.</param>
public sealed record WorkerCrashed(int Pid, string Reason, bool RequestLost, int? ExitCode = null, string? LastWords = null);
