using Arw.Core.Primitives;
using Arw.Web.Hosting;
using Microsoft.OpenApi;

namespace Arw.Web.Spec;

/// <summary>The machine-readable description of this home under <c>/spec</c>: made from its routes, kinds and actions, never by hand.</summary>
internal static class SpecRegistration
{
    /// <summary>Name of the OpenAPI document, and so of its file.</summary>
    private const string Document = "openapi";

    public static IServiceCollection AddSpec(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = ArwJson.Options.PropertyNamingPolicy;
            json.SerializerOptions.DefaultIgnoreCondition = ArwJson.Options.DefaultIgnoreCondition;
            foreach (var converter in ArwJson.Options.Converters)
            {
                json.SerializerOptions.Converters.Add(converter);
            }
        });
        services.AddOpenApi(Document, openApi => openApi.AddDocumentTransformer((document, _, _) =>
        {
            Describe(document);
            return Task.CompletedTask;
        }));
        return services.AddSingleton<AsyncApi>().AddSingleton<ToolList>().AddRoutes(Map);
    }

    private static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/spec").WithTags("spec");
        group.MapOpenApi("/{documentName}.json");
        group.MapOpenApi("/{documentName}.yaml");
        group.MapGet("/asyncapi.yaml", (AsyncApi asyncApi) => Results.Text(Yaml.Write(asyncApi.Document()), "application/yaml"))
            .WithSummary("AsyncAPI 3.0 of the events of this home.");
        group.MapGet("/mcp-tools.json", (ToolList tools) => Results.Json(tools.Document(), ArwJson.Options))
            .WithSummary("The tools that /mcp offers: one for each kind of action.");
        group.MapGet("/schemas/{name}", SchemaFiles.Get)
            .WithSummary("JSON Schema of an event's payload or of an action's input, by kind.");
        group.MapGet("/schemas", SchemaFiles.List)
            .WithSummary("Names of all schemas.");
    }

    private static void Describe(OpenApiDocument document)
    {
        document.Info.Title = "Arw.Web";
        document.Info.Description = "The home's HTTP interface. Refusals are RFC 9457 problem details with a stable \"code\".";
        document.Servers?.Clear();
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
        {
            ["bearer"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "The owner's token or a minted credential." },
            ["admin"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "X-ARW-Admin", Description = "The same secrets, in a header of their own." },
        };
        document.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("bearer", document)] = [] },
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("admin", document)] = [] },
        ];
        foreach (var operation in document.Paths.Values.SelectMany(p => p.Operations?.Values ?? Enumerable.Empty<OpenApiOperation>()))
        {
            operation.Responses ??= [];
            operation.Responses.TryAdd("default", new OpenApiResponse
            {
                Description = "A refusal.",
                Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
                {
                    [Problems.MediaType] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.Object } },
                },
            });
        }
    }
}
