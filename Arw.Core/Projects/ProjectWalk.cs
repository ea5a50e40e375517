namespace Arw.Core.Projects;

/// <summary>Goes through folders for a listing, holding each one open while it is read.</summary>
internal static class ProjectWalk
{
    // A listing never visits more than this many entries, however few match.
    private const int MaxVisited = 100_000;

    /// <summary>All entries that match; false when the walk was cut short.</summary>
    public static bool Collect(OpenFolder folder, ProjectGlob glob, ProjectPath at, List<ProjectEntry> found)
    {
        var visited = 0;
        return Visit(folder, glob, at, found, ref visited);
    }

    private static bool Visit(OpenFolder folder, ProjectGlob glob, ProjectPath at, List<ProjectEntry> found, ref int visited)
    {
        foreach (var entry in folder.Entries())
        {
            if (++visited > MaxVisited)
            {
                return false;
            }

            // Names that could not be addressed are not shown either.
            if (!at.Child(entry.Name).TryGet(out var path, out _))
            {
                continue;
            }

            var isFolder = entry is DirectoryInfo;
            if (glob.Matches(path.Relative))
            {
                found.Add(new ProjectEntry(
                    path.ToString(),
                    entry is FileInfo file ? file.Length : 0,
                    new DateTimeOffset(entry.LastWriteTimeUtc),
                    isFolder ? EntryKind.Folder : EntryKind.File));
            }

            if (isFolder && glob.Deep && folder.Enter(entry.Name, create: false).TryGet(out var inner, out _) && inner is not null)
            {
                using (inner)
                {
                    if (!Visit(inner, glob, path, found, ref visited))
                    {
                        return false;
                    }
                }
            }
        }

        return true;
    }
}
