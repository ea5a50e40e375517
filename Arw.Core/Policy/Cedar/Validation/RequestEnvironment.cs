using Arw.Core.Policy.Cedar.Schemas;

namespace Arw.Core.Policy.Cedar.Validation;

/// <summary>One kind of request that a schema allows: an action with a type of principal and a type of resource.</summary>
internal sealed record RequestEnvironment(EntityReferenceType Principal, ActionDefinition Action, EntityReferenceType Resource);
