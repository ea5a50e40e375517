using System.Runtime.CompilerServices;

namespace Arw.Core.Policy.Cedar.Policies;

/// <summary>
/// The policies of one list of the index, immutable: in one array while they are few, as most lists are, else in chunks of one size. An edit
/// then copies a chunk, and never an array so large that the collector keeps it apart: those it only frees by walking the whole heap.
/// </summary>
internal readonly struct FiledPolicies
{
    /// <summary>Policies in a chunk; the last one has as many as are left.</summary>
    public const int ChunkSize = 256;

    private readonly object? _policies;

    private FiledPolicies(object? policies) => _policies = policies;

    /// <summary>True when there are no policies.</summary>
    public bool IsEmpty => _policies is null;

    /// <summary>The only chunk; null when there are several, or none.</summary>
    public FiledPolicy[]? Few => _policies is not null && _policies.GetType() == typeof(FiledPolicy[]) ? Unsafe.As<FiledPolicy[]>(_policies) : null;

    /// <summary>The chunks when there are several; null when not.</summary>
    public FiledPolicy[][]? Many => _policies as FiledPolicy[][];

    /// <summary>Number of policies.</summary>
    public int Count => Many is { } many ? ((many.Length - 1) * ChunkSize) + many[^1].Length : Few?.Length ?? 0;

    /// <summary>The policies of all chunks.</summary>
    public static FiledPolicies Of(List<FiledPolicy[]> chunks) => new(chunks.Count > 1 ? chunks.ToArray() : chunks.FirstOrDefault());

    /// <summary>The policies from a table.</summary>
    public static FiledPolicies From(object? stored) => new(stored);

    /// <summary>As one object for a table; null for no policies.</summary>
    public object? ToStored() => _policies;

    /// <summary>All chunks.</summary>
    public List<FiledPolicy[]> ToChunks() => Many is { } many ? [.. many] : Few is { } few ? [few] : [];
}
