using Arw.Core.Primitives;
using Arw.Web.Features.Access;

namespace Arw.Web.Hosting.Protection;

/// <summary>Checks that every request passes: the host it names, and that no other site caused it.</summary>
internal static class RequestChecks
{
    /// <summary>Refuses requests for a foreign host name, the circuit's socket included.</summary>
    public static Task CheckHost(HttpContext context, RequestDelegate next) =>
        context.RequestServices.GetRequiredService<AllowedHosts>().Accepts(context.Request.Host)
            ? next(context)
            : Problems.WriteAsync(context, new Refusal(
                "host_not_allowed", $"This home does not answer to the name \"{Cut(context.Request.Host.Value)}\".",
                "Use localhost, or add the name to ARW_ALLOWED_HOSTS.", 421));

    /// <summary>Refuses what another site made a browser send: everything that changes something, and sockets. Who presents a secret in a header is not a browser that was tricked.</summary>
    public static Task CheckOrigin(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        var harmless = (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
            && !context.WebSockets.IsWebSocketRequest && !request.Path.StartsWithSegments("/_blazor", StringComparison.Ordinal);

        // A browser always names the origin of a socket: one that comes without is not from a page of ours.
        var anonymous = context.WebSockets.IsWebSocketRequest && request.Headers.Origin.Count == 0;
        return harmless || context.IsBearer() || (!anonymous && context.RequestServices.GetRequiredService<AllowedHosts>().IsSameOrigin(request))
            ? next(context)
            : Problems.WriteAsync(context, new Refusal(
                "cross_site", $"The request comes from another site (\"{Cut(request.Headers.Origin.ToString())}\").",
                "Use the pages of this home, or send a token in the Authorization header.", 403));
    }

    /// <summary>True for a browser that opens a page, to which a refusal is shown as a page and not as JSON.</summary>
    public static bool IsNavigation(this HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && request.Headers["Sec-Fetch-Mode"].ToString() is "" or "navigate"
        && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    private static string Cut(string? text) => text is null ? "" : text.Length <= 80 ? text : text[..80] + "…";
}
