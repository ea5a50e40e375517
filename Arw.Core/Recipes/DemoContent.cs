namespace Arw.Core.Recipes;

/// <summary>The demo project's files: feeds for the digest, letters for the paperwork helper. Paths are below <c>project://demo/</c>.</summary>
public static class DemoContent
{
    /// <summary>Path, <c>feeds/lab-notes.xml</c>, and content.</summary>
    public static IReadOnlyList<(string Path, ReadOnlyMemory<byte> Bytes)> Files { get; } = [.. ShippedRecipes.Resources("recipes/demo/")];
}
