using System.IO.Compression;
using Arw.Core.Primitives;

namespace Arw.Core.Recipes;

/// <summary>Finds the one manifest in a file, a folder or a zip archive. Archives are hostile: nothing is unpacked, names and sizes are checked, and no more is decompressed than a manifest may hold.</summary>
internal static class RecipePackage
{
    private const int MostArchive = 4 * 1024 * 1024;
    private const int MostEntries = 256;
    private const int MostDepth = 4;
    private const long MostUnpacked = 16 * 1024 * 1024;
    private const int MostRatio = 100;
    private const int SymbolicLink = 0xA;
    private static readonly string[] Names = ["manifest.yaml", "manifest.yml", "recipe.yaml", "recipe.yml", "manifest.json", "recipe.json"];

    /// <summary>The manifest's bytes from what lies at a path of this machine.</summary>
    public static Result<byte[]> FromPath(string path)
    {
        if (!Path.IsPathFullyQualified(path))
        {
            return Refusal.Invalid($"\"{path}\" is no absolute path.", "Name the folder, file or archive from the root.");
        }

        try
        {
            if (Directory.Exists(path))
            {
                var found = Names.Select(n => Path.Combine(path, n)).Where(File.Exists).ToArray();
                return found is [var one]
                    ? FromFile(one)
                    : Refusal.Invalid(found.Length == 0 ? $"The folder \"{path}\" holds no manifest." : $"The folder \"{path}\" holds {found.Length} manifests.", $"Keep exactly one of {string.Join(", ", Names)}.");
            }

            return File.Exists(path) ? FromFile(path) : Refusal.NotFound("recipe at", path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Refusal("unreadable", $"\"{path}\" cannot be read: {e.Message}", "Check the path and its permissions.", 422);
        }
    }

    /// <summary>The manifest's bytes from an upload: an archive when it begins like one.</summary>
    public static Result<byte[]> FromBytes(byte[] bytes) =>
        bytes.AsSpan().StartsWith("PK\x03\x04"u8) || bytes.AsSpan().StartsWith("PK\x05\x06"u8) ? FromZip(bytes) : bytes;

    private static Result<byte[]> FromFile(string path)
    {
        var file = new FileInfo(path);
        if (file.LinkTarget is not null)
        {
            return Refusal.Invalid($"\"{path}\" is a symbolic link.", "Name the file itself.");
        }

        return file.Length > MostArchive
            ? Refusal.Invalid($"\"{path}\" is {file.Length} bytes long; {MostArchive} are the most.")
            : FromBytes(File.ReadAllBytes(path));
    }

    private static Result<byte[]> FromZip(byte[] bytes)
    {
        if (bytes.Length > MostArchive)
        {
            return Refusal.Invalid($"The archive is {bytes.Length} bytes long; {MostArchive} are the most.");
        }

        try
        {
            using var archive = new ZipArchive(new MemoryStream(bytes), ZipArchiveMode.Read);
            if (archive.Entries.Count > MostEntries)
            {
                return Refusal.Invalid($"The archive holds {archive.Entries.Count} entries; {MostEntries} are the most.");
            }

            if (archive.Entries.Select(Fault).FirstOrDefault(f => f is not null) is { } fault)
            {
                return fault;
            }

            if (archive.Entries.Sum(e => e.Length) > MostUnpacked)
            {
                return Refusal.Invalid($"The archive unpacks to more than {MostUnpacked} bytes.");
            }

            // At the root, or in the one folder that archives of a folder have.
            var manifests = archive.Entries.Where(e => Names.Contains(e.Name) && e.FullName.Count(c => c == '/') <= 1).ToArray();
            return manifests is [var manifest]
                ? Read(manifest)
                : Refusal.Invalid(manifests.Length == 0 ? "The archive holds no manifest." : $"The archive holds {manifests.Length} manifests.", $"Keep exactly one of {string.Join(", ", Names)}.");
        }
        catch (Exception e) when (e is InvalidDataException or IOException or NotSupportedException)
        {
            return Refusal.Invalid($"The archive cannot be read: {e.Message}", "Make it again with an ordinary zip program.");
        }
    }

    private static Refusal? Fault(ZipArchiveEntry entry)
    {
        var name = entry.FullName;
        var parts = name.Split('/');
        return name.Length > 200 || name.StartsWith('/') || name.Contains('\\', StringComparison.Ordinal) || name.Contains(':', StringComparison.Ordinal) || parts.Contains("..")
            ? Refusal.Invalid($"The archive's entry {ManifestNode.Quote(name)} leaves its folder.")
            : parts.Length > MostDepth + 1
                ? Refusal.Invalid($"The archive's entry {ManifestNode.Quote(name)} lies more than {MostDepth} folders deep.")
                : (entry.ExternalAttributes >>> 28) == SymbolicLink
                    ? Refusal.Invalid($"The archive's entry {ManifestNode.Quote(name)} is a symbolic link.")
                    : entry.CompressedLength > 0 && entry.Length / entry.CompressedLength > MostRatio && entry.Length > 64 * 1024
                        ? Refusal.Invalid($"The archive's entry {ManifestNode.Quote(name)} is compressed more than {MostRatio} times.")
                        : null;
    }

    private static Result<byte[]> Read(ZipArchiveEntry entry)
    {
        // The sizes in the archive's directory are claims: what is decompressed is counted.
        using var stream = entry.Open();
        var buffer = new byte[ManifestLoader.MostBytes + 1];
        var read = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        return buffer[..read];
    }
}
