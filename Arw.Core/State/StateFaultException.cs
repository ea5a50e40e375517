using Arw.Core.Primitives;

namespace Arw.Core.State;

/// <summary>The read models do not follow the journal: what was written is safe, but nobody can be told what it led to.</summary>
/// <param name="cause">What stopped them.</param>
public sealed class StateFaultException(string cause) : InvalidOperationException($"The read models stopped: {cause}")
{
    /// <summary>The answer to whoever waited for them.</summary>
    public Refusal Refusal { get; } = new(
        "read_models_stopped", "The read models do not follow the journal, so what became of this is not known yet.", "Look at /healthz; look for the result before you repeat it.", 503);
}
