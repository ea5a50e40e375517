using System.ComponentModel;
using System.Text.RegularExpressions;
using Arw.Core.Primitives;

namespace Arw.Core.Models;

/// <summary>A language model behind an OpenAI-compatible endpoint, as a person registered it.</summary>
/// <param name="Id">Its id here: 1 to 64 of <c>a-z 0-9 . _ -</c>, the scope of <c>model.run</c>.</param>
/// <param name="Endpoint">Base address, <c>http://127.0.0.1:8080/v1</c>; <c>/chat/completions</c> is added.</param>
/// <param name="ApiModel">The model's name at the endpoint.</param>
/// <param name="ApiKeyEnv">Environment variable that holds the API key, read at each call and written nowhere; null = no key.</param>
/// <param name="PriceIn">Micro-USD per million input tokens; null = not known.</param>
/// <param name="PriceOut">Micro-USD per million output tokens; null = not known.</param>
/// <param name="Context">Tokens of the context window; null = not known.</param>
public sealed partial record ModelManifest(
    [property: Description("Id: 1 to 64 of a-z, 0-9, dot, underscore, hyphen.")] string Id,
    [property: Description("Base address of an OpenAI-compatible API, for example http://127.0.0.1:8080/v1.")] string Endpoint,
    [property: Description("Name of the model at the endpoint.")] string ApiModel,
    [property: Description("Environment variable that holds the API key; none by default.")] string? ApiKeyEnv = null,
    [property: Description("Micro-USD per million input tokens; leave it out when not known.")] long? PriceIn = null,
    [property: Description("Micro-USD per million output tokens; leave it out when not known.")] long? PriceOut = null,
    [property: Description("Tokens of the context window; leave it out when not known.")] int? Context = null)
{
    private const long DearestPrice = 1_000_000_000_000;

    /// <summary>The address that chat requests are posted to.</summary>
    internal string ChatUrl => $"{Endpoint.TrimEnd('/')}/chat/completions";

    /// <summary>What is wrong with it; null when nothing is.</summary>
    public Refusal? Fault()
    {
        if (!IdPattern().IsMatch(Id))
        {
            return Refusal.Invalid($"\"{Id}\" is no model id.", "Use 1 to 64 of a-z, 0-9, dot, underscore and hyphen, a letter or digit first.");
        }

        if (!Uri.TryCreate(Endpoint, UriKind.Absolute, out var url)
            || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps)
            || url.UserInfo.Length + url.Query.Length + url.Fragment.Length > 0)
        {
            return Refusal.Invalid($"\"{Endpoint}\" is no base address of an API.", "Send it as https://host/v1, without user, query and fragment.");
        }

        if (string.IsNullOrWhiteSpace(ApiModel) || ApiModel.Length > 200)
        {
            return Refusal.Invalid($"\"{ApiModel}\" is no model name.", "Send the name that the endpoint knows, 1 to 200 characters.");
        }

        // The home's own secrets are never a model's key.
        if (ApiKeyEnv is not null && (!VariablePattern().IsMatch(ApiKeyEnv) || ApiKeyEnv.StartsWith("ARW_", StringComparison.OrdinalIgnoreCase)))
        {
            return Refusal.Invalid($"\"{ApiKeyEnv}\" cannot be the variable of an API key.", "Name an environment variable that does not begin with ARW_, for example OPENAI_API_KEY.");
        }

        return PriceIn is < 0 or > DearestPrice || PriceOut is < 0 or > DearestPrice || Context is < 1
            ? Refusal.Invalid("Prices and context must be positive, prices at most a million USD per million tokens.", "Leave out what is not known.")
            : null;
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9._-]{0,63}$", RegexOptions.NonBacktracking)]
    private static partial Regex IdPattern();

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]{0,127}$", RegexOptions.NonBacktracking)]
    private static partial Regex VariablePattern();
}
