using Arw.Core.Journal;
using Arw.Core.Redaction;
using Xunit.Abstractions;

namespace Arw.Tests.Redaction;

/// <summary>Secrets made anew in each run: a failure names the seed.</summary>
public sealed class RecallTests(ITestOutputHelper output)
{
    private const int Each = 60;

    private static readonly string[] Frames =
    [
        "{}", "key {} was leaked", "value=\"{}\"", "[2026-11-25T08:00:00Z] sent {}, answered 200", "{\"a\":\"{}\"}", "- {}\n- other", "curl 'https://example.org/?x={}'", "'{}'", "({})", "Ключ: {}。",
    ];

    [Fact]
    public void Mask_SecretsOfEveryKind_LeavesNearlyNone()
    {
        var seed = Environment.GetEnvironmentVariable("ARW_TEST_SEED") is { } given ? int.Parse(given, System.Globalization.CultureInfo.InvariantCulture) : System.Security.Cryptography.RandomNumberGenerator.GetInt32(int.MaxValue);
        output.WriteLine($"seed {seed}");
        var drawn = new Drawn(seed);
        var redactor = new Redactor();
        var misses = new List<string>();
        var worst = ("", 1.0);
        var called = 0;
        foreach (var (kind, make) in SecretSamples.All)
        {
            var found = 0;
            for (var i = 0; i < Each; i++)
            {
                var sample = make(drawn);
                var text = sample.Text ?? drawn.Any(Frames).Replace("{}", sample.Secret, StringComparison.Ordinal);
                var masked = redactor.Mask(text, DataClasses.All);
                if (Left(masked, sample.Secret))
                {
                    misses.Add($"{kind}: {text}\n   -> {masked}");
                }
                else
                {
                    found++;
                    called += masked.Contains($"[redacted:{kind}:", StringComparison.Ordinal) ? 1 : 0;
                }
            }

            worst = (double)found / Each < worst.Item2 ? (kind, (double)found / Each) : worst;
        }

        var recall = 1 - misses.Count / (double)(Each * SecretSamples.All.Count);
        output.WriteLine($"{SecretSamples.All.Count} kinds, recall {recall:P2}, worst {worst}, called by their name {called / (double)(Each * SecretSamples.All.Count):P2}");
        misses.ForEach(output.WriteLine);
        Assert.True(SecretSamples.All.Count >= 60);
        Assert.True(recall >= 0.98, $"seed {seed}: recall {recall:P2}\n{string.Join('\n', misses.Take(20))}");
        Assert.True(worst.Item2 >= 0.9, $"seed {seed}: {worst}\n{string.Join('\n', misses.Where(m => m.StartsWith(worst.Item1, StringComparison.Ordinal)).Take(5))}");
    }

    [Fact]
    public void Shipped_EveryKind_HasItsSamples()
    {
        Assert.Equal(SecretKinds.Shipped.Select(k => k.Id).Order(), SecretSamples.All.Keys.Order());
    }

    // Ten bytes of it in a row would be most of a password.
    private static bool Left(string masked, string secret)
    {
        var window = Math.Min(10, secret.Length);
        var from = secret.Length > 24 ? 14 : 0;
        for (var i = from; i + window <= secret.Length; i++)
        {
            if (masked.Contains(secret.AsSpan(i, window), StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
