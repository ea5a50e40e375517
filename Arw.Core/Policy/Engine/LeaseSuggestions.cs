using Arw.Core.Policy.Capabilities;

namespace Arw.Core.Policy.Engine;

/// <summary>Which leases would permit what was asked, narrowest first.</summary>
internal static class LeaseSuggestions
{
    public static IReadOnlyList<string> For(Capability asked)
    {
        IEnumerable<Capability> suggestions = asked.Scope switch
        {
            // This class of data to that host, never every class.
            HttpScope data when asked.Name == Capability.DataSend => [asked.With(new HttpScope(data.Scheme, data.Host, data.Port, SegmentPattern.Any))],

            // Exactly this; the same method anywhere on that host and port; anything on that host and port.
            HttpScope http when new HttpScope(http.Scheme, http.Host, http.Port, SegmentPattern.Any) is var host =>
                [asked, asked.With(host), new Capability(asked.Name, [], host)],
            FileScope { Path: { IsLiteral: true, Segments.Length: > 1 } path } =>
                [asked, asked.With(new FileScope(new SegmentPattern(path.Segments[..^1].ToArray(), open: true)))],
            _ => [asked],
        };
        return [.. suggestions.Select(s => s.ToString()).Distinct(StringComparer.Ordinal)];
    }
}
