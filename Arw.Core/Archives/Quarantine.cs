using System.Globalization;
using Arw.Core.Primitives;

namespace Arw.Core.Archives;

/// <summary>A file of an archive that is not admitted yet.</summary>
/// <param name="Path">Where it would go, below the folder that the archive is unpacked to.</param>
/// <param name="Number">Its name in the quarantine.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Digest">Digest of its content.</param>
public sealed record QuarantinedFile(string Path, int Number, long Bytes, string Digest);

/// <summary>A folder of its own under the data folder, where files lie under numbers until they are admitted. Disposing removes it.</summary>
public sealed class Quarantine : IDisposable
{
    private readonly string _folder;
    private readonly List<QuarantinedFile> _files = [];
    private int _next;

    /// <summary>An empty quarantine; what an earlier attempt left under that name is removed.</summary>
    /// <param name="dataDirectory">The home's data folder.</param>
    /// <param name="name">A name of our own: the action's id.</param>
    public Quarantine(string dataDirectory, string name)
    {
        _folder = System.IO.Path.Combine(dataDirectory, "quarantine", name);
        Dispose();
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(_folder);
        }
        else
        {
            Directory.CreateDirectory(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Its files, in the archive's order.</summary>
    public IReadOnlyList<QuarantinedFile> Files => _files;

    /// <summary>The content of a file.</summary>
    public byte[] Read(QuarantinedFile file) => File.ReadAllBytes(Place(file.Number));

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    /// <summary>Takes a file in and answers its length; null when it is longer than allowed.</summary>
    internal long? Add(string path, Stream content, long most)
    {
        var number = _next++;
        using var hash = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
        using var file = new FileStream(Place(number), FileMode.CreateNew, FileAccess.Write);
        var buffer = new byte[81920];
        var length = 0L;
        for (var read = content.Read(buffer); read > 0; read = content.Read(buffer))
        {
            length += read;
            if (length > most)
            {
                return null;
            }

            hash.AppendData(buffer, 0, read);
            file.Write(buffer, 0, read);
        }

        _files.Add(new QuarantinedFile(path, number, length, Digest.Format(hash.GetHashAndReset())));
        return length;
    }

    /// <summary>Hands a file's content out and forgets it.</summary>
    internal byte[] Take(QuarantinedFile file)
    {
        var bytes = Read(file);
        File.Delete(Place(file.Number));
        _files.Remove(file);
        return bytes;
    }

    private string Place(int number) => System.IO.Path.Combine(_folder, number.ToString("D6", CultureInfo.InvariantCulture));
}
