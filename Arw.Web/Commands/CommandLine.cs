using System.CommandLine;

namespace Arw.Web.Commands;

/// <summary>The program's commands. Without one, it is the home.</summary>
internal static class CommandLine
{
    /// <summary>Whether the arguments name a command: the first word that is no switch and no setting.</summary>
    public static bool IsNamed(string[] args) => args is [{ Length: > 0 } first, ..] && first[0] is not ('-' or '/') && !first.Contains('=', StringComparison.Ordinal);

    /// <summary>Runs a command.</summary>
    /// <returns>See <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] args, Terminal terminal)
    {
        // No response files: an argument that begins with @ is what it is.
        var parse = Root(terminal).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parse.Errors.Count > 0)
        {
            foreach (var error in parse.Errors)
            {
                terminal.Error.WriteLine(error.Message);
            }

            terminal.Error.WriteLine("\"Arw.Web journal --help\" tells what can be said.");
            return ExitCode.BadUse;
        }

        try
        {
            return await parse.InvokeAsync(new InvocationConfiguration { Output = terminal.Out, Error = terminal.Error, EnableDefaultExceptionHandler = false });
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
    }

    private static RootCommand Root(Terminal terminal) => new("A private control room for AI agents on your own machine. Without a command, it starts the home: see --help.")
    {
        JournalCommands.Make(terminal),
    };
}
