using Arw.Web.Features.World;
using CsCheck;

namespace Arw.Tests.Pages;

public sealed class MapLayoutTests
{
    private static readonly MapSizes Sizes = new();

    [Fact]
    public void Place_Chain_PointsRight()
    {
        var places = MapLayout.Place(["c", "a", "b"], [("a", "b"), ("b", "c")]);
        Assert.True(places["a"].X < places["b"].X && places["b"].X < places["c"].X);
    }

    [Fact]
    public void Place_Circle_StillPlacesEveryNode() =>
        Assert.Equal(3, MapLayout.Place(["a", "b", "c"], [("a", "b"), ("b", "c"), ("c", "a")]).Values.Distinct().Count());

    [Fact]
    public void Place_TwoParts_DoNotMix()
    {
        var places = MapLayout.Place(["a", "b", "x", "y"], [("a", "b"), ("x", "y")]);
        Assert.NotEqual(places["a"].Y, places["x"].Y);
        Assert.Equal(places["a"].Y, places["b"].Y);
    }

    [Fact]
    public void Place_CrossedPairs_AreUncrossed()
    {
        var places = MapLayout.Place(["r", "a", "b", "x", "y"], [("r", "a"), ("r", "b"), ("a", "y"), ("b", "x")]);
        Assert.Equal(places["a"].Y < places["b"].Y, places["y"].Y < places["x"].Y);
    }

    [Fact]
    public void Place_MorePartsThanFitBelowEachOther_StandInColumns()
    {
        string[] nodes = [.. Enumerable.Range(0, 20).Select(i => $"n{i}")];
        var narrow = MapLayout.Place(nodes, [], Sizes with { Width = 260, Height = 700 });
        var wide = MapLayout.Place(nodes, [], Sizes with { Width = 1000, Height = 700 });
        Assert.Single(narrow.Values.Select(p => p.X).Distinct());
        Assert.InRange(wide.Values.Select(p => p.X).Distinct().Count(), 2, 4);
        Assert.True(wide.Values.Max(p => p.Y) < narrow.Values.Max(p => p.Y));
    }

    [Fact]
    public void Fit_Small_IsCentred_AndLarge_StaysReadableFromItsBeginning()
    {
        var small = MapLayout.Fit([new MapPoint(0, 0)], Sizes);
        Assert.True(small.Zoom >= 1 && small.X > Sizes.Margin && small.Y > Sizes.Margin);
        Assert.Equal(new MapFit(MapLayout.LeastZoom, Sizes.Margin, Sizes.Margin), MapLayout.Fit([new MapPoint(0, 0), new MapPoint(9000, 9000)], Sizes));
        Assert.Equal(1, MapLayout.Fit([], Sizes).Zoom);
    }

    [Fact]
    public void Place_Nothing_IsEmpty() => Assert.Empty(MapLayout.Place([], [("a", "b")]));

    [Fact]
    public void Place_AnyGraph_OverlapsNothingAndIsTheSameTwice() =>
        Gen.Select(Gen.Int[1, 60], Gen.Select(Gen.Int[0, 70], Gen.Int[0, 70]).Array[0, 120]).Sample((count, pairs) =>
        {
            string[] nodes = [.. Enumerable.Range(0, count).Select(i => $"n{i}")];
            var edges = pairs.Select(p => ($"n{p.Item1}", $"n{p.Item2}")).ToArray();
            var places = MapLayout.Place(nodes, edges);
            Assert.Equal(count, places.Count);
            var points = places.Values.ToArray();
            for (var i = 0; i < points.Length; i++)
            {
                for (var j = i + 1; j < points.Length; j++)
                {
                    var apart = Math.Abs(points[i].X - points[j].X) >= Sizes.NodeWidth || Math.Abs(points[i].Y - points[j].Y) >= Sizes.NodeHeight;
                    Assert.True(apart, $"{points[i]} and {points[j]} overlap");
                }
            }

            Assert.Equal(places, MapLayout.Place(nodes, edges));
        }, iter: 200);
}
