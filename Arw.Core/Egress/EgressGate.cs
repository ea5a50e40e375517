using System.Net;
using Arw.Core.Actions;
using Arw.Core.Egress.Dns;
using Arw.Core.Policy;
using Arw.Core.Primitives;

namespace Arw.Core.Egress;

/// <summary>A target that may be asked for.</summary>
/// <param name="Mode">Egress mode in force.</param>
/// <param name="Scope">The scope that makes it eligible; null when none was needed.</param>
/// <param name="Spelled">A person spelled its host and port, so that its addresses need not be public.</param>
public readonly record struct Eligible(EgressMode Mode, string? Scope, bool Spelled);

/// <summary>Judges whether a place may be asked for at all, before and after its name is resolved. It grants nothing: that is policy's part.</summary>
public sealed class EgressGate(EgressSettingsModel settings, EgressPolicy policy, TimeProvider time)
{
    private const string NotInAllowlist = "not_in_allowlist";
    private const string AddressNotPublic = "address_not_public";
    private const string AddressLiteral = "address_literal";
    private const string DeniedByScope = "denied_by_scope";

    /// <summary>The mode in force: the one a person chose for the project, else the one for the home, else the posture's.</summary>
    /// <param name="project">The project that asks; null for the whole home.</param>
    public EgressMode ModeFor(string? project) =>
        project is not null && settings.Current.ProjectModes.TryGetValue(project, out var own) ? own : settings.Current.Mode ?? policy.PostureMode();

    /// <summary>Whether the target may be asked for, as far as can be said without DNS. Refusals: <c>denied_by_scope</c>, <c>not_in_allowlist</c>, <c>address_not_public</c>, <c>address_literal</c>, and for other resolvers <c>dns_over_https</c>, <c>dns_over_tls</c>, <c>dns_elsewhere</c>.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="capability">What is asked for there.</param>
    /// <param name="context">Who asks.</param>
    public Result<Eligible> Judge(EgressTarget target, Capability capability, ActionContext context)
    {
        var mode = ModeFor(context.Project);
        var (matching, spelling, denying) = Scopes(target.Place);
        if (denying is not null)
        {
            return Denied(target, null, denying);
        }

        if (spelling is null && OtherResolvers.CodeOf(target.Place, capability, target.SpeaksDns) is { } resolver)
        {
            return OtherResolver(target, null, resolver);
        }

        if (mode == EgressMode.Allowlist && matching is null)
        {
            return new Refusal(
                NotInAllowlist,
                $"\"{target.Host}\" port {target.Port} is in no egress scope, and only places in scopes may be asked for.",
                "A person can add a scope for it in the egress settings.",
                403);
        }

        var spelled = spelling is not null || policy.SpelledByLease(capability, context);
        if (!spelled && target.Place.KnownClass is { } known && known != AddressClass.Public)
        {
            return NotPublic(target, target.Literal, known);
        }

        return !spelled && IsUnnamedLiteral(mode, target.Place, matching)
            ? new Refusal(
                AddressLiteral,
                $"\"{target.Host}\" is an address, not a name.",
                $"A person can open it by a scope or a lease that names {target.Host} and the port {target.Port}.",
                403,
                new RefusedAddress(target.Host, AddressClass.Public))
            : new Eligible(mode, (spelling ?? matching)?.Id, spelled);
    }

    /// <summary>What stands against the target before any lease counts, for the policy engine: the code of <see cref="Judge"/>'s refusal, or null.</summary>
    public string? Veto(Capability capability, string? project)
    {
        if (EgressPlace.Of(capability) is not { } place)
        {
            return null;
        }

        var mode = ModeFor(project);
        var (matching, spelling, denying) = Scopes(place);
        return denying is not null ? DeniedByScope
            : spelling is null && OtherResolvers.CodeOf(place, capability, speaksDns: false) is { } resolver ? resolver
            : mode == EgressMode.Allowlist && matching is null ? NotInAllowlist
            : spelling is not null ? null
            : place.KnownClass is { } known && known != AddressClass.Public ? AddressNotPublic
            : IsUnnamedLiteral(mode, place, matching) ? AddressLiteral
            : null;
    }

    /// <summary>The first address that the target must not be reached at, as refusal <c>denied_by_scope</c>, <c>dns_over_https</c> or <c>address_not_public</c>; null when all may be used.</summary>
    public Refusal? JudgeAddresses(EgressTarget target, Eligible eligible, IReadOnlyList<IPAddress> addresses)
    {
        foreach (var address in addresses)
        {
            var (_, spelling, denying) = Scopes(target.Place with { Literal = address });
            if (denying is not null)
            {
                return Denied(target, address, denying);
            }

            // A name of one's own for a public resolver.
            if (spelling is null && OtherResolvers.IsKnown(address))
            {
                return OtherResolver(target, address, OtherResolvers.OverHttps);
            }
        }

        if (eligible.Spelled)
        {
            return null;
        }

        foreach (var address in addresses)
        {
            if (Addresses.Classify(address) is var found && found != AddressClass.Public)
            {
                return NotPublic(target, address, found);
            }
        }

        return null;
    }

    // Whoever writes an address goes around names, and so around everything that is said of names.
    private static bool IsUnnamedLiteral(EgressMode mode, in EgressPlace place, EgressScope? matching) =>
        place.Literal is not null && mode != EgressMode.Observe && matching is null;

    private (EgressScope? Matching, EgressScope? Spelling, EgressScope? Denying) Scopes(in EgressPlace place)
    {
        var now = time.GetUtcNow();
        EgressScope? matching = null;
        EgressScope? spelling = null;
        EgressScope? denying = null;
        var scopes = settings.Current.Scopes;
        for (var i = 0; i < scopes.Count; i++)
        {
            var scope = scopes[i];
            if (!scope.IsLive(now) || !scope.Matches(place))
            {
                continue;
            }

            if (scope.Deny)
            {
                denying ??= scope;
            }
            else
            {
                matching ??= scope;
                spelling ??= scope.Spells(place) ? scope : null;
            }
        }

        return (matching, spelling, denying);
    }

    private static Refusal Denied(EgressTarget target, IPAddress? address, EgressScope scope) => new(
        DeniedByScope,
        $"The egress scope \"{scope.Id}\" says that {(address is null || target.Literal is not null ? $"\"{target.Host}\"" : $"{address}, where \"{target.Host}\" leads,")} is never asked for.",
        "A person can change or remove that scope in the egress settings.",
        403);

    private static Refusal OtherResolver(EgressTarget target, IPAddress? address, string code) => new(
        code,
        $"\"{target.Host}\" port {target.Port} {(address is null ? "is" : $"leads to {address},")} another resolver: names that are looked up there go around this home.",
        $"Look names up with the system's resolver. Only a person can open this one, by a scope that spells the host {target.Host} and the port {target.Port}.",
        403);

    private static Refusal NotPublic(EgressTarget target, IPAddress? address, AddressClass found) => new(
        AddressNotPublic,
        address is null || target.Literal is not null
            ? $"\"{target.Host}\" is {Addresses.Describe(found)}."
            : $"\"{target.Host}\" leads to {address}, {Addresses.Describe(found)}.",
        $"Only a person can open such a place, by a scope that spells the host {target.Host} and the port {target.Port}.",
        403,
        new RefusedAddress(address?.ToString(), found));
}
