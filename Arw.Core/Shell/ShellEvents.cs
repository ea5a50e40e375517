using Arw.Core.Journal;

namespace Arw.Core.Shell;

/// <summary>Kinds of events about child processes. Subject: <c>action:ID</c> of the action that started them.</summary>
public static class ShellEvents
{
    /// <summary>A program was started.</summary>
    public static readonly EventKind<ProcessStarted> Started = new("shell.started", "A program was started for an action, with what holds it.");

    /// <summary>A program has ended.</summary>
    public static readonly EventKind<ProcessEnded> Ended = new("shell.ended", "A program ended or was stopped, with what it used and which files it changed.");
}

/// <summary>Payload of <c>shell.started</c>.</summary>
/// <param name="Action">Id of the action.</param>
/// <param name="Command">Program and arguments.</param>
/// <param name="Contained">True when it ran in a sandbox of its own without a network; false when nothing held it (Relaxed on a machine that has no sandbox).</param>
/// <param name="Limits">What it may use.</param>
public sealed record ProcessStarted(string Action, IReadOnlyList<string> Command, bool Contained, ShellLimits Limits);

/// <summary>Payload of <c>shell.ended</c>.</summary>
/// <param name="Action">Id of the action.</param>
/// <param name="ExitCode">Its exit code; 128 and more for a signal; null when it was stopped.</param>
/// <param name="Used">What it used.</param>
public sealed record ProcessEnded(string Action, int? ExitCode, ProcessUse Used)
{
    /// <summary>Why it was stopped: <c>time</c>, <c>memory</c>, <c>cpu</c>, <c>processes</c>, <c>output</c>, <c>revoked</c>, <c>cancelled</c>; null when it ended by itself.</summary>
    public string? StoppedBy { get; init; }

    /// <summary>Files of the project that are new, changed or gone, at most 200.</summary>
    public IReadOnlyList<FileChange> Changed { get; init; } = [];

    /// <summary>There were more than are named.</summary>
    public bool MoreChanged { get; init; }
}

/// <summary>What a program and all that it started used.</summary>
/// <param name="ElapsedMs">Milliseconds from start to end.</param>
/// <param name="CpuMs">Milliseconds of processor, as last seen.</param>
/// <param name="PeakBytes">Most bytes of memory seen at once.</param>
/// <param name="OutputBytes">Bytes that it printed.</param>
public sealed record ProcessUse(long ElapsedMs, long CpuMs, long PeakBytes, long OutputBytes);

/// <summary>A file that a program changed.</summary>
/// <param name="Path">The file, <c>project://…</c>.</param>
/// <param name="How"><c>new</c>, <c>changed</c> or <c>gone</c>.</param>
public sealed record FileChange(string Path, string How);
