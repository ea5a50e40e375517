namespace Arw.Core.Policy.Cedar.Values;

/// <summary>The name of an entity: <c>App::User::"alice"</c>. Compared by both parts; the hash is computed once.</summary>
public sealed class EntityUid : IEquatable<EntityUid>
{
    private readonly int _hash;

    /// <summary>An entity's name.</summary>
    /// <param name="type">Full name of its type, <c>App::User</c>.</param>
    /// <param name="id">Its id within the type, any text.</param>
    public EntityUid(string type, string id)
    {
        (Type, Id) = (SharedNames.Name(type), id);
        _hash = HashCode.Combine(type, id);
    }

    /// <summary>Full name of its type, <c>App::User</c>.</summary>
    public string Type { get; }

    /// <summary>Its id within the type.</summary>
    public string Id { get; }

    /// <inheritdoc/>
    public bool Equals(EntityUid? other) =>
        ReferenceEquals(this, other) || (other is not null && _hash == other._hash && Id == other.Id && Type == other.Type);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as EntityUid);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <summary>As written in policies, <c>App::User::"alice"</c>.</summary>
    public override string ToString() => $"{Type}::{Parsing.StringEscapes.Quote(Id)}";

    /// <summary>Same type and id.</summary>
    public static bool operator ==(EntityUid? left, EntityUid? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Another type or id.</summary>
    public static bool operator !=(EntityUid? left, EntityUid? right) => !(left == right);
}
