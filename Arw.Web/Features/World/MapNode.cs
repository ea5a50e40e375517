using Arw.Core.World;
using Blazor.Diagrams.Core.Geometry;
using Blazor.Diagrams.Core.Models;

namespace Arw.Web.Features.World;

/// <summary>A node on the drawn map.</summary>
public sealed class MapNode : NodeModel
{
    private readonly Func<string, Task> _choose;

    /// <param name="node">What it stands for.</param>
    /// <param name="place">Where it stands.</param>
    /// <param name="sizes">How large it is.</param>
    /// <param name="choose">Opens its details.</param>
    public MapNode(WorldNode node, MapPoint place, MapSizes sizes, Func<string, Task> choose)
        : base(new Point(place.X, place.Y))
    {
        (Node, _choose) = (node, choose);
        // The style sheet gives every card this size: lines end at its edge from the first frame on, and nothing has to be measured.
        (Size, ControlledSize) = (new Size(sizes.NodeWidth, sizes.NodeHeight), true);
    }

    /// <summary>What it stands for.</summary>
    public WorldNode Node { get; set; }

    /// <summary>Beliefs around it, for topics and sources.</summary>
    public int Beliefs { get; init; }

    /// <summary>Whether its details are open.</summary>
    public bool IsOpen { get; set; }

    /// <summary>Opens its details.</summary>
    public Task ChooseAsync() => _choose(Node.Id);

    /// <summary>Marks it as open or not.</summary>
    public void Open(bool open)
    {
        if (IsOpen != open)
        {
            IsOpen = open;
            Refresh();
        }
    }
}
