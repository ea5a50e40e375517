using Microsoft.Extensions.DependencyInjection;

namespace Arw.Core.Projects;

/// <summary>Registration of the projects pack.</summary>
public static class ProjectsPack
{
    /// <summary>Adds projects, their folders and <c>project.create</c>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="dataDirectory">The home's data folder; project folders live under <c>projects/ID</c> in it.</param>
    public static IServiceCollection AddArwProjects(this IServiceCollection services, string dataDirectory) => services
        .AddKinds(typeof(ProjectEvents))
        .AddReadModel<ProjectsModel>()
        .AddAction<CreateProject>()
        .AddSingleton(new ProjectFiles(dataDirectory));
}
