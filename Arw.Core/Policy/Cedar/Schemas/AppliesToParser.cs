namespace Arw.Core.Policy.Cedar.Schemas;

/// <summary>Reads what follows <c>appliesTo</c> in the human syntax.</summary>
internal static class AppliesToParser
{
    public static AppliesTo? Parse(SchemaSource source, SchemaTokens tokens, TypeParser types)
    {
        List<NameReference>? principals = null, resources = null;
        TypeExpression? context = null;
        var open = tokens.Expect("{", "after appliesTo");
        do
        {
            var key = tokens.Next;
            if (!key.Is("principal") && !key.Is("resource") && !key.Is("context"))
            {
                throw tokens.Unexpected("principal, resource or context");
            }

            tokens.Take();
            tokens.Expect(":", $"after {key.Value}");
            if (key.Value switch { "principal" => principals is not null, "resource" => resources is not null, _ => context is not null })
            {
                source.Error(key.At, $"`{key.Value}` stands twice in one `appliesTo`.");
            }

            switch (key.Value)
            {
                case "principal":
                    principals = EntityTypes(key);
                    break;
                case "resource":
                    resources = EntityTypes(key);
                    break;
                default:
                    context = Context();
                    break;
            }
        }
        while (tokens.TryTake(",") && !tokens.Next.Is("}"));

        tokens.Expect("}", "or ,");
        Demand(principals, "principal");
        Demand(resources, "resource");
        return principals is null || resources is null
            ? null
            : new AppliesTo(principals, resources, context ?? new RecordExpression([], open.At));

        List<NameReference> EntityTypes(SchemaToken key)
        {
            var names = types.EntityTypes();
            if (names.Count == 0)
            {
                source.Error(key.At, $"`{key.Value}` lists no entity type.", "at least one, or no `appliesTo` at all");
            }

            return names;
        }

        TypeExpression Context() =>
            tokens.Next.Is("{") ? types.Record() : new NamedTypeExpression(tokens.Path("a record or the name of one"), NameKinds.Common);

        void Demand(List<NameReference>? names, string key)
        {
            if (names is null)
            {
                source.Error(open.At, $"`appliesTo` does not say which `{key}` types the action applies to.", $"`{key}: [ … ]`");
            }
        }
    }
}
