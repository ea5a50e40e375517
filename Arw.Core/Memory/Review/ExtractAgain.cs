using System.ComponentModel;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Memory.Evidence;
using Arw.Core.Memory.Risk;
using Arw.Core.Policy;
using Arw.Core.Primitives;

namespace Arw.Core.Memory.Review;

/// <summary>What is extracted from.</summary>
public enum ExtractFrom
{
    /// <summary>The entry's own text, as it came.</summary>
    Entry,

    /// <summary>The source that its provenance names, as the home stored it.</summary>
    Source,
}

/// <summary>Input of <c>memory.extract_again</c>.</summary>
public sealed record ExtractAgainInput(
    [property: Description("Id of the entry.")] string Id,
    [property: Description("entry (default): its own text; source: the stored source, for things to remember.")] ExtractFrom From = ExtractFrom.Entry);

/// <summary><c>memory.extract_again</c>: takes the text out of what was held back, or out of its stored source, without scripts and hidden parts; markers and score are computed anew.</summary>
public sealed class ExtractAgain(QuarantineModel entries, Assessor assessor, ReviewTurn turn) : ActionKind<ExtractAgainInput>
{
    /// <inheritdoc/>
    public override string Id => "memory.extract_again";

    /// <inheritdoc/>
    public override string Title => "Extract the text again";

    /// <inheritdoc/>
    public override string Summary => "Takes the text of an entry of the review queue out of what came, without scripts and hidden parts. Its risk markers and evidence score are computed anew.";

    /// <inheritdoc/>
    public override Effects Effects => Effects.None;

    /// <inheritdoc/>
    public override bool Control => true;

    /// <inheritdoc/>
    protected override Result<IReadOnlyList<Capability>> Needs(ExtractAgainInput input, ActionContext context) => Array.Empty<Capability>();

    /// <inheritdoc/>
    protected override Task<Result<JsonNode?>> RunAsync(ExtractAgainInput input, ActionRun run, CancellationToken cancel) =>
        turn.TakeAsync(() => ExtractAsync(input, run, cancel), cancel);

    private async Task<Result<JsonNode?>> ExtractAsync(ExtractAgainInput input, ActionRun run, CancellationToken cancel)
    {
        if (entries.Rows.Find(input.Id) is not { } entry)
        {
            return Refusal.NotFound("entry of the review queue", input.Id);
        }

        if (!entry.Waits)
        {
            return entry.IsDecided();
        }

        var stored = assessor.Stored(entry.CorrId, entry.Project);
        var source = input.From == ExtractFrom.Source ? SourceOf(entry, stored) : null;
        if (input.From == ExtractFrom.Source && source is null)
        {
            return Refusal.Invalid("The home has no stored source for this entry, or it is a claim, which no whole page can replace.", "Extract from the entry itself.");
        }

        var isMarkup = source?.IsMarkup ?? entry.Entry.ContentType == "text/html";
        var result = await Task.Run(() => CleanText.Of(source?.Body ?? entry.Entry.Text, isMarkup, cancel), cancel);
        if (!result.TryGet(out var text, out var refusal))
        {
            return refusal;
        }

        text = text.Length > MemoryRules.MaxText ? text[..MemoryRules.MaxText] : text;
        if (text.Length == 0)
        {
            return new Refusal("nothing_left", "Nothing is left of it that a reader would see.", "Reject it.", 422);
        }

        var found = assessor.Assess(new WantedContent(text, entry.Entry.Content, entry.Entry.Provenance), stored, cancel);
        var extracted = new MemoryExtracted(entry.Id, text, source?.Address ?? "entry", CleanText.Extractor) { RiskMarkers = found.Markers, Evidence = found.Evidence };
        await run.AppendAsync([MemoryEvents.Extracted.Draft(extracted, run.Context.Principal.Actor, MemoryEvents.EntrySubject(entry.Id), entry.Project)], cancel);
        return new JsonObject { ["id"] = entry.Id, ["text"] = text, ["evidence_score"] = found.Evidence.Score, ["markers"] = found.Markers.Count };
    }

    /// <summary>The stored source that an entry's text can be extracted from; null where there is none.</summary>
    public static StoredSource? SourceOf(QuarantineEntry entry, IReadOnlyDictionary<string, StoredSource> stored) =>
        entry.IsClaim ? null : entry.Entry.Provenance.Select(p => stored.GetValueOrDefault(p.Ref)).FirstOrDefault(s => s is not null);
}
