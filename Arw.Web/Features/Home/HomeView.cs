using Arw.Core.Actions;
using Arw.Core.Beliefs.Diffs;
using Arw.Core.Egress;
using Arw.Core.Episodes;
using Arw.Core.Memory.Review;
using Arw.Core.State;

namespace Arw.Web.Features.Home;

/// <summary>The first page: what runs, what waits for the person, what left the machine.</summary>
public sealed class HomeView(EpisodesModel episodes, ApprovalsModel approvals, EgressLedger egress, QuarantineModel held, WorldDiffsModel diffs, TimeProvider time)
{
    private const int Shown = 8;

    /// <summary>Episodes that run or wait, newest first.</summary>
    public IReadOnlyList<EpisodeRow> Live { get; private set; } = [];

    /// <summary>How many run or wait in all.</summary>
    public long LiveCount { get; private set; }

    /// <summary>The newest episodes that ended.</summary>
    public IReadOnlyList<EpisodeRow> Recent { get; private set; } = [];

    /// <summary>Open questions, newest first.</summary>
    public IReadOnlyList<Approval> Waiting { get; private set; } = [];

    /// <summary>The questions that were answered last.</summary>
    public IReadOnlyList<Approval> Answered { get; private set; } = [];

    /// <summary>True while nothing but the demo has run.</summary>
    public bool OnlyDemo => !IsNew && Live.Concat(Recent).All(e => e.Demo);

    /// <summary>The newest lines of the ledger.</summary>
    public IReadOnlyList<EgressRow> Left { get; private set; } = [];

    /// <summary>Bytes sent in the last 24 hours.</summary>
    public long BytesOut { get; private set; }

    /// <summary>Attempts that were not let out in the last 24 hours.</summary>
    public int Denied { get; private set; }

    /// <summary>Things from outside that wait for review.</summary>
    public int Held { get; private set; }

    /// <summary>Those of them that are claims for the map.</summary>
    public int HeldClaims { get; private set; }

    /// <summary>Diffs of beliefs that came in and wait for a decision, in all projects.</summary>
    public int Diffs { get; private set; }

    /// <summary>The newest of them.</summary>
    public WorldDiffRow? Diff { get; private set; }

    /// <summary>True before anything ever happened.</summary>
    public bool IsNew => Live.Count == 0 && Recent.Count == 0;

    /// <summary>Pulls everything again.</summary>
    public void Pull()
    {
        var since = time.GetUtcNow() - TimeSpan.FromDays(1);
        Live = episodes.Rows.Query(Of("running", "waiting"));
        LiveCount = Live.Count < Shown ? Live.Count : episodes.Rows.Count(Of("running", "waiting"));
        Recent = episodes.Rows.Query(Of("completed", "failed", "refused", "cancelled"));
        Waiting = [.. approvals.Current.Open.Reverse()];
        Answered = [.. approvals.Current.Answered.Take(Shown)];
        var day = new TableQuery { Where = [new("time", Op.AtLeast, since)], OrderBy = "time", Limit = Shown };
        Left = egress.Rows.Query(day);
        BytesOut = egress.Rows.Sum("bytes_out", day);
        Denied = egress.Rows.Count(day with { Where = [.. day.Where, new("outcome", Op.Equal, EgressLedger.Word(EgressOutcome.Denied))] });
        (Held, HeldClaims) = (held.Waiting(), held.Waiting(to: "map"));
        var incoming = new TableQuery { Where = [new("open", Op.Equal, true)], OrderBy = "updated", Limit = 1 };
        (Diffs, Diff) = (diffs.Rows.Count(incoming), diffs.Rows.Query(incoming) is [var newest, ..] ? newest : null);
    }

    private static TableQuery Of(params string[] statuses) =>
        new() { Where = [new("status", Op.In, statuses)], OrderBy = "start", Limit = Shown };
}
