using System.Globalization;

namespace Arw.Core.Redaction;

/// <summary>What a canary looks like: something that a thief would take.</summary>
public enum CanaryForm
{
    /// <summary>An AWS access key id.</summary>
    AwsKey,

    /// <summary>A GitHub token.</summary>
    GithubToken,

    /// <summary>An API key of no known service.</summary>
    ApiKey,

    /// <summary>The address of a database, with its password.</summary>
    DatabaseUrl,
}

/// <summary>A planted canary.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Label">Where it was planted.</param>
/// <param name="Form">What it looks like.</param>
/// <param name="Planted">When.</param>
/// <param name="Seen">How often it turned up.</param>
/// <param name="LastSeen">When it did last; null for never.</param>
public sealed record Canary(string Id, string Label, CanaryForm Form, DateTimeOffset Planted, int Seen = 0, DateTimeOffset? LastSeen = null)
{
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const string Alphanumeric = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    /// <summary>The false secret: the same each time it is asked for, in this home only.</summary>
    public static string Value(RedactionKey key, string id, CanaryForm form)
    {
        var bytes = key.Derive(string.Create(CultureInfo.InvariantCulture, $"canary {form} {id}"));
        return form switch
        {
            CanaryForm.AwsKey => "AKIA" + Of(Base32, bytes, 16),
            CanaryForm.GithubToken => "ghp_" + Of(Alphanumeric, bytes, 36),
            CanaryForm.ApiKey => "key_live_" + Of(Alphanumeric, bytes, 40),
            _ => $"postgres://backup:{Of(Alphanumeric, bytes, 24)}@db-replica.internal:5432/main",
        };
    }

    private static string Of(string alphabet, byte[] bytes, int length) =>
        string.Create(length, (alphabet, bytes), static (text, from) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                text[i] = from.alphabet[from.bytes[i] % from.alphabet.Length];
            }
        });
}
