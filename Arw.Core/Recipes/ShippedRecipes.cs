using System.Reflection;

namespace Arw.Core.Recipes;

/// <summary>Content that comes with the program, from the assembly's resources.</summary>
internal static class ShippedRecipes
{
    private const string Folder = "recipes/shipped/";
    private static readonly Lazy<IReadOnlyList<LoadedManifest>> Loaded = new(() =>
        [.. Resources(Folder).Select(r => ManifestLoader.Load(r.Bytes.Span)).OrderBy(r => r.Manifest?.Id, StringComparer.Ordinal)]);

    /// <summary>The shipped recipes, by id.</summary>
    public static IReadOnlyList<LoadedManifest> All => Loaded.Value;

    public static LoadedManifest? Find(string id) => All.FirstOrDefault(r => r.Manifest?.Id == id);

    /// <summary>Embedded files below a folder, by name.</summary>
    internal static IEnumerable<(string Name, ReadOnlyMemory<byte> Bytes)> Resources(string folder)
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            yield return (name[folder.Length..], bytes.ToArray());
        }
    }
}
