using System.ComponentModel;
using System.Globalization;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Journal;
using Arw.Core.Policy;
using Arw.Core.Primitives;

namespace Arw.Core.Erasure;

/// <summary>Input of <c>journal.erase</c>.</summary>
public sealed record EraseInput(
    [property: Description("Sequence number of the event.")] long Seq,
    [property: Description("Why, 1 to 500 characters; it stays in the journal.")] string Reason);

/// <summary><c>journal.erase</c>: a person takes the payload of an event out of the journal for good. The event, its place in the chain and a tombstone stay.</summary>
public sealed class ErasePayload(EventJournal journal, ErasuresModel erasures, LiveActions live) : ActionKind<EraseInput>
{
    private const int MaxReason = 500;

    // What permissions, limits and the home's configuration follow from: without a revocation its lease would be in force again after the next rebuild.
    private static readonly string[] Kept =
    [
        "access.", "approvals.", "egress.scope.", "egress.settings.", "episode.", "files.", "home.", "journal.", "kill.", "models.", "policy.", "projects.", "recipes.",
    ];

    /// <summary>Kinds that begin with one of these keep their payload.</summary>
    public static IReadOnlyList<string> KeptKinds => Kept;

    /// <inheritdoc/>
    public override string Id => "journal.erase";

    /// <inheritdoc/>
    public override string Title => "Erase a payload";

    /// <inheritdoc/>
    public override string Summary => "Erases the payload of an event for good; who did it and why stays in the journal.";

    /// <inheritdoc/>
    public override Effects Effects => Effects.Local;

    /// <inheritdoc/>
    public override bool Control => true;

    /// <summary>Whether the payload of an event of that kind can be erased at all.</summary>
    public static bool MayErase(string kind) => !Array.Exists(Kept, k => kind.StartsWith(k, StringComparison.Ordinal));

    /// <inheritdoc/>
    protected override string Describe(EraseInput input) => string.Create(CultureInfo.InvariantCulture, $"Erase the payload of event {input.Seq}");

    /// <inheritdoc/>
    protected override Result<IReadOnlyList<Capability>> Needs(EraseInput input, ActionContext context) =>
        input.Reason.Trim().Length is 0 or > MaxReason
            ? Refusal.Invalid($"The reason has {input.Reason.Trim().Length:N0} characters.", $"Say in 1 to {MaxReason} characters why the payload has to go.")
            : Array.Empty<Capability>();

    /// <inheritdoc/>
    protected override async Task<Result<JsonNode?>> RunAsync(EraseInput input, ActionRun run, CancellationToken cancel)
    {
        if (journal.Read(input.Seq - 1, max: 1) is not [var e] || e.Seq != input.Seq)
        {
            return Refusal.NotFound("event", input.Seq.ToString(CultureInfo.InvariantCulture));
        }

        if (erasures.Find(e.Seq) is { } known)
        {
            return Answer(e.Seq, known.Tombstone, known.Blob is not null && journal.TryRemoveBlob(known.Blob));
        }

        if (!MayErase(e.Kind))
        {
            return Refusal.Forbidden($"Events of kind \"{e.Kind}\" keep their payload: what is permitted follows from it.", "Erase the event that holds what has to go, such as the action's input.");
        }

        if (e.Subject?.StartsWith("action:", StringComparison.Ordinal) == true && live.Current.Actions.ContainsKey(e.Subject["action:".Length..]))
        {
            return Refusal.Conflict("The action that this event belongs to has not ended.", "Cancel it or wait for its end, then erase.");
        }

        var erased = new PayloadErased(e.Seq, e.Kind, input.Reason.Trim()) { Blob = e.PayloadRef?.Digest };
        var written = await run.AppendAsync([JournalEvents.Erased.Draft(erased, run.Context.Principal.Actor, JournalEvents.Subject(e.Seq), e.Project) with { Erases = e.Seq }], cancel);
        return Answer(e.Seq, written.LastSeq, erased.Blob is not null && journal.TryRemoveBlob(erased.Blob));
    }

    private static JsonObject Answer(long seq, long tombstone, bool blobRemoved) => new() { ["seq"] = seq, ["tombstone"] = tombstone, ["blob_removed"] = blobRemoved };
}
