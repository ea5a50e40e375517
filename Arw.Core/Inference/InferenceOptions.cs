namespace Arw.Core.Inference;

/// <summary>How the inference worker is found and how long it stays.</summary>
public sealed record InferenceOptions
{
    /// <summary>The worker: a <c>.dll</c> is run by the .NET host of this process, anything else is executed. By default <c>inference/Arw.Inference.dll</c> beside the program.</summary>
    public string WorkerPath { get; init; } = Path.Combine(AppContext.BaseDirectory, "inference", "Arw.Inference.dll");

    /// <summary>How long it may be without work before it is stopped; 5 minutes by default.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a start may take; 60 seconds by default.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long one exchange of at most <see cref="InferenceProtocol.MaxTexts"/> texts may take before the worker counts as lost; 2 minutes by default.</summary>
    public TimeSpan ReplyTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Requests that may wait; 64 by default. One more is refused with <c>inference_busy</c>.</summary>
    public int QueueLimit { get; init; } = 64;
}
