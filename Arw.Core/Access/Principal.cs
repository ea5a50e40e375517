namespace Arw.Core.Access;

/// <summary>What kind of credential somebody holds.</summary>
public enum PrincipalKind
{
    /// <summary>A person: may grant, approve and configure.</summary>
    Person,

    /// <summary>An agent: may submit and read what its projects allow.</summary>
    Agent,

    /// <summary>A worker machine. No rights yet.</summary>
    Node,

    /// <summary>Somebody who watches. No rights yet.</summary>
    Guest,

    /// <summary>A part of the home itself; never comes in by a credential.</summary>
    System,
}

/// <summary>Who is asking, from the credential.</summary>
/// <param name="Kind">What kind of credential.</param>
/// <param name="Name">Its name, <c>[a-z0-9._-]{1,64}</c>.</param>
public sealed record Principal(PrincipalKind Kind, string Name)
{
    /// <summary>The person who owns the home: the admin token.</summary>
    public static Principal Owner { get; } = new(PrincipalKind.Person, "owner");

    /// <summary>A part of the home.</summary>
    public static Principal System(string part) => new(PrincipalKind.System, part);

    /// <summary>The credential's id; null for the admin token and for parts of the home.</summary>
    public string? CredentialId { get; init; }

    /// <summary>The projects that an agent is bound to; null = every project.</summary>
    public IReadOnlyList<string>? Projects { get; init; }

    /// <summary>The name in events: <c>person:owner</c>, <c>agent:digest</c>, <c>system:demo</c>.</summary>
    public string Actor => $"{Kind.ToString().ToLowerInvariant()}:{Name}";

    /// <summary>True for people and for parts of the home: who may run control actions.</summary>
    public bool MayControl => Kind is PrincipalKind.Person or PrincipalKind.System;

    /// <summary>Whether things of this project may be seen and used. Things of no project are for people only.</summary>
    public bool MayUse(string? project) => Kind switch
    {
        PrincipalKind.Person or PrincipalKind.System => true,
        PrincipalKind.Agent => project is not null && (Projects is null || Projects.Contains(project)),
        _ => false,
    };
}
