using System.ComponentModel;
using System.Net;
using Arw.Core.Primitives;

namespace Arw.Core.Egress;

/// <summary>What a host charges, as a person knows it, in integer micro-USD. What is left out costs nothing there; a host without a price costs nobody knows what.</summary>
public sealed record EgressPrice
{
    /// <summary>Highest price that can be set: a million USD.</summary>
    public const long Dearest = 1_000_000_000_000;

    private const long BytesOfMb = 1_000_000;

    /// <summary>Host name, address, or <c>*.suffix</c> for every name below the suffix.</summary>
    [Description("Host name or address, or *.suffix for every name below the suffix")]
    public required string Host { get; init; }

    /// <summary>Micro-USD for each request or connection.</summary>
    [Description("Micro-USD for each request")]
    public long? PerRequest { get; init; }

    /// <summary>Micro-USD for each million bytes, sent and received.</summary>
    [Description("Micro-USD for each million bytes, sent and received")]
    public long? PerMb { get; init; }

    /// <summary>Micro-USD for each thousand tokens that a model there reads; a model's own price goes before it.</summary>
    [Description("Micro-USD for each thousand tokens that a model reads; a registered model's own price goes before it")]
    public long? PerThousandIn { get; init; }

    /// <summary>Micro-USD for each thousand tokens that a model there writes; a model's own price goes before it.</summary>
    [Description("Micro-USD for each thousand tokens that a model writes; a registered model's own price goes before it")]
    public long? PerThousandOut { get; init; }

    /// <summary>True when tokens cost something there.</summary>
    internal bool CountsTokens => PerThousandIn is not null || PerThousandOut is not null;

    /// <summary>The price with its host in canonical spelling, or why it cannot be taken (<c>invalid_input</c>).</summary>
    public Result<EgressPrice> Check()
    {
        long?[] parts = [PerRequest, PerMb, PerThousandIn, PerThousandOut];
        return parts.All(p => p is null) ? Refusal.Invalid("The price says nothing.", "Give per_request, per_mb, per_thousand_in or per_thousand_out; 0 says that it is free.")
            : parts.Any(p => p is < 0 or > Dearest) ? Refusal.Invalid("A price is below nothing or above a million USD.", "Prices are in micro-USD: 1,000,000 are one USD.")
            : EgressScope.CheckHost(Host).Map(host => this with { Host = host });
    }

    /// <summary>What a request costs without its tokens, rounded up.</summary>
    /// <param name="bytes">Bytes sent and received.</param>
    internal long Fee(long bytes) => (PerRequest ?? 0) + (long)((((Int128)(PerMb ?? 0) * bytes) + BytesOfMb - 1) / BytesOfMb);

    /// <summary>What tokens cost, rounded up; null when one of both counts is needed and not known.</summary>
    internal long? Tokens(long? input, long? output) =>
        (PerThousandIn is > 0 && input is null) || (PerThousandOut is > 0 && output is null)
            ? null
            : (long)((((Int128)(PerThousandIn ?? 0) * (input ?? 0)) + ((Int128)(PerThousandOut ?? 0) * (output ?? 0)) + 999) / 1000);

    /// <summary>What a request that has ended costs without its tokens: by the price of its host, else nothing on this machine or where nothing was reached, else null for not known.</summary>
    /// <param name="price">The price of its host; null for none.</param>
    /// <param name="reached">The address that was connected to; null for none.</param>
    /// <param name="bytes">Bytes sent and received.</param>
    internal static long? FeeOf(EgressPrice? price, IPAddress? reached, long bytes) =>
        reached is null ? 0 : price?.Fee(bytes) ?? (IPAddress.IsLoopback(reached) ? 0 : null);
}
