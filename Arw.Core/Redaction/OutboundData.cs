using System.Text;
using Arw.Core.Actions;
using Arw.Core.Journal;
using Arw.Core.Policy;
using Arw.Core.Primitives;

namespace Arw.Core.Redaction;

/// <summary>Judges what is about to leave: a canary never does, and classified data needs a lease of its own, <c>data.send:person https://host/…</c>, beside the one for the request.</summary>
public sealed class OutboundData(Redactor redactor)
{
    /// <summary>Code of the refusal of a canary.</summary>
    public const string CanaryCode = "canary";

    private const string FormType = "application/x-www-form-urlencoded";

    // What tells a server who asks: it is for that server, and is dropped at a redirect to another.
    private static readonly HashSet<string> Credentials = new(StringComparer.OrdinalIgnoreCase) { "authorization", "x-api-key", "api-key", "x-goog-api-key", "cookie" };

    /// <summary>Whether a header field shows its server who asks.</summary>
    public static bool IsShownToServer(string header) => Credentials.Contains(header);

    /// <summary>Why the request may not leave; null when it may. Writes the alarm.</summary>
    /// <param name="judge">The request and who asks.</param>
    /// <param name="url">Its URL.</param>
    /// <param name="headers">Its header fields.</param>
    /// <param name="body">Its body; empty for none.</param>
    /// <param name="cancel">Stops the question.</param>
    public ValueTask<Refusal?> JudgeAsync(OutboundJudge judge, Uri url, IReadOnlyList<KeyValuePair<string, string>> headers, ReadOnlyMemory<byte> body, CancellationToken cancel)
    {
        var watch = Watch(headers);
        watch.Add(body.Span);
        return JudgeAsync(judge, url, headers, watch.Look(), cancel);
    }

    /// <summary>As the other one, where what was found in the body is known.</summary>
    /// <param name="judge">The request and who asks.</param>
    /// <param name="url">Its URL.</param>
    /// <param name="headers">Its header fields.</param>
    /// <param name="inBody">What its body holds, as far as it is known.</param>
    /// <param name="cancel">Stops the question.</param>
    public ValueTask<Refusal?> JudgeAsync(OutboundJudge judge, Uri url, IReadOnlyList<KeyValuePair<string, string>> headers, OutboundFinding inBody, CancellationToken cancel)
    {
        var head = Encoding.UTF8.GetBytes(string.Join('\n', headers.Select(h => $"{h.Key}: {h.Value}").Prepend(Uri.UnescapeDataString(url.AbsoluteUri))));
        return judge.JudgeAsync(new(redactor.Canaries(head) is [var canary, ..] ? canary : inBody.Canary, Found(url, headers).Select(f => f.Kind.Class).Set() | inBody.Classes, false), cancel);
    }

    /// <summary>A URL as it is shown: what is of these classes masked, also where percent-encoding hides it.</summary>
    /// <param name="url">The URL.</param>
    /// <param name="classes">Classes that are masked.</param>
    public string Shown(string url, DataClasses classes)
    {
        var decoded = Uri.UnescapeDataString(url);
        var masked = redactor.Mask(decoded, classes);
        return masked == decoded ? url : masked;
    }

    /// <summary>A URL as the journal may hold it.</summary>
    public string Journaled(string url) => Shown(url, redactor.Setup.Journal);

    /// <summary>A look at the body of a request, piece by piece.</summary>
    /// <param name="headers">Its header fields.</param>
    public OutboundWatch Watch(IEnumerable<KeyValuePair<string, string>> headers) =>
        new(redactor, form: headers.Any(h => h.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase) && h.Value.StartsWith(FormType, StringComparison.OrdinalIgnoreCase)));

    /// <summary>A look at text that is no request by itself: messages of a WebSocket, a clear tunnel.</summary>
    /// <param name="heads">True where heads of HTTP pass too.</param>
    /// <param name="canariesOnly">True to look for canaries and nothing else.</param>
    public OutboundWatch Watch(bool heads, bool canariesOnly = false) => new(redactor, heads: heads, canariesOnly: canariesOnly);

    /// <summary>The classes of what a request carries, except what it shows its server to be let in.</summary>
    /// <param name="url">Its URL.</param>
    /// <param name="headers">Its header fields.</param>
    /// <param name="body">Its body.</param>
    public DataClasses Classes(Uri url, IReadOnlyList<KeyValuePair<string, string>> headers, ReadOnlySpan<byte> body) =>
        Kinds(url, headers, body).Select(k => k.Class).Set();

    /// <summary>The kinds of what a request carries, except what it shows its server to be let in: one for each place.</summary>
    /// <param name="url">Its URL.</param>
    /// <param name="headers">Its header fields.</param>
    /// <param name="body">Its body.</param>
    public IEnumerable<SecretKind> Kinds(Uri url, IReadOnlyList<KeyValuePair<string, string>> headers, ReadOnlySpan<byte> body) =>
        Found(url, headers).Concat(redactor.Find(body, DataClasses.All)).Select(f => f.Kind);

    private IReadOnlyList<Finding> Found(Uri url, IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        var said = string.Join('\n', headers.Where(h => !IsShownToServer(h.Key)).Select(h => $"{h.Key}: {h.Value}").Prepend(Uri.UnescapeDataString(url.PathAndQuery)));
        return redactor.Find(Encoding.UTF8.GetBytes(said), DataClasses.All);
    }
}

/// <summary>Asks for one request, or one connection, whether what was found in it may leave. What was permitted once stays permitted for it.</summary>
/// <param name="request">The right to the request itself, of which the place is taken.</param>
/// <param name="host">Where it goes.</param>
/// <param name="staysHere">True when the place is this machine: classified data does not leave it then.</param>
/// <param name="run">Who asks.</param>
public sealed class OutboundJudge(Capability request, string host, bool staysHere, ActionRun run)
{
    private readonly List<Capability> _missing = [];
    private DataClasses _permitted;

    /// <summary>What leases would have to cover for it to leave; empty while nothing was refused for want of one.</summary>
    public IReadOnlyList<Capability> Missing => _missing;

    /// <summary>Why it may not leave; null when it may. Writes the alarm.</summary>
    public async ValueTask<Refusal?> JudgeAsync(OutboundFinding found, CancellationToken cancel)
    {
        if (found.Canary is { } canary)
        {
            var seen = new CanarySeen(canary, "request") { By = run.Context.Principal.Actor, Host = host };
            await run.AppendAsync([RedactionEvents.CanarySeen.Draft(seen, "system:redaction", RedactionEvents.Canary(canary))], cancel);
            return Refusal.Forbidden("The request carries a canary, a false secret that was planted to see who takes it.", "Look at who read it: the action, its episode and what it fetched before.") with { Code = OutboundData.CanaryCode };
        }

        Refusal? first = null;
        foreach (var one in staysHere ? [] : (found.Classes & ~_permitted).Each())
        {
            // Each is asked about, so that a person is told of all that is missing at once.
            var needed = request.ForData(one);
            if ((await run.DemandAsync(needed, cancel)).TryGet(out _, out var refusal))
            {
                _permitted |= one.Set();
            }
            else
            {
                first ??= refusal;
                if (refusal.Code == "needs_lease")
                {
                    _missing.Add(needed);
                }
            }
        }

        return first;
    }
}
