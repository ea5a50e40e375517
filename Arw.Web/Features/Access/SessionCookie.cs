using System.Security.Cryptography;
using Arw.Web.Hosting;
using Microsoft.AspNetCore.DataProtection;

namespace Arw.Web.Features.Access;

/// <summary>The cookie of a person's browser session: the session's id, protected with the home's key.</summary>
/// <param name="options">Says whether browsers speak HTTPS to this home.</param>
/// <param name="protection">The home's keys.</param>
public sealed class SessionCookie(ArwOptions options, IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("session");

    /// <summary>Its name; the prefix makes browsers insist on Secure, the whole site and no sub-domain.</summary>
    public string Name => options.IsHttps ? "__Host-arw" : "arw";

    /// <summary>Sets the cookie.</summary>
    public void Write(HttpContext context, string sessionId, DateTimeOffset expires) =>
        context.Response.Cookies.Append(Name, _protector.Protect(sessionId), Attributes(expires));

    /// <summary>The session's id; null without a cookie of ours.</summary>
    public string? Read(HttpContext context)
    {
        if (!context.Request.Cookies.TryGetValue(Name, out var value))
        {
            return null;
        }

        try
        {
            return _protector.Unprotect(value);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Removes the cookie.</summary>
    public void Clear(HttpContext context) => context.Response.Cookies.Delete(Name, Attributes(null));

    private CookieOptions Attributes(DateTimeOffset? expires) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = options.IsHttps,
        Path = "/",
        Expires = expires,
        IsEssential = true,
    };
}
