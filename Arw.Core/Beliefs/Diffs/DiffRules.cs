using Arw.Core.Journal;
using Arw.Core.Primitives;

namespace Arw.Core.Beliefs.Diffs;

/// <summary>What a diff must look like, beyond its schema: bounded, each change sound, no belief named twice, so that the order of the changes does not matter.</summary>
public static class DiffRules
{
    /// <summary>Most changes of a diff.</summary>
    public const int MaxChanges = 200;

    /// <summary>Most bytes of its changes as JSON.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>Format of diffs as files.</summary>
    public const string Format = "arw.world-diff/1";

    private const int MaxText = 2000;
    private const int MaxName = 128;
    private const int MaxNote = 500;

    /// <summary>The first fault; null when all is fine.</summary>
    public static Refusal? Fault(QueueDiffInput input, string? project)
    {
        if (project is null)
        {
            return Refusal.Invalid("A diff is for one project, and this one names none.", "Submit it with \"project\".");
        }

        if (input.Format is { } format && format != Format)
        {
            return Refusal.Invalid($"\"{Cut(format)}\" is no format of diffs that is known here.", $"Send {Format}, or leave it out.");
        }

        if (input.Id is { } id && !EventNames.IsCorrId(id))
        {
            return Refusal.Invalid($"\"{Cut(id)}\" is no id of a diff.", $"Use 1 to {MaxName} letters, digits and . _ : -, or leave it out.");
        }

        if (input.From is { } from && (string.IsNullOrWhiteSpace(from) || from.Length > MaxName || from.Any(char.IsControl)) || input.Summary?.Length > MaxNote)
        {
            return Refusal.Invalid("The diff's source is empty or too long, or its summary is too long.", $"from: 1 to {MaxName} characters, summary: at most {MaxNote}.");
        }

        return Fault(input.Changes, project);
    }

    private static Refusal? Fault(IReadOnlyList<DiffChange> changes, string project)
    {
        if (changes.Count is 0 or > MaxChanges)
        {
            return Refusal.Invalid($"The diff has {changes.Count:N0} changes.", $"Send 1 to {MaxChanges}; split a longer one.");
        }

        if (ArwJson.ToUtf8(changes).Length is > MaxBytes and var bytes)
        {
            return Refusal.Invalid($"The diff's changes have {bytes:N0} bytes.", $"Send at most {MaxBytes:N0}; split a longer one.");
        }

        var named = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < changes.Count; i++)
        {
            if (Fault(changes[i]) is { } fault)
            {
                return Refusal.Invalid($"Change {i + 1} {fault}.", "Correct it and send the diff again; nothing of it was taken.");
            }

            foreach (var belief in new[] { changes[i].BeliefIn(project), changes[i].ReplacedIn(project) }.OfType<string>())
            {
                if (!named.TryAdd(belief, i))
                {
                    return Refusal.Invalid($"Change {i + 1} names the same claim as change {named[belief] + 1}.", "Name each claim once, in value or in was.");
                }
            }
        }

        return null;
    }

    private static string? Fault(DiffChange change) =>
        change.Op != DiffOp.Retract && change.Confidence is null ? "says no confidence, which add and change need"
        : change.Provenance?.Length > MaxNote ? $"has a provenance of {change.Provenance.Length:N0} characters; {MaxNote} are possible"
        : change.Op == DiffOp.Change ? Replaced(change) ?? Claimed(change)
        : change.Was is not null ? "has \"was\", which only a change takes"
        : Claimed(change);

    private static string? Replaced(DiffChange change) =>
        string.IsNullOrWhiteSpace(change.Was) || change.Was.Length > MaxText ? $"has no \"was\" of 1 to {MaxText:N0} characters, which a change needs"
        : BeliefIdentity.Normalise(change.Was) == BeliefIdentity.Normalise(change.Value) ? "changes a value to itself"
        : null;

    private static string? Claimed(DiffChange change) => ClaimRules.Fault(new Claim(change.Value, change.Confidence ?? 0)
    {
        Subject = change.Subject,
        Predicate = change.Predicate,
        Topic = change.Topic,
        Evidence = change.Evidence,
    });

    private static string Cut(string text) => text.Length <= MaxName ? text : text[..MaxName] + "…";
}
