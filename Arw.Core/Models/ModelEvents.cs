using Arw.Core.Journal;

namespace Arw.Core.Models;

/// <summary>Kinds of events about language models. Subject of manifests: <c>model:ID</c>; of chats: <c>chat:ACTION</c>.</summary>
public static class ModelEvents
{
    /// <summary>A manifest was added or replaced.</summary>
    public static readonly EventKind<ModelManifest> Registered = new("models.registered", "A language model was registered, or its manifest replaced.");

    /// <summary>A manifest was removed.</summary>
    public static readonly EventKind<ModelRemoved> Removed = new("models.removed", "A language model was removed.");

    /// <summary>Text as it arrives.</summary>
    public static readonly EventKind<ChatDelta> Delta = new("model.chat.delta", "A piece of a model's answer, at most a few each second.");

    /// <summary>A round has ended.</summary>
    public static readonly EventKind<ChatCompleted> Completed = new("model.chat.completed", "A request to a model ended: tokens and cost, where known.");

    /// <summary>Subject of a manifest's events.</summary>
    public static string Subject(string modelId) => $"model:{modelId}";

    /// <summary>Subject of a chat's events. Not that of its action: the end of an action is written only if nothing else was written of it since it began.</summary>
    public static string ChatSubject(string actionId) => $"chat:{actionId}";
}

/// <summary>Payload of <c>models.removed</c>.</summary>
/// <param name="Id">The model's id.</param>
public sealed record ModelRemoved(string Id);

/// <summary>Payload of <c>model.chat.delta</c>.</summary>
/// <param name="Action">The chat's action.</param>
/// <param name="Round">Request within the chat, from 1: each round of tool calls adds one.</param>
/// <param name="Part">Position within the round, from 1.</param>
/// <param name="Text">The piece.</param>
public sealed record ChatDelta(string Action, int Round, int Part, string Text);

/// <summary>Payload of <c>model.chat.completed</c>.</summary>
/// <param name="Action">The chat's action.</param>
/// <param name="Round">Request within the chat, from 1.</param>
/// <param name="Model">The model's id.</param>
/// <param name="ToolCalls">Action kinds that the model asked for, in order.</param>
/// <param name="FinishReason">Why the model stopped, in the endpoint's word; null when it did not say.</param>
/// <param name="InputTokens">Tokens read; null when the endpoint did not say.</param>
/// <param name="OutputTokens">Tokens written; null when the endpoint did not say.</param>
/// <param name="CostMicroUsd">Cost in micro-USD; null = not known.</param>
public sealed record ChatCompleted(
    string Action, int Round, string Model, IReadOnlyList<string> ToolCalls,
    string? FinishReason = null, long? InputTokens = null, long? OutputTokens = null, long? CostMicroUsd = null);
