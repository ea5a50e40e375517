using System.Text.RegularExpressions;

namespace Arw.Tests.Policy.Cedar;

/// <summary>The engine could be a package of its own: it names nothing else of ours.</summary>
public sealed partial class CedarLayerTests
{
    [Fact]
    public void Sources_NameOfOurs_OnlyTheEngineItself()
    {
        var folder = AppContext.BaseDirectory;
        while (!Directory.Exists(Path.Combine(folder, "Arw.Core", "Policy", "Cedar")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests run outside the repository.");
        }

        var files = Directory.GetFiles(Path.Combine(folder, "Arw.Core", "Policy", "Cedar"), "*.cs", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        Assert.Empty(files.SelectMany(f => Foreign().Matches(File.ReadAllText(f)).Select(m => $"{Path.GetFileName(f)}: {m.Value}")));
    }

    [GeneratedRegex(@"\bArw\.(?!Core\.Policy\.Cedar\b)\w+(\.\w+)*", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Foreign();
}
