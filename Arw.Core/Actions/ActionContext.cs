using Arw.Core.Access;

namespace Arw.Core.Actions;

/// <summary>Who an action is for and where it belongs: known at submit, the same at every attempt.</summary>
public sealed record ActionContext
{
    /// <summary>The action's id (ULID).</summary>
    public required string ActionId { get; init; }

    /// <summary>Who submitted it.</summary>
    public required Principal Principal { get; init; }

    /// <summary>Project; null for the whole home.</summary>
    public string? Project { get; init; }

    /// <summary>The episode.</summary>
    public required string CorrId { get; init; }

    /// <summary>Recipe that runs it; null for none.</summary>
    public string? Recipe { get; init; }

    /// <summary>The action that submitted this one (a recipe run); null for none.</summary>
    public string? ParentId { get; init; }
}
