using Arw.Core.Journal;

namespace Arw.Web.Features.Events;

/// <summary>A ready-made filter of the tail.</summary>
/// <param name="Id">Its word in the address.</param>
/// <param name="Title">Its word on screen.</param>
/// <param name="Prefixes">Kinds that it shows.</param>
public sealed record EventPreset(string Id, string Title, IReadOnlyList<string> Prefixes);

/// <summary>The tail of the journal: newest first, paused or live.</summary>
public sealed class EventsView(EventJournal journal)
{
    /// <summary>Most events that are held.</summary>
    public const int Most = 500;

    /// <summary>The presets, in their order.</summary>
    public static IReadOnlyList<EventPreset> Presets { get; } =
    [
        new("all", "All", []),
        new("actions", "Actions", ["actions.", "approvals."]),
        new("policy", "Policy", ["policy.", "approvals.", "kill."]),
        new("egress", "Egress", ["egress."]),
        new("beliefs", "Beliefs", ["beliefs.", "belief."]),
        new("outside", "From outside", ["ext."]),
    ];

    private EventFilter _filter = EventFilter.All;
    private long _pausedAt;

    /// <summary>What is shown, newest first.</summary>
    public IReadOnlyList<JournalEvent> Events { get; private set; } = [];

    /// <summary>Seq up to which the journal was looked at.</summary>
    public long Seen { get; private set; }

    /// <summary>True while new events only count.</summary>
    public bool Paused => _pausedAt > 0;

    /// <summary>New events that fit the filter and wait behind the pause.</summary>
    public int Waiting { get; private set; }

    /// <summary>True when more wait than were counted.</summary>
    public bool WaitingMore => Waiting >= Most;

    /// <summary>The preset of that word; the first for an unknown one.</summary>
    public static EventPreset Preset(string? id) => Presets.FirstOrDefault(p => p.Id == id) ?? Presets[0];

    /// <summary>Shows another part of the journal, live.</summary>
    public void Filter(EventPreset preset, string? prefix, string? corrId)
    {
        _filter = new EventFilter { Prefixes = string.IsNullOrWhiteSpace(prefix) ? preset.Prefixes : [prefix.Trim()], CorrId = string.IsNullOrWhiteSpace(corrId) ? null : corrId.Trim() };
        Resume();
    }

    /// <summary>Holds the list still.</summary>
    public void Pause() => _pausedAt = journal.Head;

    /// <summary>Goes on, with what came meanwhile.</summary>
    public void Resume()
    {
        (_pausedAt, Waiting) = (0, 0);
        Pull();
    }

    /// <summary>Takes in what came since.</summary>
    public void Pull()
    {
        Seen = journal.Head;
        if (Paused)
        {
            Waiting = journal.Read(_pausedAt, _filter, Most).Count;
        }
        else
        {
            Events = [.. journal.Newest(Most, _filter).OrderByDescending(e => e.Seq)];
        }
    }
}
