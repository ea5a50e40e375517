using Arw.Core.Access;
using Arw.Web.Api;
using Arw.Web.Features.Access;
using Arw.Web.Streaming;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.HttpOverrides;

namespace Arw.Web.Hosting.Protection;

/// <summary>Who may come in, and what every request passes before it reaches a feature.</summary>
internal static class ProtectionRegistration
{
    /// <summary>The policy of routes for people only.</summary>
    public const string Person = "person";

    public static IServiceCollection AddProtection(this IServiceCollection services, ArwOptions options)
    {
        services.AddDataProtection().SetApplicationName("Arw.Web").PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(options.StateDir, "keys")));
        services.AddAuthentication(ArwAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, ArwAuthentication>(ArwAuthentication.SchemeName, null);
        services.AddAuthorizationBuilder()
            // Nodes and guests have no rights yet: only people and agents pass.
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser()
                .RequireAssertion(c => c.User.FindPrincipal() is { Kind: PrincipalKind.Person or PrincipalKind.Agent }).Build())
            .AddPolicy(Person, policy => policy.RequireAuthenticatedUser().RequireAssertion(c => c.User.FindPrincipal()?.MayControl == true));
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = options.IsHttps ? "__Host-arw-form" : "arw-form";
            antiforgery.Cookie.SameSite = SameSiteMode.Strict;
            antiforgery.Cookie.HttpOnly = true;
            antiforgery.Cookie.SecurePolicy = options.IsHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.None;
            antiforgery.SuppressXFrameOptionsHeader = true;
        });
        // What a route cannot read is explained by the same means as every other refusal.
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.AddRateLimiter(limits => RateLimits.Configure(limits, options));
        services.Configure<ForwardedHeadersOptions>(forwarded =>
        {
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            foreach (var network in options.TrustedProxies)
            {
                forwarded.KnownIPNetworks.Add(network);
            }
        });
        return services.AddSingleton<AllowedHosts>().AddSingleton<CspReports>().AddRoutes(CspReports.Map);
    }

    public static void UseProtection(this WebApplication app)
    {
        if (app.Services.GetRequiredService<ArwOptions>().TrustedProxies.Count > 0)
        {
            app.UseForwardedHeaders();
        }

        app.Use(RouteMeters.Measure);
        app.Use(SecurityHeaders.Add);
        app.Use(Faults.Catch);
        app.UseWhen(context => context.Request.IsNavigation(), pages => pages.UseStatusCodePagesWithReExecute("/not-found"));
        app.UseWhen(
            context => !context.Request.IsNavigation(),
            api => api.UseStatusCodePages(status => Problems.WriteAsync(status.HttpContext, Problems.Explain(status.HttpContext))));
        app.Use(RequestChecks.CheckHost);
        app.UseRouting();
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseWebSockets();
        app.Use(RequestChecks.CheckOrigin);
        app.UseAuthorization();
        app.UseAntiforgery();
        app.Use(LiveAccess.GuardCircuit);
    }
}
