using Arw.Core.Policy.Cedar.Schemas;
using Arw.Tests.Policy.Cedar.Corpus;

namespace Arw.Tests.Policy.Cedar.Schemas;

public class SchemaWriterTests
{
    private const string Sample = """
        entity Long;
        type Place = { zip: __cedar::Long, "at home"?: Bool };
        namespace Photos {
            entity User in [Group] { home: Place, odd: Long, from?: Set<ipaddr>, act: Action } tags datetime;
            entity Group; entity Kind enum ["a", "b \"c\""];
            action all; action "look at" in [all, Action::"top"] appliesTo { principal: [User], resource: [Long, Kind], context: Place };
        }
        action top;
        """;

    [Fact]
    public void ToText_OfASchema_UsesFullNames() => Assert.Equal(
        """
        entity Long;
        action "top";

        namespace Photos {
          entity Group;
          entity Kind enum ["a", "b \"c\""];
          entity User in [Photos::Group] { act: Photos::Action, from?: Set<__cedar::ipaddr>, home: { "at home"?: __cedar::Bool, zip: __cedar::Long }, odd: Long } tags __cedar::datetime;
          action "all";
          action "look at" in [Photos::Action::"all", Action::"top"] appliesTo { principal: [Photos::User], resource: [Long, Photos::Kind], context: { "at home"?: __cedar::Bool, zip: __cedar::Long } };
        }

        """.ReplaceLineEndings("\n"),
        Schema.Parse(Sample).OrThrow().ToText());

    [Fact]
    public void ToJson_OfASchema_ReadsBackAsTheSame()
    {
        var schema = Schema.Parse(Sample).OrThrow();
        Assert.Equal(schema.ToText(), Schema.ParseJson(schema.ToJson().ToJsonString()).OrThrow().ToText());
    }

    [CorpusFact]
    public void Write_OfTheSchemasOfTheCorpus_ReadsBackAsTheSame()
    {
        foreach (var test in CorpusFiles.ReadHandWritten().Concat(CorpusFiles.ReadGenerated().Where((_, i) => i % 20 == 0)))
        {
            var schema = Schema.Parse(test.Schema).OrThrow();
            var text = schema.ToText();
            Assert.Equal(text, Schema.Parse(text).OrThrow().ToText());
            Assert.Equal(text, Schema.ParseJson(schema.ToJson().ToJsonString()).OrThrow().ToText());
        }
    }
}
