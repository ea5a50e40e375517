using Arw.Web.Components.Layout;

namespace Arw.Web.Features.Redaction;

/// <summary>Redaction on the page of settings.</summary>
internal static class RedactionRegistration
{
    public static IServiceCollection AddRedactionPages(this IServiceCollection services) =>
        services.AddSingleton(new SettingsPart(typeof(RedactionCard)));
}
