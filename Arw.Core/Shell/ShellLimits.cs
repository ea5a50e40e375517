namespace Arw.Core.Shell;

/// <summary>What a program may use before it is stopped, with all that it started.</summary>
public sealed record ShellLimits
{
    /// <summary>Seconds from start to end; 60 by default.</summary>
    public int Seconds { get; init; } = 60;

    /// <summary>Seconds of processor of all its processes together; 60 by default.</summary>
    public int CpuSeconds { get; init; } = 60;

    /// <summary>Bytes of memory of all its processes together, looked at ten times a second, and of data of any one of them, which the kernel refuses at once; 1 GiB by default.</summary>
    public long MemoryBytes { get; init; } = 1L << 30;

    /// <summary>Processes at once; 64 by default.</summary>
    public int Processes { get; init; } = 64;

    /// <summary>Bytes that it may print; 1 MiB by default.</summary>
    public int OutputBytes { get; init; } = 1 << 20;

    /// <summary>Bytes of any one file that it writes; 256 MiB by default.</summary>
    public long FileBytes { get; init; } = 256L << 20;
}
