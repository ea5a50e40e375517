using System.Numerics.Tensors;
using Arw.Core.Text;
using CsCheck;

namespace Arw.Tests.Text;

public sealed class TopicClustersTests
{
    private static readonly Gen<float[][]> Vectors =
        Gen.Float[-1, 1].Array[8].Where(v => TensorPrimitives.Norm(v) > 0.1f).Select(Unit).Array[0, 40];

    [Fact]
    public void Find_ThreeSeparateDirections_FindsThree()
    {
        var vectors = Enumerable.Range(0, 15).Select(i => Near(i % 3, i)).ToArray();

        var clusters = TopicClusters.Find(vectors, 8, default);

        Assert.Equal([[0, 3, 6, 9, 12], [1, 4, 7, 10, 13], [2, 5, 8, 11, 14]], clusters.Select(c => c.Members).OrderBy(m => m[0]));
        Assert.All(clusters, c => Assert.InRange(c.Cohesion, 0.95, 1.0001));
    }

    [Fact]
    public void Find_MaxTopics_IsNotExceeded() =>
        Assert.Equal(2, TopicClusters.Find(Enumerable.Range(0, 12).Select(i => Near(i % 4, i)).ToArray(), 2, default).Count);

    [Fact]
    public void Find_AllTheSame_IsOneTopic() =>
        Assert.Single(TopicClusters.Find(Enumerable.Repeat(Near(1, 1), 10).ToArray(), 8, default));

    [Theory]
    [InlineData(0, 1, 2)]
    [InlineData(0, 0, 1)]
    public void Find_TwoItems_AreTogetherOnlyWhenAlike(int first, int second, int topics) =>
        Assert.Equal(topics, TopicClusters.Find([Near(first, 0), Near(second, 1)], 8, default).Count);

    [Fact]
    public void Find_AnyVectors_PutsEachItemInExactlyOneTopicEveryTime() =>
        Gen.Select(Vectors, Gen.Int[1, 10]).Sample((vectors, most) =>
        {
            var clusters = TopicClusters.Find(vectors, most, default);
            Assert.Equal(Enumerable.Range(0, vectors.Length), clusters.SelectMany(c => c.Members).Order());
            Assert.True(clusters.Count <= most);
            Assert.Equal(clusters.Select(c => c.Members), TopicClusters.Find(vectors, most, default).Select(c => c.Members));
        });

    [Fact]
    public void Find_AnotherOrderOfItems_FindsTheSameTopics() =>
        Gen.Select(Gen.Int[6, 30], Gen.Int[0, 1000]).Sample((n, turn) =>
        {
            var vectors = Enumerable.Range(0, n).Select(i => Near(i % 3, i)).ToArray();
            var order = Enumerable.Range(0, n).Select(i => (i + turn) % n).ToArray();

            var straight = Groups(TopicClusters.Find(vectors, 8, default).Select(c => c.Members));
            var turned = Groups(TopicClusters.Find([.. order.Select(i => vectors[i])], 8, default).Select(c => c.Members.Select(i => order[i])));

            Assert.Equal(straight, turned);
        });

    [Fact]
    public void Find_Cancelled_Stops() =>
        Assert.Throws<OperationCanceledException>(() => TopicClusters.Find(Enumerable.Range(0, 500).Select(i => Near(i % 7, i)).ToArray(), 8, new CancellationToken(true)));

    private static string[] Groups(IEnumerable<IEnumerable<int>> clusters) => [.. clusters.Select(c => string.Join(',', c.Order())).Order(StringComparer.Ordinal)];

    /// <summary>A unit vector close to one axis, a little different for each seed.</summary>
    private static float[] Near(int axis, int seed)
    {
        var vector = Enumerable.Range(0, 8).Select(i => 0.05f * MathF.Sin(seed * 12.9898f + i * 78.233f)).ToArray();
        vector[axis] += 1;
        return Unit(vector);
    }

    private static float[] Unit(float[] vector)
    {
        var unit = new float[vector.Length];
        TensorPrimitives.Divide(vector, TensorPrimitives.Norm(vector), unit);
        return unit;
    }
}
