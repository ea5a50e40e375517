using System.Text.Json.Nodes;
using Arw.Core.Access;
using Arw.Core.Actions;
using Microsoft.Extensions.DependencyInjection;

namespace Arw.Tests.Actions;

public sealed class ActionCatalogueTests
{
    [Theory]
    [InlineData("""{"name": "x", "kind": "system"}""", "/kind", "none of the choices: [\"person\",\"agent\",\"node\",\"guest\"]")]
    [InlineData("""{"name": "x"}""", "", "Needed and not there: [\"kind\"].")]
    [InlineData("""{"name": 3, "kind": "agent"}""", "/name", "This is of type \"integer\"; \"string\" is expected.")]
    [InlineData("""{"name": "x", "kind": "agent", "colour": "red"}""", "/colour", "There is no such field.")]
    public void Validate_OfAWrongInput_SaysWhatIsWrongInPlainWords(string input, string path, string words)
    {
        var kind = new MintCredentialAction(null!, null!, null!, TimeProvider.System);
        using var services = new ServiceCollection().BuildServiceProvider();
        var refusal = new ActionCatalogue(services).Validate(kind, JsonNode.Parse(input)).Refusal!;
        var error = Assert.Single((IEnumerable<InputError>)refusal.Details!);
        Assert.Equal(path, error.Path);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
    }
}
