namespace Arw.Bench.Report;

/// <summary>A data folder for one run, gone afterwards. It lies beside the repository's other artefacts, on the disk that a home would use.</summary>
internal sealed class WorkFolder : IDisposable
{
    private static int _count;

    public WorkFolder()
    {
        Path = System.IO.Path.Combine(Repository.Root, "artifacts", "bench", $"{Environment.ProcessId}-{Interlocked.Increment(ref _count)}");
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

/// <summary>Where this repository lies.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string? folder) =>
        folder is null ? throw new InvalidOperationException("The benches run inside the repository.")
        : File.Exists(Path.Combine(folder, "Arw.Web.sln")) ? folder
        : Find(Path.GetDirectoryName(folder));
}
