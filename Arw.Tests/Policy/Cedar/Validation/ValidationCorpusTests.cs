using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using Arw.Core.Policy.Cedar.Parsing;
using Arw.Core.Policy.Cedar.Schemas;
using Arw.Core.Policy.Cedar.Validation;
using Xunit.Abstractions;

namespace Arw.Tests.Policy.Cedar.Validation;

/// <summary>Whether policies validate, for every case of the public corpus: it lies beside the repository and is never part of it.</summary>
public class ValidationCorpusTests(ITestOutputHelper output)
{
    private const int Cases = 3_963 + 22;

    [Fact]
    public void Validate_OfEveryCase_AgreesWithTheCorpus()
    {
        if (Corpus() is not { } corpus)
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", "The corpus is absent.");
            output.WriteLine("Skipped: there is no ../shared/corpora/cedar beside the repository.");
            return;
        }

        var files = Files(corpus);
        var (right, wrong) = (0, new List<string>());
        foreach (var (name, text) in files.Where(file => file.Key.Contains("tests/", StringComparison.Ordinal) && file.Key.EndsWith(".json", StringComparison.Ordinal)))
        {
            if (name.EndsWith("entities.json", StringComparison.Ordinal))
            {
                continue;
            }

            using var test = JsonDocument.Parse(text);
            var schema = Schema.Parse(files[test.RootElement.GetProperty("schema").GetString()!]);
            var policies = CedarParser.ParsePolicies(files[test.RootElement.GetProperty("policies").GetString()!]);
            var expected = test.RootElement.GetProperty("shouldValidate").GetBoolean();
            if (!schema.Ok || !policies.Ok)
            {
                wrong.Add($"{name}: {string.Join("; ", schema.Errors.Concat(policies.Errors))}");
                continue;
            }

            var result = new PolicyValidator(schema.Value).Validate(policies.Value);
            if (result.Ok == expected)
            {
                right++;
            }
            else
            {
                wrong.Add($"{name}: expected {expected}, but {string.Join("; ", result.Errors)}");
            }
        }

        output.WriteLine($"{right} right, {wrong.Count} wrong");
        foreach (var line in wrong.Take(40))
        {
            output.WriteLine(line);
        }

        Assert.Empty(wrong);
        Assert.Equal(Cases, right);
    }

    private static Dictionary<string, string> Files(string corpus)
    {
        Dictionary<string, string> files = [];
        using var tar = new TarReader(new GZipStream(File.OpenRead(Path.Combine(corpus, "corpus-tests.tar.gz")), CompressionMode.Decompress));
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is not null)
            {
                files[entry.Name.TrimStart('.', '/')] = new StreamReader(entry.DataStream).ReadToEnd();
            }
        }

        foreach (var folder in (string[])["tests", "sample-data"])
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(corpus, folder), "*", SearchOption.AllDirectories))
            {
                files[Path.GetRelativePath(corpus, file)] = File.ReadAllText(file);
            }
        }

        return files;
    }

    private static string? Corpus()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "global.json")))
            {
                var corpus = Path.Combine(folder.FullName, "..", "shared", "corpora", "cedar");
                return Directory.Exists(corpus) ? Path.GetFullPath(corpus) : null;
            }
        }

        return null;
    }
}
