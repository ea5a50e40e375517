using Arw.Core.Shell.Containment;
using Arw.Web.Commands;
using Arw.Web.Hosting;

if (args is [SandboxStart.Command, .. var contained])
{
    return await SandboxStart.RunAsync(contained);
}

if (CommandLine.IsNamed(args))
{
    return await CommandLine.RunAsync(args, Terminal.Process);
}

if (OptionsHelp.IsAsked(args))
{
    Console.Write(OptionsHelp.Text());
    return 0;
}

if (!OptionsReader.Read(args).TryGet(out var options, out var refusal))
{
    return StartUp.Refuse(Console.Error, refusal);
}

try
{
    await using var host = await ArwHost.StartAsync(options);
    StartUp.Announce(Console.Out, host);
    await host.WaitForShutdownAsync();
    return 0;
}
catch (StartUpRefusedException e)
{
    return StartUp.Refuse(Console.Error, e.Refusal);
}
