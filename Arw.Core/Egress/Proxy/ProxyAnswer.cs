using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Arw.Core.Primitives;

namespace Arw.Core.Egress.Proxy;

/// <summary>What the proxy itself says to an HTTP client: that a tunnel stands, or why nothing was let out.</summary>
internal static class ProxyAnswer
{
    /// <summary>The tunnel stands.</summary>
    public static ReadOnlyMemory<byte> Established { get; } = "HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray();

    /// <summary>A refusal as an HTTP answer: problem details, and <c>Proxy-Status</c> (RFC 9209) for clients that look at heads only.</summary>
    public static byte[] Refuse(Refusal refusal, bool withBody)
    {
        // 422 is for bodies; a proxy's request that cannot be read is a bad request.
        var status = refusal.Status is 422 ? 400 : refusal.Status;
        var problem = new JsonObject { ["type"] = "about:blank", ["title"] = Reason(status), ["status"] = status, ["detail"] = refusal.Message, ["code"] = refusal.Code };
        if (refusal.Next is { } next)
        {
            problem["next"] = next;
        }

        var body = Encoding.UTF8.GetBytes(problem.ToJsonString(ArwJson.Options));
        List<Field> fields =
        [
            new("Proxy-Status", $"arw; error={(status == 403 ? "http_request_denied" : "proxy_internal_response")}; details=\"{refusal.Code}\""),
            new("Content-Type", "application/problem+json"),
            new("Content-Length", body.Length.ToString(CultureInfo.InvariantCulture)),
            new("Cache-Control", "no-store"),
            new("Connection", "close"),
        ];
        if (status == 407)
        {
            fields.Add(new("Proxy-Authenticate", "Basic realm=\"arw\", charset=\"UTF-8\""));
        }

        var head = HttpHead.Write(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} {Reason(status)}"), fields);
        return withBody ? [.. head, .. body] : head;
    }

    private static string Reason(int status) => status switch
    {
        400 => "Bad Request",
        403 => "Forbidden",
        407 => "Proxy Authentication Required",
        409 => "Conflict",
        431 => "Request Header Fields Too Large",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Refused",
    };
}
