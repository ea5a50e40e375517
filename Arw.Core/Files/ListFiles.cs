using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Policy;
using Arw.Core.Primitives;
using Arw.Core.Projects;

namespace Arw.Core.Files;

/// <summary>Input of <c>file.list</c>.</summary>
public sealed record ListFilesInput(
    [property: Description("A folder, project://feeds, or a pattern, project://feeds/**/*.xml (* within a name, ** any folders).")] string Path);

/// <summary><c>file.list</c>: what is in a folder of the project, or matches a pattern. At most 1,000 entries.</summary>
public sealed class ListFiles(ProjectFiles files) : ActionKind<ListFilesInput>
{
    /// <inheritdoc/>
    public override string Id => "file.list";

    /// <inheritdoc/>
    public override string Title => "List files";

    /// <inheritdoc/>
    public override string Summary => "Lists a folder of the project, or the files that a pattern matches, with sizes and times.";

    /// <inheritdoc/>
    public override Effects Effects => Effects.None;

    /// <inheritdoc/>
    protected override string Describe(ListFilesInput input) => $"List {input.Path}";

    /// <inheritdoc/>
    protected override Result<IReadOnlyList<Capability>> Needs(ListFilesInput input, ActionContext context) =>
        !FileNeeds.InProject(context).TryGet(out _, out var refusal)
        || !ProjectGlob.Parse(input.Path).TryGet(out var glob, out refusal)
        || !Need(glob).TryGet(out var need, out refusal)
            ? refusal
            : new[] { need };

    /// <inheritdoc/>
    protected override async Task<Result<JsonNode?>> RunAsync(ListFilesInput input, ActionRun run, CancellationToken cancel)
    {
        if (!FileNeeds.InProject(run.Context).TryGet(out var project, out var refusal)
            || !ProjectGlob.Parse(input.Path).TryGet(out var glob, out refusal)
            || !Need(glob).TryGet(out var need, out refusal)
            || !(await run.DemandAsync(need, cancel)).TryGet(out _, out refusal)
            || !files.List(project, glob).TryGet(out var listing, out refusal))
        {
            return refusal;
        }

        return JsonSerializer.SerializeToNode(listing, ArwJson.Options);
    }

    // A listing reveals names below the folder that the search starts in: that folder is what must be readable.
    private static Result<Capability> Need(ProjectGlob glob) => Capability.ParseFile("read", glob.Folder.ToString());
}
