using Arw.Core.Actions;
using Arw.Tests.Http;
using Json.Schema;
using Microsoft.Extensions.DependencyInjection;

namespace Arw.Tests.Architecture;

/// <summary>Every registered action has a schema that a validator accepts: the schema is API, form and tool.</summary>
public sealed class ActionSchemaTests
{
    [Fact]
    public async Task Schemas_OfEveryRegisteredAction_AreValidAndDescribed()
    {
        await using var home = await TestHome.StartAsync();
        var kinds = home.Host.Services.GetServices<ActionKind>().ToList();
        Assert.NotEmpty(kinds);
        foreach (var kind in kinds)
        {
            Assert.NotNull(JsonSchema.FromText(kind.InputSchema.ToJsonString()));
            Assert.False(string.IsNullOrWhiteSpace(kind.Summary), kind.Id);
        }
    }
}
