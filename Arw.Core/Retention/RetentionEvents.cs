using Arw.Core.Journal;

namespace Arw.Core.Retention;

/// <summary>Kinds of events of the retention pack. What retention does to the journal is among <see cref="JournalEvents"/>.</summary>
public static class RetentionEvents
{
    /// <summary>A person said how long a project's payloads are kept.</summary>
    public static readonly EventKind<RetentionSet> Set = new("journal.retention.set", "A person said how long the payloads of a project are kept.");
}

/// <summary>Payload of <c>journal.retention.set</c>.</summary>
/// <param name="Project">Whose.</param>
/// <param name="Days">Days; null = for ever.</param>
public sealed record RetentionSet(string Project, int? Days);
