using Arw.Core.Primitives;
using Arw.Core.Projects;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Arw.Core.Tools;

/// <summary>Registers the tools that fetch and echo.</summary>
public static class ToolsPack
{
    /// <summary>Adds <c>http.fetch</c>, <c>feed.read</c> and <c>demo.echo</c>. Needs the egress and projects packs.</summary>
    public static IServiceCollection AddArwTools(this IServiceCollection services)
    {
        services.TryAddSingleton<ProjectFileReader>(p =>
        {
            var files = p.GetRequiredService<ProjectFiles>();
            return (project, path, most) => Read(files, project, path, most);
        });
        return services
            .AddAction<HttpFetch>()
            .AddAction<FeedRead>()
            .AddAction<Echo>();
    }

    private static Result<byte[]> Read(ProjectFiles files, string project, string path, int most)
    {
        if (!ProjectPath.ParseFile(path).TryGet(out var parsed, out var refusal)
            || !files.Read(project, parsed, most).TryGet(out var content, out refusal))
        {
            return refusal;
        }

        return content.Truncated
            ? new Refusal("file_too_large", $"\"{path}\" has {content.Length} bytes; {most} are allowed.", "Split the file, or name another one.", 413)
            : content.Bytes;
    }
}
