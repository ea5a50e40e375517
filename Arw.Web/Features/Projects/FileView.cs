using System.Text;
using Arw.Core.Primitives;
using Arw.Core.Projects;

namespace Arw.Web.Features.Projects;

/// <summary>How a file is shown.</summary>
public enum FileShape
{
    Markdown,
    Json,
    Text,
    Binary,
}

/// <summary>A file of a project, ready to be shown.</summary>
public sealed record FileView(string Path, FileShape Shape, string Text, ReadOnlyMemory<byte> Bytes, long Length, bool Truncated)
{
    /// <summary>Most bytes that are read.</summary>
    public const int MostBytes = 1024 * 1024;

    /// <summary>Reads a file.</summary>
    public static Result<FileView> Open(ProjectFiles files, string project, string path)
    {
        if (!ProjectPath.ParseFile(path).TryGet(out var file, out var refusal) || !files.Read(project, file, MostBytes).TryGet(out var content, out refusal))
        {
            return refusal;
        }

        return Of(path, content);
    }

    /// <summary>Decides how some content is shown.</summary>
    public static FileView Of(string path, ProjectContent content)
    {
        var text = Decode(content);
        var shape = text is null ? FileShape.Binary
            : path.EndsWith(".md", StringComparison.OrdinalIgnoreCase) ? FileShape.Markdown
            : path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) && !content.Truncated ? FileShape.Json
            : FileShape.Text;
        return new(path, shape, text ?? "", content.Bytes, content.Length, content.Truncated);
    }

    /// <summary>Address of a file's page.</summary>
    public static string Href(string project, string path) => $"/projects/{Uri.EscapeDataString(project)}?file={Uri.EscapeDataString(path)}";

    private static string? Decode(ProjectContent content)
    {
        if (content.Bytes.AsSpan().Contains((byte)0))
        {
            return null;
        }

        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: !content.Truncated).GetString(content.Bytes).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
