using System.Globalization;
using System.Text.Json.Nodes;
using Arw.Core.Egress;
using Arw.Core.Primitives;

namespace Arw.Web.Features.Egress;

/// <summary>A price as a person types it, in USD, turned into the input of <c>egress.price.set</c>.</summary>
public sealed class PriceEntry
{
    private const decimal MicroPerUsd = 1_000_000;

    /// <summary>Host or <c>*.suffix</c>.</summary>
    public string Host { get; set; } = "";

    /// <summary>USD for each request; empty for nothing.</summary>
    public string PerRequest { get; set; } = "";

    /// <summary>USD for each million bytes; empty for nothing.</summary>
    public string PerMb { get; set; } = "";

    /// <summary>USD for each thousand tokens read; empty for nothing.</summary>
    public string PerThousandIn { get; set; } = "";

    /// <summary>USD for each thousand tokens written; empty for nothing.</summary>
    public string PerThousandOut { get; set; } = "";

    /// <summary>The input, or which field cannot be read.</summary>
    public Result<JsonObject> ToInput()
    {
        var input = new JsonObject { ["host"] = Host.Trim() };
        foreach (var (name, words, text) in new[]
        {
            ("per_request", "each request", PerRequest), ("per_mb", "each MB", PerMb),
            ("per_thousand_in", "1,000 tokens read", PerThousandIn), ("per_thousand_out", "1,000 tokens written", PerThousandOut),
        })
        {
            if (string.IsNullOrWhiteSpace(text))
            {
                continue;
            }

            if (!decimal.TryParse(text.Trim().TrimStart('$'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var usd)
                || usd * MicroPerUsd > EgressPrice.Dearest || decimal.Truncate(usd * MicroPerUsd) != usd * MicroPerUsd)
            {
                return Refusal.Invalid($"\"{text}\" is no price for {words}.", "Write USD with a point, such as 0.002; a millionth is the smallest part.");
            }

            input[name] = (long)(usd * MicroPerUsd);
        }

        return input;
    }

    /// <summary>A price in one line: "$0.01 a request, $0.002 a thousand tokens read".</summary>
    public static string Words(EgressPrice price) => string.Join(", ", new[]
    {
        Part(price.PerRequest, "a request"), Part(price.PerMb, "a MB"), Part(price.PerThousandIn, "a thousand tokens read"), Part(price.PerThousandOut, "a thousand tokens written"),
    }.OfType<string>());

    private static string? Part(long? microUsd, string of) => microUsd is { } price ? $"{Components.Formats.Format.ExactMoney(price)} {of}" : null;
}
