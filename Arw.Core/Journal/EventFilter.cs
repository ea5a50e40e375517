namespace Arw.Core.Journal;

/// <summary>Which events a reader wants. Everything set must hold.</summary>
public sealed record EventFilter
{
    /// <summary>No restriction.</summary>
    public static EventFilter All { get; } = new();

    /// <summary>Kind prefixes, any of which matches; empty = every kind.</summary>
    public IReadOnlyList<string> Prefixes { get; init; } = [];

    /// <summary>One episode only; null = all.</summary>
    public string? CorrId { get; init; }

    /// <summary>One project only; null = all.</summary>
    public string? Project { get; init; }

    /// <summary>Projects whose events may be seen (events of no project are not); null = all. Set from the credential.</summary>
    public IReadOnlyList<string>? VisibleProjects { get; init; }

    /// <summary>True when nothing restricts.</summary>
    public bool IsAll => Prefixes.Count == 0 && CorrId is null && Project is null && VisibleProjects is null;

    /// <summary>Whether an event passes.</summary>
    public bool Matches(JournalEvent e)
    {
        if (CorrId is not null && e.CorrId != CorrId)
        {
            return false;
        }

        if (Project is not null && e.Project != Project)
        {
            return false;
        }

        if (VisibleProjects is not null && (e.Project is null || !VisibleProjects.Contains(e.Project)))
        {
            return false;
        }

        if (Prefixes.Count == 0)
        {
            return true;
        }

        foreach (var prefix in Prefixes)
        {
            if (e.Kind.StartsWith(prefix, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
