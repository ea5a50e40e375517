using System.IO.Compression;
using System.Text;
using Arw.Core.Recipes;

namespace Arw.Tests.Recipes;

public class RecipePackageTests
{
    [Fact]
    public void FromBytes_ZipWithOneManifest_ReadsIt() =>
        Assert.Equal("id: a", Encoding.UTF8.GetString(RecipePackage.FromBytes(Zip(("mine/recipe.yaml", "id: a"), ("mine/README.md", "hello"))).Value));

    [Theory]
    [InlineData("../recipe.yaml")]
    [InlineData("/recipe.yaml")]
    [InlineData("a\\recipe.yaml")]
    [InlineData("C:recipe.yaml")]
    [InlineData("a/b/c/d/e/recipe.yaml")]
    public void FromBytes_EntryThatLeavesItsFolder_IsRefused(string name) =>
        Assert.False(RecipePackage.FromBytes(Zip((name, "id: a"))).Ok);

    [Fact]
    public void FromBytes_TwoManifests_AreRefused() =>
        Assert.Contains("2 manifests", RecipePackage.FromBytes(Zip(("recipe.yaml", "a"), ("manifest.json", "b"))).Refusal!.Message, StringComparison.Ordinal);

    [Fact]
    public void FromBytes_Bomb_IsRefused() =>
        Assert.Contains("compressed more", RecipePackage.FromBytes(Zip(("recipe.yaml", new string('a', 10_000_000)))).Refusal!.Message, StringComparison.Ordinal);

    [Fact]
    public void FromBytes_SymbolicLink_IsRefused()
    {
        var bytes = Zip(e => e.ExternalAttributes = unchecked((int)0xA1FF0000), ("recipe.yaml", "/etc/passwd"));

        Assert.Contains("symbolic link", RecipePackage.FromBytes(bytes).Refusal!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromBytes_BrokenArchive_IsRefused() => Assert.False(RecipePackage.FromBytes("PK\u0003\u0004broken"u8.ToArray()).Ok);

    [Fact]
    public void FromPath_FolderFileAndLink_AreReadOrRefused()
    {
        using var folder = new TempFolder();
        var file = Path.Combine(folder.Path, "recipe.yaml");
        File.WriteAllText(file, "id: a");
        File.CreateSymbolicLink(Path.Combine(folder.Path, "link.yaml"), file);

        Assert.True(RecipePackage.FromPath(folder.Path).Ok);
        Assert.True(RecipePackage.FromPath(file).Ok);
        Assert.False(RecipePackage.FromPath(Path.Combine(folder.Path, "link.yaml")).Ok);
        Assert.False(RecipePackage.FromPath("recipe.yaml").Ok);
        Assert.Equal("not_found", RecipePackage.FromPath(Path.Combine(folder.Path, "none")).Refusal!.Code);
    }

    private static byte[] Zip(params (string Name, string Text)[] files) => Zip(_ => { }, files);

    private static byte[] Zip(Action<ZipArchiveEntry> change, params (string Name, string Text)[] files)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create))
        {
            foreach (var (name, text) in files)
            {
                var entry = zip.CreateEntry(name);
                change(entry);
                using var writer = new StreamWriter(entry.Open());
                writer.Write(text);
            }
        }

        return bytes.ToArray();
    }
}
