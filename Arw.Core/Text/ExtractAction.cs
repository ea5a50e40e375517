using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Policy;
using Arw.Core.Primitives;

namespace Arw.Core.Text;

/// <summary>Input of <c>text.extract</c>: exactly one of html, text and path.</summary>
/// <param name="Html">A page or a fragment.</param>
/// <param name="Text">Plain text, passed through with its white space tidied.</param>
/// <param name="Path">A file of the project, <c>project://…</c>.</param>
/// <param name="Url">Where it comes from: completes relative links, and is passed on.</param>
public sealed record ExtractInput(
    [property: Description("A page or a fragment of HTML.")] string? Html = null,
    [property: Description("Plain text, instead of html.")] string? Text = null,
    [property: Description("A file of the project, project://…, instead of html.")] string? Path = null,
    [property: Description("Address of the page: completes relative links, and is passed on.")] string? Url = null);

/// <summary><c>text.extract</c>: HTML to title, readable text and links.</summary>
internal sealed class ExtractAction : ActionKind<ExtractInput>
{
    public override string Id => "text.extract";

    public override string Title => "Extract text";

    public override string Summary => "Takes title, main content and links out of HTML. Scripts, navigation and hidden text are dropped; nothing is fetched.";

    public override Effects Effects => Effects.None;

    protected override Result<IReadOnlyList<Capability>> Needs(ExtractInput input, ActionContext context)
    {
        if (new[] { input.Html, input.Text, input.Path }.Count(x => x is not null) != 1)
        {
            return Refusal.Invalid("Exactly one of html, text and path is expected.", "Send the content itself, or the path of a project file.");
        }

        if (input.Url is not null && !Uri.TryCreate(input.Url, UriKind.Absolute, out _))
        {
            return Refusal.Invalid($"\"{input.Url}\" is not an absolute address.", "Send it as https://example.org/page, or leave it out.");
        }

        if (input.Path is null)
        {
            return new[] { Capability.Of(Id) };
        }

        return Capability.ParseFile("read", input.Path).TryGet(out var read, out var refusal) ? new[] { Capability.Of(Id), read } : refusal;
    }

    protected override string Describe(ExtractInput input) => (input.Path ?? input.Url) is { } source ? $"Extract the text of {source}" : Title;

    protected override async Task<Result<JsonNode?>> RunAsync(ExtractInput input, ActionRun run, CancellationToken cancel)
    {
        var content = input.Html ?? input.Text;
        if (input.Path is { } path)
        {
            // The file pack knows the folders and their traps.
            var read = await run.RunChildAsync("file.read", new JsonObject { ["path"] = path, ["max_bytes"] = HtmlText.MaxLength }, "read", cancel);
            if (read.Output?["text"]?.GetValue<string>() is not { } text)
            {
                return new Refusal(read.Error?.Code ?? "unreadable", read.Error?.Message ?? $"\"{path}\" holds no text.", read.Error?.Next);
            }

            if (read.Output["truncated"]?.GetValue<bool>() == true)
            {
                return new Refusal("too_large", $"\"{path}\" has more than {HtmlText.MaxLength} bytes.", "Extract a part of it.", 413);
            }

            content = text;
        }

        var address = input.Url is null ? null : new Uri(input.Url);
        var isHtml = input.Html is not null || (input.Path is not null && IsHtml(input.Path, content!));
        var result = isHtml
            ? await Task.Run(() => HtmlText.Extract(content!, address, cancel), cancel)
            : content!.Length > HtmlText.MaxLength
                ? new Refusal("too_large", $"The text has {content.Length} characters; {HtmlText.MaxLength} are the most.", "Send a part of it.", 413)
                : new PageText(null, content.ReplaceLineEndings("\n").Trim(), []);
        if (!result.TryGet(out var page, out var refusal))
        {
            return refusal;
        }

        var output = JsonSerializer.SerializeToNode(page, ArwJson.Options)!.AsObject();
        if (input.Url is not null)
        {
            output["url"] = input.Url;
        }

        return output;
    }

    private static bool IsHtml(string path, string content) =>
        path.EndsWith(".html", StringComparison.OrdinalIgnoreCase)
        || path.EndsWith(".htm", StringComparison.OrdinalIgnoreCase)
        || path.EndsWith(".xhtml", StringComparison.OrdinalIgnoreCase)
        || content.TrimStart().StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase)
        || content.TrimStart().StartsWith("<html", StringComparison.OrdinalIgnoreCase);
}
