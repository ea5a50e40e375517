using System.Collections.Immutable;
using Arw.Core.Journal;
using Arw.Core.State;

namespace Arw.Core.Projects;

/// <summary>All projects, in the order of their creation.</summary>
/// <param name="Items">The projects.</param>
public sealed record ProjectsState(ImmutableList<ProjectRow> Items);

/// <summary>One project.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Title">Its name on pages.</param>
/// <param name="Demo">True for the demo.</param>
/// <param name="Created">When it was created.</param>
/// <param name="Seq">Seq of the event that created it.</param>
public sealed record ProjectRow(string Id, string Title, bool Demo, DateTimeOffset Created, long Seq);

/// <summary>The read model <c>projects</c>.</summary>
public sealed class ProjectsModel : DocumentModel<ProjectsState>
{
    /// <inheritdoc/>
    public override string Id => "projects";

    /// <inheritdoc/>
    public override string ProjectMember => "id";

    /// <inheritdoc/>
    protected override ProjectsState Empty { get; } = new([]);

    /// <summary>The project of that id; null when there is none.</summary>
    public ProjectRow? Find(string id) => Current.Items.Find(p => p.Id == id);

    /// <inheritdoc/>
    protected override ProjectsState Fold(ProjectsState state, JournalEvent e)
    {
        if (!ProjectEvents.Created.Is(e))
        {
            return state;
        }

        var created = ProjectEvents.Created.Read(e);

        // Creation is not guarded by a precondition: the first one counts.
        return state.Items.Exists(p => p.Id == created.Id)
            ? state
            : new(state.Items.Add(new ProjectRow(created.Id, created.Title, created.Demo, e.Recorded, e.Seq)));
    }
}
