using System.Text.Json;
using Arw.Core.Actions;
using Arw.Core.Primitives;
using Microsoft.Extensions.AI;

namespace Arw.Core.Models;

/// <summary>The action kinds that a model may ask for in one chat. Endpoints allow no dots in names of functions, so each kind goes by a name with underscores.</summary>
internal sealed class ChatTools
{
    private readonly Dictionary<string, string> _kinds;

    private ChatTools(IReadOnlyList<AITool> declared, Dictionary<string, string> kinds, long bytes) => (Declared, _kinds, Bytes) = (declared, kinds, bytes);

    public IReadOnlyList<AITool> Declared { get; }

    /// <summary>Bytes that the declarations add to each request.</summary>
    public long Bytes { get; }

    /// <summary>The tools of those ids; a refusal for an unknown kind and for those that no model may ask for.</summary>
    public static Result<ChatTools> Of(IEnumerable<string> ids, Func<string, ActionKind?> find)
    {
        var declared = new List<AITool>();
        var kinds = new Dictionary<string, string>(StringComparer.Ordinal);
        var bytes = 0L;
        foreach (var id in ids)
        {
            if (find(id) is not { } kind)
            {
                return Refusal.Invalid($"There is no action kind \"{id}\" to offer as a tool.", "See /spec/schemas for the existing ones.");
            }

            // Control is for people; a chat that starts chats would have no end.
            if (kind.Control || id == ChatAction.Kind)
            {
                return Refusal.Invalid($"\"{id}\" cannot be a tool of a model.", "Leave it out: a person does this.");
            }

            var name = id.Replace('.', '_');
            if (!kinds.TryAdd(name, id))
            {
                return Refusal.Invalid($"The tool \"{id}\" is named twice.");
            }

            var schema = JsonSerializer.SerializeToElement(kind.InputSchema);
            declared.Add(AIFunctionFactory.CreateDeclaration(name, kind.Summary, schema));
            bytes += schema.GetRawText().Length + kind.Summary.Length + 100;
        }

        return new ChatTools(declared, kinds, bytes);
    }

    /// <summary>The action kind behind a name; null when the model made it up.</summary>
    public string? KindOf(string name) => _kinds.GetValueOrDefault(name);
}
