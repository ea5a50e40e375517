namespace Arw.Core.Journal.Inspection;

/// <summary>What is in a journal, counted.</summary>
public sealed record JournalStats
{
    /// <summary>Events in it.</summary>
    public required long Events { get; init; }

    /// <summary>Seq of the first; 0 = none.</summary>
    public required long First { get; init; }

    /// <summary>Seq of the last; 0 = none.</summary>
    public required long Head { get; init; }

    /// <summary>When the first was recorded; null for none.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>When the last was recorded; null for none.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Sum of all payloads, those of blobs included.</summary>
    public required long PayloadBytes { get; init; }

    /// <summary>Events whose payload is a blob.</summary>
    public required long BlobEvents { get; init; }

    /// <summary>Different blobs that they refer to.</summary>
    public required long Blobs { get; init; }

    /// <summary>Events by kind, most first.</summary>
    public required IReadOnlyList<Tally> Kinds { get; init; }

    /// <summary>Events by project, most first; – stands for the whole home.</summary>
    public required IReadOnlyList<Tally> Projects { get; init; }

    /// <summary>Events by actor, most first.</summary>
    public required IReadOnlyList<Tally> Actors { get; init; }
}

/// <summary>How much there is of one thing.</summary>
/// <param name="Name">Of what.</param>
/// <param name="Events">Events.</param>
/// <param name="PayloadBytes">Sum of their payloads.</param>
public sealed record Tally(string Name, long Events, long PayloadBytes);
