using Arw.Core.Actions;
using Arw.Core.Beliefs;
using Arw.Core.Journal;
using Arw.Core.Memory.Risk;
using Arw.Core.Primitives;
using Claim = Arw.Core.Beliefs.Claim;

namespace Arw.Core.Memory.Review;

/// <summary>An entry that is let in.</summary>
/// <param name="Entry">What was held back.</param>
/// <param name="Text">What it says now.</param>
public sealed record Admitted(MemoryQuarantined Entry, string Text)
{
    /// <summary>Who brought it; null = who lets it in.</summary>
    public string? Author { get; init; }

    /// <summary>The episode that brought it; null = the one that lets it in.</summary>
    public string? Episode { get; init; }

    /// <summary>The action that brought it; null = the one that lets it in.</summary>
    public string? Action { get; init; }

    /// <summary>Its evidence score.</summary>
    public double Score { get; init; } = Entry.Evidence.Score;
}

/// <summary>Lets entries into memory and onto the map: the decision and what follows from it are one append.</summary>
public sealed class Admission(BeliefWriter beliefs)
{
    private const double ByPerson = 0.8;
    private const double ByRule = 0.5;

    /// <summary>Lets entries of one project in and answers what each became.</summary>
    /// <param name="entries">The entries.</param>
    /// <param name="project">Their project.</param>
    /// <param name="by">Who decided.</param>
    /// <param name="note">Why; null when not said.</param>
    /// <param name="before">Events that come before the decision in the same append.</param>
    /// <param name="run">The action that lets them in.</param>
    /// <param name="cancel">Gives up waiting for the map's turn.</param>
    public async Task<IReadOnlyList<string>> LetInAsync(
        IReadOnlyList<Admitted> entries, string? project, string by, string? note, IReadOnlyList<EventDraft> before, ActionRun run, CancellationToken cancel)
    {
        var claims = entries.Where(e => e.Entry.Content.Claim is not null).ToArray();
        var became = entries.Where(e => e.Entry.Content.Claim is null).ToDictionary(e => e.Entry.Id, e => MemoryEvents.Subject(IdOf(project, e)), StringComparer.Ordinal);
        if (claims.Length == 0)
        {
            await AppendAsync([]);
        }
        else
        {
            await beliefs.WriteAsync([.. claims.Select(ClaimOf)], project, AppendAsync, cancel);
        }

        return [.. entries.Select(e => became[e.Entry.Id])];

        async ValueTask AppendAsync(IReadOnlyList<BeliefProposed> proposed)
        {
            var (actor, drafts) = (run.Context.Principal.Actor, new List<EventDraft>(before));
            foreach (var (i, claim) in proposed.Index())
            {
                became[claims[i].Entry.Id] = BeliefEvents.Subject(claim.Id);
            }

            drafts.AddRange(entries.Select(e => MemoryEvents.Admitted.Draft(
                new MemoryReviewed(e.Entry.Id, by, note) { Became = became[e.Entry.Id] }, actor, MemoryEvents.EntrySubject(e.Entry.Id), project)));
            drafts.AddRange(proposed.Select((p, i) => BeliefEvents.Proposed.Draft(
                p with { ClaimedBy = claims[i].Author, ClaimedIn = claims[i].Episode, ClaimedByAction = claims[i].Action }, actor, BeliefEvents.Subject(p.Id), project)));
            drafts.AddRange(entries.Where(e => e.Entry.Content.Claim is null).Select(e => Remember(project, e, by, actor)));
            await run.AppendAsync(drafts, cancel);
        }
    }

    /// <summary>The id of something to remember: the same for the same text of the same kind in the same project.</summary>
    public static string IdOf(string? project, MemoryKind kind, string text) => Digest.Of($"{project}\n{kind}\n{BeliefIdentity.Normalise(text)}")[7..39];

    private static string IdOf(string? project, Admitted e) => IdOf(project, e.Entry.Content.Kind ?? MemoryKind.Fact, e.Text);

    private static EventDraft Remember(string? project, Admitted e, string by, string actor)
    {
        var id = IdOf(project, e);
        var remembered = new MemoryRemembered(id, e.Entry.Content.Kind ?? MemoryKind.Fact, e.Text, by == ReviewQueue.Rule ? ByRule : ByPerson)
        {
            Tags = [.. e.Entry.Content.Tags.Select(t => CleanText.Line(t)!)],
            Provenance = [.. e.Entry.Provenance.Select(p => p with { Title = CleanText.Line(p.Title), Quote = CleanText.Line(p.Quote) })],
            EvidenceScore = e.Score,
            Entry = e.Entry.Id,
            AdmittedBy = by,
            Author = e.Author,
            Episode = e.Episode,
        };
        return MemoryEvents.Remembered.Draft(remembered, actor, MemoryEvents.Subject(id), project);
    }

    private static Claim ClaimOf(Admitted e)
    {
        var claim = e.Entry.Content.Claim!;
        return claim with
        {
            Text = e.Text,
            Subject = CleanText.Line(claim.Subject),
            Predicate = CleanText.Line(claim.Predicate),
            Topic = CleanText.Line(claim.Topic),
            Relations = [.. claim.Relations.Select(r => r with { Target = CleanText.Line(r.Target)! })],
            // The entry's provenance has what later proposals of the same claim added.
            Evidence = [.. e.Entry.Provenance.Select(Evidence)],
        };
    }

    private static BeliefEvidence Evidence(MemoryProvenance p) => new()
    {
        Url = p.Kind is ProvenanceKind.Url or ProvenanceKind.File ? p.Ref : null,
        ItemId = p.Kind is ProvenanceKind.Url or ProvenanceKind.File ? null : p.Ref,
        Title = CleanText.Line(p.Title),
        Quote = CleanText.Line(p.Quote),
    };
}
