using System.ComponentModel;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Policy;
using Arw.Core.Primitives;
using Arw.Core.Projects;

namespace Arw.Core.Files;

/// <summary>Input of <c>file.read</c>.</summary>
public sealed record ReadFileInput(
    [property: Description("The file, project://notes/today.md.")] string Path,
    [property: Description("Most bytes to return; 1,048,576 by default, at most 8,388,608.")] int MaxBytes = 1024 * 1024);

/// <summary><c>file.read</c>: a file of the project as text, or as base64 when it is no text.</summary>
public sealed class ReadFile(ProjectFiles files) : ActionKind<ReadFileInput>
{
    /// <inheritdoc/>
    public override string Id => "file.read";

    /// <inheritdoc/>
    public override string Title => "Read a file";

    /// <inheritdoc/>
    public override string Summary => "Reads a file of the project. Text comes back as text, anything else as base64.";

    /// <inheritdoc/>
    public override Effects Effects => Effects.None;

    /// <inheritdoc/>
    protected override string Describe(ReadFileInput input) => $"Read {input.Path}";

    /// <inheritdoc/>
    protected override Result<IReadOnlyList<Capability>> Needs(ReadFileInput input, ActionContext context) =>
        input.MaxBytes is > 0 and <= ProjectFiles.MaxBytes
            ? FileNeeds.Of("read", input.Path, context)
            : Refusal.Invalid($"max_bytes is {input.MaxBytes}.", $"Choose 1 to {ProjectFiles.MaxBytes}.");

    /// <inheritdoc/>
    protected override async Task<Result<JsonNode?>> RunAsync(ReadFileInput input, ActionRun run, CancellationToken cancel)
    {
        if (!FileNeeds.InProject(run.Context).TryGet(out var project, out var refusal)
            || !ProjectPath.ParseFile(input.Path).TryGet(out var path, out refusal)
            || !Capability.ParseFile("read", path.ToString()).TryGet(out var need, out refusal)
            || !(await run.DemandAsync(need, cancel)).TryGet(out _, out refusal)
            || !files.Read(project, path, input.MaxBytes).TryGet(out var content, out refusal))
        {
            return refusal;
        }

        var output = new JsonObject
        {
            ["path"] = path.ToString(),
            ["bytes"] = content.Length,
            ["digest"] = content.Digest,
            ["truncated"] = content.Truncated,
        };
        var text = TextLines.Decode(content.Truncated ? TextLines.WholeCharacters(content.Bytes) : content.Bytes);
        output[text is null ? "base64" : "text"] = text ?? Convert.ToBase64String(content.Bytes);
        return output;
    }
}
