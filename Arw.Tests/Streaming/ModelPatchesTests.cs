using System.Text;
using System.Text.Json.Nodes;
using Arw.Core.Journal;
using Arw.Core.State;
using Arw.Tests.Actions;
using Arw.Web.Streaming;
using CsCheck;

namespace Arw.Tests.Streaming;

public sealed class ModelPatchesTests
{
    private static readonly string[] Published = ["actions", "observations", "episodes", "approvals", "policy", "leases", "actions_live"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Patches_FromASnapshotReadAtAnyMoment_LeadToTheCurrentOne(int seed)
    {
        await using var k = await new KernelFixture().StartAsync(pump: false);
        var random = new Random(seed);
        var patches = new ModelPatches(k.Get<StateHost>(), k.Time);
        var models = k.Get<StateHost>().Models.Values.Where(m => Published.Contains(m.Id)).ToList();
        var readers = new List<Reader>();
        for (var step = 0; step < 150; step++)
        {
            switch (random.Next(6))
            {
                case 0:
                    await k.SubmitAsync("test.act", new JsonObject { ["name"] = $"a{step}" });
                    break;
                case 1:
                    k.Time.Advance(TimeSpan.FromMilliseconds(random.Next(400)));
                    break;
                case 2 when readers.Count < 12:
                    readers.Add(new Reader(patches, models[random.Next(models.Count)]));
                    break;
                case 3 when readers.Count > 0:
                    readers[random.Next(readers.Count)].CatchUp();
                    break;
                case 4 when readers.Count > 3:
                    var leaving = random.Next(readers.Count);
                    readers[leaving].Dispose();
                    readers.RemoveAt(leaving);
                    break;
                default:
                    await AppendAsync(k, random);
                    break;
            }
        }

        readers.AddRange(models.Select(m => new Reader(patches, m)));
        await AppendAsync(k, random);
        k.Time.Advance(TimeSpan.FromSeconds(1));
        foreach (var reader in readers)
        {
            reader.CatchUp();
            var current = patches.Read(reader.Model);
            Assert.Equal(current.Version, reader.Version);
            Assert.Equal(Encoding.UTF8.GetString(current.Body.Span), reader.Text);
            reader.Dispose();
        }

        // A page that nobody watches is the same as one that is watched.
        var unwatched = new ModelPatches(k.Get<StateHost>(), k.Time);
        Assert.Equal(200, JsonNode.Parse(unwatched.Read(k.Get<StateHost>().Models["observations"]).Body.Span)!["items"]!.AsArray().Count);
    }

    [Fact]
    public void Page_OfAnyRows_IsReachedByItsPatch()
    {
        // Rows change, come, go and move, as in a page that is ordered by its own content.
        var page = Gen.Select(Gen.Int[0, 12], Gen.Int[0, 4]).Array[0, 15].Select(rows => (IReadOnlyList<StoredRow>)
            [.. rows.DistinctBy(r => r.Item1).OrderBy(r => (r.Item2, r.Item1)).Select(r => new StoredRow($"k{r.Item1}", Encoding.UTF8.GetBytes($$"""{"id":{{r.Item1}},"value":{{r.Item2}}}""")))]);
        Gen.Select(page, page).Sample((from, to) =>
        {
            var patched = JsonPatch.Apply(Document(from), PublishedPage.Between(from, to));
            return JsonNode.DeepEquals(patched, Document(to));
        });
    }

    private static JsonObject Document(IReadOnlyList<StoredRow> rows) => new() { ["items"] = new JsonArray([.. rows.Select(r => JsonNode.Parse(r.Json))]) };

    private static async Task AppendAsync(KernelFixture k, Random random)
    {
        var now = k.Time.GetUtcNow();
        var drafts = Enumerable.Range(0, random.Next(1, 60)).Select(_ => new EventDraft("ext.test.tick", Encoding.UTF8.GetBytes($$"""{"n":{{random.Next(1000)}}}"""), "system:test")
        {
            CorrId = random.Next(3) == 0 ? $"episode-{random.Next(260)}" : null,
            Project = random.Next(2) == 0 ? "demo" : null,
            Time = now.AddSeconds(-random.Next(3600)),
        });
        var appended = await k.Journal.AppendAsync([.. drafts]);
        await k.Get<StateHost>().WaitForAsync(appended.Value.LastSeq);
    }

    private sealed class Reader : IDisposable
    {
        private readonly PatchSubscription _subscription;
        private readonly JsonObject _document;

        public Reader(ModelPatches patches, ReadModel model)
        {
            _subscription = patches.Subscribe();
            Model = model;
            _document = JsonNode.Parse(patches.Read(model).Body.Span)!.AsObject();
        }

        public ReadModel Model { get; }

        public long Version => (long)_document["version"]!;

        public string Text => _document.ToJsonString(Core.Primitives.ArwJson.Options);

        public void CatchUp()
        {
            while (_subscription.Frames.TryRead(out var bytes))
            {
                var frame = JsonNode.Parse(Encoding.UTF8.GetString(bytes).Split("data: ")[1])!;
                if ((string?)frame["id"] != Model.Id || (long)frame["version"]! <= Version)
                {
                    continue;
                }

                Assert.Equal(Version, (long)frame["from"]!);
                Assert.NotEmpty(frame["patch"]!.AsArray());
                JsonPatch.Apply(_document, frame["patch"]!.AsArray());
                _document["version"] = (long)frame["version"]!;
            }
        }

        public void Dispose() => _subscription.Dispose();
    }
}
