using System.Collections.Concurrent;
using Arw.Core.Access;
using Arw.Core.Primitives;

namespace Arw.Web.Features.Access;

/// <summary>One-time sign-in codes: each works once, for ten minutes, and is kept in memory only and only as a digest.</summary>
/// <param name="secrets">Where codes come from.</param>
/// <param name="time">The clock by which they expire.</param>
public sealed class SignInCodes(SecretSource secrets, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, (Principal Person, DateTimeOffset Expires)> _codes = new(StringComparer.Ordinal);

    /// <summary>How long a code works.</summary>
    public static TimeSpan Lifetime { get; } = TimeSpan.FromMinutes(10);

    /// <summary>A new code that signs this person in.</summary>
    public string Mint(Principal person)
    {
        var now = time.GetUtcNow();
        foreach (var (digest, entry) in _codes)
        {
            if (entry.Expires <= now)
            {
                _codes.TryRemove(digest, out _);
            }
        }

        var code = secrets.New();
        _codes[Digest.Of(code)] = (person, now + Lifetime);
        return code;
    }

    /// <summary>Spends a code; null when it is unknown, spent or expired.</summary>
    public Principal? Spend(string code) =>
        _codes.TryRemove(Digest.Of(code), out var entry) && time.GetUtcNow() < entry.Expires ? entry.Person : null;
}
