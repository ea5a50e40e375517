using System.Buffers;

namespace Arw.Core.Redaction;

/// <summary>Builds detectors of the shapes that most secrets have.</summary>
internal static class Shapes
{
    /// <summary>A prefix and then so many characters of one alphabet.</summary>
    /// <param name="id">Id of the kind.</param>
    /// <param name="name">Its name for people.</param>
    /// <param name="source">Where its format is published.</param>
    /// <param name="alphabet">What follows the prefix.</param>
    /// <param name="least">Fewest characters.</param>
    /// <param name="most">Most characters; more is something else.</param>
    /// <param name="prefixes">The prefixes.</param>
    public static Detector Token(string id, string name, string source, SearchValues<byte> alphabet, int least, int most, params string[] prefixes) =>
        Prefixed(id, name, source, (text, from) =>
        {
            var run = Bytes.Run(text, from, alphabet, most + 1);
            return run >= least && run <= most ? run : 0;
        }, prefixes);

    /// <summary>A prefix and then groups of alphabets and lengths, parted by one byte.</summary>
    /// <param name="id">Id of the kind.</param>
    /// <param name="name">Its name for people.</param>
    /// <param name="source">Where its format is published.</param>
    /// <param name="prefixes">The prefixes.</param>
    /// <param name="separator">Between two groups.</param>
    /// <param name="groups">Alphabet and shortest and longest length of each group.</param>
    public static Detector Groups(string id, string name, string source, string[] prefixes, char separator, params (SearchValues<byte> Alphabet, int Least, int Most)[] groups) =>
        Prefixed(id, name, source, (text, from) => Length(text, from, separator, groups), prefixes);

    /// <summary>A prefix, and then what a function takes: the number of bytes, 0 for not this.</summary>
    public static Detector Prefixed(string id, string name, string source, Func<ReadOnlySpan<byte>, int, int> length, params string[] prefixes) =>
        new(Credential(id, name, source), prefixes, After(length, prefixes));

    /// <summary>How many bytes the groups take, 0 when they are not all there.</summary>
    public static int Length(ReadOnlySpan<byte> text, int from, char separator, params ReadOnlySpan<(SearchValues<byte> Alphabet, int Least, int Most)> groups)
    {
        var at = from;
        for (var i = 0; i < groups.Length; i++)
        {
            if (i > 0 && (at >= text.Length || text[at++] != separator))
            {
                return 0;
            }

            var run = Bytes.Run(text, at, groups[i].Alphabet, groups[i].Most + 1);
            if (run < groups[i].Least || run > groups[i].Most)
            {
                return 0;
            }

            at += run;
        }

        return at - from;
    }

    /// <summary>A kind of credential.</summary>
    public static SecretKind Credential(string id, string name, string source) => new(id, DataClass.Credential, name, source);

    private static Verify After(Func<ReadOnlySpan<byte>, int, int> length, string[] prefixes) => (text, at) =>
    {
        if (!Bytes.Begins(text, at))
        {
            return Hit.None;
        }

        foreach (var prefix in prefixes)
        {
            var from = at + prefix.Length;
            if (from >= text.Length || !Stands(text, at, prefix) || length(text, from) is not (> 0 and var taken))
            {
                continue;
            }

            if (Bytes.Ends(text, from + taken) && Bytes.IsVaried(text.Slice(from, taken)))
            {
                return new Hit(at, from + taken);
            }
        }

        return Hit.None;
    };

    private static bool Stands(ReadOnlySpan<byte> text, int at, string prefix)
    {
        for (var i = 0; i < prefix.Length; i++)
        {
            if (text[at + i] != prefix[i])
            {
                return false;
            }
        }

        return true;
    }
}
