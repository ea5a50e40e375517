namespace Arw.Core.Retention;

/// <summary>What the home keeps of its journal, and how. Nothing is archived or dropped by default.</summary>
public sealed record RetentionOptions
{
    /// <summary>Events older than this are moved into compressed segments; null = none are, except to drop them.</summary>
    public TimeSpan? ArchiveAfter { get; init; }

    /// <summary>Events older than this are dropped, by whole segments; null = none are.</summary>
    public TimeSpan? Age { get; init; }

    /// <summary>Bytes that journal, segments and large payloads may take; the oldest events go first. Null = no limit.</summary>
    public long? Size { get; init; }

    /// <summary>How often it is looked at; an hour by default.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Whether anything is asked of the journal as a whole.</summary>
    public bool Any => ArchiveAfter is not null || Age is not null || Size is not null;
}
