using System.ComponentModel;
using System.Text;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Files;
using Arw.Core.Policy;
using Arw.Core.Primitives;
using Arw.Core.Projects;

namespace Arw.Core.Notes;

/// <summary>Input of <c>notes.append</c>.</summary>
public sealed record AppendNoteInput(
    [property: Description("The note, Markdown, at most 16,384 characters.")] string Text,
    [property: Description("The file of notes, a .md file under project://notes/; project://notes/notes.md by default.")] string Path = AppendNote.DefaultPath);

/// <summary><c>notes.append</c>: adds a note to a file of notes, never changing what is there.</summary>
public sealed class AppendNote(ProjectFiles files) : ActionKind<AppendNoteInput>
{
    /// <summary>The file that is used when none is named.</summary>
    public const string DefaultPath = "project://notes/notes.md";

    private const int MaxText = 16 * 1024;

    // Another writer of the same file may come in between read and write; more than this many is a fault of the setup.
    private const int Tries = 8;

    /// <inheritdoc/>
    public override string Id => "notes.append";

    /// <inheritdoc/>
    public override string Title => "Add a note";

    /// <inheritdoc/>
    public override string Summary => "Adds a note at the end of a file of notes of the project.";

    /// <inheritdoc/>
    public override Effects Effects => Effects.Local;

    /// <inheritdoc/>
    protected override string Describe(AppendNoteInput input) => $"Add a note to {input.Path}";

    /// <inheritdoc/>
    protected override Result<IReadOnlyList<Capability>> Needs(AppendNoteInput input, ActionContext context)
    {
        if (context.Project is null)
        {
            return Refusal.Invalid("Notes belong to a project, and this action names none.", "Submit it with \"project\".");
        }

        if (input.Text.Length > MaxText || string.IsNullOrWhiteSpace(input.Text))
        {
            return Refusal.Invalid($"The note has {input.Text.Length:N0} characters.", $"Write 1 to {MaxText:N0}.");
        }

        return NotesPath(input.Path).TryGet(out var path, out var refusal) && Need(path).TryGet(out var need, out refusal)
            ? new[] { need }
            : refusal;
    }

    /// <inheritdoc/>
    protected override async Task<Result<JsonNode?>> RunAsync(AppendNoteInput input, ActionRun run, CancellationToken cancel)
    {
        if (!NotesPath(input.Path).TryGet(out var path, out var refusal)
            || !Need(path).TryGet(out var need, out refusal)
            || !(await run.DemandAsync(need, cancel)).TryGet(out _, out refusal))
        {
            return refusal;
        }

        if (!Append(run.Context, path, input.Text).TryGet(out var appended, out refusal))
        {
            return refusal;
        }

        await run.AppendAsync([NoteEvents.Appended.Draft(appended, run.Context.Principal.Actor, FileEvents.Subject(run.Context.Project, path))], CancellationToken.None);
        var output = new JsonObject { ["path"] = appended.Path, ["digest"] = appended.Digest };
        if (appended.Already)
        {
            output["already"] = true;
        }

        return output;
    }

    // The marker makes a retry after a crash find what the first attempt wrote.
    private Result<NoteAppended> Append(ActionContext context, ProjectPath path, string text)
    {
        var marker = Encoding.UTF8.GetBytes($"<!-- note {context.ActionId} -->\n");

        // A text cannot pass itself off as somebody else's marker.
        var body = Encoding.UTF8.GetBytes(text.Replace("<!--", "&lt;!--", StringComparison.Ordinal).TrimEnd() + "\n");
        for (var attempt = 1; ; attempt++)
        {
            if (!files.ReadWhole(context.Project!, path).TryGet(out var present, out var refusal))
            {
                return refusal;
            }

            var old = present?.Bytes ?? [];
            if (old.AsSpan().IndexOf(marker) >= 0)
            {
                return new NoteAppended(path.ToString(), context.ActionId, text, present!.Digest) { Already = true };
            }

            byte[] gap = old.Length == 0 ? [] : old[^1] == (byte)'\n' ? "\n"u8.ToArray() : "\n\n"u8.ToArray();
            byte[] content = [.. old, .. gap, .. marker, .. body];
            var written = files.Write(context.Project!, path, content, present?.Digest);
            if (written.Ok)
            {
                return new NoteAppended(path.ToString(), context.ActionId, text, Digest.Of(content));
            }

            if (written.Refusal.Code != "conflict" || attempt == Tries)
            {
                return written.Refusal;
            }
        }
    }

    private static Result<ProjectPath> NotesPath(string uri)
    {
        if (!ProjectPath.ParseFile(uri).TryGet(out var path, out var refusal))
        {
            return refusal;
        }

        return path.Segments.Count >= 2 && path.Segments[0] == "notes" && path.Name.EndsWith(".md", StringComparison.Ordinal)
            ? path
            : Refusal.Invalid($"\"{uri}\" is no file of notes.", $"Name a .md file under project://notes/, such as {DefaultPath}.");
    }

    private static Result<Capability> Need(ProjectPath path) => Capability.Parse($"notes.append {path}");
}
