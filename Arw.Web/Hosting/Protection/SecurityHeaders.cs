using System.Security.Cryptography;

namespace Arw.Web.Hosting.Protection;

/// <summary>The headers that tell a browser what the pages of this home may do.</summary>
public static class SecurityHeaders
{
    /// <summary>Where browsers report what the policy stopped.</summary>
    public const string ReportPath = "/csp-reports";

    /// <summary>What pages tell where a link was followed from; an answer to an address that holds a secret sets it to <c>no-referrer</c>.</summary>
    public const string ReferrerPolicy = "Referrer-Policy";

    private static readonly object NonceKey = new();

    /// <summary>The nonce of this request, for the few scripts that the framework writes into a page.</summary>
    public static string CspNonce(this HttpContext context)
    {
        if (context.Items[NonceKey] is not string nonce)
        {
            context.Items[NonceKey] = nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        }

        return nonce;
    }

    /// <summary>Adds the headers to every answer.</summary>
    internal static Task Add(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(static state =>
        {
            Write((HttpContext)state);
            return Task.CompletedTask;
        }, context);
        return next(context);
    }

    private static void Write(HttpContext context)
    {
        var headers = context.Response.Headers;
        // Styles: the component library writes style attributes. Pictures: its icons are data URLs in style sheets.
        headers.ContentSecurityPolicy =
            $"default-src 'self'; script-src 'self' 'nonce-{context.CspNonce()}'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
            + $"object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; report-uri {ReportPath}";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        // Not "no-referrer" for every page: browsers then send forms with the origin "null", which is refused as another site's.
        if (!headers.ContainsKey(ReferrerPolicy))
        {
            headers[ReferrerPolicy] = "same-origin";
        }

        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
        if (context.Request.IsHttps)
        {
            headers.StrictTransportSecurity = "max-age=31536000";
        }
    }
}
