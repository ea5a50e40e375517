using Arw.Core.Journal;

namespace Arw.Core.Redaction;

/// <summary>Kinds of events about redaction.</summary>
public static class RedactionEvents
{
    /// <summary>What is masked where was changed.</summary>
    public static readonly EventKind<RedactionMasks> MasksSet = new("redaction.masks.set", "Which classes of data are masked in the journal, in prompts and in snapshots was changed.");

    /// <summary>A rule was set.</summary>
    public static readonly EventKind<RedactionRule> RuleSet = new("redaction.rule.set", "A rule of this home was set; its tests held.");

    /// <summary>A rule was removed.</summary>
    public static readonly EventKind<RedactionRemoved> RuleRemoved = new("redaction.rule.removed", "A rule of this home was removed.");

    /// <summary>A canary was planted.</summary>
    public static readonly EventKind<CanaryPlanted> CanaryPlanted = new("redaction.canary.planted", "A canary was made: a false secret that raises an alarm where it turns up.");

    /// <summary>A canary was given up.</summary>
    public static readonly EventKind<RedactionRemoved> CanaryRemoved = new("redaction.canary.removed", "A canary was given up; it raises no alarm any more.");

    /// <summary>The alarm.</summary>
    public static readonly EventKind<CanarySeen> CanarySeen = new("redaction.canary.seen", "A canary turned up, in an event or in a request that was then refused.");

    /// <summary>Subject of a canary's events.</summary>
    public static string Canary(string id) => $"canary:{id}";
}

/// <summary>Payload of <c>redaction.masks.set</c>: what is null stays.</summary>
/// <param name="Journal">Classes that the journal never holds; credential is always one.</param>
/// <param name="Prompts">Classes masked in prompts to models; credential is always one.</param>
/// <param name="Snapshots">Classes masked in snapshots and previews; credential is always one.</param>
public sealed record RedactionMasks(IReadOnlyList<DataClass>? Journal = null, IReadOnlyList<DataClass>? Prompts = null, IReadOnlyList<DataClass>? Snapshots = null);

/// <summary>Payload of <c>redaction.rule.removed</c> and <c>redaction.canary.removed</c>.</summary>
/// <param name="Id">Which.</param>
public sealed record RedactionRemoved(string Id);

/// <summary>Payload of <c>redaction.canary.planted</c>. Its value follows from the id and the home's salt and is kept nowhere.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Label">Where it was planted, in a person's words.</param>
/// <param name="Form">What it looks like.</param>
public sealed record CanaryPlanted(string Id, string Label, CanaryForm Form);

/// <summary>Payload of <c>redaction.canary.seen</c>.</summary>
/// <param name="Canary">Which canary.</param>
/// <param name="Where"><c>event</c>, or <c>request</c> for one that was refused.</param>
public sealed record CanarySeen(string Canary, string Where)
{
    /// <summary>Kind of the event that held it; null for a request.</summary>
    public string? Kind { get; init; }

    /// <summary>Who wrote that event, or asked for the request.</summary>
    public string? By { get; init; }

    /// <summary>Host that it would have gone to; null for an event.</summary>
    public string? Host { get; init; }
}
