using Arw.Core.Journal;
using Arw.Core.Primitives;
using Arw.Core.State;

namespace Arw.Web.Hosting.Protection;

/// <summary>Turns what went wrong while a request was answered into a problem, without telling how the home is made.</summary>
internal static class Faults
{
    public static async Task Catch(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller hung up: nobody is there to be told.
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            context.Response.Clear();
            await Problems.WriteAsync(context, Explain(context, e));
        }
    }

    private static Refusal Forged { get; } =
        new("antiforgery", "The form was not made by a page of this home, or is too old.", "Load the page again and repeat.");

    private static Refusal Explain(HttpContext context, Exception e)
    {
        switch (e)
        {
            case BadHttpRequestException { StatusCode: 413 }:
                return Problems.TooLarge;
            case BadHttpRequestException { InnerException: Microsoft.AspNetCore.Antiforgery.AntiforgeryValidationException }:
                return Forged;
            case BadHttpRequestException bad:
                return new Refusal("bad_request", bad.Message, "See /spec/openapi.json for what this route takes.", bad.StatusCode);
            case Microsoft.AspNetCore.Antiforgery.AntiforgeryValidationException:
                return Forged;
            case JournalFaultException fault:
                // The journal has logged it, once.
                return fault.Fault.Refusal;
            case StateFaultException fault:
                return fault.Refusal;
            default:
                Log(context, e);
                return new Refusal("fault", "Something went wrong inside the home.", $"Its log tells more under \"{context.TraceIdentifier}\".", 500);
        }
    }

    private static void Log(HttpContext context, Exception e) =>
        context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Arw.Web.Faults")
            .LogError(e, "{Method} {Path} failed ({Trace})", context.Request.Method, context.Request.Path, context.TraceIdentifier);
}
