using System.ComponentModel;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Policy;
using Arw.Core.Primitives;

namespace Arw.Core.Projects;

/// <summary>Input of <c>project.create</c>.</summary>
public sealed record CreateProjectInput(
    [property: Description("Lower-case letters, digits and hyphens, at most 48; also the folder's name.")] string Id,
    [property: Description("Name on pages, at most 120 characters.")] string Title);

/// <summary><c>project.create</c>: a person makes a project.</summary>
public sealed class CreateProject(ProjectsModel projects) : ActionKind<CreateProjectInput>
{
    private const int MaxTitle = 120;

    /// <inheritdoc/>
    public override string Id => "project.create";

    /// <inheritdoc/>
    public override string Title => "Create a project";

    /// <inheritdoc/>
    public override string Summary => "Makes a project: a folder of files, a map of beliefs and a scope for leases.";

    /// <inheritdoc/>
    public override Effects Effects => Effects.None;

    /// <inheritdoc/>
    public override bool Control => true;

    /// <inheritdoc/>
    protected override string Describe(CreateProjectInput input) => $"Create the project \"{input.Title}\"";

    /// <inheritdoc/>
    protected override Result<IReadOnlyList<Capability>> Needs(CreateProjectInput input, ActionContext context)
    {
        if (!ProjectId.Check(input.Id).TryGet(out _, out var refusal))
        {
            return refusal;
        }

        return input.Title.Trim().Length is 0 or > MaxTitle || input.Title.Any(char.IsControl)
            ? Refusal.Invalid($"\"{input.Title}\" is no title.", $"Write 1 to {MaxTitle} printable characters.")
            : Array.Empty<Capability>();
    }

    /// <inheritdoc/>
    protected override async Task<Result<JsonNode?>> RunAsync(CreateProjectInput input, ActionRun run, CancellationToken cancel)
    {
        if (projects.Find(input.Id) is { } existing)
        {
            return Refusal.Conflict($"There is a project \"{input.Id}\" already: \"{existing.Title}\".", "Choose another id.");
        }

        var created = new ProjectCreated(input.Id, input.Title.Trim());
        await run.AppendAsync([ProjectEvents.Created.Draft(created, run.Context.Principal.Actor, ProjectEvents.Subject(input.Id), input.Id)], cancel);
        return new JsonObject { ["id"] = created.Id, ["title"] = created.Title };
    }
}
