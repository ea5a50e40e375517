using System.ComponentModel;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Journal;
using Arw.Core.Policy;
using Arw.Core.Primitives;

namespace Arw.Core.Retention;

/// <summary>Input of <c>journal.retention.set</c>.</summary>
public sealed record SetRetentionInput(
    [property: Description("Id of the project.")] string Project,
    [property: Description("Days for which the payloads of its events are kept, 1 to 36500; leave it out to keep them for ever.")] int? Days = null);

/// <summary><c>journal.retention.set</c>: a person says how long a project's payloads are kept.</summary>
public sealed class SetRetention : ActionKind<SetRetentionInput>
{
    private const int MostDays = 36_500;

    /// <inheritdoc/>
    public override string Id => "journal.retention.set";

    /// <inheritdoc/>
    public override string Title => "Set a project's retention";

    /// <inheritdoc/>
    public override string Summary => "Says for how many days the payloads of a project's events are kept; older ones are erased for good, the events stay.";

    /// <inheritdoc/>
    public override Effects Effects => Effects.None;

    /// <inheritdoc/>
    public override bool Control => true;

    /// <inheritdoc/>
    protected override string Describe(SetRetentionInput input) =>
        input.Days is { } days ? $"Keep the payloads of the project \"{input.Project}\" for {days:N0} days" : $"Keep the payloads of the project \"{input.Project}\" for ever";

    /// <inheritdoc/>
    protected override Result<IReadOnlyList<Capability>> Needs(SetRetentionInput input, ActionContext context) =>
        input.Project.Length is 0 or > 48 || input.Project.Any(char.IsControl) ? Refusal.Invalid($"\"{input.Project}\" is no project.", "Name a project by its id.")
        : input.Days is < 1 or > MostDays ? Refusal.Invalid($"{input.Days} days is out of range.", $"Say 1 to {MostDays:N0} days, or leave it out to keep them for ever.")
        : Array.Empty<Capability>();

    /// <inheritdoc/>
    protected override async Task<Result<JsonNode?>> RunAsync(SetRetentionInput input, ActionRun run, CancellationToken cancel)
    {
        await run.AppendAsync([RetentionEvents.Set.Draft(new RetentionSet(input.Project, input.Days), run.Context.Principal.Actor, JournalEvents.ProjectSubject(input.Project))], cancel);
        return new JsonObject { ["project"] = input.Project, ["days"] = input.Days };
    }
}
