using System.Globalization;
using System.Text;
using Arw.Web.Commands;

namespace Arw.Web.Hosting;

/// <summary>The configuration in words: for <c>--help</c> and for the README, which a test compares with it.</summary>
public static class OptionsHelp
{
    /// <summary>Whether the arguments ask for help.</summary>
    public static bool IsAsked(string[] args) => args.Any(a => a is "--help" or "-h" or "-?");

    /// <summary>What <c>--help</c> prints.</summary>
    public static string Text()
    {
        var text = new StringBuilder("Arw.Web: a private control room for AI agents on your own machine.\n\nUsage: Arw.Web [--port 8090] [--state-dir FOLDER] …   starts the home\n       Arw.Web COMMAND …                             see COMMAND --help\n\nCommands:\n");
        foreach (var (usage, meaning) in JournalCommands.Summary)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {usage,-42} {meaning}\n");
        }

        text.Append("\nSwitches of the home:\n");
        foreach (var (key, _, fallback, meaning) in OptionsReader.Keys)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {Switch(key),-26} {key,-24} {meaning} [{fallback}]\n");
        }

        return text.ToString();
    }

    /// <summary>The README's table.</summary>
    public static string Markdown()
    {
        var text = new StringBuilder("| Environment | Switch | Default | Meaning |\n|---|---|---|---|\n");
        foreach (var (key, _, fallback, meaning) in OptionsReader.Keys)
        {
            text.Append(CultureInfo.InvariantCulture, $"| `{key}` | `{Switch(key)}` | {fallback} | {meaning} |\n");
        }

        return text.ToString();
    }

    /// <summary>The README's list of commands.</summary>
    public static string CommandsMarkdown()
    {
        var text = new StringBuilder("| Command | Meaning |\n|---|---|\n");
        foreach (var (usage, meaning) in JournalCommands.Summary)
        {
            text.Append(CultureInfo.InvariantCulture, $"| `{usage}` | {meaning} |\n");
        }

        return text.ToString();
    }

    private static string Switch(string key) => "--" + key["ARW_".Length..].ToLowerInvariant().Replace('_', '-');
}
