using System.Text;
using System.Text.Json;
using Arw.Core.Primitives;
using Microsoft.Extensions.AI;

namespace Arw.Core.Models;

/// <summary>One chat in progress: the messages grow by answers and results of tools.</summary>
internal sealed class Conversation(ChatInput input, ModelManifest model, ChatTools tools, IChatClient client)
{
    public ChatInput Input => input;

    public ModelManifest Model => model;

    public ChatTools Tools => tools;

    public IChatClient Client => client;

    public List<ChatMessage> Messages { get; } = [.. input.Messages.Select(m => new ChatMessage(
        m.Role switch
        {
            ChatSpeaker.System => ChatRole.System,
            ChatSpeaker.User => ChatRole.User,
            _ => ChatRole.Assistant,
        },
        m.Content))];

    public ChatOptions Options { get; } = new()
    {
        MaxOutputTokens = input.TokenLimit,
        Temperature = input.Temperature,
        Tools = tools.Declared.Count == 0 ? null : [.. tools.Declared],
    };

    /// <summary>Bytes that the next request sends at most, for the bound of its price.</summary>
    public long Bytes => tools.Bytes + Messages.Sum(m => 16 + m.Contents.Sum(BytesOf));

    /// <summary>The messages as they are sent.</summary>
    public IEnumerable<ChatMessage> Masked(Func<string, string> mask) => Messages.Select(m => new ChatMessage(m.Role, [.. m.Contents.Select(c => c switch
    {
        TextContent text => new TextContent(mask(text.Text)),
        FunctionResultContent { Result: string result } told => new FunctionResultContent(told.CallId, mask(result)),
        _ => c,
    })]));

    private static long BytesOf(AIContent content) => content switch
    {
        TextContent text => Encoding.UTF8.GetByteCount(text.Text),
        FunctionCallContent call => 100 + JsonSerializer.SerializeToUtf8Bytes(call.Arguments, ArwJson.Options).Length,
        FunctionResultContent result => 100 + Encoding.UTF8.GetByteCount(result.Result as string ?? ""),
        _ => 0,
    };
}

/// <summary>Tokens and cost over all rounds; what one round does not tell is not known for the whole.</summary>
internal sealed class ChatUsage
{
    public long? InputTokens { get; private set; } = 0;

    public long? OutputTokens { get; private set; } = 0;

    public long? CostMicroUsd { get; private set; } = 0;

    public void Add(UsageDetails? usage, ModelManifest model)
    {
        InputTokens += usage?.InputTokenCount;
        OutputTokens += usage?.OutputTokenCount;
        CostMicroUsd += ModelPrice.Of(model, usage?.InputTokenCount, usage?.OutputTokenCount);
    }
}
