using System.ComponentModel;
using System.Text;
using Arw.Core.Primitives;

namespace Arw.Core.Models;

/// <summary>Who says a message.</summary>
public enum ChatSpeaker
{
    /// <summary>Instructions.</summary>
    System,

    /// <summary>The asking side.</summary>
    User,

    /// <summary>An earlier answer.</summary>
    Assistant,
}

/// <summary>One message of a chat.</summary>
/// <param name="Role">Who says it.</param>
/// <param name="Content">What is said.</param>
public sealed record ChatTurn([property: Description("system, user or assistant.")] ChatSpeaker Role, [property: Description("The text.")] string Content);

/// <summary>Input of <c>model.chat</c>.</summary>
/// <param name="Model">Id of a registered model.</param>
/// <param name="Messages">The conversation, 1 to 200 messages.</param>
/// <param name="MaxTokens">Tokens of each answer at most, 1 to 131,072; 1,024 by default, so that a price always has a bound.</param>
/// <param name="Temperature">0 to 2; the endpoint's default when left out.</param>
/// <param name="Tools">Action kinds that the model may ask for, 32 at most; each call is an action of its own and is judged as one. None by default.</param>
public sealed record ChatInput(
    [property: Description("Id of a registered model.")] string Model,
    [property: Description("The conversation, 1 to 200 messages.")] IReadOnlyList<ChatTurn> Messages,
    [property: Description("Tokens of each answer at most, 1 to 131072; 1024 by default.")] int? MaxTokens = null,
    [property: Description("0 to 2; the endpoint's default when left out.")] float? Temperature = null,
    [property: Description("Action kinds that the model may ask for; each call is judged as an action of its own.")] IReadOnlyList<string>? Tools = null)
{
    private const int MostMessages = 200;
    private const int MostTools = 32;
    private const int MostTokens = 131_072;
    private const int MostCharacters = 2_000_000;

    /// <summary>Tokens of each answer at most, the default applied.</summary>
    internal int TokenLimit => MaxTokens ?? 1024;

    /// <summary>Bytes of the conversation, with an allowance for the roles.</summary>
    internal long Bytes => Messages.Sum(m => (long)Encoding.UTF8.GetByteCount(m.Content) + 16);

    /// <summary>What is wrong with it; null when nothing is.</summary>
    internal Refusal? Fault() =>
        Messages.Count is 0 or > MostMessages
            ? Refusal.Invalid($"There are {Messages.Count} messages; 1 to {MostMessages} are expected.")
            : Messages.Sum(m => (long)m.Content.Length) > MostCharacters
                ? Refusal.Invalid($"The conversation has more than {MostCharacters} characters.", "Shorten it, or summarize a part first.")
                : MaxTokens is < 1 or > MostTokens
                    ? Refusal.Invalid($"max_tokens is {MaxTokens}; 1 to {MostTokens} are expected.")
                    : Temperature is { } t && !(t is >= 0 and <= 2)
                        ? Refusal.Invalid($"temperature is {t}; 0 to 2 are expected.")
                        : Tools?.Count > MostTools
                            ? Refusal.Invalid($"There are {Tools.Count} tools; {MostTools} are the most.")
                            : null;
}
