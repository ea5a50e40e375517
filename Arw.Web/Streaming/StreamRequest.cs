using System.Globalization;
using Arw.Core.Access;
using Arw.Core.Journal;
using Arw.Core.Primitives;

namespace Arw.Web.Streaming;

/// <summary>What a client of the event stream asked for.</summary>
/// <param name="Filter">Which events it wants and may see.</param>
/// <param name="After">Seq after which it begins.</param>
/// <param name="Mode">How that was chosen: <c>after</c>, <c>recent</c> or <c>live</c>.</param>
/// <param name="Replayed">How many recent events come first; 0 unless the mode is <c>recent</c>.</param>
/// <param name="Patches">Whether it wants patches of read models.</param>
internal sealed record StreamRequest(EventFilter Filter, long After, string Mode, int Replayed, bool Patches)
{
    private const int MaxReplay = 1000;

    /// <summary>Reads the query and <c>Last-Event-ID</c>. The header wins: a browser that reconnects repeats the old query.</summary>
    public static Result<StreamRequest> Read(HttpRequest request, Principal principal, EventJournal journal)
    {
        var query = request.Query;
        var corrId = query["corr_id"].ToString() is { Length: > 0 } c ? c : null;
        if (corrId is not null && !EventNames.IsCorrId(corrId))
        {
            return new Refusal("invalid_query", $"corr_id \"{corrId}\" is not a correlation id.", "Use 1 to 128 letters, digits and . _ : -");
        }

        var prefixes = query["prefix"].SelectMany(v => (v ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToArray();
        var filter = new EventFilter { Prefixes = prefixes, CorrId = corrId, VisibleProjects = principal.Kind == PrincipalKind.Agent ? principal.Projects : null };
        var patches = principal.MayControl && prefixes.Any(p => p.StartsWith("state.", StringComparison.Ordinal));

        var header = request.Headers["Last-Event-ID"].ToString();
        var (name, text) = header.Length > 0 ? ("Last-Event-ID", header) : ("after", query["after"].ToString());
        if (text.Length > 0)
        {
            if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var after))
            {
                return new Refusal("invalid_query", $"{name} \"{text}\" is not a sequence number.", "Send the id of the last frame that was received.");
            }

            var head = journal.Head;
            return after <= head
                ? new StreamRequest(filter, after, "after", 0, patches)
                : Refusal.Conflict($"{name} {after} is beyond the end of the journal ({head}): it belongs to another journal.", "Read the snapshots again and begin without it.", new { head });
        }

        if (query["replay"].ToString() is { Length: > 0 } replay)
        {
            if (!int.TryParse(replay, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > MaxReplay)
            {
                return new Refusal("invalid_query", $"replay \"{replay}\" is not a number from 0 to {MaxReplay}.", "Use after=SEQ to read further back.");
            }

            var head = journal.Head;
            var recent = count == 0 ? [] : journal.Newest(count, filter);
            return new StreamRequest(filter, recent.Count > 0 ? recent[0].Seq - 1 : head, "recent", recent.Count, patches);
        }

        return new StreamRequest(filter, journal.Head, "live", 0, patches);
    }
}
