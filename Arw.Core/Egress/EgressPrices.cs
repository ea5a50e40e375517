namespace Arw.Core.Egress;

/// <summary>What something would cost, as far as that is known. What is not known is named, never taken for nothing.</summary>
/// <param name="AtLeastMicroUsd">The part that is known, in integer micro-USD.</param>
/// <param name="NotKnown">What is not known, in words; empty when all of it is known.</param>
public sealed record CostEstimate(long AtLeastMicroUsd, IReadOnlyList<string> NotKnown)
{
    private const decimal MicroPerUsd = 1_000_000;

    /// <summary>Nothing.</summary>
    public static CostEstimate Free { get; } = new(0, []);

    /// <summary>The whole in USD; null when part of it is not known.</summary>
    public decimal? EstCostUsd => NotKnown.Count == 0 ? AtLeastUsd : null;

    /// <summary>The part that is known, in USD.</summary>
    public decimal AtLeastUsd => AtLeastMicroUsd / MicroPerUsd;

    /// <summary>Micro-USD as USD; null for not known.</summary>
    public static decimal? Usd(long? microUsd) => microUsd / MicroPerUsd;

    /// <summary>Both together; what is not known is named once.</summary>
    public CostEstimate Plus(CostEstimate other) => new(AtLeastMicroUsd + other.AtLeastMicroUsd, [.. NotKnown.Union(other.NotKnown, StringComparer.Ordinal)]);

    /// <summary>Nothing known but this.</summary>
    internal static CostEstimate Unknown(string what) => new(0, [what]);
}

/// <summary>What is known of a request before it is sent.</summary>
/// <param name="BytesOut">Bytes that it sends; null = not known.</param>
/// <param name="BytesIn">Bytes that it gets back; null = not known.</param>
/// <param name="TokensIn">Tokens that a model reads; null = not known.</param>
/// <param name="TokensOut">Tokens that a model writes; null = not known.</param>
public readonly record struct RequestSize(long? BytesOut = null, long? BytesIn = null, long? TokensIn = null, long? TokensOut = null);

/// <summary>Prices by host, and what requests would cost by them.</summary>
public sealed class EgressPrices(EgressSettingsModel settings)
{
    /// <summary>The price of a host: its own, else that of the longest suffix; null for none.</summary>
    public EgressPrice? Of(string host) => settings.Current.PriceOf(host);

    /// <summary>What the host of an address charges for a million tokens read and written, in micro-USD; null when its price counts none, or is not known.</summary>
    public (long In, long Out)? PerMillionTokens(Uri address) => Of(address.IdnHost) is { CountsTokens: true } price
        ? (1000 * (price.PerThousandIn ?? 0), 1000 * (price.PerThousandOut ?? 0))
        : null;

    /// <summary>What a request would cost.</summary>
    /// <param name="place">Where it goes.</param>
    /// <param name="size">What is known of it.</param>
    /// <param name="tokensElsewhere">True when its tokens have a price of their own, which is counted elsewhere.</param>
    public CostEstimate Estimate(in EgressPlace place, in RequestSize size, bool tokensElsewhere = false)
    {
        if (Of(place.Host) is not { } price)
        {
            return tokensElsewhere || place.KnownClass == AddressClass.Loopback ? CostEstimate.Free : CostEstimate.Unknown($"the price of {place.Host}");
        }

        var notKnown = new List<string>();
        var sized = price.PerMb is > 0 ? (size.BytesOut, size.BytesIn) : (0, 0);
        if (sized.Item1 is null)
        {
            notKnown.Add($"how much is sent to {place.Host}");
        }

        if (sized.Item2 is null)
        {
            notKnown.Add($"how much {place.Host} answers");
        }

        var known = price.Fee((sized.Item1 ?? 0) + (sized.Item2 ?? 0));
        if (!tokensElsewhere && price.CountsTokens)
        {
            if (price.Tokens(size.TokensIn, size.TokensOut) is { } tokens)
            {
                known += tokens;
            }
            else
            {
                notKnown.Add($"how many tokens {place.Host} counts");
            }
        }

        return new(known, notKnown);
    }
}
