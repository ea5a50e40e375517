using System.Net.Sockets;
using Arw.Core.Actions;
using Arw.Core.Primitives;

namespace Arw.Core.Shell.Containment;

/// <summary>Serves a connection that a contained program makes to the outside, in the name of the action that runs it, until it ends. The socket is the receiver's to close.</summary>
/// <param name="connection">The program's end of it: what a forward proxy would hear.</param>
/// <param name="run">The action.</param>
/// <param name="stop">Cancelled when the program has ended.</param>
public delegate Task SandboxDoor(Socket connection, ActionRun run, CancellationToken stop);

/// <summary>Where sandboxes are made.</summary>
/// <param name="DataDir">The home's data folder, which no program may see even where it lies inside a system folder.</param>
public sealed record SandboxOptions(string DataDir)
{
    /// <summary>Bubblewrap's program: a name on the search path (the default, <c>bwrap</c>) or a path.</summary>
    public string Bubblewrap { get; init; } = "bwrap";
}

/// <summary>Whether programs can be contained on this machine.</summary>
/// <param name="Missing">Why not, and what to do; null when they can.</param>
public sealed record SandboxState(Refusal? Missing)
{
    /// <summary>False where a sandbox has no resolver inside: its names are resolved by the proxy only.</summary>
    public bool Resolver { get; init; } = true;
}

/// <summary>A program to run.</summary>
/// <param name="Command">Program and arguments.</param>
/// <param name="Project">The project's folder on disk.</param>
/// <param name="Folder">Where to start, relative to it; empty for itself.</param>
/// <param name="Input">Its standard input; null for none.</param>
/// <param name="Limits">What it may use.</param>
/// <param name="Contained">False to run it without a sandbox.</param>
internal sealed record SandboxTask(IReadOnlyList<string> Command, string Project, string Folder, string? Input, ShellLimits Limits, bool Contained);

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">Its exit code; null when it was stopped.</param>
/// <param name="Output">What it printed, bytes that are no UTF-8 replaced.</param>
/// <param name="Errors">What it printed as errors, likewise.</param>
internal sealed record SandboxEnd(int? ExitCode, string Output, string Errors)
{
    public const string Time = "time";
    public const string Cpu = "cpu";
    public const string Memory = "memory";
    public const string Processes = "processes";
    public const string TooMuchOutput = "output";
    public const string Revoked = "revoked";
    public const string Cancelled = "cancelled";

    /// <summary>One of the above; null when it ended by itself.</summary>
    public string? StoppedBy { get; init; }

    public long CpuMs { get; init; }

    public long PeakBytes { get; init; }

    public long OutputBytes { get; init; }
}
