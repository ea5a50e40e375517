using System.IO.Pipelines;
using System.Net.Sockets;
using Arw.Core.Actions;
using Arw.Core.Egress.Proxy;
using Arw.Core.Journal;
using Arw.Core.Shell.Containment;
using Microsoft.Extensions.DependencyInjection;

namespace Arw.Core.Shell;

/// <summary>Registration of the shell pack; needs the policy, projects and egress packs.</summary>
public static class ShellPack
{
    /// <summary>Adds <c>shell.exec</c>, whose programs get out through the egress proxy, in the name of their action and without a credential.</summary>
    public static IServiceCollection AddArwShell(this IServiceCollection services) => services
        .AddKinds(typeof(ShellEvents))
        .AddSingleton<SandboxDoor>(p => (connection, run, stop) => p.GetRequiredService<ProxyServer>().ServeAsync(Client(connection), Identity(run.Context), stop))
        .AddSingleton(p => new SandboxOptions(p.GetRequiredService<JournalOptions>().DataDir))
        .AddSingleton<Sandbox>()
        .AddAction<ShellExec>();

    private static ProxyClient Client(Socket connection) => new(PipeReader.Create(new NetworkStream(connection)), connection, connection.Close);

    private static ProxyIdentity Identity(ActionContext context) =>
        new(context.Principal, context.Project, context.CorrId) { Recipe = context.Recipe, Action = context.ActionId };
}
