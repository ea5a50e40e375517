using System.Collections.Immutable;
using Arw.Core.Journal;
using Arw.Core.State;

namespace Arw.Core.Models;

/// <summary>State of the read model <c>models</c>.</summary>
/// <param name="Items">The manifests, by id.</param>
public sealed record ModelList(ImmutableList<ModelManifest> Items);

/// <summary>The read model <c>models</c>: what is registered.</summary>
public sealed class ModelCatalogue : DocumentModel<ModelList>
{
    /// <inheritdoc/>
    public override string Id => "models";

    /// <inheritdoc/>
    protected override ModelList Empty { get; } = new([]);

    /// <summary>The manifest of that id; null when there is none.</summary>
    public ModelManifest? Find(string id) => Current.Items.Find(m => m.Id == id);

    /// <inheritdoc/>
    protected override ModelList Fold(ModelList state, JournalEvent e)
    {
        if (ModelEvents.Registered.Is(e))
        {
            var model = ModelEvents.Registered.Read(e);
            return new ModelList([.. state.Items.RemoveAll(m => m.Id == model.Id).Add(model).OrderBy(m => m.Id, StringComparer.Ordinal)]);
        }

        if (ModelEvents.Removed.Is(e))
        {
            var id = ModelEvents.Removed.Read(e).Id;
            return state.Items.Exists(m => m.Id == id) ? new ModelList(state.Items.RemoveAll(m => m.Id == id)) : state;
        }

        return state;
    }
}
