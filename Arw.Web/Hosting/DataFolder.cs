using Arw.Core.Journal;
using Arw.Core.Primitives;
using Microsoft.Data.Sqlite;

namespace Arw.Web.Hosting;

/// <summary>The data folder, held by one process at a time.</summary>
public sealed class DataFolder : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private readonly FileStream _lock;

    private DataFolder(string path, FileStream held) => (Path, _lock) = (path, held);

    /// <summary>Its absolute path.</summary>
    public string Path { get; }

    /// <summary>Makes the folder readable by its owner only, and holds it until disposed.</summary>
    /// <exception cref="StartUpRefusedException">It cannot be made, or another process holds it.</exception>
    public static DataFolder Open(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, OwnerOnly);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartUpRefusedException(new Refusal(
                "data_folder_unusable", $"The data folder \"{path}\" cannot be used: {e.Message}", "Set ARW_STATE_DIR to a folder that you may write."));
        }

        try
        {
            return new DataFolder(path, new FileStream(
                System.IO.Path.Combine(path, "arw.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartUpRefusedException(Explain(path, e) ?? new Refusal(
                "data_folder_in_use", $"The data folder \"{path}\" is in use by another Arw.Web.", "Stop that one, or set ARW_STATE_DIR to another folder."));
        }
    }

    /// <summary>Why a home could not start, where its disk is the reason; null for other exceptions.</summary>
    internal static Refusal? Explain(string path, Exception e)
    {
        if ((e as JournalFaultException)?.InnerException is { } inner)
        {
            return Explain(path, inner);
        }

        var fault = JournalFault.Of(e, default);
        return e is SqliteException || fault.Code != "write_failed"
            ? new Refusal("data_folder_unusable", $"The data folder \"{path}\" cannot be used: {fault.Message} ({fault.Cause})", "Put that right and start again, or set ARW_STATE_DIR to a folder that you may write.")
            : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();
}
