namespace Arw.Tests.Policy.Cedar.Differential;

/// <summary>A type that a generated schema uses.</summary>
internal abstract record WorldType
{
    public static readonly WorldType Bool = new Simple("Bool");
    public static readonly WorldType Long = new Simple("Long");
    public static readonly WorldType Text = new Simple("String");
    public static readonly WorldType Decimal = new Simple("decimal");
    public static readonly WorldType Ip = new Simple("ipaddr");
    public static readonly WorldType Datetime = new Simple("datetime");
    public static readonly WorldType Duration = new Simple("duration");

    public static readonly IReadOnlyList<WorldType> Plain = [Bool, Long, Text, Decimal, Ip, Datetime, Duration];

    internal sealed record Simple(string Name) : WorldType
    {
        public override string ToString() => Name;
    }

    internal sealed record Entity(string Name) : WorldType
    {
        public override string ToString() => Name;
    }

    internal sealed record Set(WorldType Item) : WorldType
    {
        public override string ToString() => $"Set<{Item}>";
    }

    internal sealed record Record(IReadOnlyList<WorldField> Fields) : WorldType
    {
        public override string ToString() => $"{{{string.Join(", ", Fields)}}}";
    }
}

/// <summary>An attribute of an entity type, or a field of a record or context.</summary>
internal sealed record WorldField(string Name, WorldType Type, bool Optional)
{
    public override string ToString() => $"{Name}{(Optional ? "?" : "")}: {Type}";
}

/// <summary>An entity type: what it holds, and what it may be in.</summary>
internal sealed record WorldEntity(string Name, IReadOnlyList<string> In, IReadOnlyList<WorldField> Fields, WorldType? Tags);

/// <summary>An action and what it applies to.</summary>
internal sealed record WorldAction(string Id, string? In, IReadOnlyList<string> Principals, IReadOnlyList<string> Resources, WorldType.Record Context);

/// <summary>A schema by chance, small enough that what is said with it meets.</summary>
internal sealed class World
{
    public static readonly string[] Names = ["User", "Group", "Doc", "N::Box"];

    public World(Draw draw)
    {
        Entities =
        [
            new("User", draw.Some("Group"), Fields(draw), Tags(draw)),
            new("Group", draw.Some("Group"), Fields(draw), Tags(draw)),
            new("Doc", draw.Some("N::Box", "Doc"), Fields(draw), Tags(draw)),
            new("N::Box", [], Fields(draw), Tags(draw)),
        ];
        Actions = [.. new[] { "view", "edit", "all" }.Select(id => new WorldAction(
            id, id != "all" && draw.OneIn(2) ? "all" : null, draw.OneOrMore(Names), draw.OneOrMore(Names), new WorldType.Record(Fields(draw))))];
    }

    public IReadOnlyList<WorldEntity> Entities { get; }

    public IReadOnlyList<WorldAction> Actions { get; }

    public WorldEntity Entity(string name) => Entities.First(e => e.Name == name);

    /// <summary>The schema in the human syntax.</summary>
    public override string ToString()
    {
        var entities = Entities.Select(e => $"entity {e.Name[(e.Name.LastIndexOf(':') + 1)..]}{(e.In.Count > 0 ? $" in [{string.Join(", ", e.In)}]" : "")} {{{string.Join(", ", e.Fields)}}}{(e.Tags is null ? "" : $" tags {e.Tags}")};").ToList();
        return string.Join('\n',
        [
            .. entities[..3], $"namespace N {{ {entities[3]} }}",
            .. Actions.Select(a => $"action {a.Id}{(a.In is null ? "" : $" in [{a.In}]")} appliesTo {{ principal: [{string.Join(", ", a.Principals)}], resource: [{string.Join(", ", a.Resources)}], context: {a.Context} }};"),
        ]);
    }

    /// <summary>A type by chance.</summary>
    public static WorldType Type(Draw draw, int depth = 1) => draw.Below(depth > 0 ? 10 : 7) switch
    {
        7 => new WorldType.Set(Type(draw, depth - 1)),
        8 => new WorldType.Record([new("x", Type(draw, depth - 1), false), new("y", Type(draw, depth - 1), true)]),
        < 5 => draw.Any(WorldType.Plain),
        _ => new WorldType.Entity(draw.Any(Names)),
    };

    private static List<WorldField> Fields(Draw draw) => [.. draw.Some("a", "b", "c d", "e", "in").Select(name => new WorldField(Quoted(name), Type(draw), draw.OneIn(3)))];

    private static WorldType? Tags(Draw draw) => draw.OneIn(3) ? Type(draw, 0) : null;

    private static string Quoted(string name) => name is "c d" or "in" ? $"\"{name}\"" : name;
}
