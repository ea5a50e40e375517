using Arw.Core.Journal;

namespace Arw.Core.Beliefs;

/// <summary>Kinds of events about intents: what somebody suggests to do. Subject: <c>intent:ID</c>.</summary>
public static class IntentEvents
{
    /// <summary>Somebody suggests to do something.</summary>
    public static readonly EventKind<IntentProposed> Proposed = new("intents.proposed", "Something was suggested to be done.");

    /// <summary>A person wants it.</summary>
    public static readonly EventKind<IntentJudged> Approved = new("intents.approved", "A person approved an intent.");

    /// <summary>A person does not want it.</summary>
    public static readonly EventKind<IntentJudged> Rejected = new("intents.rejected", "A person rejected an intent.");

    /// <summary>Subject of an intent's events.</summary>
    public static string Subject(string intentId) => $"intent:{intentId}";
}

/// <summary>Payload of <c>intents.proposed</c>.</summary>
/// <param name="Id">Id: that of the action that proposed it.</param>
/// <param name="Title">What is to be done, one line.</param>
public sealed record IntentProposed(string Id, string Title)
{
    /// <summary>Why; null when not said.</summary>
    public string? Why { get; init; }

    /// <summary>Kind of the action that would do it; null when not said.</summary>
    public string? ActionKind { get; init; }

    /// <summary>Ids of the beliefs that it rests on.</summary>
    public IReadOnlyList<string> Beliefs { get; init; } = [];
}

/// <summary>Payload of <c>intents.approved</c> and <c>intents.rejected</c>.</summary>
/// <param name="Id">The intent.</param>
/// <param name="Reason">Why; null when not said.</param>
public sealed record IntentJudged(string Id, string? Reason = null);
