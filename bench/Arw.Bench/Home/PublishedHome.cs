using System.Diagnostics;
using Arw.Bench.Report;

namespace Arw.Bench.Home;

/// <summary>The product as it is published: what start and memory are measured on.</summary>
internal static class PublishedHome
{
    /// <summary>The folder given, or a fresh publish of this repository.</summary>
    public static async Task<string> FolderAsync(BenchOptions options)
    {
        if (options.Home is { } given)
        {
            return given;
        }

        var folder = Path.Combine(Repository.Root, "artifacts", "home");
        using var publish = Process.Start("dotnet", ["publish", Path.Combine(Repository.Root, "Arw.Web"), "-c", "Release", "-o", folder, "-v", "q", "--nologo"]);
        await publish.WaitForExitAsync();
        return publish.ExitCode == 0 ? folder : throw new InvalidOperationException("The home could not be published.");
    }
}
