using Arw.Core.Access;
using Arw.Core.Primitives;
using Arw.Web.Hosting;
using Arw.Web.Hosting.Protection;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Arw.Web.Features.Access;

/// <summary>Routes by which people sign in and out.</summary>
internal static class AccessRoutes
{
    public static IServiceCollection AddAccessRoutes(this IServiceCollection services) => services
        .AddSingleton<SessionCookie>()
        .AddSingleton<SignInCodes>()
        .AddSingleton<Sessions>()
        .AddRoutes(Map);

    private static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").WithTags("access");
        group.MapGet("/signin", OpenAsync).AllowAnonymous().RequireRateLimiting(RateLimits.SignIn)
            .WithSummary("Signs a person in with a one-time code, or shows the form that takes a token.");
        group.MapPost("/signin", SubmitAsync).AllowAnonymous().RequireRateLimiting(RateLimits.SignIn)
            .WithSummary("Signs a person in with a token typed into the form.");
        group.MapPost("/signin/links", Mint).RequireAuthorization(ProtectionRegistration.Person)
            .WithSummary("Makes a sign-in link for the caller: it works once, for ten minutes.");
        group.MapPost("/signout", LeaveAsync).RequireAuthorization(ProtectionRegistration.Person).DisableAntiforgery()
            .WithSummary("Ends the caller's browser session.");
    }

    private static async Task<IResult> OpenAsync(HttpContext context, SignInCodes codes, Sessions sessions, IAntiforgery antiforgery, string? code, string? to)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (code is null)
        {
            return Form(context, antiforgery, to, null);
        }

        // A browser that fetches ahead must not spend the code.
        if (context.Request.Headers["Sec-Purpose"].ToString().Contains("prefetch", StringComparison.Ordinal))
        {
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }

        if (codes.Spend(code) is not { } person)
        {
            return Form(context, antiforgery, to, "This sign-in link was used already or is too old. Make a new one, or paste a token.", StatusCodes.Status401Unauthorized);
        }

        await sessions.StartAsync(context, person, context.RequestAborted);
        context.Response.Headers[SecurityHeaders.ReferrerPolicy] = "no-referrer";
        return Entered(context, to);
    }

    private static async Task<IResult> SubmitAsync(
        HttpContext context, Doorkeeper door, Sessions sessions, IAntiforgery antiforgery, [FromForm] string? token, [FromForm] string? to)
    {
        if (token is null || door.Who(token.Trim()) is not { Kind: PrincipalKind.Person } person)
        {
            return Form(context, antiforgery, to, "No person of this home has this token.", StatusCodes.Status401Unauthorized);
        }

        await sessions.StartAsync(context, person, context.RequestAborted);
        return Entered(context, to);
    }

    private static IResult Mint(HttpContext context, SignInCodes codes, HomeAddress address, TimeProvider time) => Results.Json(
        new { url = address.SignInLink(codes.Mint(context.Principal())), expires = time.GetUtcNow() + SignInCodes.Lifetime }, ArwJson.Options);

    private static async Task<IResult> LeaveAsync(HttpContext context, Sessions sessions, SessionCookie cookie)
    {
        if (context.User.SessionId() is { } session)
        {
            await sessions.EndAsync(session, context.Principal(), context.RequestAborted);
            cookie.Clear(context);
        }

        return context.Request.HasFormContentType ? SeeOther("/signin") : Results.NoContent();
    }

    // A strict cookie is not sent along a redirect that another site began, so that such a visitor is sent on by our own page.
    private static IResult Entered(HttpContext context, string? to)
    {
        var target = to is not null && IsLocal(to) ? to : "/";
        return context.Request.Headers["Sec-Fetch-Site"] == "cross-site"
            ? new RazorComponentResult<SignedInPage>(new { Target = target })
            : SeeOther(target);
    }

    private static RazorComponentResult<SignInPage> Form(HttpContext context, IAntiforgery antiforgery, string? to, string? problem, int status = 200)
    {
        var tokens = antiforgery.GetAndStoreTokens(context);
        return new RazorComponentResult<SignInPage>(new { tokens.FormFieldName, tokens.RequestToken, To = to, Problem = problem }) { StatusCode = status };
    }

    private static IResult SeeOther(string target) => new SeeOtherResult(target);

    private static bool IsLocal(string target) =>
        target.StartsWith('/') && !target.StartsWith("//", StringComparison.Ordinal) && !target.Contains('\\', StringComparison.Ordinal) && !target.Any(char.IsControl);

    private sealed class SeeOtherResult(string target) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            httpContext.Response.Headers.Location = target;
            return Task.CompletedTask;
        }
    }
}
