using System.Text.Json.Nodes;
using Arw.Core.Primitives;
using Arw.Core.State;

namespace Arw.Web.Streaming;

/// <summary>A document model as its readers know it.</summary>
internal sealed class PublishedDocument : PublishedModel
{
    private readonly DocumentModel _model;
    private JsonObject _content;
    private long _version;
    private long _looked;
    private PublishedState? _state;

    public PublishedDocument(DocumentModel model)
        : base(model.Id)
    {
        _model = model;
        (_version, _content) = Read(model);
        _looked = _version;
    }

    public override PublishedState State => _state ??= new PublishedState(_version, Body(_version, _content));

    public override JsonArray? Advance()
    {
        if (_model.Version == _looked)
        {
            return null;
        }

        var (version, content) = Read(_model);
        _looked = version;
        var patch = JsonDiff.Between(_content, content);
        if (patch.Count == 0)
        {
            return null;
        }

        (_version, _content, _state) = (version, content, null);
        return patch;
    }

    /// <summary>A document's content; a list becomes its member <c>items</c>.</summary>
    public static (long Version, JsonObject Content) Read(DocumentModel model)
    {
        var (version, content) = model.Read();
        return (version, content as JsonObject ?? new JsonObject { ["items"] = content });
    }

    /// <summary>A document as readers get it.</summary>
    public static byte[] Body(long version, JsonObject content)
    {
        var body = new JsonObject { ["version"] = version };
        foreach (var (name, value) in content)
        {
            body.TryAdd(name, value?.DeepClone());
        }

        return ArwJson.ToUtf8(body);
    }
}
