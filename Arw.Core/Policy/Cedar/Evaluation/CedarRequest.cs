using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Evaluation;

/// <summary>One question: may this principal do this action with this resource, under these circumstances?</summary>
/// <param name="Principal">Who asks.</param>
/// <param name="Action">To do what.</param>
/// <param name="Resource">With what.</param>
/// <param name="Context">Under which circumstances.</param>
public sealed record CedarRequest(EntityUid Principal, EntityUid Action, EntityUid Resource, CedarRecord Context)
{
    /// <summary>Who asks.</summary>
    public EntityUid Principal { get; init; } = SharedNames.Uid(Principal);

    /// <summary>To do what.</summary>
    public EntityUid Action { get; init; } = SharedNames.Uid(Action);

    /// <summary>With what.</summary>
    public EntityUid Resource { get; init; } = SharedNames.Uid(Resource);
}
