using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Arw.Core.Journal;
using Arw.Core.State;

namespace Arw.Core.Actions;

/// <summary>A question to a person, open or answered.</summary>
public sealed record Approval(ApprovalRequested Request)
{
    /// <summary>Id, for readers of the list.</summary>
    public string Id => Request.Id;

    /// <summary>Seq of its last event.</summary>
    public long Seq { get; init; }

    /// <summary>When it was asked.</summary>
    public DateTimeOffset Asked { get; init; }

    /// <summary>Project; null for the whole home.</summary>
    public string? Project { get; init; }

    /// <summary>Episode.</summary>
    public string? CorrId { get; init; }

    /// <summary>The answer; null while it waits.</summary>
    public ApprovalAnswered? Answer { get; init; }

    /// <summary>Who answered; null while it waits.</summary>
    public string? AnsweredBy { get; init; }

    /// <summary>When it was answered; null while it waits.</summary>
    public DateTimeOffset? Answered { get; init; }
}

/// <summary>Open questions, oldest first, and the last answered ones, newest first.</summary>
public sealed record ApprovalsState(ImmutableList<Approval> Open, ImmutableList<Approval> Answered);

/// <summary>What waits for a person: <c>/state/approvals</c>.</summary>
public sealed class ApprovalsModel : DocumentModel<ApprovalsState>
{
    private const int KeptAnswers = 100;

    /// <inheritdoc/>
    public override string Id => "approvals";

    /// <inheritdoc/>
    public override string ProjectMember => "project";

    /// <summary>The approval of that id; null when there is none (or it was answered long ago).</summary>
    public Approval? Find(string id) =>
        Current.Open.Find(a => a.Id == id) ?? Current.Answered.Find(a => a.Id == id);

    /// <inheritdoc/>
    protected override ApprovalsState Empty { get; } = new([], []);

    /// <inheritdoc/>
    protected override ApprovalsState Fold(ApprovalsState state, JournalEvent e)
    {
        if (ActionEvents.ApprovalRequested.Is(e))
        {
            var request = ActionEvents.ApprovalRequested.Read(e);
            return state with { Open = state.Open.Add(new Approval(request) { Seq = e.Seq, Asked = e.Time, Project = e.Project, CorrId = e.CorrId }) };
        }

        if (ActionEvents.ApprovalAnswered.Is(e))
        {
            var answer = ActionEvents.ApprovalAnswered.Read(e);
            return Close(state, a => a.Id == answer.Id, a => a with { Answer = answer, AnsweredBy = e.Actor, Answered = e.Time, Seq = e.Seq });
        }

        if (ActionEvents.Cancelled.Is(e))
        {
            // The question went away with its action.
            var id = ActionEvents.Cancelled.Read(e).Id;
            return Close(state, a => a.Request.Action == id, a => a with { AnsweredBy = e.Actor, Answered = e.Time, Seq = e.Seq });
        }

        return state;
    }

    /// <inheritdoc/>
    protected override JsonNode Project(ApprovalsState state) => new JsonObject
    {
        ["items"] = System.Text.Json.JsonSerializer.SerializeToNode(state.Open, Primitives.ArwJson.Options),
        ["answered"] = System.Text.Json.JsonSerializer.SerializeToNode(state.Answered, Primitives.ArwJson.Options),
    };

    private static ApprovalsState Close(ApprovalsState state, Predicate<Approval> which, Func<Approval, Approval> close)
    {
        if (state.Open.Find(which) is not { } open)
        {
            return state;
        }

        var answered = state.Answered.Insert(0, close(open));
        return new(state.Open.Remove(open), answered.Count > KeptAnswers ? answered.RemoveAt(KeptAnswers) : answered);
    }
}
