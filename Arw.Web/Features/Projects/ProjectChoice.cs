using Arw.Core.Projects;

namespace Arw.Web.Features.Projects;

/// <summary>The project that a person works in: chosen in the top bar, one per circuit. A page's address may name another.</summary>
public sealed class ProjectChoice(ProjectsModel projects)
{
    private string? _chosen;

    /// <summary>Its id; the first project's by default, null when there is none.</summary>
    public string? Id => _chosen is not null && projects.Find(_chosen) is not null ? _chosen : projects.Current.Items.FirstOrDefault()?.Id;

    /// <summary>Chooses another one.</summary>
    public void Choose(string id) => _chosen = id;
}
