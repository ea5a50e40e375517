using Arw.Core.Projects;
using Arw.Web.Components.Layout;

namespace Arw.Web.Features.Projects;

/// <summary>The pages of projects and the choice in the top bar.</summary>
internal static class ProjectsRegistration
{
    public static IServiceCollection AddProjectPages(this IServiceCollection services)
    {
        services.AddScoped<ProjectChoice>();
        services.AddSingleton(new FramePart(typeof(ProjectChip), FramePlace.TopStart, 0));
        services.AddSingleton(new NavPage("projects", "Projects", "M2 4h4l1.5 2H14v7H2z", 60));
        return services.AddSingleton(new GoToSource((p, words) => words.Length == 0
            ? []
            : p.GetRequiredService<ProjectsModel>().Current.Items
                .Where(i => i.Title.Contains(words, StringComparison.OrdinalIgnoreCase))
                .Select(i => new GoToItem(i.Title, $"projects/{i.Id}", "project"))));
    }
}
