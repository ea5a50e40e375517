using System.Text.Json.Nodes;
using Arw.Core.Egress;
using Arw.Core.Primitives;

namespace Arw.Web.Features.Egress;

/// <summary>A place as a person types it, turned into the scope that makes exactly it eligible.</summary>
public static class ScopeEntry
{
    private const int MostId = 64;

    /// <summary>The input of <c>egress.scope.set</c> for an address: <c>http://127.0.0.1:9000</c>, or <c>example.org:8443</c> (https). Path and query do not count.</summary>
    public static Result<JsonObject> Of(string address)
    {
        var text = address.Trim();
        if (text.Length > 0 && !text.Contains("://", StringComparison.Ordinal))
        {
            text = "https://" + text;
        }

        if (!EgressTarget.Parse(text).TryGet(out var target, out var refusal))
        {
            return refusal;
        }

        var id = string.Concat($"{target.Host}-{target.Port}".Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c : '_'));
        return new JsonObject
        {
            ["id"] = id.Length <= MostId ? id : id[^MostId..],
            ["description"] = $"{target.Scheme} on {target.Host}, port {target.Port}",
            ["hosts"] = new JsonArray(target.Host),
            ["ports"] = new JsonArray(target.Port),
            ["protocols"] = new JsonArray(target.Scheme),
        };
    }

    /// <summary>A scope's places in one line.</summary>
    public static string Places(EgressScope scope) =>
        $"{string.Join(", ", scope.Hosts.Concat(scope.Cidrs))}, {(scope.Ports.Count == 0 ? scope.Deny ? "every port" : "ports 80 and 443" : scope.Ports.Count == 1 ? $"port {scope.Ports[0]}" : $"ports {string.Join(", ", scope.Ports)}")}";
}
