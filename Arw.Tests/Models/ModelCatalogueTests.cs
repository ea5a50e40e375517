using System.Text.Json;
using Arw.Core.Journal;
using Arw.Core.Models;
using Arw.Core.Primitives;
using Arw.Tests.Actions;
using CsCheck;

namespace Arw.Tests.Models;

public sealed class ModelCatalogueTests
{
    private static readonly ModelManifest Good = new("a", "https://h.example/v1", "m");

    [Fact]
    public void Fold_RegisteredReplacedRemoved_KeepsTheLast()
    {
        var models = new ModelCatalogue();
        models.Apply(Event(ModelEvents.Registered, Good with { Id = "b" }));
        models.Apply(Event(ModelEvents.Registered, Good));
        models.Apply(Event(ModelEvents.Registered, Good with { PriceIn = 5 }));
        Assert.Equal(["a", "b"], models.Current.Items.Select(m => m.Id));
        Assert.Equal(5, models.Find("a")?.PriceIn);

        models.Apply(Event(ModelEvents.Removed, new ModelRemoved("a")));
        Assert.Null(models.Find("a"));
        Assert.False(models.Apply(Event(ModelEvents.Removed, new ModelRemoved("a"))));
    }

    [Fact]
    public void Fold_AnyEvents_SurvivesSaveAndLoad() =>
        Gen.Select(Gen.Char['a', 'f'], Gen.Bool).Array[0, 40].Sample(steps =>
        {
            var models = new ModelCatalogue();
            foreach (var (id, add) in steps)
            {
                models.Apply(add ? Event(ModelEvents.Registered, Good with { Id = id.ToString() }) : Event(ModelEvents.Removed, new ModelRemoved(id.ToString())));
            }

            var again = new ModelCatalogue();
            again.Load(models.Save());
            Assert.Equal(models.Snapshot().ToJsonString(), again.Snapshot().ToJsonString());
            Assert.Equal(models.Current.Items.Select(m => m.Id).Distinct().Order(), models.Current.Items.Select(m => m.Id));
        });

    [Theory]
    [InlineData("Bad Id", "https://h/v1", "m", null, null)]
    [InlineData("*", "https://h/v1", "m", null, null)]
    [InlineData("a", "ftp://h/v1", "m", null, null)]
    [InlineData("a", "https://user:pass@h/v1", "m", null, null)]
    [InlineData("a", "https://h/v1?key=1", "m", null, null)]
    [InlineData("a", "/v1", "m", null, null)]
    [InlineData("a", "https://h/v1", " ", null, null)]
    [InlineData("a", "https://h/v1", "m", "ARW_ADMIN_TOKEN", null)]
    [InlineData("a", "https://h/v1", "m", "A=B", null)]
    [InlineData("a", "https://h/v1", "m", null, -1L)]
    public void Register_BadManifest_IsInvalid(string id, string endpoint, string apiModel, string? key, long? price) =>
        Assert.Equal("invalid_input", new RegisterModelAction().Needs(JsonSerializer.SerializeToElement(new ModelManifest(id, endpoint, apiModel, key, price), ArwJson.Options), new FakeRun().Context).Refusal?.Code);

    [Fact]
    public async Task Register_GoodManifest_WritesItUnderTheOneWhoAsked()
    {
        var run = new FakeRun();

        await new RegisterModelAction().RunAsync(JsonSerializer.SerializeToElement(Good, ArwJson.Options), run, default);

        var draft = Assert.Single(run.Written);
        Assert.Equal(("models.registered", "model:a", "person:owner"), (draft.Kind, draft.Subject, draft.Actor));
        Assert.Equal(Good, ArwJson.FromUtf8<ModelManifest>(draft.Payload.Span));
    }

    [Fact]
    public async Task Remove_UnknownModel_IsNotFound() =>
        Assert.Equal("not_found", (await new RemoveModelAction(new ModelCatalogue()).RunAsync(JsonDocument.Parse("""{"id":"x"}""").RootElement, new FakeRun(), default)).Refusal?.Code);

    [Fact]
    public void Price_Tokens_RoundsUpAndStaysUnknownWithoutPrices()
    {
        Assert.Equal(1, ModelPrice.Of(Good with { PriceIn = 1, PriceOut = 0 }, 1, 0));
        Assert.Null(ModelPrice.Of(Good with { PriceIn = 1 }, 1, 1));
        Assert.Null(ModelPrice.Of(Good with { PriceIn = 1, PriceOut = 1 }, null, 1));
        Assert.Equal("0.002026", ModelPrice.Usd(2026));
    }

    internal static JournalEvent Event<T>(EventKind<T> kind, T payload) => new()
    {
        Seq = 1,
        Recorded = DateTimeOffset.UnixEpoch,
        Time = DateTimeOffset.UnixEpoch,
        Kind = kind.Name,
        Actor = "person:owner",
        Payload = ArwJson.ToUtf8(payload),
    };
}
