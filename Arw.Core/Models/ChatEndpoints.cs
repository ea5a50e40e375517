using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using Arw.Core.Actions;
using Arw.Core.Primitives;
using Microsoft.Extensions.AI;
using OpenAI;

namespace Arw.Core.Models;

/// <summary>Clients of OpenAI-compatible endpoints, over the given way out.</summary>
/// <param name="outbound">The handler that sends what an action sends.</param>
/// <param name="variable">Reads an environment variable; asked at each call.</param>
/// <param name="refusalOf">The refusal that an exception of the handler carries, null when it carries none; no handler's exceptions do by default.</param>
internal sealed class ChatEndpoints(Func<ActionRun, HttpMessageHandler> outbound, Func<string, string?> variable, Func<Exception, Refusal?>? refusalOf = null)
{
    // Some local servers want a key but accept any.
    private const string NoKey = "none";

    // The guard has limits of its own; a model may think for minutes.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    /// <summary>A client for one action. Nothing is repeated on its own: each request is an effect.</summary>
    public Result<IChatClient> Open(ModelManifest model, ActionRun run)
    {
        var key = model.ApiKeyEnv is null ? NoKey : variable(model.ApiKeyEnv);
        if (string.IsNullOrEmpty(key))
        {
            return new Refusal("no_api_key", $"The environment variable {model.ApiKeyEnv} with the API key of \"{model.Id}\" is not set.", "Set it where the home is started.", 409);
        }

#pragma warning disable CA2000 // the chat client below owns it
        var http = new HttpClient(outbound(run), disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
#pragma warning restore CA2000
        var client = new OpenAIClient(new ApiKeyCredential(key), new OpenAIClientOptions
        {
            Endpoint = new Uri(model.Endpoint.TrimEnd('/')),
            Transport = new HttpClientPipelineTransport(http),
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = Patience,
        });
        return Result(new OwnedClient(client.GetChatClient(model.ApiModel).AsIChatClient(), http));

        static Result<IChatClient> Result(OwnedClient owned) => owned;
    }

    /// <summary>Waits for the next piece of a stream; false at its end. What the endpoint did wrong is a refusal.</summary>
    public async ValueTask<Result<bool>> NextAsync(IAsyncEnumerator<ChatResponseUpdate> stream, ModelManifest model)
    {
        try
        {
            return await stream.MoveNextAsync();
        }
        catch (Exception e) when ((Carried(e) ?? Refuse(e, model)) is { } refusal)
        {
            return refusal;
        }
    }

    // The client wraps what its transport throws.
    private Refusal? Carried(Exception? e)
    {
        for (; e is not null && refusalOf is not null; e = e.InnerException)
        {
            if (refusalOf(e) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    private static Refusal? Refuse(Exception e, ModelManifest model) => e switch
    {
        ClientResultException { Status: > 0 } answer => new Refusal("model_refused", $"The endpoint of \"{model.Id}\" answered {answer.Status}: {FirstLine(answer.Message)}", "Check the model's manifest and key.", 502),
        ClientResultException or HttpRequestException or IOException => new Refusal("model_unreachable", $"The endpoint of \"{model.Id}\" could not be reached: {FirstLine(e.Message)}", "Check that it runs and that its address is right.", 502),
        JsonException or FormatException or InvalidOperationException or ArgumentException => new Refusal("model_answer_malformed", $"The endpoint of \"{model.Id}\" answered something that is no chat completion.", "Check that its address is that of an OpenAI-compatible API.", 502),
        _ => null,
    };

    private static string FirstLine(string text) => text.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries) is [var first, ..] ? first[..Math.Min(first.Length, 300)] : "no reason given";

    private sealed class OwnedClient(IChatClient inner, HttpClient http) : DelegatingChatClient(inner)
    {
        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (disposing)
            {
                http.Dispose();
            }
        }
    }
}
