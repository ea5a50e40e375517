using System.ComponentModel;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Memory.Review;
using Arw.Core.Memory.Taint;
using Arw.Core.Policy;
using Arw.Core.Primitives;

namespace Arw.Core.Memory;

/// <summary>Input of <c>memory.remember</c>.</summary>
public sealed record RememberInput(
    [property: Description("What is to be remembered, at most 16,384 characters.")] string Text)
{
    /// <summary>What sort of thing; a fact by default.</summary>
    [Description("fact (default), pref, plan, summary or result.")]
    public MemoryKind Kind { get; init; }

    /// <summary>Tags.</summary>
    [Description("Tags, at most 16 of at most 64 characters.")]
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Where it comes from.</summary>
    [Description("Where it comes from, at most 32 sources. Without sources, what an agent read from outside is hard to review.")]
    public IReadOnlyList<MemoryProvenance> Provenance { get; init; } = [];

    /// <summary>Media type of the text.</summary>
    [Description("text/plain (default), text/markdown or text/html.")]
    public string ContentType { get; init; } = "text/plain";
}

/// <summary><c>memory.remember</c>: puts something into the project's long-term memory. What comes from outside waits for a person's review instead, whatever its author says.</summary>
public sealed class RememberMemory(OutsideContent outside, ReviewQueue queue) : ActionKind<RememberInput>
{
    private const double PersonsWord = 1;
    private const double AgentsWord = 0.6;

    private static readonly Capability Need = Capability.Of("memory.remember");

    /// <inheritdoc/>
    public override string Id => "memory.remember";

    /// <inheritdoc/>
    public override string Title => "Remember something";

    /// <inheritdoc/>
    public override string Summary => "Puts something into the project's long-term memory. What comes from outside waits for a person's review; the answer says so.";

    /// <inheritdoc/>
    public override Effects Effects => Effects.None;

    /// <inheritdoc/>
    protected override string Describe(RememberInput input) => $"Remember \"{(input.Text.Length > 80 ? input.Text[..80].TrimEnd() + "…" : input.Text)}\"";

    /// <inheritdoc/>
    protected override Result<IReadOnlyList<Capability>> Needs(RememberInput input, ActionContext context) =>
        context.Project is null ? Refusal.Invalid("Memory belongs to a project, and this action names none.", "Submit it with \"project\".")
        : MemoryRules.Fault(input) is { } fault ? fault
        : new[] { Need };

    /// <inheritdoc/>
    protected override async Task<Result<JsonNode?>> RunAsync(RememberInput input, ActionRun run, CancellationToken cancel)
    {
        if (!(await run.DemandAsync(Need, cancel)).TryGet(out _, out var refusal))
        {
            return refusal;
        }

        var wanted = MemoryRules.Wanted(input);
        if (await MemoryClaims.WhyAsync([wanted], run, outside, queue, cancel) is { } why)
        {
            var held = (await queue.HoldAsync([wanted], why, run, cancel))[0];
            return new JsonObject
            {
                ["entry"] = held.Id,
                ["state"] = QuarantineModel.Word(held.State),
                ["id"] = held.Became?["memory:".Length..],
                ["why"] = why.Words,
                ["risk_markers"] = new JsonArray([.. held.Markers.Select(m => m.Kind).Distinct().Select(k => JsonValue.Create(System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(k.ToString())))]),
            };
        }

        var (project, actor) = (run.Context.Project, run.Context.Principal.Actor);
        var remembered = new MemoryRemembered(Admission.IdOf(project, input.Kind, wanted.Text), input.Kind, wanted.Text, run.Context.Principal.MayControl ? PersonsWord : AgentsWord)
        {
            Tags = wanted.Content.Tags,
            Provenance = wanted.Provenance,
        };
        await run.AppendAsync([MemoryEvents.Remembered.Draft(remembered, actor, MemoryEvents.Subject(remembered.Id), project)], cancel);
        return new JsonObject { ["id"] = remembered.Id, ["state"] = "remembered" };
    }
}

/// <summary>What something to remember must look like, beyond its schema.</summary>
internal static class MemoryRules
{
    /// <summary>Most characters of a text.</summary>
    public const int MaxText = 16 * 1024;

    private const int MaxTags = 16;
    private const int MaxTag = 64;
    private const int MaxSources = 32;
    private const int MaxRef = 2048;

    /// <summary>What is wrong with it; null when nothing is.</summary>
    public static Refusal? Fault(RememberInput input) =>
        input.Text.Length > MaxText || string.IsNullOrWhiteSpace(input.Text) ? Refusal.Invalid($"The text has {input.Text.Length:N0} characters.", $"Write 1 to {MaxText:N0}.")
        : input.Tags.Count > MaxTags || input.Tags.Any(t => string.IsNullOrWhiteSpace(t) || t.Length > MaxTag) ? Refusal.Invalid("A tag is empty or too long, or there are too many.", $"Send at most {MaxTags} of 1 to {MaxTag} characters.")
        : input.Provenance.Count > MaxSources ? Refusal.Invalid($"There are {input.Provenance.Count} sources.", $"Send at most {MaxSources}.")
        : input.ContentType is not ("text/plain" or "text/markdown" or "text/html") ? Refusal.Invalid($"\"{input.ContentType}\" is no type of text that can be remembered.", "Send text/plain, text/markdown or text/html.")
        : input.Provenance.Select(Fault).FirstOrDefault(f => f is not null);

    /// <summary>It as content that wants in.</summary>
    public static WantedContent Wanted(RememberInput input, string source = "tool") =>
        new(input.Text.Trim(), new EntryContent { Kind = input.Kind, Tags = [.. input.Tags.Select(t => t.Trim().ToLowerInvariant()).Distinct(StringComparer.Ordinal)] }, input.Provenance) { ContentType = input.ContentType, Source = source };

    private static Refusal? Fault(MemoryProvenance source) =>
        string.IsNullOrWhiteSpace(source.Ref) || source.Ref.Length > MaxRef ? Refusal.Invalid("A source is empty or too long.", $"Its ref has 1 to {MaxRef:N0} characters.")
        : source.Title?.Length > MaxRef || source.Quote?.Length > MaxRef ? Refusal.Invalid("A title or quotation is too long.", $"Send at most {MaxRef:N0} characters.")
        : source.Kind == ProvenanceKind.Url && !(Uri.TryCreate(source.Ref, UriKind.Absolute, out var url) && url.Scheme is ("http" or "https")) ? Refusal.Invalid($"\"{source.Ref}\" is no http or https address.", "Correct it, or use another kind.")
        : source.Kind == ProvenanceKind.File && !source.Ref.StartsWith("project://", StringComparison.Ordinal) ? Refusal.Invalid($"\"{source.Ref}\" is no file of the project.", "Write project://…, or use another kind.")
        : null;
}
