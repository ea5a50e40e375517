namespace Arw.Core.Policy.Capabilities;

/// <summary>Older spellings of capabilities, as their modern text.</summary>
internal static class CapabilityAlias
{
    /// <summary>The modern text; null when the text is modern already.</summary>
    public static string? Expand(string text)
    {
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        var head = space < 0 ? text : text[..space];
        var rest = space < 0 ? "" : text[space..];
        return head switch
        {
            "net" => "net.http" + rest,
            "net:http" or "net:https" when space < 0 => $"net.http {head[4..]}://*:*/**",
            "fs" or "file" or "fs:read,write" or "file:read,write" => "file.*" + rest,
            "fs:read" or "file:read" or "fs.read" or "file.list" or "fs.list" => "file.read" + rest,
            "fs:write" or "file:write" or "fs.write" or "fs.patch" or "file.patch" => "file.write" + rest,
            _ when space < 0 => Net(head),
            _ => null,
        };
    }

    // net:domain:D once meant the domain and what is below it; one capability says one of the two, so it is read as the narrower half.
    private static string? Net(string head) => head.Split(':', 3) switch
    {
        ["net", "host", var host] => $"net.http *://{host}",
        ["net", "domain", var domain] => $"net.http *://*.{domain}",
        ["net", "port", var port] => $"net.http *://*:{port}",
        _ => null,
    };
}
