using Arw.Core.Actions;
using Arw.Core.Egress;
using Arw.Core.Episodes;
using Arw.Core.Primitives;
using Arw.Core.State;
using Microsoft.Extensions.DependencyInjection;

namespace Arw.Core.Recipes;

/// <summary>The recipes pack: manifests, gallery, launch plans, runs and what they render with.</summary>
public static class RecipesPack
{
    /// <summary>Registers the pack.</summary>
    public static IServiceCollection AddArwRecipes(this IServiceCollection services)
    {
        services.AddKinds(typeof(RecipeEvents));
        services.AddReadModel<RecipesModel>().AddReadModel<RecipeRunsModel>();
        services.AddSingleton<RecipeBook>();
        services.AddSingleton<DescribeEpisode>(p => (started, kind, input, _) => RecipeEpisode.Describe(started, kind, input, p.GetRequiredService<RecipeBook>()));
        services.AddSingleton(p => new RecipeTools(p.GetServices<ActionKind>));
        services.AddSingleton(p => new RecipePlanner(p.GetRequiredService<RecipeTools>(), p.GetRequiredService<TimeProvider>(), p.GetService<EgressPrices>()));
        services.AddSingleton(p => new RecipeHistory(p.GetRequiredService<RecipeRunsModel>().Rows.Find, run => Calls(p.GetRequiredService<ActionsModel>(), run)));
        services.AddSingleton(p => new RunStart(
            p.GetRequiredService<RecipeTools>(),
            p.GetRequiredService<RecipeHistory>(),
            p.GetRequiredService<TimeProvider>(),
            p.GetRequiredService<IdSource>(),
            p.GetRequiredService<StateHost>().WaitForAsync));
        return services
            .AddAction<RecipeRun>()
            .AddAction<RecipeRetry>()
            .AddAction<RecipeInstall>()
            .AddAction<RecipeRemove>()
            .AddAction<RenderAction>()
            .AddAction<StateRead>();
    }

    private static IEnumerable<CompletedCall> Calls(ActionsModel actions, string run) => actions.Rows
        .Query(new TableQuery { Where = [new Condition("parent_id", Op.Equal, run), new Condition("state", Op.Equal, "completed")], Limit = int.MaxValue })
        .Where(a => a.Key is not null)
        .Select(a => new CompletedCall(a.Key!, a.Kind, a.Input, a.Output));
}
