namespace Arw.Web.Commands;

/// <summary>Exit codes of the commands.</summary>
internal static class ExitCode
{
    /// <summary>Done, and nothing is wrong.</summary>
    public const int Fine = 0;

    /// <summary>Something is wrong with what was looked at.</summary>
    public const int Found = 1;

    /// <summary>The command was not used as it can be: nothing was looked at.</summary>
    public const int BadUse = 2;

    /// <summary>Interrupted from the keyboard.</summary>
    public const int Interrupted = 130;
}
