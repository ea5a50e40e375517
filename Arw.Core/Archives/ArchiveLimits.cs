using Arw.Core.Primitives;

namespace Arw.Core.Archives;

/// <summary>How much an archive may unfold to. Archives inside of it count towards the same limits.</summary>
public sealed record ArchiveLimits
{
    /// <summary>Most bytes of the archive itself; 64 MiB by default.</summary>
    public long MaxArchiveBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>Most files and folders; 10,000 by default.</summary>
    public int MaxEntries { get; init; } = 10_000;

    /// <summary>Most bytes of all files together; 256 MiB by default.</summary>
    public long MaxBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>Most bytes of one file; 8 MiB by default, as much as a project's file may have.</summary>
    public long MaxFileBytes { get; init; } = Projects.ProjectFiles.MaxBytes;

    /// <summary>Most bytes that one packed byte may unfold to, once 1 MiB has been unfolded; 200 by default.</summary>
    public int MaxRatio { get; init; } = 200;

    /// <summary>Most archives inside one another, the outermost counted; 3 by default.</summary>
    public int MaxDepth { get; init; } = 3;

    /// <summary>Longest time that unpacking may take; 60 s by default.</summary>
    public TimeSpan MaxTime { get; init; } = TimeSpan.FromSeconds(60);
}

/// <summary>Refusals of archives. Nothing of a refused archive is admitted.</summary>
internal static class ArchiveRefusals
{
    public static Refusal Path(string name, string why) => Of("archive_path", $"The archive holds {Quote(name)}, which {why}.");

    public static Refusal Link(string name) => Of("archive_link", $"The archive holds {Quote(name)}, a link. Links are not unpacked.");

    public static Refusal Device(string name) => Of("archive_device", $"The archive holds {Quote(name)}, a device, pipe or socket.");

    public static Refusal Collision(string name, string other) => Of("archive_collision", $"The archive holds both {Quote(other)} and {Quote(name)}, which are one on some systems or stand in each other's way.");

    public static Refusal Encrypted(string name) => Of("archive_encrypted", $"The archive's {Quote(name)} is encrypted: nobody could see what it holds.");

    public static Refusal Lies(string why) => Of("archive_lies", $"The archive contradicts itself: {why}.");

    public static Refusal Malformed(string why) => Of("archive_malformed", $"The archive is damaged: {why}.");

    public static Refusal Unsupported(string why) => Of("archive_unsupported", $"The archive cannot be unpacked here: {why}.");

    public static Refusal Bomb(string why) => Of("archive_bomb", $"The archive unfolds to far more than it is: {why}.");

    public static Refusal TooLarge(string why) => Of("archive_too_large", $"The archive is too large: {why}.");

    public static Refusal TooDeep(int depth) => Of("archive_too_deep", $"There are archives in archives, more than {depth} deep.");

    public static Refusal TooSlow(TimeSpan limit) => Of("archive_too_slow", $"Unpacking took longer than {limit.TotalSeconds:N0} s.");

    /// <summary>A name from an archive, safe to show.</summary>
    public static string Quote(string name) => $"\"{Policy.Capabilities.CapabilityParser.Quote(name)}\"";

    private static Refusal Of(string code, string message) => new(code, message, "Nothing was unpacked. Get the archive from a source that you trust, or unpack it by hand elsewhere.", 422);
}

/// <summary>Ends unpacking. Never leaves <see cref="ArchiveJail"/>.</summary>
internal sealed class ArchiveRefusedException(Refusal refusal) : Exception(refusal.Message)
{
    public Refusal Refusal { get; } = refusal;
}
