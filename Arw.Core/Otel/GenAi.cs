namespace Arw.Core.Otel;

/// <summary>What a span tells about an agent, a tool or a model: OpenTelemetry's GenAI conventions, their earlier names, and the names that two widespread instrumentations use instead.</summary>
internal readonly record struct GenAi
{
    private const int Client = 3;
    private const decimal MicrosPerUsd = 1_000_000m;
    private const double MostUsd = 1_000_000;

    private static readonly string[] InputNames = ["gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens", "llm.token_count.prompt"];
    private static readonly string[] OutputNames = ["gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens", "llm.token_count.completion"];
    private static readonly string[] CostNames = ["gen_ai.usage.cost", "gen_ai.usage.total_cost", "llm.cost.total", "operation.cost"];
    private static readonly string[] ModelCalls = ["chat", "text_completion", "generate_content", "embeddings"];

    /// <summary>The operation; null when the span is none of GenAI.</summary>
    public string? Op { get; private init; }

    /// <summary>What it worked on: agent, tool or model; null when it does not say.</summary>
    public string? Target { get; private init; }

    /// <summary>True for an agent's run.</summary>
    public bool IsAgent => Op == "invoke_agent";

    /// <summary>True when its tokens count.</summary>
    public bool Counts { get; private init; }

    /// <summary>Tokens read; null when it does not say.</summary>
    public long? InputTokens { get; private init; }

    /// <summary>Tokens written; null when it does not say.</summary>
    public long? OutputTokens { get; private init; }

    /// <summary>Cost in micro-USD; null when it does not say.</summary>
    public long? CostMicroUsd { get; private init; }

    /// <summary>Reads a span.</summary>
    public static GenAi Of(OtlpSpan span)
    {
        var attributes = span.Attributes;
        if (Operation(attributes) is not { } op)
        {
            return default;
        }

        // An agent within the program sums up its model calls, which come as spans of their own; one elsewhere does not send them here.
        var counts = Array.IndexOf(ModelCalls, op) >= 0 || (op == "invoke_agent" && span.Kind == Client);
        return new GenAi
        {
            Op = op,
            Target = op switch
            {
                "invoke_agent" or "create_agent" => attributes.Text("gen_ai.agent.name") ?? attributes.Text("agent.name"),
                "execute_tool" => attributes.Text("gen_ai.tool.name") ?? attributes.Text("tool.name"),
                _ => attributes.Text("gen_ai.response.model") ?? attributes.Text("gen_ai.request.model") ?? attributes.Text("llm.model_name"),
            },
            Counts = counts,
            InputTokens = counts ? Tokens(attributes, InputNames) : null,
            OutputTokens = counts ? Tokens(attributes, OutputNames) : null,
            CostMicroUsd = counts ? Cost(attributes) : null,
        };
    }

    private static string? Operation(OtlpAttributes attributes) =>
        attributes.Text("gen_ai.operation.name") is { } named ? named
        : attributes.Text("openinference.span.kind") is { } openInference ? FromKind(openInference)
        : attributes.Text("traceloop.span.kind") is { } traceloop ? FromKind(traceloop)
        : attributes.Find("gen_ai.request.model") is not null ? "chat"
        : attributes.Find("gen_ai.tool.name") is not null ? "execute_tool"
        : attributes.Find("gen_ai.agent.name") is not null ? "invoke_agent"
        : null;

    private static string FromKind(string kind) => kind.ToUpperInvariant() switch
    {
        "AGENT" => "invoke_agent",
        "TOOL" => "execute_tool",
        "LLM" => "chat",
        "EMBEDDING" => "embeddings",
        _ => kind.ToLowerInvariant(),
    };

    private static long? Tokens(OtlpAttributes attributes, string[] names)
    {
        foreach (var name in names)
        {
            if (attributes.Find(name) is long and >= 0 and var tokens)
            {
                return (long)tokens;
            }
        }

        return null;
    }

    private static long? Cost(OtlpAttributes attributes)
    {
        foreach (var name in CostNames)
        {
            var usd = attributes.Find(name) switch { double real => real, long whole => whole, _ => double.NaN };
            if (usd is >= 0 and <= MostUsd)
            {
                return (long)decimal.Round((decimal)usd * MicrosPerUsd);
            }
        }

        return null;
    }
}
