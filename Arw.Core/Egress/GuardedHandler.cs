using System.Net;
using Arw.Core.Actions;

namespace Arw.Core.Egress;

/// <summary>The guard behind <see cref="HttpClient"/>: for libraries that bring their own client.</summary>
internal sealed class GuardedHandler(GuardedHttp guard, ActionRun run, EgressLimits? limits) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var content = request.Content?.Headers.NonValidated.AsEnumerable() ?? [];
        var asked = new GuardedRequest(request.Method.Method, request.RequestUri?.OriginalString ?? "")
        {
            Headers = [.. request.Headers.NonValidated.Concat(content)
                .Where(h => !GuardedRequest.IsReserved(h.Key))
                .Select(h => KeyValuePair.Create(h.Key, h.Value.ToString()))],
            Body = request.Content is null ? null : await request.Content.ReadAsByteArrayAsync(cancellationToken),
            Limits = limits,
        };
        if (!(await guard.SendAsync(asked, run, cancellationToken)).TryGet(out var answer, out var refusal))
        {
            throw new EgressRefusedException(refusal);
        }

        var response = new HttpResponseMessage((HttpStatusCode)answer.Status)
        {
            RequestMessage = request,
            ReasonPhrase = answer.Reason,
            Content = new StreamContent(answer.Body),
        };
        foreach (var (name, value) in answer.Headers())
        {
            // The body is decompressed already: its declared encoding and length no longer hold.
            if (name is not ("content-encoding" or "content-length" or "transfer-encoding") && !response.Headers.TryAddWithoutValidation(name, value))
            {
                response.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return response;
    }
}
