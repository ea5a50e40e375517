using Arw.Core.Journal;
using Arw.Core.Shell.Containment;
using Microsoft.Extensions.DependencyInjection;

namespace Arw.Core.Shell;

/// <summary>Registration of the shell pack; needs the policy, projects and egress packs.</summary>
public static class ShellPack
{
    /// <summary>Adds <c>shell.exec</c>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="door">What a connection out of the sandbox is handed to.</param>
    public static IServiceCollection AddArwShell(this IServiceCollection services, Func<IServiceProvider, SandboxDoor> door) => services
        .AddKinds(typeof(ShellEvents))
        .AddSingleton(door)
        .AddSingleton(p => new SandboxOptions(p.GetRequiredService<JournalOptions>().DataDir))
        .AddSingleton<Sandbox>()
        .AddAction<ShellExec>();
}
