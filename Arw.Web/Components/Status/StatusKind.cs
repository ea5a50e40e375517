using Arw.Core.Actions;

namespace Arw.Web.Components.Status;

/// <summary>What can be said about a thing's state, the same on every page.</summary>
public enum StatusKind
{
    Proposed,
    Queued,
    Running,
    Waiting,
    Done,
    Warning,
    Refused,
    Failed,
    Cancelled,
}

/// <summary>How a status looks: always shape, colour and word together, so that none of them carries the meaning alone.</summary>
/// <param name="Shape">One character.</param>
/// <param name="Css">Colour class.</param>
/// <param name="Word">The word, capitalised.</param>
public readonly record struct StatusFace(string Shape, string Css, string Word)
{
    public static StatusFace Of(StatusKind kind) => kind switch
    {
        StatusKind.Proposed => new("○", "idle", "Proposed"),
        StatusKind.Queued => new("○", "idle", "Queued"),
        StatusKind.Running => new("◐", "run", "Running"),
        StatusKind.Waiting => new("◆", "wait", "Waiting for you"),
        StatusKind.Done => new("●", "ok", "Done"),
        StatusKind.Warning => new("▲", "warn", "Warning"),
        StatusKind.Refused => new("■", "deny", "Refused"),
        StatusKind.Failed => new("■", "deny", "Failed"),
        StatusKind.Cancelled => new("▬", "idle", "Cancelled"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown status."),
    };

    public static StatusKind Of(ActionState state) => state switch
    {
        ActionState.Proposed => StatusKind.Proposed,
        ActionState.Queued => StatusKind.Queued,
        ActionState.Waiting => StatusKind.Waiting,
        ActionState.Running => StatusKind.Running,
        ActionState.Completed => StatusKind.Done,
        ActionState.Failed => StatusKind.Failed,
        ActionState.Refused => StatusKind.Refused,
        ActionState.Cancelled => StatusKind.Cancelled,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "Unknown state."),
    };

    /// <summary>The status that a kind of event speaks of, by the last word of its name.</summary>
    public static StatusKind OfEvent(string kind)
    {
        var last = kind.AsSpan(kind.LastIndexOf('.') + 1);
        return last switch
        {
            "waiting" or "requested" => StatusKind.Waiting,
            "refused" or "denied" or "revoked" or "rejected" => StatusKind.Refused,
            "failed" or "fault" => StatusKind.Failed,
            "cancelled" or "expired" or "removed" => StatusKind.Cancelled,
            "running" or "started" or "opened" => StatusKind.Running,
            "submitted" or "proposed" => StatusKind.Proposed,
            "queued" or "released" => StatusKind.Queued,
            _ => StatusKind.Done,
        };
    }
}
