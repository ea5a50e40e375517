namespace Arw.Core.Memory.Risk;

/// <summary>A tag as it was read.</summary>
internal sealed record HtmlTag(string Name, int Start, int End, IReadOnlyList<(string Name, string Value)> Attributes)
{
    private const int MostAttributes = 64;

    public bool Is(string name) => string.Equals(Name, name, StringComparison.OrdinalIgnoreCase);

    public string? Find(string attribute) => Attributes.FirstOrDefault(a => string.Equals(a.Name, attribute, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>Reads a tag; what has no end reaches to the end of the text, as in a browser.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">Where its bracket is.</param>
    /// <param name="nameAt">Where its name begins.</param>
    public static HtmlTag Read(string text, int start, int nameAt)
    {
        var i = nameAt;
        while (i < text.Length && !IsBreak(text[i]))
        {
            i++;
        }

        var name = text[nameAt..i];
        var attributes = new List<(string, string)>();
        while (i < text.Length && text[i] != '>')
        {
            if (IsBreak(text[i]) || text[i] == '=')
            {
                i++;
                continue;
            }

            var from = i;
            while (i < text.Length && !IsBreak(text[i]) && text[i] != '=')
            {
                i++;
            }

            var attribute = text[from..i];
            var value = Value(text, ref i);
            if (attributes.Count < MostAttributes)
            {
                attributes.Add((attribute, value));
            }
        }

        return new HtmlTag(name, start, Math.Min(i + 1, text.Length), attributes);
    }

    private static string Value(string text, ref int i)
    {
        var equals = i;
        while (equals < text.Length && char.IsWhiteSpace(text[equals]))
        {
            equals++;
        }

        if (equals >= text.Length || text[equals] != '=')
        {
            // White space that was looked at is not looked at again.
            i = equals;
            return "";
        }

        i = equals + 1;
        while (i < text.Length && char.IsWhiteSpace(text[i]))
        {
            i++;
        }

        if (i >= text.Length)
        {
            return "";
        }

        var from = i;
        if (text[i] is '"' or '\'')
        {
            var close = text.IndexOf(text[i], i + 1);
            i = close < 0 ? text.Length : close + 1;
            return text[(from + 1)..(close < 0 ? text.Length : close)];
        }

        while (i < text.Length && !char.IsWhiteSpace(text[i]) && text[i] != '>')
        {
            i++;
        }

        return text[from..i];
    }

    private static bool IsBreak(char c) => char.IsWhiteSpace(c) || c is '/' or '>';
}
