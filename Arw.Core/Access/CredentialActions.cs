using System.ComponentModel;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Arw.Core.Actions;
using Arw.Core.Policy;
using Arw.Core.Primitives;
using Microsoft.Extensions.DependencyInjection;

namespace Arw.Core.Access;

/// <summary>Who can hold a credential.</summary>
public enum CredentialKind
{
    /// <summary>A person.</summary>
    Person = PrincipalKind.Person,

    /// <summary>An agent.</summary>
    Agent = PrincipalKind.Agent,

    /// <summary>A worker machine.</summary>
    Node = PrincipalKind.Node,

    /// <summary>Somebody who watches.</summary>
    Guest = PrincipalKind.Guest,
}

/// <summary>Input of <c>credential.mint</c>.</summary>
public sealed record MintCredential(
    [property: Description("A name for it, 1 to 64 of a-z, 0-9, dot, underscore, hyphen.")] string Name,
    [property: Description("Whose it is: person, agent, node or guest.")] CredentialKind Kind)
{
    internal PrincipalKind Principal => (PrincipalKind)Kind;

    /// <summary>Projects that it is bound to; null = every project.</summary>
    [Description("Projects that it may see and use; leave out for every project.")]
    public IReadOnlyList<string>? Projects { get; init; }

    /// <summary>Seconds until it ends; null = until it is revoked.</summary>
    [Description("Seconds until it ends; leave out to keep it until it is revoked.")]
    public long? TtlSecs { get; init; }
}

/// <summary>Makes a credential and shows its secret once, in the answer.</summary>
/// <param name="credentials">Existing ones.</param>
/// <param name="secrets">Where the secret comes from: of a shape that the journal's redactor knows, so that no event can hold it.</param>
/// <param name="ids">Where its id comes from.</param>
/// <param name="time">The clock.</param>
public sealed partial class MintCredentialAction(
    CredentialsModel credentials, SecretSource secrets, IdSource ids, TimeProvider time) : ActionKind<MintCredential>
{
    private const long MaxTtlSecs = 10L * 365 * 24 * 3600;

    /// <inheritdoc/>
    public override string Id => "credential.mint";

    /// <inheritdoc/>
    public override string Title => "Make a credential";

    /// <inheritdoc/>
    public override string Summary => "Makes a named credential for a person, an agent, a node or a guest. The secret is in the answer, once, and nowhere else.";

    /// <inheritdoc/>
    public override Effects Effects => Effects.None;

    /// <inheritdoc/>
    public override bool Control => true;

    /// <inheritdoc/>
    protected override Result<IReadOnlyList<Capability>> Needs(MintCredential input, ActionContext context)
    {
        if (!Name().IsMatch(input.Name))
        {
            return Refusal.Invalid($"\"{input.Name}\" is not a name for a credential.", "Use 1 to 64 of a-z, 0-9, dot, underscore and hyphen.");
        }

        if (input is { Kind: CredentialKind.Person, Name: "owner" })
        {
            return Refusal.Invalid($"\"{input.Kind.ToString().ToLowerInvariant()}:{input.Name}\" is taken by the home itself.", "Choose another name or kind.");
        }

        if (input.TtlSecs is < 1 or > MaxTtlSecs)
        {
            return Refusal.Invalid($"A credential cannot last {input.TtlSecs} seconds.", $"Use 1 to {MaxTtlSecs} seconds, or leave it out.");
        }

        if (input.Projects is { } projects && (projects.Count == 0 || !projects.All(p => Name().IsMatch(p))))
        {
            return Refusal.Invalid("The list of projects is empty or has an entry that is not a project id.", "Name at least one project, or leave the list out for every project.");
        }

        return Array.Empty<Capability>();
    }

    /// <inheritdoc/>
    protected override string Describe(MintCredential input) => $"Make a credential for {input.Kind.ToString().ToLowerInvariant()} \"{input.Name}\"";

    /// <inheritdoc/>
    protected override async Task<Result<JsonNode?>> RunAsync(MintCredential input, ActionRun run, CancellationToken cancel)
    {
        var now = Rfc3339.Truncate(time.GetUtcNow());
        if (credentials.Current.Items.Values.Any(c => c.Kind == input.Principal && c.Name == input.Name && c.Holds(now)))
        {
            return Refusal.Conflict($"There is a credential named \"{input.Name}\" of that kind already.", "Revoke it first, or choose another name.");
        }

        var (id, secret) = (ids.New(), secrets.New(input.Principal));
        var minted = new CredentialMinted(id, input.Name, input.Principal, SecretSource.Hash(secret))
        {
            Projects = input.Projects,
            Expires = input.TtlSecs is { } ttl ? now.AddSeconds(ttl) : null,
        };
        await run.AppendAsync([AccessEvents.Minted.Draft(minted, run.Context.Principal.Actor, AccessEvents.CredentialSubject(id))], cancel);
        var answer = new JsonObject { ["id"] = id, ["name"] = input.Name, ["secret"] = secret };
        if (minted.Expires is { } expires)
        {
            answer["expires"] = Rfc3339.Format(expires);
        }

        return answer;
    }

    [GeneratedRegex("^[a-z0-9._-]{1,64}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Name();
}

/// <summary>Input of <c>credential.revoke</c>.</summary>
public sealed record RevokeCredential([property: Description("Id of the credential.")] string Id);

/// <summary>Takes a credential back: its next request is refused, its open streams end, and what it still has waiting or running is cancelled.</summary>
/// <param name="credentials">Existing ones.</param>
/// <param name="live">What waits and runs.</param>
/// <param name="services">The desk that cancels, asked for late because it knows all action kinds.</param>
public sealed class RevokeCredentialAction(CredentialsModel credentials, LiveActions live, IServiceProvider services) : ActionKind<RevokeCredential>
{
    /// <inheritdoc/>
    public override string Id => "credential.revoke";

    /// <inheritdoc/>
    public override string Title => "Revoke a credential";

    /// <inheritdoc/>
    public override string Summary => "Takes a credential back; whoever holds it is refused from then on.";

    /// <inheritdoc/>
    public override Effects Effects => Effects.None;

    /// <inheritdoc/>
    public override bool Control => true;

    /// <inheritdoc/>
    protected override Result<IReadOnlyList<Capability>> Needs(RevokeCredential input, ActionContext context) => Array.Empty<Capability>();

    /// <inheritdoc/>
    protected override async Task<Result<JsonNode?>> RunAsync(RevokeCredential input, ActionRun run, CancellationToken cancel)
    {
        if (!credentials.Current.Items.TryGetValue(input.Id, out var credential))
        {
            return Refusal.NotFound("credential", input.Id);
        }

        if (credential.Revoked is null)
        {
            await run.AppendAsync(
                [AccessEvents.Revoked.Draft(new CredentialRevoked(input.Id), run.Context.Principal.Actor, AccessEvents.CredentialSubject(input.Id))], cancel);
            var desk = services.GetRequiredService<ActionDesk>();
            foreach (var action in live.Current.Actions.Values.Where(a => a.Principal.Kind == credential.Kind && a.Principal.Name == credential.Name))
            {
                await desk.CancelAsync(action.Id, run.Context.Principal.Actor, "The credential of who asked for it was revoked.", cancel);
            }
        }

        return new JsonObject { ["id"] = credential.Id, ["name"] = credential.Name };
    }
}
