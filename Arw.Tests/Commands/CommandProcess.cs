using System.Diagnostics;

namespace Arw.Tests.Commands;

/// <summary>A command of the real program, as a process of its own.</summary>
internal sealed class CommandProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _said;

    private CommandProcess(Process process) => (_process, _said) = (process, process.StandardError.ReadToEndAsync());

    public static CommandProcess Start(string stateDir, params string[] args) => Start(stateDir, [], args);

    public static async Task<(int Code, string Out, string Error)> RunAsync(string stateDir, params string[] args)
    {
        using var command = Start(stateDir, args);
        var output = await command._process.StandardOutput.ReadToEndAsync();
        await command._process.WaitForExitAsync();
        return (command._process.ExitCode, output, await command._said);
    }

    /// <summary>Runs a command where the configuration names an anchor.</summary>
    public static async Task<(int Code, string Out, string Error)> RunAnchoredAsync(string stateDir, string anchor, params string[] args)
    {
        using var command = Start(stateDir, [("ARW_ANCHOR", anchor)], args);
        var output = await command._process.StandardOutput.ReadToEndAsync();
        await command._process.WaitForExitAsync();
        return (command._process.ExitCode, output, await command._said);
    }

    public async Task<string> LineAsync() => await _process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)) ?? throw new InvalidOperationException(await _said);

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private static CommandProcess Start(string stateDir, (string Key, string Value)[] environment, string[] args)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "Arw.Web.dll") },
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["ARW_STATE_DIR"] = stateDir },
        };
        foreach (var arg in args)
        {
            start.ArgumentList.Add(arg);
        }

        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        return new CommandProcess(Process.Start(start)!);
    }
}
