using Arw.Core.Journal.Inspection;

namespace Arw.Core.Journal.Verification;

/// <summary>Which payloads are gone because somebody erased them, or a project's retention did: the journal says so in an event, which the chain covers like any other.</summary>
/// <param name="journal">The journal that says so.</param>
internal sealed class Tombstones(JournalFile journal)
{
    // Up to which event a project's payloads are gone, as last read.
    private readonly Dictionary<string, long> _expired = new(StringComparer.Ordinal);

    /// <summary>Whether one stands for an event.</summary>
    public bool Has(StoredRow row)
    {
        var (seq, project) = (row.Seq, row.Project);
        return (project is not null && Expired(project, seq)) || journal.OfSubject(JournalEvents.Subject(seq)).Any(e => e.Seq > seq && JournalEvents.Erased.Is(e));
    }

    private bool Expired(string project, long seq)
    {
        if (_expired.GetValueOrDefault(project) < seq)
        {
            _expired[project] = journal.OfSubject(JournalEvents.ProjectSubject(project)).Where(JournalEvents.Expired.Is).Select(e => JournalEvents.Expired.Read(e).UpTo).DefaultIfEmpty(0).Max();
        }

        return _expired[project] >= seq;
    }
}
