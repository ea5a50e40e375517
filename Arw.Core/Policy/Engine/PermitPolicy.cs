using Arw.Core.Access;
using Arw.Core.Policy.Capabilities;
using Arw.Core.Policy.Postures;

namespace Arw.Core.Policy.Engine;

/// <summary>Under which further condition a posture permits something.</summary>
internal enum PermitWhen
{
    /// <summary>Inside a project.</summary>
    InProject,

    /// <summary>Always.</summary>
    Always,

    /// <summary>When a person, or a part of the home, asks.</summary>
    ByPerson,

    /// <summary>When the target is not plainly inside the own network; the egress guard looks at the address that it resolves to.</summary>
    PublicTarget,
}

/// <summary>One thing that a posture permits without a lease.</summary>
/// <param name="Id">Its id in decisions.</param>
/// <param name="Capability">What it permits.</param>
/// <param name="When">Under which further condition.</param>
internal sealed record PermitPolicy(string Id, Capability Capability, PermitWhen When)
{
    private static readonly PermitPolicy[] Computing =
    [
        Of("text", "text.*", PermitWhen.Always),
        Of("topics", "topics.*", PermitWhen.Always),
        Of("echo", "demo.echo", PermitWhen.Always),
        Of("notes", "notes.append", PermitWhen.InProject),
        Of("beliefs", "beliefs.propose", PermitWhen.InProject),
        Of("remember", "memory.remember", PermitWhen.InProject),
        Of("recipes", "recipe.run", PermitWhen.ByPerson),
    ];

    private static readonly PermitPolicy[] Reading =
    [
        Of("read", "file.read", PermitWhen.InProject),
        Of("state", "state.read", PermitWhen.Always),
        Of("memory", "memory.search", PermitWhen.InProject),
    ];

    private static readonly PermitPolicy[] Relaxing =
    [
        Of("files", "file.*", PermitWhen.InProject),
        Of("notes", "notes.*", PermitWhen.InProject),
        Of("beliefs", "beliefs.*", PermitWhen.InProject),
        Of("models", "model.run", PermitWhen.InProject),
        Of("recipes", "recipe.run", PermitWhen.InProject),
        Of("egress", "net.http", PermitWhen.PublicTarget),
    ];

    private static readonly PermitPolicy[] Strict = Named("strict", Computing);
    private static readonly PermitPolicy[] Standard = Named("standard", [.. Computing, .. Reading]);
    private static readonly PermitPolicy[] Relaxed = Named("relaxed", [.. Computing, .. Reading, .. Relaxing]);

    /// <summary>What a posture permits.</summary>
    public static PermitPolicy[] Of(Posture posture) => posture switch
    {
        Posture.Relaxed => Relaxed,
        Posture.Standard => Standard,
        _ => Strict,
    };

    /// <summary>Whether it permits what is asked.</summary>
    public bool Permits(in AccessRequest request) => Capability.Covers(request.Capability) && When switch
    {
        PermitWhen.Always => true,
        PermitWhen.InProject => request.Project is not null,
        PermitWhen.ByPerson => request.Principal.Kind is PrincipalKind.Person or PrincipalKind.System,
        _ => request.Capability.Scope is HttpScope { Host: { IsLiteral: true, IsNonPublicLiteral: false } },
    };

    private static PermitPolicy Of(string word, string capability, PermitWhen when) => new(word, Capability.Of(capability), when);

    private static PermitPolicy[] Named(string posture, PermitPolicy[] policies) =>
        [.. policies.Select(p => p with { Id = $"posture.{posture}.{p.Id}" })];
}
