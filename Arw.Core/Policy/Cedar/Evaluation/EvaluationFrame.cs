using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Entities;

namespace Arw.Core.Policy.Cedar.Evaluation;

/// <summary>What an evaluation looks at, and the error that ended it. Lives on the stack.</summary>
internal ref struct EvaluationFrame
{
    public EvaluationFrame(CedarRequest request, CedarEntities entities)
    {
        Request = request;
        Entities = entities;
        Principal = entities.Find(request.Principal);
        Action = entities.Find(request.Action);
        Resource = entities.Find(request.Resource);
    }

    public readonly CedarRequest Request;
    public readonly CedarEntities Entities;
    public readonly CedarEntity? Principal;
    public readonly CedarEntity? Action;
    public readonly CedarEntity? Resource;

    /// <summary>True when errors are put in words; off on the deciding path, which must not allocate.</summary>
    public bool Explains;

    /// <summary>The error in words, once <see cref="Explains"/> is on.</summary>
    public CedarError? Failure;

    /// <summary>Records an error in words.</summary>
    public void Say(string message, SourceSpan span, string? expected = null) => Failure ??= new CedarError(message, span, expected);
}
