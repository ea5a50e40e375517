using System.Globalization;
using System.Threading.RateLimiting;
using Arw.Core.Primitives;
using Arw.Web.Features.Access;
using Microsoft.AspNetCore.RateLimiting;

namespace Arw.Web.Hosting.Protection;

/// <summary>How often one credential, or one address without a credential, may ask.</summary>
internal static class RateLimits
{
    /// <summary>The stricter limit of routes that take secrets, or anything, from strangers: 20 a minute for one address.</summary>
    public const string SignIn = "sign-in";

    /// <summary>Routes that last: at most 100 at a time for one credential.</summary>
    public const string Streams = "streams";

    private const int GuessesPerMinute = 30;

    public static void Configure(RateLimiterOptions limits, ArwOptions options)
    {
        limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limits.OnRejected = async (rejected, _) =>
        {
            var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
            rejected.HttpContext.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            await Problems.WriteAsync(rejected.HttpContext, new Refusal(
                "rate_limited", "There were too many requests in a short time.", $"Try again in {Math.Ceiling(wait.TotalSeconds)} seconds.", 429));
        };
        limits.AddPolicy(SignIn, context => PerMinute($"{SignIn}:{Address(context)}", 20));
        limits.AddPolicy(Streams, context => RateLimitPartition.GetConcurrencyLimiter(
            $"{Streams}:{Caller(context)}", _ => new ConcurrencyLimiterOptions { PermitLimit = 100, QueueLimit = 0 }));
        limits.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => Partition(context, options.RateLimit));
    }

    private static RateLimitPartition<string> Partition(HttpContext context, int perSecond)
    {
        if (context.User.Identity?.IsAuthenticated != true && (context.Request.Headers.ContainsKey("Authorization") || ArwAuthentication.SecretHeaders.Any(context.Request.Headers.ContainsKey)))
        {
            return PerMinute($"guess:{Address(context)}", GuessesPerMinute);
        }

        return RateLimitPartition.GetTokenBucketLimiter(Caller(context), _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = perSecond * 5,
            TokensPerPeriod = perSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        });
    }

    private static RateLimitPartition<string> PerMinute(string key, int permits) =>
        RateLimitPartition.GetFixedWindowLimiter(key, _ => new FixedWindowRateLimiterOptions { PermitLimit = permits, Window = TimeSpan.FromMinutes(1), QueueLimit = 0 });

    private static string Caller(HttpContext context) =>
        context.User.FindFirst(System.Security.Claims.ClaimTypes.NameIdentifier)?.Value ?? Address(context);

    private static string Address(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "unknown";
}
