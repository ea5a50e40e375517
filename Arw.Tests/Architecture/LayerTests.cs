using System.Text.RegularExpressions;
using Arw.Core.Journal;
using Arw.Web.Hosting;

namespace Arw.Tests.Architecture;

/// <summary>The layout's promises: who may depend on whom.</summary>
public sealed partial class LayerTests
{
    private static readonly string Root = FindRoot();

    // The kernel: what knows no pack.
    private static readonly string[] Kernel = ["Primitives", "Journal", "State", "Policy", "Actions", "Access", "Episodes", "Observations", "Redaction"];

    private static readonly string[] Packs = [.. Directory.GetDirectories(Path.Combine(Root, "Arw.Core")).Select(Path.GetFileName)!
        .Where(n => n is not ("bin" or "obj") && !Kernel.Contains(n))!];

    [Fact]
    public void Core_References_NothingOfOursAndNoAspNet()
    {
        var names = typeof(EventJournal).Assembly.GetReferencedAssemblies().Select(a => a.Name!).ToList();
        Assert.DoesNotContain(names, n => n.StartsWith("Arw.", StringComparison.Ordinal) || n.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) || n.StartsWith("MudBlazor", StringComparison.Ordinal));
    }

    [Fact]
    public void Web_References_CoreOnlyAndNoNativeModelLibrary()
    {
        var names = typeof(ArwHost).Assembly.GetReferencedAssemblies().Select(a => a.Name!).ToList();
        Assert.Equal(["Arw.Core"], names.Where(n => n.StartsWith("Arw.", StringComparison.Ordinal)));
        Assert.DoesNotContain(names, n => n.Contains("OnnxRuntime", StringComparison.Ordinal) || n.Contains("LLama", StringComparison.Ordinal));
    }

    [Fact]
    public void Inference_References_CoreOnly()
    {
        var project = File.ReadAllText(Path.Combine(Root, "Arw.Inference", "Arw.Inference.csproj"));
        Assert.Equal(["../Arw.Core/Arw.Core.csproj"], ProjectReference().Matches(project).Select(m => m.Groups["path"].Value));
    }

    [Fact]
    public void Kernel_Sources_NameNoPack()
    {
        var using_ = new Regex($@"^\s*using (static )?Arw\.Core\.({string.Join('|', Packs)})\b", RegexOptions.Multiline, TimeSpan.FromSeconds(5));
        var offenders = Kernel.SelectMany(k => Sources("Arw.Core", k)).Where(f => using_.IsMatch(File.ReadAllText(f)));
        Assert.Empty(offenders.Select(Relative));
    }

    [Fact]
    public void Packs_Internals_AreUsedInTheirOwnFolderOnly()
    {
        var offenders = new List<string>();
        var files = Packs.ToDictionary(p => p, p => Sources("Arw.Core", p).Select(f => (File: f, Text: File.ReadAllText(f))).ToList(), StringComparer.Ordinal);
        foreach (var (pack, own) in files)
        {
            foreach (var name in own.SelectMany(f => InternalType().Matches(f.Text)).Select(m => m.Groups["name"].Value).Distinct(StringComparer.Ordinal))
            {
                var use = new Regex($@"\b{name}\b", RegexOptions.None, TimeSpan.FromSeconds(5));
                offenders.AddRange(files.Where(o => o.Key != pack)
                    .SelectMany(o => o.Value)
                    .Where(f => f.Text.Contains($"using Arw.Core.{pack}", StringComparison.Ordinal) && use.IsMatch(f.Text))
                    .Select(f => $"{Relative(f.File)} uses {pack}'s {name}"));
            }
        }

        Assert.Empty(offenders);
    }

    [Fact]
    public void Components_Sources_KnowNoFeature()
    {
        var offenders = Directory.EnumerateFiles(Path.Combine(Root, "Arw.Web", "Components"), "*.*", SearchOption.AllDirectories)
            .Where(f => f.EndsWith(".cs", StringComparison.Ordinal) || f.EndsWith(".razor", StringComparison.Ordinal))
            .Where(f => File.ReadAllText(f).Contains("Arw.Web.Features", StringComparison.Ordinal));
        Assert.Empty(offenders.Select(Relative));
    }

    [Fact]
    public void Readme_ConfigurationAndCommands_AreTheGeneratedOnes()
    {
        var readme = File.ReadAllText(Path.Combine(Root, "README.md"));
        Assert.Contains(OptionsHelp.Markdown(), readme, StringComparison.Ordinal);
        Assert.Contains(OptionsHelp.CommandsMarkdown(), readme, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Sources(string project, string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, project, folder), "*.cs", SearchOption.AllDirectories);

    private static string Relative(string file) => Path.GetRelativePath(Root, file);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Arw.Web.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests run outside the repository.");
    }

    [GeneratedRegex("""<ProjectReference Include="(?<path>[^"]+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ProjectReference();

    [GeneratedRegex(@"^\s*internal\s+(?:sealed\s+|static\s+|abstract\s+|partial\s+|readonly\s+)*(?:record\s+struct|record|class|struct|enum|interface)\s+(?<name>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex InternalType();
}
