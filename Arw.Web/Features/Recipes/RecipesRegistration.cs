using Arw.Core.Recipes;
using Arw.Web.Components.Layout;

namespace Arw.Web.Features.Recipes;

/// <summary>The gallery and the launch of recipes.</summary>
internal static class RecipesRegistration
{
    public static IServiceCollection AddRecipePages(this IServiceCollection services)
    {
        services.AddSingleton(new NavPage("recipes", "Recipes", "M4 2h8v12l-4-2.5L4 14z", 50));
        services.AddSingleton<LaunchDestinations>();
        return services.AddSingleton(new GoToSource((p, words) => p.GetRequiredService<RecipeBook>().All
            .Where(r => words.Length > 0 && r.Manifest.Name.Contains(words, StringComparison.OrdinalIgnoreCase))
            .Select(r => new GoToItem(r.Manifest.Name, $"recipes/{Uri.EscapeDataString(r.Manifest.Id)}", "recipe"))));
    }
}
