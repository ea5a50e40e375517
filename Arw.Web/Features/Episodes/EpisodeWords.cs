using Arw.Core.Episodes;
using Arw.Core.Journal;
using Arw.Web.Components.Status;

namespace Arw.Web.Features.Episodes;

/// <summary>How episodes and their events are put on screen.</summary>
public static class EpisodeWords
{
    public static StatusKind Status(EpisodeStatus status) => status switch
    {
        EpisodeStatus.Running => StatusKind.Running,
        EpisodeStatus.Waiting => StatusKind.Waiting,
        EpisodeStatus.Completed => StatusKind.Done,
        EpisodeStatus.Failed => StatusKind.Failed,
        EpisodeStatus.Refused => StatusKind.Refused,
        EpisodeStatus.Cancelled => StatusKind.Cancelled,
        EpisodeStatus.Observed => StatusKind.Proposed,
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Unknown status."),
    };

    /// <summary>The status' own word where the mark's is not exact.</summary>
    public static string? Word(EpisodeStatus status) => status == EpisodeStatus.Observed ? "Observed" : null;

    /// <summary>When an episode that goes on began; null when it has ended.</summary>
    public static DateTimeOffset? Since(EpisodeRow episode) => episode.Status is EpisodeStatus.Running or EpisodeStatus.Waiting ? episode.Start : null;

    /// <summary>Address of an episode's page.</summary>
    public static string Href(string corrId) => $"episodes/{Uri.EscapeDataString(corrId)}";

    /// <summary>What an event is about beyond its kind, from the payload's most telling member; empty when there is none.</summary>
    /// <param name="e">The event.</param>
    /// <param name="name">What an action of that id is called; null when nobody knows.</param>
    public static string About(JournalEvent e, Func<string, string?>? name = null)
    {
        if (e.Payload.IsEmpty)
        {
            return "";
        }

        using var payload = e.ParsePayload();
        if (payload.RootElement.ValueKind != System.Text.Json.JsonValueKind.Object)
        {
            return "";
        }

        foreach (var member in (string[])["title", "host", "capability", "step", "path", "kind", "name", "message", "id"])
        {
            if (payload.RootElement.TryGetProperty(member, out var value) && value.ValueKind == System.Text.Json.JsonValueKind.String)
            {
                var text = value.GetString()!;
                return member == "id" ? name?.Invoke(text) ?? text : text;
            }
        }

        return "";
    }
}
