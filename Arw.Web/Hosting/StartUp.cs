using Arw.Core.Primitives;

namespace Arw.Web.Hosting;

/// <summary>What start-up says on the terminal.</summary>
public static class StartUp
{
    /// <summary>Exit code for a configuration or a data folder that cannot be used.</summary>
    public const int BadConfiguration = 2;

    /// <summary>Prints why the home does not start.</summary>
    public static int Refuse(TextWriter output, Refusal refusal)
    {
        output.WriteLine(refusal.Message);
        if (refusal.Next is { } next)
        {
            output.WriteLine(next);
        }

        return BadConfiguration;
    }

    /// <summary>Prints where the home serves and how to sign in.</summary>
    public static void Announce(TextWriter output, ArwHost host)
    {
        output.WriteLine($"Arw.Web is ready at {host.Url}");
        output.WriteLine($"Sign in (once, within 10 minutes): {host.SignInLink}");
        output.Flush();
    }
}

/// <summary>The home cannot start, for a reason that its operator can change.</summary>
/// <param name="refusal">Why.</param>
public sealed class StartUpRefusedException(Refusal refusal) : Exception(refusal.ToString())
{
    /// <summary>Why, and what to do.</summary>
    public Refusal Refusal { get; } = refusal;
}
