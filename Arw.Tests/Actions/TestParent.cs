using System.Text.Json.Nodes;
using Arw.Core;
using Arw.Core.Actions;
using Arw.Core.Policy;
using Arw.Core.Primitives;
using Microsoft.Extensions.DependencyInjection;

namespace Arw.Tests.Actions;

internal sealed class ParentControls
{
    public Func<CancellationToken, Task> AfterChild { get; set; } = _ => Task.CompletedTask;
}

internal sealed record ParentInput;

/// <summary>An action that runs one child and answers its output.</summary>
internal sealed class TestParent(ParentControls controls) : ActionKind<ParentInput>
{
    public override string Id => "test.parent";

    public override string Title => "Parent";

    public override string Summary => "Runs one child.";

    public override Effects Effects => Effects.None;

    public override bool Orchestrates => true;

    protected override Result<IReadOnlyList<Capability>> Needs(ParentInput input, ActionContext context) => (Capability[])[];

    protected override async Task<Result<JsonNode?>> RunAsync(ParentInput input, ActionRun run, CancellationToken cancel)
    {
        var child = await run.RunChildAsync("test.act", new JsonObject { ["name"] = "child" }, "step/0", cancel);
        await controls.AfterChild(cancel);
        return child.Output?.DeepClone();
    }
}

internal static class TestParentRegistration
{
    public static void AddTestParent(this IServiceCollection services) => services.AddSingleton<ParentControls>().AddAction<TestParent>();
}
