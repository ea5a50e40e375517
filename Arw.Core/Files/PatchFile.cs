using System.ComponentModel;
using System.Text;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Policy;
using Arw.Core.Primitives;
using Arw.Core.Projects;

namespace Arw.Core.Files;

/// <summary>Input of <c>file.patch</c>.</summary>
public sealed record PatchFileInput(
    [property: Description("The file, project://notes/today.md.")] string Path,
    [property: Description("A unified diff of this one file. Context must stand exactly where the hunks say.")] string Patch,
    [property: Description("Digest that the file must have before (sha256:…); not checked when left out.")] string? ExpectDigest = null);

/// <summary><c>file.patch</c>: changes a text file of the project by a unified diff.</summary>
public sealed class PatchFile(FileWriter writer) : ActionKind<PatchFileInput>
{
    /// <inheritdoc/>
    public override string Id => "file.patch";

    /// <inheritdoc/>
    public override string Title => "Patch a file";

    /// <inheritdoc/>
    public override string Summary => "Changes a text file of the project by a unified diff; all hunks apply or nothing changes.";

    /// <inheritdoc/>
    public override Effects Effects => Effects.Local;

    /// <inheritdoc/>
    protected override string Describe(PatchFileInput input) => $"Patch {input.Path}";

    /// <inheritdoc/>
    protected override Result<IReadOnlyList<Capability>> Needs(PatchFileInput input, ActionContext context) =>
        input.ExpectDigest is null || Digest.IsWellFormed(input.ExpectDigest)
            ? FileNeeds.Of("write", input.Path, context)
            : Refusal.Invalid($"\"{input.ExpectDigest}\" is no digest.", "Write sha256: and 64 hexadecimal digits, as file.read returns it.");

    /// <inheritdoc/>
    protected override async Task<Result<JsonNode?>> RunAsync(PatchFileInput input, ActionRun run, CancellationToken cancel)
    {
        if (!FileNeeds.InProject(run.Context).TryGet(out _, out var refusal) || !ProjectPath.ParseFile(input.Path).TryGet(out var path, out refusal))
        {
            return refusal;
        }

        return await writer.WriteAsync(run, path, present => Patched(input, path, present), cancel);
    }

    private static Result<byte[]> Patched(PatchFileInput input, ProjectPath path, ProjectContent? present)
    {
        if (present is null)
        {
            return Refusal.NotFound("file", path.ToString());
        }

        if (input.ExpectDigest is { } expected && expected != present.Digest)
        {
            return Refusal.Conflict($"\"{path}\" has the digest {present.Digest}, not {expected}.", "Read it again and make the patch from what it holds now.");
        }

        return TextLines.Decode(present.Bytes) is { } text
            ? UnifiedPatch.Apply(text, input.Patch).Map(Encoding.UTF8.GetBytes)
            : Refusal.Invalid($"\"{path}\" is no UTF-8 text.", "Only text files can be patched.");
    }
}
