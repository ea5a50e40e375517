namespace Arw.Core.Policy;

/// <summary>Stub, replaced by the policy pack's real grammar.</summary>
public sealed record Capability(string Name);
