using Arw.Core.Otel;

namespace Arw.Web.Features.Otel;

/// <summary>The addresses that exporters send to.</summary>
internal static class OtelPaths
{
    public const string Traces = "/v1/traces";
    public const string Logs = "/v1/logs";
    public const string TracesService = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
    public const string LogsService = "/opentelemetry.proto.collector.logs.v1.LogsService/Export";

    /// <summary>What is sent there; null for any other address.</summary>
    public static OtelSignal? Signal(PathString path) => path.Value switch
    {
        Traces or TracesService => OtelSignal.Traces,
        Logs or LogsService => OtelSignal.Logs,
        _ => null,
    };
}
