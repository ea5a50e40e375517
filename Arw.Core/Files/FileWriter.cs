using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Journal;
using Arw.Core.Policy;
using Arw.Core.Primitives;
using Arw.Core.Projects;

namespace Arw.Core.Files;

/// <summary>Writes a file for an action so that a crash at any point is recognised by the next attempt: announce, write, report.</summary>
/// <param name="files">The files.</param>
/// <param name="writes">What was announced.</param>
/// <param name="redactor">Takes secrets out of the names by which the journal knows files; null = nobody does.</param>
public sealed class FileWriter(ProjectFiles files, FileWritesModel writes, Redactor? redactor = null)
{
    private const int MaxDiffed = 256 * 1024;
    private const int MaxDiff = 16 * 1024;

    /// <summary>Replaces a file's content by what <paramref name="make"/> returns for what is there (null = no file). Equal content is reported as written <c>already</c>. Changed meanwhile by somebody else: 409.</summary>
    public async Task<Result<JsonNode?>> WriteAsync(ActionRun run, ProjectPath path, Func<ProjectContent?, Result<byte[]>> make, CancellationToken cancel)
    {
        var project = run.Context.Project!;
        if (!Capability.ParseFile("write", path.ToString()).TryGet(out var need, out var refusal)
            || !(await run.DemandAsync(need, cancel)).TryGet(out var permit, out refusal)
            || !files.ReadWhole(project, path).TryGet(out var present, out refusal))
        {
            return refusal;
        }

        if (Announced(run, path) is { } earlier)
        {
            if (present?.Digest == earlier.AfterDigest)
            {
                return await ReportAsync(run, path, earlier.BeforeDigest, present!.Bytes, null, already: true, cancel);
            }

            if (present?.Digest != earlier.BeforeDigest)
            {
                return Refusal.Conflict($"\"{path}\" was changed by somebody else since this action first tried.", "Read it again and submit a new action.");
            }
        }

        if (!make(present).TryGet(out var content, out refusal))
        {
            return refusal;
        }

        if (content.Length > ProjectFiles.MaxBytes)
        {
            return Refusal.Invalid($"The content has {content.Length:N0} bytes; at most {ProjectFiles.MaxBytes:N0} are possible.", "Write less.");
        }

        var after = Digest.Of(content);
        if (present?.Digest == after)
        {
            return await ReportAsync(run, path, present.Digest, content, null, already: true, cancel);
        }

        var intended = new FileWriteIntended(path.ToString(), run.Context.ActionId, after, present?.Digest);
        await run.AppendAsync([FileEvents.Intended.Draft(intended, run.Context.Principal.Actor, Subject(project, path))], cancel);
        if (permit.Revoked.IsCancellationRequested && !(await run.DemandAsync(need, cancel)).TryGet(out _, out refusal))
        {
            return refusal;
        }

        return files.Write(project, path, content, present?.Digest).TryGet(out _, out refusal)
            ? await ReportAsync(run, path, present?.Digest, content, present, already: false, cancel)
            : refusal;
    }

    /// <summary>What an earlier attempt of this action announced for that path and did not report; null for nothing.</summary>
    public FileWriteIntended? Announced(ActionRun run, ProjectPath? path = null) =>
        writes.Find(run.Context.ActionId) is { } open && (path is null || open.Path == path.ToString()) ? open : null;

    private async Task<Result<JsonNode?>> ReportAsync(
        ActionRun run, ProjectPath path, string? before, byte[] content, ProjectContent? replaced, bool already, CancellationToken cancel)
    {
        var diff = already ? null : Difference(path, replaced, content);
        var cut = diff?.Length > MaxDiff;
        var written = new FileWritten(path.ToString(), run.Context.ActionId, Digest.Of(content), content.Length)
        {
            BeforeDigest = before,
            Diff = cut ? diff![..(diff!.LastIndexOf('\n', MaxDiff) + 1)] : diff,
            DiffCut = cut,
            Already = already,
        };

        // The effect has happened: its report is written even when the action is being stopped.
        await run.AppendAsync([FileEvents.Written.Draft(written, run.Context.Principal.Actor, Subject(run.Context.Project, path))], CancellationToken.None);
        cancel.ThrowIfCancellationRequested();
        var output = new JsonObject { ["path"] = written.Path, ["bytes"] = written.Bytes, ["digest"] = written.AfterDigest };
        if (before is not null)
        {
            output["before_digest"] = before;
        }

        if (already)
        {
            output["already"] = true;
        }

        return output;
    }

    private static string? Difference(ProjectPath path, ProjectContent? replaced, byte[] content)
    {
        if (replaced?.Length > MaxDiffed || content.Length > MaxDiffed)
        {
            return null;
        }

        return TextLines.Decode(replaced?.Bytes ?? []) is { } before && TextLines.Decode(content) is { } after
            ? UnifiedDiff.Make(before, after, replaced is null ? "/dev/null" : path.Relative, path.Relative)
            : null;
    }

    // A payload is redacted by the journal, what an event is about is not: and an archive may name its files as it likes.
    private string Subject(string? project, ProjectPath path) =>
        redactor?.Redact(FileEvents.Subject(project, path)) ?? FileEvents.Subject(project, path);
}
