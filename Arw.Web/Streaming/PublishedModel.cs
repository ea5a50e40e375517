using System.Text.Json.Nodes;
using Arw.Core.State;

namespace Arw.Web.Streaming;

/// <summary>What readers of a published model have.</summary>
/// <param name="Version">Seq of the last event that changed what they see.</param>
/// <param name="Body">The document <c>{version, …}</c> as UTF-8 JSON.</param>
public sealed record PublishedState(long Version, ReadOnlyMemory<byte> Body);

/// <summary>A read model as its readers know it: the last state that was published, and how to get on from there.</summary>
internal abstract class PublishedModel(string id)
{
    /// <summary>Id of the read model.</summary>
    public string Id { get; } = id;

    /// <summary>The last published state.</summary>
    public abstract PublishedState State { get; }

    /// <summary>The model as it is now; null for tables that publish changed keys.</summary>
    public static PublishedModel? Of(ReadModel model) => model switch
    {
        DocumentModel document => new PublishedDocument(document),
        TableModel { PublishesPage: true } table => new PublishedPage(table),
        _ => null,
    };

    /// <summary>Moves on to the model as it is now. Returns the patch that does the same to a reader's copy; null when readers would see no difference: their version then stays.</summary>
    public abstract JsonArray? Advance();
}
