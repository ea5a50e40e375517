using System.Diagnostics;
using System.Globalization;

namespace Arw.Tests.Disks;

/// <summary>A real file system in memory of a few MiB, which can be filled, freed, and made read-only.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TempFolder _folder = new();

    public SmallDisk(int mebibytes) => Run("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={mebibytes}m"), "none", Path);

    public string Path => _folder.Path;

    private string Ballast => System.IO.Path.Combine(Path, "ballast");

    /// <summary>Takes all the space that is left.</summary>
    public void Fill()
    {
        using var file = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.None, 0);
        var chunk = new byte[4096];
        try
        {
            while (true)
            {
                file.Write(chunk);
            }
        }
        catch (IOException)
        {
            // Full, as is the purpose.
        }
    }

    /// <summary>Gives it back.</summary>
    public void Free() => File.Delete(Ballast);

    /// <summary>Makes the file system read-only or writable; no file may be open for writing.</summary>
    public void Remount(bool writable) => Run("mount", "-o", writable ? "remount,rw" : "remount,ro", Path);

    public void Dispose()
    {
        Run("umount", "-l", Path);
        _folder.Dispose();
    }

    private static void Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { UseShellExecute = false, RedirectStandardError = true })!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{command} {string.Join(' ', arguments)}: {said}");
    }
}

/// <summary>A test on a file system of its own: it needs Linux and the right to mount. Skipped where it is missing, except in continuous integration, where it fails then.</summary>
public sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute()
    {
        if (!Needed.Everywhere && !(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess))
        {
            Skip = "Needs Linux and root, to mount a small file system.";
        }
    }
}

/// <summary>What a machine has for tests that not every machine can run.</summary>
internal static class Needed
{
    /// <summary>True where no test may be skipped.</summary>
    public static bool Everywhere => Environment.GetEnvironmentVariable("CI") == "true";

    public static bool Has(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
