using System.Security.Claims;
using System.Text.Json;
using Arw.Core.Access;

namespace Arw.Web.Features.Access;

/// <summary>Carries a <see cref="Principal"/> through ASP.NET's claims, so that requests, hubs and circuits all see the same one.</summary>
public static class PrincipalClaims
{
    private const string Kind = "arw:kind";
    private const string Credential = "arw:credential";
    private const string Project = "arw:projects";
    private const string Session = "arw:session";

    /// <summary>The claims of somebody who came in.</summary>
    /// <param name="principal">Who.</param>
    /// <param name="scheme">How: <see cref="ArwAuthentication.Bearer"/> or <see cref="ArwAuthentication.Session"/>.</param>
    /// <param name="sessionId">The browser session; null for a bearer.</param>
    public static ClaimsPrincipal ToClaims(this Principal principal, string scheme, string? sessionId = null)
    {
        var identity = new ClaimsIdentity(scheme);
        identity.AddClaim(new Claim(ClaimTypes.Name, principal.Name));
        identity.AddClaim(new Claim(Kind, principal.Kind.ToString()));
        // Antiforgery tokens are bound to this claim.
        identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, $"{principal.Actor}/{sessionId}"));
        if (principal.CredentialId is { } credential)
        {
            identity.AddClaim(new Claim(Credential, credential));
        }

        if (principal.Projects is { } projects)
        {
            identity.AddClaim(new Claim(Project, JsonSerializer.Serialize(projects)));
        }

        if (sessionId is not null)
        {
            identity.AddClaim(new Claim(Session, sessionId));
        }

        return new ClaimsPrincipal(identity);
    }

    /// <summary>Who it is; null for somebody without a credential.</summary>
    public static Principal? FindPrincipal(this ClaimsPrincipal claims)
    {
        if (claims.Identity?.IsAuthenticated != true || !Enum.TryParse<PrincipalKind>(claims.FindFirstValue(Kind), out var kind))
        {
            return null;
        }

        return new Principal(kind, claims.FindFirstValue(ClaimTypes.Name)!)
        {
            CredentialId = claims.FindFirstValue(Credential),
            Projects = claims.FindFirstValue(Project) is { } projects ? JsonSerializer.Deserialize<string[]>(projects) : null,
        };
    }

    /// <summary>The browser session; null for a bearer.</summary>
    public static string? SessionId(this ClaimsPrincipal claims) => claims.FindFirstValue(Session);

    /// <summary>Who makes this request. Only behind a policy that needs a credential.</summary>
    public static Principal Principal(this HttpContext context) =>
        context.User.FindPrincipal() ?? throw new InvalidOperationException("This route lets callers in without a credential.");

    /// <summary>True when the request carries its secret itself, so that another site cannot have caused it.</summary>
    public static bool IsBearer(this HttpContext context) => context.User.Identity?.AuthenticationType == ArwAuthentication.Bearer;
}
