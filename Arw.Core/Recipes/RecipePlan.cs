using Arw.Core.Egress;

namespace Arw.Core.Recipes;

/// <summary>What a launch will do, in plain words, before anything happens.</summary>
public sealed record RecipePlan
{
    /// <summary>The recipe.</summary>
    public required string Recipe { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its version.</summary>
    public required string Version { get; init; }

    /// <summary>The whole run in one sentence: "Reads 2 feeds on example.org, groups items into topics, writes 1 file under project://digests."</summary>
    public required string Summary { get; init; }

    /// <summary>The steps, in order.</summary>
    public required IReadOnlyList<PlannedStep> Steps { get; init; }

    /// <summary>What the manifest asks for.</summary>
    public required IReadOnlyList<PlannedPermission> Permissions { get; init; }

    /// <summary>Hosts that it will talk to, as far as known from the inputs.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Project files that it will read, as far as known.</summary>
    public IReadOnlyList<string> Reads { get; init; } = [];

    /// <summary>Project files that it will write, as far as known.</summary>
    public IReadOnlyList<string> Writes { get; init; } = [];

    /// <summary>What it needs but the manifest does not list: a person is asked for these, too.</summary>
    public IReadOnlyList<string> Undeclared { get; init; } = [];

    /// <summary>What is wrong with the inputs; empty when it can be launched with them.</summary>
    public IReadOnlyList<InputFault> InputFaults { get; init; } = [];

    /// <summary>What this home cannot run of it: unknown tools; empty when it can be launched.</summary>
    public IReadOnlyList<string> Obstacles { get; init; } = [];

    /// <summary>The step whose write a person reviews before it happens; null for none.</summary>
    public string? Reviewed { get; init; }

    /// <summary>The model that it prefers; null when it names none.</summary>
    public RecipeModel? Model { get; init; }

    /// <summary>What the run would cost, all its steps together, as far as that is known before it runs.</summary>
    public CostEstimate Cost { get; init; } = CostEstimate.Free;

    /// <summary>True when nothing stands in the way of a launch.</summary>
    public bool Launchable => InputFaults.Count == 0 && Obstacles.Count == 0;
}

/// <summary>One step of a plan.</summary>
/// <param name="Step">Its name.</param>
/// <param name="Tool">Its tool.</param>
/// <param name="Words">What it does: "reads 2 feeds on example.org".</param>
public sealed record PlannedStep(string Step, string Tool, string Words)
{
    /// <summary>What the inputs alone do not decide: "how often depends on step topics"; null when nothing is open.</summary>
    public string? Note { get; init; }

    /// <summary>How many calls; null when an earlier step decides it.</summary>
    public int? Calls { get; init; }

    /// <summary>Capabilities that it needs, as text; null when an earlier step decides them.</summary>
    public IReadOnlyList<string>? Needs { get; init; }

    /// <summary>Earlier steps whose output it uses.</summary>
    public IReadOnlyList<string> DependsOn { get; init; } = [];

    /// <summary>The condition under which it runs; null = always.</summary>
    public string? Condition { get; init; }

    /// <summary>True when the inputs already decide that it will not run.</summary>
    public bool Skipped { get; init; }

    /// <summary>True when the run goes on if it fails.</summary>
    public bool ContinueOnError { get; init; }

    /// <summary>What it would cost; nothing for steps that stay on this machine.</summary>
    public CostEstimate Cost { get; init; } = CostEstimate.Free;
}

/// <summary>One permission of a plan.</summary>
/// <param name="Capability">The capability as text.</param>
/// <param name="Mode">Ask, allow or never.</param>
/// <param name="TtlSecs">How long an allowed lease lasts, in seconds; null = until the episode ends.</param>
/// <param name="Words">The capability in words.</param>
/// <param name="Meaning">What the mode means for this run.</param>
public sealed record PlannedPermission(string Capability, PermissionMode Mode, int? TtlSecs, string Words, string Meaning);
