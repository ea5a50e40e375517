using Arw.Core.Primitives;
using Arw.Core.Projects;

namespace Arw.Core.Archives;

/// <summary>What one unpacking has taken in so far: judges each name, counts everything, keeps time. Readers of all formats put their entries through it.</summary>
internal sealed class ArchiveIntake(Quarantine quarantine, ArchiveLimits limits, TimeProvider time, CancellationToken cancel)
{
    private const long FreeBytes = 1024 * 1024;

    // Folded path → the path as first spelled, and whether it is a file.
    private readonly Dictionary<string, (string Path, bool File)> _taken = new(StringComparer.Ordinal);
    private readonly long _began = time.GetTimestamp();
    private string _folder = "";
    private long _packed;
    private long _total;
    private int _entries;

    public ArchiveLimits Limits => limits;

    /// <summary>Bytes that the present archive has unfolded to.</summary>
    public long Unfolded { get; private set; }

    /// <summary>Files in quarantine.</summary>
    public int Files => quarantine.Files.Count;

    public IEnumerable<QuarantinedFile> Since(int first) => quarantine.Files.Skip(first);

    /// <summary>Begins an archive of so many bytes, whose entries go below a folder.</summary>
    public void Enter(string folder, long packed) => (_folder, _packed, Unfolded) = (folder, packed, 0);

    /// <summary>The bytes of a file that is itself an archive, which leaves the quarantine.</summary>
    public byte[] Take(QuarantinedFile file)
    {
        _taken.Remove(Folded(file.Path));
        return quarantine.Take(file);
    }

    /// <summary>A folder of the archive.</summary>
    public void Folder(string name)
    {
        Count();
        if (Judge(name.TrimEnd('/')) is { } path)
        {
            Claim(path, file: false);
        }
    }

    /// <summary>A file of the archive.</summary>
    /// <param name="name">Its name as the archive has it.</param>
    /// <param name="content">Its content.</param>
    /// <param name="length">Its length as the archive says; null when it does not.</param>
    public void File(string name, Stream content, long? length)
    {
        Count();
        var path = Judge(name) ?? throw new ArchiveRefusedException(ArchiveRefusals.Path(name, "names the archive's own folder"));
        Claim(path, file: true);
        if (length > limits.MaxFileBytes)
        {
            throw new ArchiveRefusedException(ArchiveRefusals.TooLarge($"{ArchiveRefusals.Quote(name)} has {length:N0} bytes, and {limits.MaxFileBytes:N0} are possible"));
        }

        var written = quarantine.Add(path, content, limits.MaxFileBytes)
            ?? throw new ArchiveRefusedException(ArchiveRefusals.TooLarge($"{ArchiveRefusals.Quote(name)} has more than {limits.MaxFileBytes:N0} bytes"));
        if (length is { } said && said != written)
        {
            throw new ArchiveRefusedException(ArchiveRefusals.Lies($"{ArchiveRefusals.Quote(name)} should have {said:N0} bytes, and has {written:N0}"));
        }
    }

    /// <summary>The stream, each of its bytes counted.</summary>
    public Stream Meter(Stream stream) => new MeteredStream(stream, Read);

    /// <summary>Looks at the clock.</summary>
    public void Tick()
    {
        cancel.ThrowIfCancellationRequested();
        if (time.GetElapsedTime(_began) > limits.MaxTime)
        {
            throw new ArchiveRefusedException(ArchiveRefusals.TooSlow(limits.MaxTime));
        }
    }

    private void Read(int bytes)
    {
        Tick();
        Unfolded += bytes;
        _total += bytes;
        if (Unfolded > FreeBytes && Unfolded / Math.Max(_packed, 1) > limits.MaxRatio)
        {
            throw new ArchiveRefusedException(ArchiveRefusals.Bomb($"each of its {_packed:N0} bytes to more than {limits.MaxRatio}"));
        }

        if (_total > limits.MaxBytes)
        {
            throw new ArchiveRefusedException(ArchiveRefusals.TooLarge($"it unfolds to more than {limits.MaxBytes:N0} bytes"));
        }
    }

    private void Count()
    {
        Tick();
        if (++_entries > limits.MaxEntries)
        {
            throw new ArchiveRefusedException(ArchiveRefusals.TooLarge($"it holds more than {limits.MaxEntries:N0} files and folders"));
        }
    }

    // The path below the archive's folder; null for that folder itself ("./", as tar begins).
    private string? Judge(string name)
    {
        var plain = name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name == "." ? "" : name;
        if (plain.Length == 0 && name.Length > 0)
        {
            return null;
        }

        var path = _folder.Length == 0 ? plain : $"{_folder}/{plain}";
        if (plain is [_, ':', ..])
        {
            throw new ArchiveRefusedException(ArchiveRefusals.Path(name, "begins with the letter of a drive"));
        }

        if (plain.StartsWith('/'))
        {
            throw new ArchiveRefusedException(ArchiveRefusals.Path(name, "begins at the root of the disk"));
        }

        return ProjectPath.ParseFile(ProjectPath.Scheme + path).TryGet(out var parsed, out var refusal)
            ? parsed.Relative
            : throw new ArchiveRefusedException(ArchiveRefusals.Path(name, $"cannot be a file of a project: {Why(refusal)}"));
    }

    private static string Why(Refusal refusal) => refusal.Message[(refusal.Message.LastIndexOf("\" ", StringComparison.Ordinal) + 2)..].TrimEnd('.');

    private void Claim(string path, bool file)
    {
        for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = path.IndexOf('/', slash + 1))
        {
            Hold(path[..slash], file: false);
        }

        Hold(path, file);
    }

    private void Hold(string path, bool file)
    {
        var folded = Folded(path);
        if (!_taken.TryGetValue(folded, out var other))
        {
            _taken.Add(folded, (path, file));
        }
        else if (other.Path != path || other.File || file)
        {
            throw new ArchiveRefusedException(ArchiveRefusals.Collision(path, other.Path));
        }
    }

    // As file systems that ignore case compare: upper case, which is nearer to theirs than lower.
    private static string Folded(string path) => path.Normalize(System.Text.NormalizationForm.FormKC).ToUpperInvariant();
}
