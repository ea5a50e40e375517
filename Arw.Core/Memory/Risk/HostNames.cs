namespace Arw.Core.Memory.Risk;

/// <summary>Names of hosts in texts.</summary>
internal static class HostNames
{
    // Ends of names that are files more often than places.
    private static readonly HashSet<string> Files = new(StringComparer.OrdinalIgnoreCase)
    {
        "md", "txt", "html", "htm", "pdf", "json", "xml", "js", "cs", "py", "rs", "go", "ts", "css", "yaml", "yml", "zip", "png", "jpg", "gif", "csv", "toml", "sh", "exe", "dll", "net",
    };

    /// <summary>The first name of a host in a text; null when there is none.</summary>
    public static string? In(string text)
    {
        for (var i = 0; i < text.Length;)
        {
            if (!char.IsLetterOrDigit(text[i]))
            {
                i++;
                continue;
            }

            var start = i;
            while (i < text.Length && (char.IsLetterOrDigit(text[i]) || text[i] is '.' or '-'))
            {
                i++;
            }

            var name = text[start..i].TrimEnd('.', '-');
            var dot = name.LastIndexOf('.');
            var end = name[(dot + 1)..];
            var isAddressed = start >= 3 && text.AsSpan(0, start).EndsWith("://", StringComparison.Ordinal);
            if (dot > 0 && end.Length >= 2 && end.All(char.IsLetter) && (isAddressed || !Files.Contains(end)) && !name.Contains("..", StringComparison.Ordinal))
            {
                return name.ToLowerInvariant();
            }
        }

        return null;
    }

    /// <summary>Whether two names are one place, or one is below the other.</summary>
    public static bool Same(string a, string b)
    {
        var (x, y) = (Bare(a), Bare(b));
        return x == y || x.EndsWith("." + y, StringComparison.Ordinal) || y.EndsWith("." + x, StringComparison.Ordinal);
    }

    private static string Bare(string host)
    {
        var lower = host.ToLowerInvariant().TrimEnd('.');
        return lower.StartsWith("www.", StringComparison.Ordinal) ? lower[4..] : lower;
    }
}
