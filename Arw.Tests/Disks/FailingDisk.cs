using System.Diagnostics;

namespace Arw.Tests.Disks;

/// <summary>A folder on a disk that fails on order, for a home that runs as a process of its own.</summary>
internal sealed class FailingDisk : IDisposable
{
    private static readonly Lazy<string> Library = new(Build);
    private readonly TempFolder _folder = new();
    private readonly TempFolder _orders = new();

    public string Path => _folder.Path;

    /// <summary>What the process must be started with.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["LD_PRELOAD"] = Library.Value,
        ["ARW_FAULT_FOLDER"] = Path,
        ["ARW_FAULT_ORDER"] = Order,
    };

    private string Order => _orders.File("order");

    /// <summary>From now on this fails: <c>fsync</c>, <c>readonly</c> or <c>full</c>, then part of the paths concerned; all without one.</summary>
    public void Fail(string order)
    {
        // Whole at once: the process reads it at any moment.
        File.WriteAllText(Order + ".new", order);
        File.Move(Order + ".new", Order, overwrite: true);
    }

    /// <summary>The disk is well again.</summary>
    public void Heal() => File.Delete(Order);

    public void Dispose()
    {
        _folder.Dispose();
        _orders.Dispose();
    }

    private static string Build()
    {
        var library = System.IO.Path.Combine(AppContext.BaseDirectory, $"failing-disk-{System.Environment.ProcessId}.so");
        using var gcc = Process.Start(new ProcessStartInfo("gcc")
        {
            ArgumentList = { "-shared", "-fPIC", "-O1", "-o", library, System.IO.Path.Combine(AppContext.BaseDirectory, "Disks", "failing-disk.c") },
            UseShellExecute = false,
            RedirectStandardError = true,
        })!;
        var said = gcc.StandardError.ReadToEnd();
        gcc.WaitForExit();
        return gcc.ExitCode == 0 ? library : throw new InvalidOperationException($"gcc: {said}");
    }
}

/// <summary>A test of a disk that fails: it needs Linux and gcc. Skipped where they are missing, except in continuous integration, where it fails then.</summary>
public sealed class FailingDiskFactAttribute : FactAttribute
{
    public FailingDiskFactAttribute()
    {
        if (!Needed.Everywhere && !(OperatingSystem.IsLinux() && Needed.Has("gcc")))
        {
            Skip = "Needs Linux and gcc, to build a library that makes the disk fail.";
        }
    }
}
