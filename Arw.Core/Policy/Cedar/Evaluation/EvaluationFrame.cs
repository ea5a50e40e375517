using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Entities;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Evaluation;

/// <summary>What an evaluation looks at, and the error that ended it. Lives on the stack.</summary>
internal ref struct EvaluationFrame
{
    public readonly CedarRequest Request;
    public readonly CedarEntities Entities;
    private readonly Parts<CedarEntity?> _entities;
    private readonly Parts<CedarRecord?> _fields;
    private readonly Parts<CedarValue> _values;
    private CedarValue _made;

    public EvaluationFrame(CedarRequest request, CedarEntities entities)
    {
        (Request, Entities) = (request, entities);
        var (principal, action, resource) = (entities.Find(request.Principal), entities.Find(request.Action), entities.Find(request.Resource));
        (_entities[0], _entities[1], _entities[2]) = (principal, action, resource);
        (_fields[0], _fields[1], _fields[2], _fields[3]) = (principal?.Attributes, action?.Attributes, resource?.Attributes, request.Context);

        // The name that the entities go by is mostly the object that policies hold: they then compare by reference.
        _values[0] = CedarValue.Of(principal?.Uid ?? request.Principal);
        _values[1] = CedarValue.Of(action?.Uid ?? request.Action);
        _values[2] = CedarValue.Of(resource?.Uid ?? request.Resource);
        _values[3] = CedarValue.Of(request.Context);
    }

    /// <summary>True when errors are put in words; off on the deciding path, which must not allocate.</summary>
    public bool Explains;

    /// <summary>The error in words, once <see cref="Explains"/> is on.</summary>
    public CedarError? Failure;

    /// <summary>A part of the request, by its <see cref="RequestVariable"/>.</summary>
    [UnscopedRef]
    public readonly ref readonly CedarValue Part(int variable) => ref _values[variable];

    /// <summary>The name of an entity of the request.</summary>
    public readonly EntityUid Uid(int variable) => Unsafe.As<EntityUid>(_values[variable].Reference!);

    /// <summary>What is known of an entity of the request; null for nothing.</summary>
    public readonly CedarEntity? Entity(int variable) => _entities[variable];

    /// <summary>The attributes of an entity of the request, or the context; null for an entity that is not known.</summary>
    public readonly CedarRecord? Fields(int variable) => _fields[variable];

    /// <summary>The value of a node, kept until the next one; a null reference for an error.</summary>
    [UnscopedRef]
    public ref readonly CedarValue Evaluate(Node node)
    {
        if (node.Evaluate(ref this, out _made))
        {
            return ref _made;
        }

        return ref Unsafe.NullRef<CedarValue>();
    }

    /// <summary>Records an error in words.</summary>
    public void Say(string message, SourceSpan span, string? expected = null) => Failure ??= new CedarError(message, span, expected);

    [InlineArray(4)]
    private struct Parts<T>
    {
        private T _first;
    }
}
