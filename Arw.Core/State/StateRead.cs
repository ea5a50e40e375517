using System.ComponentModel;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Policy;
using Arw.Core.Primitives;

namespace Arw.Core.State;

/// <summary>Input of <c>state.read</c>.</summary>
public sealed record StateReadInput(
    [property: Description("Id of a read model, as under /state: episodes, actions, leases.")] string Model,
    [property: Description("Most rows of a list, 1 to 1,000; 100 by default.")] int Limit = 100);

/// <summary><c>state.read</c>: what a read model holds, newest rows first. Anybody but people and the home sees only rows of the action's own project.</summary>
/// <param name="models">All read models.</param>
internal sealed class StateRead(IEnumerable<ReadModel> models) : ActionKind<StateReadInput>
{
    private const int MostRows = 1_000;
    private readonly Lazy<Dictionary<string, ReadModel>> _models = new(() => models.ToDictionary(m => m.Id, StringComparer.Ordinal));

    public override string Id => "state.read";

    public override string Title => "Read the home's state";

    public override string Summary => "Reads rows of a read model: episodes, actions, leases, egress and others. Changes nothing.";

    public override Effects Effects => Effects.None;

    protected override string Describe(StateReadInput input) => $"Read the state of {input.Model}";

    protected override Result<IReadOnlyList<Capability>> Needs(StateReadInput input, ActionContext context) =>
        !_models.Value.ContainsKey(input.Model)
            ? Refusal.NotFound("read model", input.Model)
            : input.Limit is < 1 or > MostRows
                ? Refusal.Invalid($"limit is {input.Limit}.", $"Choose 1 to {MostRows}.")
                : new[] { Capability.Of(Id, input.Model) };

    protected override async Task<Result<JsonNode?>> RunAsync(StateReadInput input, ActionRun run, CancellationToken cancel)
    {
        if (!Needs(input, run.Context).TryGet(out var needs, out var refusal)
            || !(await run.DemandAsync(needs[0], cancel)).TryGet(out _, out refusal))
        {
            return refusal;
        }

        return _models.Value[input.Model] switch
        {
            TableModel table => Table(table, input.Limit, run.Context),
            DocumentModel document => Document(document, input.Limit, run.Context),
            _ => Refusal.NotFound("read model", input.Model),
        };
    }

    private static Result<JsonNode?> Table(TableModel model, int limit, ActionContext context)
    {
        var where = new List<Condition>();
        if (!context.Principal.MayControl)
        {
            if (!model.ColumnNames.Contains("project"))
            {
                return ForPeople(model);
            }

            where.Add(new Condition("project", Op.Equal, context.Project));
        }

        var page = model.Table.ReadPage(model.DefaultPage with { Where = where, Limit = limit });
        return new JsonObject
        {
            ["model"] = model.Id,
            ["version"] = page.Version,
            ["items"] = new JsonArray([.. page.Rows.Select(row => JsonNode.Parse(row.Json))]),
        };
    }

    private static Result<JsonNode?> Document(DocumentModel model, int limit, ActionContext context)
    {
        var (version, content) = model.Read();
        if (content is not JsonObject members || members["items"] is not JsonArray items)
        {
            return context.Principal.MayControl
                ? new JsonObject { ["model"] = model.Id, ["version"] = version, ["content"] = content }
                : ForPeople(model);
        }

        // A row that does not say to which project it belongs is the whole home's.
        var seen = items.Where(i => context.Principal.MayControl || (context.Project is not null && i is JsonObject row && row[model.ProjectMember ?? "project"]?.ToString() == context.Project));
        return new JsonObject { ["model"] = model.Id, ["version"] = version, ["items"] = new JsonArray([.. seen.Take(limit).Select(i => i?.DeepClone())]) };
    }

    private static Refusal ForPeople(ReadModel model) => Refusal.Forbidden($"\"{model.Id}\" is for people only.", "Ask a person to run this.");
}
