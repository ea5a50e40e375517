using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Tests.Policy.Cedar.Corpus;

/// <summary>One request of a case, and what has to come out.</summary>
internal sealed record CorpusRequest(
    EntityUid Principal, EntityUid Action, EntityUid Resource, JsonElement Context, bool Validate, bool Allowed, string[] Reason, string[] Errors);

/// <summary>One case: policies, entities and schema as texts, whether they validate, and requests.</summary>
internal sealed record CorpusCase(string Name, string Policies, string Entities, string Schema, bool ShouldValidate, IReadOnlyList<CorpusRequest> Requests);

/// <summary>The public corpus, which lies beside the repository and is never part of it.</summary>
internal static class CorpusFiles
{
    public const int HandWritten = 22;
    public const int Generated = 3963;

    public static string Folder { get; } = Find();

    public static bool Exists => File.Exists(Path.Combine(Folder, "corpus-tests.tar.gz"));

    /// <summary>The cases that people wrote.</summary>
    public static IEnumerable<CorpusCase> ReadHandWritten() =>
        Directory.EnumerateFiles(Path.Combine(Folder, "tests"), "*.json", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(file => Case(Path.GetRelativePath(Folder, file), File.ReadAllText(file), name => File.ReadAllText(Path.Combine(Folder, name))));

    /// <summary>The cases that a fuzzer found.</summary>
    public static IEnumerable<CorpusCase> ReadGenerated()
    {
        var files = new Dictionary<string, string>();
        using var stream = new GZipStream(File.OpenRead(Path.Combine(Folder, "corpus-tests.tar.gz")), CompressionMode.Decompress);
        using var tar = new TarReader(stream);
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is { } data)
            {
                using var reader = new StreamReader(data);
                files[entry.Name.TrimStart('.', '/')] = reader.ReadToEnd();
            }
        }

        return files.Keys
            .Where(name => name.EndsWith(".json", StringComparison.Ordinal) && !name.EndsWith(".entities.json", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => Case(name, files[name], file => files[file]));
    }

    private static CorpusCase Case(string name, string json, Func<string, string> file)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return new CorpusCase(
            name,
            file(root.GetProperty("policies").GetString()!),
            file(root.GetProperty("entities").GetString()!),
            file(root.GetProperty("schema").GetString()!),
            root.GetProperty("shouldValidate").GetBoolean(),
            [.. root.GetProperty("requests").EnumerateArray().Select(Request)]);
    }

    private static CorpusRequest Request(JsonElement json) => new(
        Uid(json.GetProperty("principal")),
        Uid(json.GetProperty("action")),
        Uid(json.GetProperty("resource")),
        json.GetProperty("context").Clone(),
        !json.TryGetProperty("validateRequest", out var validate) || validate.GetBoolean(),
        json.GetProperty("decision").GetString()!.Equals("allow", StringComparison.OrdinalIgnoreCase),
        [.. json.GetProperty("reason").EnumerateArray().Select(r => r.GetString()!)],
        [.. json.GetProperty("errors").EnumerateArray().Select(r => r.GetString()!)]);

    private static EntityUid Uid(JsonElement json) => new(json.GetProperty("type").GetString()!, json.GetProperty("id").GetString()!);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Arw.Web.sln")))
            {
                return Path.GetFullPath(Path.Combine(folder.FullName, "..", "shared", "corpora", "cedar"));
            }
        }

        return Path.GetFullPath(Path.Combine("shared", "corpora", "cedar"));
    }
}
