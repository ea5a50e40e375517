using Arw.Core.Projects;
using Arw.Web.Components.Layout;

namespace Arw.Web.Features.Projects;

/// <summary>The project that a person works in: chosen in the top bar and kept by the browser. A page's address may name another.</summary>
public sealed class ProjectChoice(ProjectsModel projects, Preferences preferences)
{
    /// <summary>Its id; the first project's by default, null when there is none.</summary>
    public string? Id => preferences.Project is { } chosen && projects.Find(chosen) is not null ? chosen : projects.Current.Items.FirstOrDefault()?.Id;

    /// <summary>Chooses another one.</summary>
    public Task ChooseAsync(string id) => preferences.SetProjectAsync(id);
}
