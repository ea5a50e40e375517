using Arw.Core.Journal;

namespace Arw.Core.Episodes;

/// <summary>Kinds of events about an episode as a whole.</summary>
public static class EpisodeEvents
{
    /// <summary>The first event of an episode that the home starts: with the configuration in force.</summary>
    public static readonly EventKind<EpisodeStarted> Started = new("episode.started", "An episode began, with the configuration in force at that moment.");

    /// <summary>Its root action ended; leases of the episode end with it.</summary>
    public static readonly EventKind<EpisodeEnded> Ended = new("episode.ended", "The root action of an episode ended.");

    /// <summary>Subject of an episode's own events.</summary>
    public static string Subject(string corrId) => $"episode:{corrId}";
}

/// <summary>Payload of <c>episode.started</c>: what <c>/state/episode/{id}/snapshot</c> shows as effective configuration.</summary>
public sealed record EpisodeStarted(string Title)
{
    /// <summary>The recipe; null for a bare action.</summary>
    public EpisodeRecipe? Recipe { get; init; }

    /// <summary>Tools (action kinds with version) that it may use.</summary>
    public IReadOnlyList<string> Tools { get; init; } = [];

    /// <summary>Posture in force.</summary>
    public string? Posture { get; init; }

    /// <summary>Egress mode in force.</summary>
    public string? Egress { get; init; }

    /// <summary>Leases in force that the episode could use: id and capability.</summary>
    public IReadOnlyList<EpisodeLease> Leases { get; init; } = [];

    /// <summary>The model it prefers; null for none.</summary>
    public string? Model { get; init; }

    /// <summary>Correlation id of the episode that started this one; null for none.</summary>
    public string? Parent { get; init; }

    /// <summary>True for episodes of the demo.</summary>
    public bool Demo { get; init; }
}

/// <summary>A recipe as it was when the episode began.</summary>
public sealed record EpisodeRecipe(string Id, string Version, string Digest);

/// <summary>A lease in force when the episode began.</summary>
public sealed record EpisodeLease(string Id, string Capability, DateTimeOffset? Until);

/// <summary>Payload of <c>episode.ended</c>.</summary>
/// <param name="State">How its root action ended.</param>
public sealed record EpisodeEnded(Actions.ActionState State);
