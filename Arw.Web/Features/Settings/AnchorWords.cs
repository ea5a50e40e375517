using Arw.Core.Journal.Anchoring;
using Arw.Web.Components.Status;

namespace Arw.Web.Features.Settings;

/// <summary>How the journal's anchor stands, in words.</summary>
internal static class AnchorWords
{
    public static StatusKind Kind(AnchorState state) => state switch
    {
        AnchorState.Kept => StatusKind.Done,
        AnchorState.Failing => StatusKind.Warning,
        AnchorState.Disputed => StatusKind.Failed,
        _ => StatusKind.Cancelled,
    };

    /// <summary>One word for <c>/healthz</c>.</summary>
    public static string Health(AnchorState state) => state switch
    {
        AnchorState.Kept => "ok",
        AnchorState.Failing => "failing",
        AnchorState.Disputed => "disputed",
        _ => "off",
    };

    public static string Of(AnchorStatus status) => status.State switch
    {
        AnchorState.Kept => status.Last is null ? "Nothing signed yet" : "Kept",
        AnchorState.Failing => "Cannot be kept now; the journal goes on",
        AnchorState.Disputed => "Does not fit this journal",
        _ => "Off: no head is signed",
    };
}
