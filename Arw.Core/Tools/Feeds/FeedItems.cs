using System.Globalization;
using Arw.Core.Primitives;

namespace Arw.Core.Tools.Feeds;

/// <summary>What a format says about an entry, before it is brought into one shape.</summary>
internal sealed record RawItem
{
    public string? Id { get; init; }

    public string? Title { get; init; }

    public Uri? Url { get; init; }

    public string? Html { get; init; }

    public string? Author { get; init; }

    public string? Date { get; init; }
}

/// <summary>Collects entries in one shape: plain text of bounded length, stable ids, no two alike.</summary>
internal sealed class FeedItems(int most, List<string> warnings)
{
    private const int MaxTitle = 500;
    private const int MaxSummary = 4000;
    private const int MaxId = 512;

    private readonly List<FeedItem> _items = [];
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private int _left;

    public IReadOnlyList<FeedItem> Items
    {
        get
        {
            if (_left > 0)
            {
                warnings.Add(string.Create(CultureInfo.InvariantCulture, $"{_left} more items were left out; {most} were asked for."));
                _left = 0;
            }

            return _items;
        }
    }

    public void Add(RawItem raw)
    {
        var title = HtmlText.Of(raw.Title ?? "", MaxTitle);
        var summary = HtmlText.Of(raw.Html ?? "", MaxSummary);
        if (title.Length == 0 && summary.Length == 0 && raw.Url is null)
        {
            warnings.Add("An item with neither title nor text nor address was left out.");
            return;
        }

        if (_items.Count == most)
        {
            _left++;
            return;
        }

        var url = raw.Url?.AbsoluteUri;
        var content = Digest.Of(string.Join('\n', raw.Id, url, title, summary));
        var id = raw.Id?.Trim() is { Length: > 0 and <= MaxId } own ? own
            : string.IsNullOrWhiteSpace(raw.Id) && url is { Length: <= MaxId } ? url
            : content;

        // Some feeds give every item the same id: then the content tells them apart.
        if (!_ids.Add(id) && !_ids.Add(id = content))
        {
            warnings.Add($"The item \"{HtmlText.Cut(title, 80)}\" occurs twice; the second was left out.");
            return;
        }

        _items.Add(new FeedItem(id, title, url, summary)
        {
            Published = FeedDate.Parse(raw.Date),
            Author = HtmlText.Of(raw.Author ?? "", 200) is { Length: > 0 } author ? author : null,
        });
    }
}
