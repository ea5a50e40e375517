using System.Globalization;
using System.Security.Cryptography;
using Arw.Core.Primitives;

namespace Arw.Core.Journal.Archive;

/// <summary>The read models as they were when the last event was dropped: a file beside the journal, known by the digest in the signed cut.</summary>
public static class CheckpointFile
{
    /// <summary>Where the checkpoint of a cut lies.</summary>
    public static string PathOf(string folder, long upTo, string digest) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{upTo:D12}.{digest[7..15]}.db"));

    /// <summary>Digest of a file.</summary>
    public static string DigestOf(string path)
    {
        using var file = File.OpenRead(path);
        return Digest.Format(SHA256.HashData(file));
    }

    /// <summary>What is wrong with the checkpoint of a cut; null when nothing is.</summary>
    public static string? Problem(string folder, CutRecord cut)
    {
        if (!Digest.IsWellFormed(cut.Checkpoint))
        {
            return "The checkpoint of the read models has no digest.";
        }

        try
        {
            return DigestOf(PathOf(folder, cut.UpTo, cut.Checkpoint)) == cut.Checkpoint ? null : $"The checkpoint of the read models for the events up to {cut.UpTo} was changed.";
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return $"The checkpoint of the read models for the events up to {cut.UpTo} is missing.";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"The checkpoint of the read models for the events up to {cut.UpTo} cannot be read: {e.Message}";
        }
    }
}

/// <summary>The read models folded up to the last event that was dropped: where rebuilding begins.</summary>
/// <param name="Folder">The data folder.</param>
/// <param name="Path">The file.</param>
/// <param name="Cut">The statement that names it.</param>
public sealed record ModelsCheckpoint(string Folder, string Path, CutRecord Cut)
{
    /// <summary>Seq of the last event in it.</summary>
    public long UpTo => Cut.UpTo;

    /// <summary>Looks whether it is the one that a key of this home signed, before anything is built on it.</summary>
    internal void Demand()
    {
        if (!Cut.IsSigned() || !JournalKeys.Of(Folder).Contains(Cut.KeyId))
        {
            throw new JournalDamagedException($"What says that the events up to {Cut.UpTo} were dropped is not signed by a key of this home.");
        }

        if (CheckpointFile.Problem(System.IO.Path.GetDirectoryName(Path)!, Cut) is { } problem)
        {
            throw new JournalDamagedException(problem);
        }
    }
}
