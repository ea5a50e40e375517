using Arw.Core.Policy.Cedar.Entities;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Tests.Policy.Cedar.Corpus;

/// <summary>What the schema of a case says about its entities. Until schemas are read: the few attributes of the hand-written cases that hold entities without escapes.</summary>
internal static class CorpusSchema
{
    private static readonly ExpectedEntityShape SampleShape = new(
        new ExpectedRecord(new Dictionary<string, ExpectedType>
        {
            ["account"] = new ExpectedEntity(),
            ["owner"] = new ExpectedEntity(),
            ["admins"] = new ExpectedSet(new ExpectedEntity()),
        }),
        null);

    public static Func<EntityUid, ExpectedEntityShape?>? Shapes(CorpusCase test) =>
        test.Name.StartsWith("tests", StringComparison.Ordinal) ? _ => SampleShape : null;
}
