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

internal sealed record ParentInput
{
    /// <summary>What both children need; null = one child, which needs nothing.</summary>
    public string? Capability { get; init; }
}

/// <summary>An action that runs one child and answers its output, or two that need something and answers the second's error.</summary>
internal sealed class TestParent(ParentControls controls) : ActionKind<ParentInput>
{
    public override string Id => "test.parent";

    public override string Title => "Parent";

    public override string Summary => "Runs a child or two.";

    public override Effects Effects => Effects.None;

    public override bool Orchestrates => true;

    protected override Result<IReadOnlyList<Capability>> Needs(ParentInput input, ActionContext context) => (Capability[])[];

    protected override async Task<Result<JsonNode?>> RunAsync(ParentInput input, ActionRun run, CancellationToken cancel)
    {
        var child = await run.RunChildAsync("test.act", ActionServiceTests.Input("child", input.Capability), "step/0", cancel);
        await controls.AfterChild(cancel);
        return input.Capability is null
            ? child.Output?.DeepClone()
            : (await run.RunChildAsync("test.act", ActionServiceTests.Input("second", input.Capability), "step/1", cancel)).Error?.Message;
    }
}

internal static class TestParentRegistration
{
    public static void AddTestParent(this IServiceCollection services) => services.AddSingleton<ParentControls>().AddAction<TestParent>();
}
