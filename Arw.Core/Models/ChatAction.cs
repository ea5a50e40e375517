using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Policy;
using Arw.Core.Primitives;
using Microsoft.Extensions.AI;

namespace Arw.Core.Models;

/// <summary><c>model.chat</c>: asks a registered model, streams its answer into the journal, and runs the actions that it asks for through the pipeline.</summary>
/// <param name="models">What is registered.</param>
/// <param name="endpoints">Clients of the endpoints.</param>
/// <param name="find">Action kinds by id.</param>
/// <param name="time">The clock of the deltas.</param>
/// <param name="mask">Masks in a prompt what a person chose to keep from models; null = nothing.</param>
/// <param name="price">Adds to a manifest without prices those of its host; null = there are none.</param>
internal sealed class ChatAction(
    ModelCatalogue models, ChatEndpoints endpoints, Func<string, ActionKind?> find, TimeProvider time, Func<string, string>? mask = null, Func<ModelManifest, ModelManifest>? price = null) : ActionKind<ChatInput>
{
    public const string Kind = "model.chat";
    private const int MostRounds = 8;

    public override string Id => Kind;

    public override string Title => "Ask a model";

    public override string Summary => "Asks a registered language model. The answer streams; tools that the model asks for run as actions of their own.";

    public override Effects Effects => Effects.External;

    protected override string Describe(ChatInput input) => $"Ask the model {input.Model}";

    protected override Result<IReadOnlyList<Capability>> Needs(ChatInput input, ActionContext context)
    {
        if (input.Fault() is { } fault)
        {
            return fault;
        }

        if (Find(input.Model) is not { } model)
        {
            return Refusal.NotFound("model", input.Model);
        }

        if (!ChatTools.Of(input.Tools ?? [], find).TryGet(out var tools, out var refusal)
            || !Capability.ParseHttp("POST", model.ChatUrl).TryGet(out var post, out refusal))
        {
            return refusal;
        }

        return new[] { Capability.Of("model.run", model.Id), post }.Concat(Spending(model, input.Bytes + tools.Bytes, input.TokenLimit)).ToArray();
    }

    protected override async Task<Result<JsonNode?>> RunAsync(ChatInput input, ActionRun run, CancellationToken cancel)
    {
        if (Find(input.Model) is not { } model)
        {
            return Refusal.NotFound("model", input.Model);
        }

        if (!ChatTools.Of(input.Tools ?? [], find).TryGet(out var tools, out var refusal)
            || !endpoints.Open(model, run).TryGet(out var client, out refusal))
        {
            return refusal;
        }

        using (client)
        {
            return await ConverseAsync(new Conversation(input, model, tools, client), run, cancel);
        }
    }

    private ModelManifest? Find(string id) => models.Find(id) is { } model ? price?.Invoke(model) ?? model : null;

    private static IEnumerable<Capability> Spending(ModelManifest model, long bytes, int maxTokens) =>
        ModelPrice.Bound(model, bytes, maxTokens) is { } micros and > 0 ? [Capability.Of("spend.usd", ModelPrice.Usd(micros))] : [];

    private async Task<Result<JsonNode?>> ConverseAsync(Conversation chat, ActionRun run, CancellationToken cancel)
    {
        var total = new ChatUsage();
        for (var round = 1; round <= MostRounds; round++)
        {
            if (!(await AskAsync(chat, round, run, cancel)).TryGet(out var answer, out var refusal))
            {
                return refusal;
            }

            total.Add(answer.Usage, chat.Model);
            chat.Messages.AddRange(answer.Messages);
            var calls = answer.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>().ToArray();
            await run.AppendAsync([Completed(chat, round, answer, calls, run)], cancel);
            if (calls.Length == 0)
            {
                return new JsonObject
                {
                    ["model"] = chat.Model.Id,
                    ["text"] = answer.Text,
                    ["finish_reason"] = answer.FinishReason?.Value,
                    ["rounds"] = round,
                    ["input_tokens"] = total.InputTokens,
                    ["output_tokens"] = total.OutputTokens,
                    ["cost_micro_usd"] = total.CostMicroUsd,
                };
            }

            for (var i = 0; i < calls.Length; i++)
            {
                chat.Messages.Add(new ChatMessage(ChatRole.Tool, [await CallAsync(calls[i], chat.Tools, $"{round}.{i}", run, cancel)]));
            }
        }

        return new Refusal("too_many_rounds", $"The model asked for tools {MostRounds} times in a row without an answer.", "Ask for less at once, or offer fewer tools.");
    }

    /// <summary>One request: permission first, then the stream, cut when the permission is withdrawn.</summary>
    private async Task<Result<ChatResponse>> AskAsync(Conversation chat, int round, ActionRun run, CancellationToken cancel)
    {
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var revoked = new List<CancellationTokenRegistration>();
        try
        {
            // The POST itself is asked for by the guard that sends it.
            foreach (var capability in Spending(chat.Model, chat.Bytes, chat.Input.TokenLimit).Prepend(Capability.Of("model.run", chat.Model.Id)))
            {
                if (!(await run.DemandAsync(capability, cancel)).TryGet(out var permit, out var refusal))
                {
                    return refusal;
                }

                revoked.Add(permit.Revoked.Register(cut.Cancel));
            }

            var deltas = new DeltaWriter(run, round, time);
            var updates = new List<ChatResponseUpdate>();
            await using var stream = chat.Client.GetStreamingResponseAsync(mask is null ? chat.Messages : chat.Masked(mask), chat.Options, cut.Token).GetAsyncEnumerator(cut.Token);
            while (true)
            {
                if (!(await endpoints.NextAsync(stream, chat.Model)).TryGet(out var more, out var refusal))
                {
                    await deltas.FlushAsync(cancel);
                    return refusal;
                }

                if (!more)
                {
                    await deltas.FlushAsync(cancel);
                    return updates.ToChatResponse();
                }

                updates.Add(stream.Current);
                await deltas.AddAsync(stream.Current.Text, cancel);
            }
        }
        catch (OperationCanceledException) when (cut.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            return new Refusal("needs_lease", $"The lease for the model \"{chat.Model.Id}\" ended while it answered; the connection was cut.", "Grant it again and retry.", 403);
        }
        finally
        {
            foreach (var registration in revoked)
            {
                await registration.DisposeAsync();
            }
        }
    }

    /// <summary>Runs one tool as a child action; what went wrong is told to the model, not to the caller.</summary>
    private static async Task<FunctionResultContent> CallAsync(FunctionCallContent call, ChatTools tools, string place, ActionRun run, CancellationToken cancel)
    {
        if (tools.KindOf(call.Name) is not { } kind)
        {
            return new FunctionResultContent(call.CallId, $"error unknown_tool: there is no tool {call.Name}.");
        }

        if (call.Exception is not null)
        {
            return new FunctionResultContent(call.CallId, "error invalid_input: the arguments are no JSON object.");
        }

        var input = System.Text.Json.JsonSerializer.SerializeToNode(call.Arguments ?? new Dictionary<string, object?>(), ArwJson.Options)!;

        // A retry may hear the model ask for something else: then it is another step.
        var key = $"{place}:{kind}:{Digest.Of(input.ToJsonString())[7..23]}";
        var child = await run.RunChildAsync(kind, input, key, cancel);
        return new FunctionResultContent(call.CallId, child.State == ActionState.Completed
            ? child.Output?.ToJsonString() ?? "null"
            : $"error {child.Error?.Code ?? "failed"}: {child.Error?.Message ?? child.State.ToString()}");
    }

    private static Journal.EventDraft Completed(Conversation chat, int round, ChatResponse answer, FunctionCallContent[] calls, ActionRun run) =>
        ModelEvents.Completed.Draft(
            new ChatCompleted(
                run.Context.ActionId,
                round,
                chat.Model.Id,
                [.. calls.Select(c => chat.Tools.KindOf(c.Name) ?? c.Name)],
                answer.FinishReason?.Value,
                answer.Usage?.InputTokenCount,
                answer.Usage?.OutputTokenCount,
                ModelPrice.Of(chat.Model, answer.Usage?.InputTokenCount, answer.Usage?.OutputTokenCount)),
            run.Context.Principal.Actor,
            ModelEvents.ChatSubject(run.Context.ActionId));
}
