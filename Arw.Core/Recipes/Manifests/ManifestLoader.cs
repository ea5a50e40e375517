using System.Text;
using Arw.Core.Primitives;

namespace Arw.Core.Recipes;

/// <summary>A manifest file, read.</summary>
/// <param name="Manifest">The manifest; null when there are problems.</param>
/// <param name="Text">The file's text.</param>
/// <param name="Digest">Digest of the file's bytes: what a person accepts at launch.</param>
/// <param name="Problems">Everything that is wrong, in the order of the file; empty for a good one.</param>
public sealed record LoadedManifest(RecipeManifest? Manifest, string Text, string Digest, IReadOnlyList<RecipeProblem> Problems)
{
    /// <summary>The manifest, or a refusal (422) that carries every problem in its details.</summary>
    public Result<RecipeManifest> AsResult() => Manifest is { } manifest ? manifest : ProblemList.Refuse("The recipe manifest", Problems);
}

/// <summary>Reads recipe manifests, YAML or strict JSON, and reports every problem with its line and column at once. Never throws on any input.</summary>
public static class ManifestLoader
{
    /// <summary>Largest manifest, in bytes.</summary>
    public const int MostBytes = 256 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a manifest from its text.</summary>
    public static LoadedManifest Load(string text) => Load(Encoding.UTF8.GetBytes(text));

    /// <summary>Reads a manifest from the bytes of its file. A file that begins with <c>{</c> is JSON, any other is YAML.</summary>
    public static LoadedManifest Load(ReadOnlySpan<byte> bytes)
    {
        var problems = new ProblemList();
        var digest = Digest.Of(bytes);
        if (bytes.Length > MostBytes)
        {
            problems.Add(1, 1, "", $"The file is {bytes.Length} bytes long.", $"at most {MostBytes} bytes");
            return new LoadedManifest(null, "", digest, problems.Sorted());
        }

        string text;
        try
        {
            text = StrictUtf8.GetString(bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[3..] : bytes);
        }
        catch (DecoderFallbackException e)
        {
            var before = bytes[..Math.Clamp(e.Index, 0, bytes.Length)];
            problems.Add(before.Count((byte)'\n') + 1, 1, "", $"The byte at offset {e.Index} is no UTF-8.", "a text file in UTF-8");
            return new LoadedManifest(null, "", digest, problems.Sorted());
        }

        var root = text.AsSpan().TrimStart().StartsWith('{') ? new JsonManifest(problems).Read(text) : new YamlManifest(problems).Read(text);
        var manifest = root is null ? null : new ManifestReader(problems).Read(root);
        return new LoadedManifest(problems.Any ? null : manifest, text, digest, problems.Sorted());
    }
}
