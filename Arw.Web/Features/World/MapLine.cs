using Blazor.Diagrams.Core;
using Blazor.Diagrams.Core.Anchors;
using Blazor.Diagrams.Core.Geometry;
using Blazor.Diagrams.Core.Models.Base;
using Blazor.Diagrams.Core.PathGenerators;
using SvgPathProperties;

namespace Arw.Web.Features.World;

/// <summary>The middle of a card's left or right edge.</summary>
public sealed class MapAnchor(MapNode node, bool right) : Anchor(node)
{
    /// <summary>1 when the line leaves to the right, -1 when to the left.</summary>
    public int Direction => right ? 1 : -1;

    /// <inheritdoc/>
    public override Point? GetPosition(BaseLinkModel link, Point[] route) => GetPlainPosition();

    /// <inheritdoc/>
    public override Point? GetPlainPosition() => new(node.Position.X + (right ? node.Size!.Width : 0), node.Position.Y + node.Size!.Height / 2);
}

/// <summary>A line between two cards that leaves and arrives level.</summary>
public sealed class MapCurve : PathGenerator
{
    private const double LeastBend = 24;

    /// <inheritdoc/>
    public override PathGeneratorResult GetResult(Diagram diagram, BaseLinkModel link, Point[] route, Point source, Point target)
    {
        var (leaves, arrives) = (((MapAnchor)link.Source).Direction, ((MapAnchor)link.Target).Direction);
        var tip = link.TargetMarker?.Width ?? 0;
        var end = new Point(target.X + arrives * tip, target.Y);
        var bend = Math.Max(LeastBend, Math.Abs(end.X - source.X) / 2);
        var path = new SvgPath()
            .AddMoveTo(source.X, source.Y)
            .AddCubicBezierCurve(source.X + leaves * bend, source.Y, end.X + arrives * bend, end.Y, end.X, end.Y);
        return new PathGeneratorResult(path, [], targetMarkerAngle: tip > 0 ? (arrives < 0 ? 0 : 180) : null, targetMarkerPosition: tip > 0 ? end : null);
    }
}
