using System.Net;
using System.Net.Sockets;
using Arw.Core.Actions;
using Arw.Core.Policy;
using Arw.Core.Primitives;

namespace Arw.Core.Egress;

/// <summary>Leave to connect: to these addresses and no others.</summary>
/// <param name="Addresses">Every address that the name led to when it was resolved, all checked.</param>
/// <param name="Permit">What permits it.</param>
/// <param name="Eligible">Why it may be asked for.</param>
internal sealed record Admission(IReadOnlyList<IPAddress> Addresses, Permit Permit, Eligible Eligible);

/// <summary>The one decision point of everything that leaves: judges the place, asks policy, resolves the name once, and judges where it leads. Whoever connects does so to the addresses that were judged.</summary>
public sealed class EgressGuard(EgressGate gate, HostResolver resolve, TimeProvider time)
{
    private const int MaxAddresses = 8;

    /// <summary>Whether a connection may be made, and where to. Refusals: those of <see cref="EgressGate.Judge"/>, of policy, <c>name_not_resolved</c>, and those of the addresses.</summary>
    internal async Task<Result<Admission>> AdmitAsync(EgressTarget target, Capability capability, ActionRun run, EgressLimits limits, CancellationToken total, CancellationToken cancel)
    {
        // Permission before resolving: a name that nobody permitted is not even told to the name server.
        if (!gate.Judge(target, capability, run.Context).TryGet(out var eligible, out var refusal)
            || !(await run.DemandAsync(capability, cancel)).TryGet(out var permit, out refusal)
            || !(await ResolveAsync(target, limits, total, cancel)).TryGet(out var addresses, out refusal)
            || (refusal = gate.JudgeAddresses(target, eligible, addresses)) is not null)
        {
            return refusal;
        }

        return new Admission(addresses, permit, eligible);
    }

    private async Task<Result<IPAddress[]>> ResolveAsync(EgressTarget target, EgressLimits limits, CancellationToken total, CancellationToken cancel)
    {
        if (target.Literal is not null)
        {
            return new[] { target.Literal };
        }

        using var late = new CancellationTokenSource(TimeSpan.FromMilliseconds(limits.ConnectMs), time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(late.Token, total, cancel);
        try
        {
            var addresses = await resolve(target.Host, any.Token);
            return addresses.Length > 0 ? addresses[..Math.Min(addresses.Length, MaxAddresses)] : NotResolved(target, "it has no address");
        }
        catch (SocketException e)
        {
            return NotResolved(target, e.Message);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return NotResolved(target, "the name server did not answer in time");
        }
    }

    private static Refusal NotResolved(EgressTarget target, string why) =>
        new("name_not_resolved", $"The host \"{target.Host}\" could not be found: {why}.", "Check the spelling of the host.", 502);
}
