using System.ComponentModel;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Policy;
using Arw.Core.Primitives;
using Arw.Core.Projects;

namespace Arw.Core.Files;

/// <summary>What <c>file.write</c> does when the file is there.</summary>
public enum IfExists
{
    /// <summary>Replaces its content.</summary>
    Replace,

    /// <summary>Refuses.</summary>
    Fail,

    /// <summary>Writes beside it: <c>digest-2.md</c>.</summary>
    Version,
}

/// <summary>Input of <c>file.write</c>.</summary>
public sealed record WriteFileInput(
    [property: Description("The file, project://digests/today.md. Folders on the way are made.")] string Path,
    [property: Description("The whole new content, at most 8 MiB in UTF-8.")] string Content,
    [property: Description("When the file is there: replace it (default), fail, or write a version beside it (today-2.md).")] IfExists IfExists = IfExists.Replace);

/// <summary><c>file.write</c>: makes or replaces a file of the project, whole or not at all.</summary>
public sealed class WriteFile(ProjectFiles files, FileWriter writer) : ActionKind<WriteFileInput>
{
    private const int MaxVersions = 1000;

    /// <inheritdoc/>
    public override string Id => "file.write";

    /// <inheritdoc/>
    public override string Title => "Write a file";

    /// <inheritdoc/>
    public override string Summary => "Makes or replaces a file of the project. The difference to the old content is kept in the journal.";

    /// <inheritdoc/>
    public override Effects Effects => Effects.Local;

    /// <inheritdoc/>
    protected override string Describe(WriteFileInput input) => $"Write {input.Path} ({Encoding.UTF8.GetByteCount(input.Content):N0} bytes)";

    /// <inheritdoc/>
    protected override Result<IReadOnlyList<Capability>> Needs(WriteFileInput input, ActionContext context) =>
        FileNeeds.Of("write", input.Path, context);

    /// <inheritdoc/>
    protected override async Task<Result<JsonNode?>> RunAsync(WriteFileInput input, ActionRun run, CancellationToken cancel)
    {
        if (!FileNeeds.InProject(run.Context).TryGet(out var project, out var refusal)
            || !ProjectPath.ParseFile(input.Path).TryGet(out var path, out refusal))
        {
            return refusal;
        }

        var content = Encoding.UTF8.GetBytes(input.Content);
        if (input.IfExists == IfExists.Version && !Free(run, project, path, Digest.Of(content)).TryGet(out path, out refusal))
        {
            return refusal;
        }

        return await writer.WriteAsync(
            run,
            path,
            present => present is not null && input.IfExists == IfExists.Fail
                ? Refusal.Conflict($"\"{path}\" exists.", "Choose another name, or if_exists replace or version.")
                : content,
            cancel);
    }

    // The first name that is free, or that holds this very content already.
    private Result<ProjectPath> Free(ActionRun run, string project, ProjectPath path, string digest)
    {
        if (writer.Announced(run) is { } earlier)
        {
            return ProjectPath.ParseFile(earlier.Path);
        }

        var stem = System.IO.Path.GetFileNameWithoutExtension(path.Name);
        var extension = System.IO.Path.GetExtension(path.Name);
        for (var version = 1; version <= MaxVersions; version++)
        {
            var name = version == 1 ? path.Name : string.Create(CultureInfo.InvariantCulture, $"{stem}-{version}{extension}");
            if (!path.Parent.Child(name).TryGet(out var candidate, out var refusal)
                || !files.ReadWhole(project, candidate).TryGet(out var present, out refusal))
            {
                return refusal;
            }

            if (present is null || present.Digest == digest)
            {
                return candidate;
            }
        }

        return Refusal.Conflict($"There are {MaxVersions:N0} versions of \"{path}\" already.", "Remove old ones or choose another name.");
    }
}
