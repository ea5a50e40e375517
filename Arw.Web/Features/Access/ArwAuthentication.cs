using System.Text.Encodings.Web;
using Arw.Core.Access;
using Arw.Core.Primitives;
using Arw.Web.Hosting;
using Arw.Web.Hosting.Protection;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Arw.Web.Features.Access;

/// <summary>Lets callers in by <c>Authorization: Bearer</c>, <c>X-ARW-Admin</c>, <c>X-ARW-Token</c> or a person's session cookie. A secret that is presented and wrong is refused, whatever the cookie says.</summary>
internal sealed class ArwAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> schemes, ILoggerFactory loggers, UrlEncoder encoder, Doorkeeper door, SessionCookie cookie)
    : AuthenticationHandler<AuthenticationSchemeOptions>(schemes, loggers, encoder)
{
    /// <summary>The one authentication scheme.</summary>
    public const string SchemeName = "arw";

    /// <summary>Headers besides <c>Authorization</c> that hold a secret: an older client's, and the one for senders that cannot set <c>Authorization</c>.</summary>
    public static readonly string[] SecretHeaders = ["X-ARW-Admin", "X-ARW-Token"];

    /// <summary>How somebody with a secret in a header came in.</summary>
    public const string Bearer = "bearer";

    /// <summary>How somebody with a cookie came in.</summary>
    public const string Session = "session";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Authenticate());

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (Context.Request.IsNavigation())
        {
            Response.Redirect($"/signin?to={Uri.EscapeDataString(Request.Path + Request.QueryString)}");
            return;
        }

        Response.Headers.WWWAuthenticate = "Bearer";
        await Problems.WriteAsync(Context, new Refusal(
            "unauthorized", "This needs a credential that the home knows.",
            "Send Authorization: Bearer with a token, or sign in with the link that start-up printed.", 401));
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Problems.WriteAsync(Context, Refusal.Forbidden($"\"{Context.User.FindPrincipal()?.Actor}\" may not do this.", "Ask a person of this home."));

    private AuthenticateResult Authenticate()
    {
        if (Secret() is { } secret)
        {
            return door.Who(secret) is { } holder
                ? Success(holder.ToClaims(Bearer))
                : AuthenticateResult.Fail("The presented secret is unknown, revoked or expired.");
        }

        return cookie.Read(Context) is { } session && door.WhoseSession(session) is { } person
            ? Success(person.ToClaims(Session, session))
            : AuthenticateResult.NoResult();
    }

    private string? Secret()
    {
        const string Prefix = "Bearer ";
        var authorization = Request.Headers.Authorization.ToString();
        return authorization.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            ? authorization[Prefix.Length..].Trim()
            : SecretHeaders.Select(name => Request.Headers[name]).FirstOrDefault(value => value.Count > 0) is { Count: > 0 } secret ? secret.ToString().Trim() : null;
    }

    private static AuthenticateResult Success(System.Security.Claims.ClaimsPrincipal user) =>
        AuthenticateResult.Success(new AuthenticationTicket(user, SchemeName));
}
