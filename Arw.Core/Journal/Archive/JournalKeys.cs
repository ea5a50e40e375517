using Arw.Core.Journal.Anchoring;

namespace Arw.Core.Journal.Archive;

/// <summary>Whose signatures a data folder's archive may carry: its own key, and those of the homes that it was restored from, whose public parts came with the backup in <c>journal.keys</c>, one a line.</summary>
public static class JournalKeys
{
    /// <summary>Name of the file in the data folder.</summary>
    public const string FileName = "journal.keys";

    /// <summary>Content of the file.</summary>
    /// <param name="keys">Ids of the keys.</param>
    internal static byte[] ToFile(IEnumerable<string> keys) => System.Text.Encoding.ASCII.GetBytes(string.Concat(keys.Distinct(StringComparer.Ordinal).Select(k => k + '\n')));

    /// <summary>Ids of the keys.</summary>
    /// <param name="folder">The data folder.</param>
    public static IReadOnlyList<string> Of(string folder)
    {
        var path = Path.Combine(folder, FileName);
        var keys = new List<string>();
        if (HeadKey.IdIn(folder) is { } own)
        {
            keys.Add(own);
        }

        if (File.Exists(path))
        {
            keys.AddRange(File.ReadAllLines(path).Where(l => l.Length > 0));
        }

        return keys;
    }
}
