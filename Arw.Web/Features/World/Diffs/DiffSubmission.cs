using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Access;
using Arw.Core.Actions;
using Arw.Core.Beliefs.Diffs;
using Arw.Core.Primitives;

namespace Arw.Web.Features.World.Diffs;

/// <summary>Brings a diff in and waits until it is queued or refused.</summary>
internal static class DiffSubmission
{
    /// <summary>The action's output, or why it did not come to its end.</summary>
    public static async Task<Result<JsonNode>> RunAsync(ActionService service, SubmitRequest request, Principal principal, CancellationToken cancel)
    {
        if (!(await service.SubmitAsync(request, principal, cancel)).TryGet(out var outcome, out var refusal))
        {
            return refusal;
        }

        var end = await service.WaitForEndAsync(outcome.Id, cancel);
        return end.State == ActionState.Completed
            ? end.Output!
            : new Refusal(end.Error?.Code ?? "refused", end.Error?.Message ?? $"The action ended as {end.State}.", end.Error?.Next, end.Error?.Code == "queue_full" ? 429 : 409);
    }

    /// <summary>A file's text as a diff: one JSON object, no member twice, none unknown, each change sound. A refusal names the first fault; nothing is queued by this.</summary>
    public static Result<QueueDiffInput> Read(string text, string? project, ActionCatalogue catalogue)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return Refusal.Invalid("There is no diff to check.", "Choose a file, or paste its text.");
        }

        JsonNode? node;
        try
        {
            node = JsonNode.Parse(text, documentOptions: new() { AllowDuplicateProperties = false, MaxDepth = 64 });
        }
        catch (JsonException e)
        {
            return new Refusal("malformed_json", $"This is not valid JSON: {e.Message}", "Paste or choose one JSON object as another home exports it.");
        }

        if (!catalogue.Find("world.diff.queue").TryGet(out var kind, out var refusal) || !catalogue.Validate(kind, node).TryGet(out var element, out refusal))
        {
            return refusal;
        }

        try
        {
            var input = element.Deserialize<QueueDiffInput>(ArwJson.Strict)!;
            return DiffRules.Fault(input, project) is { } fault ? fault : input;
        }
        catch (JsonException e)
        {
            return Refusal.Invalid($"This is no diff: {e.Message}", $"A diff is {{\"format\":\"{DiffRules.Format}\",\"from\":…,\"changes\":[…]}}.");
        }
    }
}
