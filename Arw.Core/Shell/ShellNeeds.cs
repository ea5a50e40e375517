using System.Text;
using Arw.Core.Policy;
using Arw.Core.Primitives;

namespace Arw.Core.Shell;

/// <summary>The capability that a command needs: <c>shell.exec</c> and its words.</summary>
internal static class ShellNeeds
{
    // A capability's scope has at most 64 parts.
    private const int MaxWords = 60;
    private const int MaxWord = 4096;

    /// <summary>Exactly this command. What a capability's word cannot hold (spaces, stars, control characters) is written as in an address, <c>%20</c>, so that no two commands need the same.</summary>
    public static Result<Capability> Of(IReadOnlyList<string> command)
    {
        if (command.Count is 0 or > MaxWords || string.IsNullOrWhiteSpace(command[0]))
        {
            return Refusal.Invalid($"The command has {command.Count} words; it needs a program and may have {MaxWords} words.", "Put a long command into a script of the project and run that.");
        }

        foreach (var word in command)
        {
            if (word.Length > MaxWord || word.Contains('\0', StringComparison.Ordinal))
            {
                return Refusal.Invalid($"An argument has {word.Length:N0} characters or a zero byte; {MaxWord:N0} are possible.", "Put a long command into a script of the project and run that.");
            }
        }

        return Capability.Parse($"shell.exec {string.Join(' ', command.Select(Word))}");
    }

    /// <summary>A word as people write it in a shell.</summary>
    public static string Shown(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:=@%+,".Contains(c, StringComparison.Ordinal)) ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string Word(string word)
    {
        if (word.Length == 0)
        {
            return "%";
        }

        var text = new StringBuilder(word.Length);
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in word.EnumerateRunes())
        {
            if (rune.Value is > ' ' and < 0x7f and not ('*' or '%'))
            {
                text.Append((char)rune.Value);
                continue;
            }

            foreach (var b in utf8[..rune.EncodeToUtf8(utf8)])
            {
                text.Append('%').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        return text.ToString();
    }
}
