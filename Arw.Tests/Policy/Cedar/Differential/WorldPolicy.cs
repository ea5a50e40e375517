namespace Arw.Tests.Policy.Cedar.Differential;

/// <summary>Policies about a world: mostly of the right types, so that what they say is evaluated, and wrong often enough for the validator.</summary>
internal sealed class WorldPolicy
{
    private readonly World _world;
    private readonly Draw _draw;
    private readonly WorldAction _action;
    private readonly string _principal;
    private readonly string _resource;

    public WorldPolicy(World world, Draw draw)
    {
        (_world, _draw, _action) = (world, draw, draw.Any(world.Actions));
        (_principal, _resource) = (draw.Any(_action.Principals), draw.Any(_action.Resources));
    }

    /// <summary>The policy as text.</summary>
    public override string ToString()
    {
        var action = _draw.Below(8) switch
        {
            0 => "action",
            1 => $"action in Action::\"{_draw.Any(_world.Actions).Id}\"",
            2 => $"action in [{string.Join(", ", _draw.Some(_world.Actions).Select(a => $"Action::\"{a.Id}\""))}]",
            _ => $"action == Action::\"{_action.Id}\"",
        };
        var conditions = Enumerable.Range(0, _draw.Below(3)).Select(_ => $" {(_draw.OneIn(3) ? "unless" : "when")} {{ {Bool(3)} }}");
        return $"{(_draw.OneIn(3) ? "forbid" : "permit")}({Scope("principal", _principal)}, {action}, {Scope("resource", _resource)}){string.Concat(conditions)};";
    }

    private string Scope(string variable, string type) => _draw.Below(8) switch
    {
        0 => variable,
        1 => $"{variable} == {Literal(type)}",
        2 => $"{variable} in {Literal(_draw.Any(World.Names))}",
        3 => $"{variable} is {type} in {Literal(_draw.Any(World.Names))}",
        _ => $"{variable} is {type}",
    };

    private string Literal(string type) => $"{type}::\"{_draw.Any(WorldData.Ids)}\"";

    private string Of(WorldType type, int depth)
    {
        if (_draw.OneIn(40))
        {
            type = World.Type(_draw);
        }

        if (_draw.OneIn(3) && Holders().Where(h => h.Field.Type == type || SameSet(h.Field.Type, type)).ToList() is { Count: > 0 } holders)
        {
            var (holder, field) = _draw.Any(holders);
            var access = Access(holder, field.Name);
            return !field.Optional || _draw.OneIn(6) ? access : $"(if {holder} has {field.Name} then {access} else {Known(type, depth - 1)})";
        }

        if (depth > 0 && _draw.OneIn(8))
        {
            return $"(if {Bool(depth - 1)} then {Of(type, depth - 1)} else {Of(type, depth - 1)})";
        }

        return Known(type, depth);
    }

    private string Known(WorldType type, int depth) => type switch
    {
        WorldType.Entity e => _principal == e.Name && _draw.OneIn(2) ? "principal" : _resource == e.Name && _draw.OneIn(2) ? "resource" : Literal(e.Name),
        WorldType.Set s => $"[{string.Join(", ", _draw.OneIn(8) ? _draw.Times(2, () => Of(s.Item, depth - 1)) : [Of(s.Item, depth - 1), .. _draw.Times(2, () => Of(s.Item, depth - 1))])}]",
        WorldType.Record r => $"{{{string.Join(", ", r.Fields.Where(f => !f.Optional || _draw.OneIn(2)).Select(f => $"{f.Name}: {Of(f.Type, depth - 1)}"))}}}",
        _ when type == WorldType.Bool => depth > 0 ? $"({Bool(depth - 1)})" : _draw.Any("true", "false"),
        _ when type == WorldType.Long => Long(depth),
        _ when type == WorldType.Text => WorldText.Literal(WorldText.Word(_draw)),
        _ when depth > 0 && type == WorldType.Datetime && _draw.OneIn(3) => _draw.OneIn(2) ? $"{Of(type, depth - 1)}.toDate()" : $"{Of(type, depth - 1)}.offset({Of(WorldType.Duration, depth - 1)})",
        _ when depth > 0 && type == WorldType.Duration && _draw.OneIn(3) => _draw.OneIn(2) ? $"{Of(WorldType.Datetime, depth - 1)}.toTime()" : $"{Of(WorldType.Datetime, depth - 1)}.durationSince({Of(WorldType.Datetime, depth - 1)})",
        _ => $"{WorldText.Constructor(type)}({WorldText.Literal(WorldText.Argument(_draw, type))})",
    };

    private string Long(int depth) => (depth > 0 ? _draw.Below(6) : 0) switch
    {
        1 => $"({Of(WorldType.Long, depth - 1)} {_draw.Any("+", "-", "*")} {Of(WorldType.Long, depth - 1)})",
        2 => $"-({Of(WorldType.Long, depth - 1)})",
        3 => $"{Of(WorldType.Duration, depth - 1)}.{_draw.Any("toMilliseconds", "toSeconds", "toMinutes", "toHours", "toDays")}()",
        _ => WorldText.Literal(WorldText.Long(_draw)),
    };

    private string Bool(int depth)
    {
        if (depth <= 0)
        {
            return _draw.OneIn(2) ? Of(WorldType.Bool, 0) : $"{Of(WorldType.Long, 0)} {_draw.Any("<", "==", "!=", ">=")} {Of(WorldType.Long, 0)}";
        }

        var type = World.Type(_draw);
        string Some(WorldType of) => Of(of, depth - 1);
        return _draw.Below(17) switch
        {
            0 => $"({Bool(depth - 1)} && {Bool(depth - 1)})",
            1 => $"({Bool(depth - 1)} || {Bool(depth - 1)})",
            2 => $"!({Bool(depth - 1)})",
            3 or 4 => $"{Some(type)} {_draw.Any("==", "!=")} {Some(type)}",
            5 => _draw.Any(WorldType.Long, WorldType.Datetime, WorldType.Duration) is var ordered ? $"{Some(ordered)} {_draw.Any("<", "<=", ">", ">=")} {Some(ordered)}" : "",
            6 => $"{Some(WorldType.Text)} like \"{_draw.Any("*", "a*", "*b", "a\\*", "*é*", "")}\"",
            7 => $"{Some(Entity())} is {_draw.Any(World.Names)}{(_draw.OneIn(2) ? $" in {Some(Entity())}" : "")}",
            8 or 9 => $"{Some(Entity())} in {(_draw.OneIn(2) ? Some(Entity()) : Some(new WorldType.Set(Entity())))}",
            10 => $"{Some(new WorldType.Set(type))}.contains({Some(type)})",
            11 => $"{Some(new WorldType.Set(type))}.{_draw.Any("containsAll", "containsAny")}({Some(new WorldType.Set(type))})",
            12 => $"{Some(new WorldType.Set(type))}.isEmpty()",
            13 => $"{Some(WorldType.Decimal)}.{_draw.Any("lessThan", "lessThanOrEqual", "greaterThan", "greaterThanOrEqual")}({Some(WorldType.Decimal)})",
            14 => _draw.OneIn(2) ? $"{Some(WorldType.Ip)}.isInRange({Some(WorldType.Ip)})" : $"{Some(WorldType.Ip)}.{_draw.Any("isIpv4", "isIpv6", "isLoopback", "isMulticast")}()",
            15 => $"{_draw.Any("principal", "resource", "context", Some(Entity()))} has {_draw.Any("a", "b", "\"c d\"", "e", "a.x", "e.y")}",
            _ => Tagged(depth),
        };
    }

    private string Tagged(int depth)
    {
        var (variable, type) = _draw.OneIn(2) ? ("principal", _principal) : ("resource", _resource);
        var tags = _world.Entity(type).Tags ?? WorldType.Long;
        return $"{(_draw.OneIn(4) ? "" : $"{variable}.hasTag(\"t\") && ")}{variable}.getTag(\"{_draw.Any("t", "t", "t", "a")}\") == {Of(tags, depth - 1)}";
    }

    private WorldType.Entity Entity() => new(_draw.Any(World.Names));

    private static bool SameSet(WorldType left, WorldType right) => left is WorldType.Set a && right is WorldType.Set b && a.Item == b.Item;

    // What has attributes, and one of them: the parts of the request, and one step further.
    private IEnumerable<(string Holder, WorldField Field)> Holders()
    {
        foreach (var (name, fields) in new[] { ("principal", _world.Entity(_principal).Fields), ("resource", _world.Entity(_resource).Fields), ("context", _action.Context.Fields) })
        {
            foreach (var field in fields)
            {
                yield return (name, field);
                var within = field.Type is WorldType.Record r ? r.Fields : field.Type is WorldType.Entity e ? _world.Entity(e.Name).Fields : [];
                if (!field.Optional)
                {
                    foreach (var inner in within)
                    {
                        yield return (Access(name, field.Name), inner);
                    }
                }
            }
        }
    }

    private static string Access(string holder, string name) => name[0] == '"' ? $"{holder}[{name}]" : $"{holder}.{name}";
}
