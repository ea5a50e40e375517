using System.Security.Cryptography;
using System.Text;

namespace Arw.Tests.Redaction;

/// <summary>Text that holds no secrets, from this machine: source, documentation, lock files, identifiers, digests, pictures. Cut into lines, of which a hash decides whether the detectors were tuned on them.</summary>
internal static class RealText
{
    private const int MaxLine = 4096;
    private const int MaxLines = 60_000;

    private static readonly string Root = FindRoot();

    /// <summary>The corpora by name. Those made by machines hold nothing personal either.</summary>
    public static IReadOnlyDictionary<string, Func<IEnumerable<string>>> All { get; } = new Dictionary<string, Func<IEnumerable<string>>>(StringComparer.Ordinal)
    {
        ["source"] = () => Lines(Files(Path.Combine(Root, "Arw.Core"), "*.cs"), Files(Path.Combine(Root, "Arw.Web"), "*.cs", "*.razor"), Files(Path.Combine(Root, "bench"), "*.cs"), Files(Path.Combine(Root, "wwwroot"), "*.js", "*.css")),
        ["documents"] = () => Lines(Directory.GetFiles(Root, "*.md"), Files(Path.Combine(Root, "docs"), "*.md"), Files(Path.Combine(Root, "bench"), "*.md")),
        ["api documentation"] = () => Lines(Documentation()),
        ["lock files"] = () => Lines(Files(Root, "packages.lock.json"), Files(AppContext.BaseDirectory, "*.deps.json")),
        ["machine-made"] = MachineMade,
    };

    /// <summary>Whether a line belongs to the half that was not looked at while the detectors were tuned.</summary>
    public static bool IsHeldOut(string line) => (SHA256.HashData(Encoding.UTF8.GetBytes(line))[0] & 1) == 1;

    private static IEnumerable<string> Lines(params IEnumerable<string>[] files) => files
        .SelectMany(f => f)
        .SelectMany(File.ReadLines)
        .Where(l => l.Trim().Length >= 8)
        .SelectMany(l => l.Chunk(MaxLine).Select(c => new string(c)))
        .Distinct()
        .Take(MaxLines);

    // Identifiers, digests, and pictures as they stand in data URLs and mails.
    private static IEnumerable<string> MachineMade()
    {
        for (var i = 0; i < 4000; i++)
        {
            yield return $"id {new Guid(RandomNumberGenerator.GetBytes(16))} of {new Guid(RandomNumberGenerator.GetBytes(16)):N}";
            yield return $"sha256:{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))}";
            yield return $"commit {Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20))}";
            yield return $"etag \"{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}\"";
        }

        foreach (var picture in Files(Path.Combine(Root, "docs"), "*.png"))
        {
            var text = Convert.ToBase64String(File.ReadAllBytes(picture));
            foreach (var line in text.Chunk(76).Take(8000))
            {
                yield return new string(line);
            }

            yield return $"data:image/png;base64,{text[..Math.Min(text.Length, 200_000)]}";
        }
    }

    private static IEnumerable<string> Documentation()
    {
        var shared = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var packs = Path.Combine(shared, "..", "..", "..", "packs");
        return Files(packs, "*.xml").Order(StringComparer.Ordinal);
    }

    private static IEnumerable<string> Files(string folder, params string[] patterns) => !Directory.Exists(folder) ? [] : patterns
        .SelectMany(p => Directory.EnumerateFiles(folder, p, SearchOption.AllDirectories))
        .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Arw.Web.sln")))
        {
            folder = Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar))!;
        }

        return folder;
    }
}
