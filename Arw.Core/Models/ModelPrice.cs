using System.Globalization;

namespace Arw.Core.Models;

/// <summary>What a chat costs, in micro-USD; null wherever a price is not known.</summary>
internal static class ModelPrice
{
    private const long PerMillion = 1_000_000;

    /// <summary>The cost of used tokens, rounded up; null when it is not known.</summary>
    public static long? Of(ModelManifest model, long? inputTokens, long? outputTokens) =>
        model.PriceIn is { } priceIn && model.PriceOut is { } priceOut && inputTokens is { } input && outputTokens is { } output
            ? (long)((((Int128)input * priceIn) + ((Int128)output * priceOut) + PerMillion - 1) / PerMillion)
            : null;

    /// <summary>The most that one request can cost: no tokenizer makes more tokens than there are bytes.</summary>
    public static long? Bound(ModelManifest model, long requestBytes, int maxTokens) => Of(model, requestBytes, maxTokens);

    /// <summary>Micro-USD as the decimal text that <c>spend.usd</c> takes.</summary>
    public static string Usd(long micros) => (micros / (decimal)PerMillion).ToString("0.000000", CultureInfo.InvariantCulture);
}
