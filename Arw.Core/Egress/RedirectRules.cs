using System.Net;
using Arw.Core.Primitives;

namespace Arw.Core.Egress;

/// <summary>The rules of following a redirect. Whether its target may be reached is asked anew, like for any request.</summary>
internal static class RedirectRules
{
    /// <summary>The request that a redirect asks for; null when the answer is none.</summary>
    public static GuardedRequest? Next(EgressTarget target, HttpResponseMessage head, GuardedRequest request)
    {
        if ((int)head.StatusCode is not (301 or 302 or 303 or 307 or 308)
            || !head.Headers.NonValidated.TryGetValues("Location", out var values) || values.Count != 1)
        {
            return null;
        }

        var url = Absolute(target, values.ToString());
        var becomesGet = head.StatusCode == HttpStatusCode.SeeOther && request.Method != "HEAD"
            || (int)head.StatusCode is 301 or 302 && request.Method == "POST";
        return becomesGet
            ? request with { Url = url, Method = "GET", Body = null, Headers = [.. request.Headers.Where(h => !h.Key.StartsWith("Content-", StringComparison.OrdinalIgnoreCase))] }
            : request with { Url = url };
    }

    /// <summary>Why the hop must not be taken: too many, a loop, or a step down from https; null when it may be asked for.</summary>
    public static Refusal? Fault(EgressTarget? from, EgressTarget target, string method, int hop, EgressLimits limits, HashSet<string> visited)
    {
        if (hop > limits.MaxRedirects)
        {
            return new Refusal("too_many_redirects", $"The answer redirects more than {limits.MaxRedirects} times.", "Ask for the final address directly.", 502);
        }

        if (!visited.Add($"{method} {target.Url.AbsoluteUri}"))
        {
            return new Refusal("redirect_loop", $"\"{UrlRedaction.Redact(target.Url.AbsoluteUri)}\" redirects in a circle.", "Ask the server's operator.", 502);
        }

        return from is { Scheme: "https" } && target.Scheme == "http"
            ? new Refusal("redirect_downgrade", $"\"{from.Host}\" redirects from https to unprotected http.", "If that is meant, ask for the http address itself.", 502)
            : null;
    }

    // An absolute location is kept letter by letter, so that its odd spellings are seen and refused.
    private static string Absolute(EgressTarget target, string location)
    {
        location = location.Trim();
        if (location.StartsWith("//", StringComparison.Ordinal))
        {
            return $"{target.Scheme}:{location}";
        }

        var colon = location.IndexOfAny([':', '/', '?', '#']);
        return colon > 0 && location[colon] == ':'
            ? location
            : Uri.TryCreate(target.Url, location, out var url) && url.Host == target.Url.Host ? url.AbsoluteUri : location;
    }
}
