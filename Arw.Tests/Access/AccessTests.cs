using System.Text;
using Arw.Core.Access;
using Arw.Core.Journal;
using Arw.Core.Primitives;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace Arw.Tests.Access;

public class AccessTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch.AddYears(56);

    [Fact]
    public void Secret_HasTheShapeThatTheRedactorKnows()
    {
        var secrets = new SecretSource();
        var redactor = new Redactor();
        foreach (var kind in new[] { PrincipalKind.Person, PrincipalKind.Agent, PrincipalKind.Node, PrincipalKind.Guest })
        {
            var secret = secrets.New(kind);
            Assert.Matches($"^arw_{kind.ToString().ToLowerInvariant()}_[a-z2-7]{{32}}$", secret);
            Assert.StartsWith("it is [redacted:arw-token:", redactor.Redact($"it is {secret}"));
        }
    }

    [Fact]
    public void Secret_ComesFromTheInjectedRandomness() =>
        Assert.Equal("arw_agent_" + new string('b', 32), new SecretSource(span => span.Fill(1)).New(PrincipalKind.Agent));

    [Fact]
    public void AdminToken_IsKnownBySecretHashAndFile()
    {
        using var folder = new TempFolder();
        var made = AdminToken.FromFolder(folder.Path, new SecretSource());
        var again = AdminToken.FromFolder(folder.Path, new SecretSource());
        Assert.Equal(made.Secret, again.Secret);
        Assert.True(again.Is(made.Secret!));
        Assert.False(again.Is(made.Secret + "x"));
        var hash = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(made.Secret!)));
        Assert.True(AdminToken.FromHash(hash).Is(made.Secret!));
    }

    [Fact]
    public void Credential_Known_UntilItExpiresOrIsRevoked()
    {
        var time = new FakeTimeProvider(Start);
        var (credentials, sessions) = (new CredentialsModel(), new SessionsModel());
        var door = new Doorkeeper(AdminToken.FromSecret("the owner's token"), credentials, sessions, time);
        credentials.Apply(Event(1, AccessEvents.Minted, Minted("A", "secret-a", Start.AddMinutes(1))));
        credentials.Apply(Event(2, AccessEvents.Minted, Minted("B", "secret-b", null)));

        Assert.Equal(Principal.Owner, door.Who("the owner's token"));
        Assert.Null(door.Who("something else"));
        Assert.Equal("agent:a", door.Who("secret-a")!.Actor);
        Assert.Equal(["demo"], door.Who("secret-a")!.Projects);

        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(door.Who("secret-a"));
        Assert.Equal("agent:b", door.Who("secret-b")!.Actor);
        credentials.Apply(Event(3, AccessEvents.Revoked, new CredentialRevoked("B")));
        Assert.Null(door.Who("secret-b"));
    }

    [Fact]
    public void Session_Known_UntilItEndsOrExpires()
    {
        var time = new FakeTimeProvider(Start);
        var sessions = new SessionsModel();
        var door = new Doorkeeper(AdminToken.FromSecret("the owner's token"), new CredentialsModel(), sessions, time);
        sessions.Apply(Event(1, AccessEvents.SessionStarted, new SessionStarted("S", "owner", Start.AddHours(1))));
        sessions.Apply(Event(2, AccessEvents.SessionStarted, new SessionStarted("T", "owner", Start.AddHours(1))));
        Assert.Equal(Principal.Owner, door.WhoseSession("S"));
        sessions.Apply(Event(3, AccessEvents.SessionEnded, new SessionEnded("S")));
        Assert.Null(door.WhoseSession("S"));
        time.Advance(TimeSpan.FromHours(1));
        Assert.Null(door.WhoseSession("T"));
    }

    [Fact]
    public void Fold_OfAnySequence_IsTheSameAfterSaveAndLoad() =>
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 5]).Array[0, 40].Sample(steps =>
        {
            var (straight, interrupted) = (new CredentialsModel(), new CredentialsModel());
            for (var i = 0; i < steps.Length; i++)
            {
                var (what, id) = steps[i];
                var e = what < 3
                    ? Event(i + 1, AccessEvents.Minted, Minted($"C{id}", $"secret-{i}", null))
                    : Event(i + 1, AccessEvents.Revoked, new CredentialRevoked($"C{id}"));
                straight.Apply(e);
                interrupted.Apply(e);
                var reloaded = new CredentialsModel();
                reloaded.Load(interrupted.Save());
                interrupted = reloaded;
            }

            Assert.Equal(Encoding.UTF8.GetString(straight.Save()), Encoding.UTF8.GetString(interrupted.Save()));
        });

    private static CredentialMinted Minted(string id, string secret, DateTimeOffset? expires) =>
        new(id, id.ToLowerInvariant(), PrincipalKind.Agent, Digest.Of(secret)) { Projects = ["demo"], Expires = expires };

    private static JournalEvent Event<T>(long seq, EventKind<T> kind, T payload) => new()
    {
        Seq = seq,
        Recorded = Start.AddSeconds(seq),
        Time = Start.AddSeconds(seq),
        Kind = kind.Name,
        Actor = "person:owner",
        Payload = ArwJson.ToUtf8(payload),
    };
}
