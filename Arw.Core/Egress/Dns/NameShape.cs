namespace Arw.Core.Egress.Dns;

/// <summary>What can be seen of a name without knowing it.</summary>
internal static class NameShape
{
    private const int LongEnough = 16;
    private const int MinDigits = 3;

    // Registries below a country that hand out names themselves; a full list changes weekly and is not needed to group names.
    private static readonly HashSet<string> Registries = new(StringComparer.Ordinal) { "ac", "co", "com", "edu", "gob", "gouv", "gov", "mil", "ne", "net", "nom", "or", "org" };

    /// <summary>The domain that somebody owns: <c>example.co.uk</c> of <c>a.b.example.co.uk</c>. The name itself where it has no more.</summary>
    public static string Domain(string name)
    {
        var labels = name.Split('.');
        var own = labels is [.., var second, { Length: 2 }] && Registries.Contains(second) ? 3 : 2;
        return labels.Length <= own ? name : string.Join('.', labels[^own..]);
    }

    /// <summary>Characters in front of the domain: where data would be carried.</summary>
    public static int Carried(string name) => Math.Max(0, name.Length - Domain(name).Length - 1);

    /// <summary>Whether a part of the name looks like chance or code, not like words: a long run without a hyphen, of many different characters.</summary>
    public static bool LooksRandom(string name)
    {
        foreach (var run in name.Split('.', '-', '_'))
        {
            var entropy = run.Length < LongEnough ? 0 : Entropy(run);
            if (entropy >= 3.6 || (entropy >= 2.8 && run.Count(char.IsAsciiDigit) >= MinDigits && run.Any(char.IsAsciiLetter)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Shannon's entropy in bits for each character.</summary>
    public static double Entropy(string text)
    {
        var bits = 0.0;
        foreach (var group in text.GroupBy(c => c))
        {
            var share = (double)group.Count() / text.Length;
            bits -= share * Math.Log2(share);
        }

        return bits;
    }
}
