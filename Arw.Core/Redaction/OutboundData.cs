using System.Text;
using Arw.Core.Actions;
using Arw.Core.Journal;
using Arw.Core.Policy;
using Arw.Core.Primitives;

namespace Arw.Core.Redaction;

/// <summary>Judges what is about to leave: a canary never does, and classified data needs a lease of its own, <c>data.send:person https://host/…</c>, beside the one for the request.</summary>
public sealed class OutboundData(Redactor redactor)
{
    // What tells a server who asks: it is for that server, and is dropped at a redirect to another.
    private static readonly HashSet<string> Credentials = new(StringComparer.OrdinalIgnoreCase) { "authorization", "x-api-key", "api-key", "x-goog-api-key", "cookie" };

    /// <summary>Why the request may not leave; null when it may. Writes the alarm.</summary>
    /// <param name="request">The right to the request itself, of which the place is taken.</param>
    /// <param name="url">Its URL.</param>
    /// <param name="headers">Its header fields.</param>
    /// <param name="body">Its body; null for none.</param>
    /// <param name="staysHere">True when the place is this machine: classified data does not leave it then.</param>
    /// <param name="run">The action that asks.</param>
    /// <param name="cancel">Stops the question.</param>
    public async ValueTask<Refusal?> JudgeAsync(
        Capability request, Uri url, IReadOnlyList<KeyValuePair<string, string>> headers, ReadOnlyMemory<byte> body, bool staysHere, ActionRun run, CancellationToken cancel)
    {
        var head = Encoding.UTF8.GetBytes(string.Join('\n', headers.Select(h => $"{h.Key}: {h.Value}").Prepend(Uri.UnescapeDataString(url.AbsoluteUri))));
        if (redactor.Canaries(head).Concat(redactor.Canaries(body.Span)).FirstOrDefault() is { } canary)
        {
            var seen = new CanarySeen(canary, "request") { By = run.Context.Principal.Actor, Host = url.Host };
            await run.AppendAsync([RedactionEvents.CanarySeen.Draft(seen, "system:redaction", RedactionEvents.Canary(canary))], cancel);
            return Refusal.Forbidden("The request carries a canary, a false secret that was planted to see who takes it.", "Look at who read it: the action, its episode and what it fetched before.") with { Code = "canary" };
        }

        if (staysHere)
        {
            return null;
        }

        foreach (var found in Classes(url, headers, body.Span).Each())
        {
            if (!(await run.DemandAsync(request.ForData(found), cancel)).TryGet(out _, out var refusal))
            {
                return refusal;
            }
        }

        return null;
    }

    /// <summary>The classes of what a request carries, except what it shows its server to be let in.</summary>
    /// <param name="url">Its URL.</param>
    /// <param name="headers">Its header fields.</param>
    /// <param name="body">Its body.</param>
    public DataClasses Classes(Uri url, IReadOnlyList<KeyValuePair<string, string>> headers, ReadOnlySpan<byte> body)
    {
        var said = string.Join('\n', headers.Where(h => !Credentials.Contains(h.Key)).Select(h => $"{h.Key}: {h.Value}").Prepend(Uri.UnescapeDataString(url.PathAndQuery)));
        return redactor.Find(Encoding.UTF8.GetBytes(said), DataClasses.All)
            .Concat(redactor.Find(body, DataClasses.All))
            .Select(f => f.Kind.Class)
            .Set();
    }
}
