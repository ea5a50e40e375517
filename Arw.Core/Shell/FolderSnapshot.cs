namespace Arw.Core.Shell;

/// <summary>The files below a folder with their lengths and times, to tell afterwards what changed. Links are not followed.</summary>
internal sealed class FolderSnapshot
{
    private const int MaxFiles = 20_000;
    private const int MaxNamed = 200;
    private readonly Dictionary<string, (long Length, DateTime Written)> _files = new(StringComparer.Ordinal);
    private bool _cut;

    /// <summary>Looks at a folder; at most 20,000 files.</summary>
    public static FolderSnapshot Take(string root)
    {
        var snapshot = new FolderSnapshot();
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };
        foreach (var file in new DirectoryInfo(root).EnumerateFiles("*", options))
        {
            if (snapshot._files.Count == MaxFiles)
            {
                snapshot._cut = true;
                break;
            }

            try
            {
                snapshot._files[Path.GetRelativePath(root, file.FullName)] = (file.Length, file.LastWriteTimeUtc);
            }
            catch (IOException)
            {
                // It went away while it was looked at.
            }
        }

        return snapshot;
    }

    /// <summary>What is new, changed or gone since an earlier look, by name; and whether there may be more.</summary>
    public (IReadOnlyList<FileChange> Changed, bool More) Since(FolderSnapshot before)
    {
        var changes = _files.Where(f => !before._files.TryGetValue(f.Key, out var was) || was != f.Value)
            .Select(f => new FileChange($"project://{f.Key}", before._files.ContainsKey(f.Key) ? "changed" : "new"))
            .Concat(before._files.Keys.Where(k => !_files.ContainsKey(k)).Select(k => new FileChange($"project://{k}", "gone")))
            .OrderBy(c => c.Path, StringComparer.Ordinal)
            .ToList();
        return (changes.Count > MaxNamed ? changes[..MaxNamed] : changes, changes.Count > MaxNamed || _cut || before._cut);
    }
}
