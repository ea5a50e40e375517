using Arw.Core.Primitives;
using Arw.Web.Hosting;

namespace Arw.Web.Features.Otel;

/// <summary>Stands before everything else: the ports of the intake serve nothing but the intake, and whatever refuses an export does so in the exporter's protocol.</summary>
internal sealed class OtelGuard(OtelListeners listeners) : IStartupFilter
{
    private static readonly RefusalFormat Format = new(OtelAnswer.RefuseAsync);

    /// <inheritdoc/>
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(Guard);
        next(app);
    };

    private Task Guard(HttpContext context, RequestDelegate next)
    {
        var known = OtelPaths.Signal(context.Request.Path) is not null;
        var owned = listeners.Owns(context);
        if (known || owned)
        {
            context.Features.Set(Format);
        }

        return known || !owned
            ? next(context)
            : Problems.WriteAsync(context, new Refusal(
                "not_found", $"This port takes OpenTelemetry traces and logs, not \"{context.Request.Path}\".",
                $"Send to {OtelPaths.Traces} or {OtelPaths.Logs}, or to the gRPC services of the same names.", 404));
    }
}
