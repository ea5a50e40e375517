using System.Text.Json.Nodes;

namespace Arw.Core.Recipes;

/// <summary>What a template can read. Names of <see cref="Strict"/> objects must exist when they are asked for; members of data (a feed's item, a file) may be missing and are then nothing.</summary>
/// <param name="Now">The time that the <c>date</c> filter calls now.</param>
internal sealed record TemplateData(DateTimeOffset Now)
{
    /// <summary>Variables by name.</summary>
    public Dictionary<string, JsonNode?> Values { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Names of variables whose members are strict.</summary>
    public IReadOnlySet<string> Strict { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>The same data and one variable more.</summary>
    public TemplateData With(string name, JsonNode? value) =>
        this with { Values = new Dictionary<string, JsonNode?>(Values, StringComparer.Ordinal) { [name] = value } };
}
