using System.Reflection;
using Arw.Web.Components;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;

namespace Arw.Tests.Pages;

public sealed class RoutesTests
{
    private static Type[] Pages => [.. typeof(App).Assembly.GetTypes().Where(t => t.GetCustomAttributes<RouteAttribute>().Any())];

    [Fact]
    public void Page_Every_IsForPeopleOnly()
    {
        Assert.NotEmpty(Pages);
        Assert.All(Pages, page => Assert.Equal("person", page.GetCustomAttribute<AuthorizeAttribute>()?.Policy));
    }

    [Fact]
    public void Components_Any_KnowNoFeature()
    {
        var components = typeof(App).Assembly.GetTypes().Where(t => t.Namespace?.StartsWith("Arw.Web.Components", StringComparison.Ordinal) == true);
        Assert.DoesNotContain(components.SelectMany(Mentions), t => t.Namespace?.StartsWith("Arw.Web.Features", StringComparison.Ordinal) == true);
    }

    private static IEnumerable<Type> Mentions(Type type)
    {
        const BindingFlags All = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        return type.GetFields(All).Select(f => f.FieldType)
            .Concat(type.GetProperties(All).Select(p => p.PropertyType))
            .Concat(type.GetMethods(All).SelectMany(m => m.GetParameters().Select(p => p.ParameterType).Append(m.ReturnType)));
    }
}
