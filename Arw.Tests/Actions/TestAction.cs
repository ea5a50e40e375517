using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Policy;
using Arw.Core.Primitives;

namespace Arw.Tests.Actions;

/// <summary>What a test tells the executor of <see cref="TestAction"/> to do.</summary>
internal sealed class TestControls
{
    public ConcurrentQueue<string> Ran { get; } = new();

    public Func<TestInput, ActionRun, CancellationToken, Task<Result<JsonNode?>>> Run { get; set; } =
        (input, _, _) => Task.FromResult<Result<JsonNode?>>(JsonValue.Create(input.Name));
}

internal sealed record TestInput(string Name)
{
    public string? Capability { get; init; }
}

/// <summary>An action whose need and behaviour a test chooses.</summary>
internal sealed class TestAction(TestControls controls) : ActionKind<TestInput>
{
    public override string Id => "test.act";

    public override string Title => "Act";

    public override string Summary => "Does what a test says.";

    public override Effects Effects => Effects.External;

    protected override string Describe(TestInput input) => $"Act on {input.Name}";

    protected override Result<IReadOnlyList<Capability>> Needs(TestInput input, ActionContext context)
    {
        if (input.Capability is null)
        {
            return (Capability[])[];
        }

        return Capability.Parse(input.Capability).Map(c => (IReadOnlyList<Capability>)[c]);
    }

    protected override Task<Result<JsonNode?>> RunAsync(TestInput input, ActionRun run, CancellationToken cancel)
    {
        controls.Ran.Enqueue(input.Name);
        return controls.Run(input, run, cancel);
    }
}
