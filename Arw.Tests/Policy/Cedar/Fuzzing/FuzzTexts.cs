using Arw.Core.Policy.Cedar.Formatting;
using Arw.Core.Policy.Cedar.Json;
using Arw.Core.Policy.Cedar.Policies;
using Arw.Core.Policy.Cedar.Schemas;
using Arw.Tests.Policy.Cedar.Corpus;
using Arw.Tests.Policy.Cedar.Differential;
using CsCheck;

namespace Arw.Tests.Policy.Cedar.Fuzzing;

/// <summary>What kind of text a parser is given.</summary>
internal enum FuzzKind
{
    Policies,
    Schema,
    SchemaJson,
    Entities,
    PolicySetJson,
}

/// <summary>Texts for the parsers: right ones made by grammar or taken from the corpus where it lies beside the repository, and what mutations make of them.</summary>
internal sealed class FuzzTexts
{
    private static readonly string[] Tokens =
    [
        "(", ")", "[", "]", "{", "}", ",", ";", ":", "::", ".", "\"", "\\", "\\u{110000}", "\\u{d800}", "//", "\n", "\r", "\0", "@", "?principal", "?resource", "&&", "||", "==", "!=", "<=", "!", "-", "+", "*",
        "if", "then", "else", "in", "is", "has", "like", "permit", "principal", "__cedar", "Set<", ">", "entity", "action", "namespace", "type", "tags", "enum", "appliesTo", "9223372036854775808", "-9223372036854775808",
        "1e999", "null", "true", "\"__entity\":", "\"__extn\":", "\"__expr\":", "\ud800", "\udc00", "\u202e", "😀", "\ufeff", "\"type\":", "\"Value\":", "\"&&\":", "\"Record\":",
    ];

    private readonly Dictionary<FuzzKind, List<string>> _right = Enum.GetValues<FuzzKind>().ToDictionary(kind => kind, _ => new List<string>());

    public FuzzTexts(int corpusCases)
    {
        if (CorpusFiles.Exists)
        {
            foreach (var test in CorpusFiles.ReadHandWritten().Concat(CorpusFiles.ReadGenerated().Take(corpusCases)))
            {
                Keep(test.Policies, test.Schema, test.Entities);
            }
        }
    }

    /// <summary>A text by chance.</summary>
    public string Make(FuzzKind kind, Draw draw, PCG chance)
    {
        if (_right[kind].Count < 50 || draw.OneIn(20))
        {
            var made = DifferentialCase.Gen.Generate(chance, null, out _);
            Keep(made.Policies, made.Schema, made.Entities);
        }

        var text = draw.Any(_right[kind]);
        for (var mutations = draw.Below(6); mutations > 0; mutations--)
        {
            text = Mutate(text, kind, draw);
        }

        return text;
    }

    private string Mutate(string text, FuzzKind kind, Draw draw)
    {
        var at = draw.Below(text.Length + 1);
        var length = draw.Below(Math.Min(text.Length - at, 40) + 1);
        return draw.Below(8) switch
        {
            0 => text.Remove(at, length),
            1 => text.Insert(at, text.Substring(at, length)),
            2 => text[..at],
            3 => text.Remove(at, length).Insert(at, draw.Any(Tokens)),
            4 => text.Insert(at, draw.Any(_right[draw.OneIn(5) ? draw.Any(Enum.GetValues<FuzzKind>()) : kind]) is var other ? Cut(other, draw) : ""),
            5 => text.Insert(at, ((char)draw.Below(char.MaxValue + 1)).ToString()),
            6 => text.Insert(at, string.Concat(Enumerable.Repeat(draw.Any(Tokens), draw.OneIn(50) ? 20_000 : 1 + draw.Below(40)))),
            _ => text.Insert(at, draw.Any(Tokens)),
        };
    }

    private static string Cut(string text, Draw draw)
    {
        var at = draw.Below(text.Length + 1);
        return text.Substring(at, draw.Below(Math.Min(text.Length - at, 400) + 1));
    }

    private void Keep(string policies, string schema, string entities)
    {
        _right[FuzzKind.Policies].Add(policies);
        _right[FuzzKind.Schema].Add(schema);
        _right[FuzzKind.Entities].Add(entities);
        if (Schema.Parse(schema) is { Ok: true } read)
        {
            _right[FuzzKind.SchemaJson].Add(read.Value.ToJson().ToJsonString());
        }

        if (CedarPolicySet.Parse(policies) is { Ok: true } set)
        {
            _right[FuzzKind.PolicySetJson].Add(CedarJson.Write(set.Value));
            _right[FuzzKind.Policies].Add(CedarFormatter.Format(policies).OrThrow());
        }

        foreach (var kept in _right.Values.Where(kept => kept.Count > 5000))
        {
            kept.RemoveRange(0, 1000);
        }
    }
}
