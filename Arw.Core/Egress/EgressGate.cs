using System.Net;
using Arw.Core.Actions;
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

    /// <summary>The mode in force: the one a person chose, else the posture's.</summary>
    public EgressMode Mode => settings.Current.Mode ?? policy.PostureMode();

    /// <summary>Whether the target may be asked for, as far as can be said without DNS. Refusals: <c>address_not_public</c>, <c>not_in_allowlist</c>.</summary>
    public Result<Eligible> Judge(EgressTarget target, string method, ActionContext context)
    {
        var mode = Mode;
        var (matching, spelling) = Scopes(target.Place);
        if (mode == EgressMode.Allowlist && matching is null)
        {
            return new Refusal(
                NotInAllowlist,
                $"\"{target.Host}\" port {target.Port} is in no egress scope, and only places in scopes may be asked for.",
                "A person can add a scope for it in the egress settings.",
                403);
        }

        var spelled = spelling is not null || policy.SpelledByLease(target, method, context);
        return target.Place.KnownClass is { } known && known != AddressClass.Public && !spelled
            ? NotPublic(target, target.Literal, known)
            : new Eligible(mode, (spelling ?? matching)?.Id, spelled);
    }

    /// <summary>What stands against the target before any lease counts, for the policy engine: <c>address_not_public</c>, <c>not_in_allowlist</c>, or null.</summary>
    public string? Veto(Capability capability)
    {
        if (EgressPlace.Of(capability) is not { } place)
        {
            return null;
        }

        var (matching, spelling) = Scopes(place);
        return Mode == EgressMode.Allowlist && matching is null ? NotInAllowlist
            : place.KnownClass is { } known && known != AddressClass.Public && spelling is null ? AddressNotPublic
            : null;
    }

    /// <summary>The first address that the target must not be reached at, as refusal <c>address_not_public</c>; null when all may be used.</summary>
    public static Refusal? JudgeAddresses(EgressTarget target, Eligible eligible, IReadOnlyList<IPAddress> addresses)
    {
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

    private (EgressScope? Matching, EgressScope? Spelling) Scopes(in EgressPlace place)
    {
        var now = time.GetUtcNow();
        EgressScope? matching = null;
        EgressScope? spelling = null;
        var scopes = settings.Current.Scopes;
        for (var i = 0; i < scopes.Count; i++)
        {
            var scope = scopes[i];
            if (scope.IsLive(now) && scope.Matches(place))
            {
                matching ??= scope;
                spelling ??= scope.Spells(place) ? scope : null;
            }
        }

        return (matching, spelling);
    }

    private static Refusal NotPublic(EgressTarget target, IPAddress? address, AddressClass found) => new(
        AddressNotPublic,
        address is null || target.Literal is not null
            ? $"\"{target.Host}\" is {Addresses.Describe(found)}."
            : $"\"{target.Host}\" leads to {address}, {Addresses.Describe(found)}.",
        $"Only a person can open such a place, by a scope that spells the host {target.Host} and the port {target.Port}.",
        403,
        new RefusedAddress(address?.ToString(), found));
}
