using Arw.Core.Policy.Cedar.Schemas;

namespace Arw.Core.Policy.Cedar.Validation;

/// <summary>What the check of an expression found: its type, what it shows to be there when it is true, and whether nothing was wrong.</summary>
internal readonly struct Answer
{
    private Answer(CedarType? type, CapabilitySet capabilities, bool ok) => (Type, Capabilities, IsRight) = (type, capabilities, ok);

    /// <summary>The type; null when it could not be told. A wrong expression may have one too, so that what surrounds it is checked further.</summary>
    public CedarType? Type { get; }

    /// <summary>What is there when the expression is true; nothing when it is wrong.</summary>
    public CapabilitySet Capabilities { get; }

    /// <summary>False when something in it is wrong.</summary>
    public bool IsRight { get; }

    public bool IsTrue => Type is BoolType { Only: true };

    public bool IsFalse => Type is BoolType { Only: false };

    public static Answer Right(CedarType type, CapabilitySet capabilities = default) => new(type, capabilities, ok: true);

    public static Answer Wrong(CedarType? type = null) => new(type, default, ok: false);

    /// <summary>The same, but right only when what it depends on was right too.</summary>
    public Answer If(bool ok) => ok || !IsRight ? this : Wrong(Type);

    public Answer With(CapabilitySet more) => IsRight ? new Answer(Type, Capabilities.Union(more), ok: true) : this;
}
