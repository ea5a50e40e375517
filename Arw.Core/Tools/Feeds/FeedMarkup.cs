using System.Globalization;
using System.Net;
using Arw.Core.Primitives;

namespace Arw.Core.Tools.Feeds;

/// <summary>
/// Reads the XML that feeds really send. Not a conforming parser on purpose: what a conforming one must reject (junk before the declaration, HTML entities, bare ampersands,
/// unclosed elements, a cut end) is repaired and reported. Document types are skipped, so that no entity is ever defined, expanded or fetched.
/// </summary>
internal sealed class FeedMarkup
{
    private const int MaxDepth = 128;
    private const int MaxNodes = 400_000;
    private const int MaxWarnings = 20;

    // HTML that was not escaped brings elements that have no end.
    private static readonly HashSet<string> Void = new(StringComparer.OrdinalIgnoreCase) { "br", "hr", "img", "input", "wbr" };

    private readonly string _text;
    private readonly List<string> _warnings;
    private int _at;
    private int _nodes;
    private FeedNode? _root;
    private FeedNode? _open;

    private FeedMarkup(string text, List<string> warnings) => (_text, _warnings) = (text, warnings);

    /// <summary>The root element; repairs are added to the warnings. Refusal <c>not_a_feed</c> with line and column.</summary>
    public static Result<FeedNode> Read(string text, List<string> warnings) => new FeedMarkup(text, warnings).Read();

    private Result<FeedNode> Read()
    {
        _at = Math.Max(0, FirstMarkup());
        if (!_text.AsSpan(0, _at).IsWhiteSpace())
        {
            Warn(0, "text before the first element was skipped");
        }

        while (_at < _text.Length)
        {
            var markup = _text.IndexOf('<', _at);
            Text(_at, markup < 0 ? _text.Length : markup);
            if (markup < 0)
            {
                break;
            }

            _at = markup;
            if (Markup() is { } refusal)
            {
                return refusal;
            }

            if (_root is not null && _open is null)
            {
                return _root;
            }
        }

        if (_root is null)
        {
            return Refuse(Math.Min(_at, _text.Length), "there is no element");
        }

        Warn(_text.Length, $"it ends inside <{_open!.RawName}>; what came before was kept");
        return _root;
    }

    private int FirstMarkup()
    {
        for (var i = _text.IndexOf('<', StringComparison.Ordinal); i >= 0 && i + 1 < _text.Length; i = _text.IndexOf('<', i + 1))
        {
            if (_text[i + 1] is '?' or '!' || IsNameStart(_text[i + 1]))
            {
                return i;
            }
        }

        return _text.Length;
    }

    private Refusal? Markup()
    {
        var rest = _text.AsSpan(_at);
        if (rest.StartsWith("<!--", StringComparison.Ordinal))
        {
            Skip("-->", 4);
        }
        else if (rest.StartsWith("<![CDATA[", StringComparison.Ordinal))
        {
            var end = _text.IndexOf("]]>", _at + 9, StringComparison.Ordinal);
            var stop = end < 0 ? _text.Length : end;
            _open?.Append(_text.AsSpan(_at + 9, stop - _at - 9));
            _at = end < 0 ? stop : end + 3;
        }
        else if (rest.StartsWith("<?", StringComparison.Ordinal))
        {
            Skip("?>", 2);
        }
        else if (rest.StartsWith("<!", StringComparison.Ordinal))
        {
            DocumentType();
        }
        else if (rest.Length > 2 && rest[1] == '/' && IsNameStart(rest[2]))
        {
            EndTag();
        }
        else if (rest.Length > 1 && IsNameStart(rest[1]))
        {
            return StartTag();
        }
        else
        {
            Warn(_at, "a \"<\" that begins no element was taken as text");
            _open?.Append("<");
            _at++;
        }

        return null;
    }

    private Refusal? StartTag()
    {
        var begin = _at++;
        var name = Name();
        var node = new FeedNode(name, _open);
        if (node.Depth > MaxDepth)
        {
            return Refuse(begin, $"elements are nested more than {MaxDepth} deep");
        }

        if (++_nodes > MaxNodes)
        {
            return Refuse(begin, $"it has more than {MaxNodes} elements");
        }

        var empty = Attributes(node) || Void.Contains(name);
        _open?.Add(node);
        _root ??= node;
        _open = empty ? _open : node;
        return null;
    }

    // Reads to the end of the tag; true when the element is empty.
    private bool Attributes(FeedNode node)
    {
        while (true)
        {
            SkipSpace();
            if (_at >= _text.Length)
            {
                return false;
            }

            var c = _text[_at];
            if (c == '>')
            {
                _at++;
                return false;
            }

            if (c == '/' && _at + 1 < _text.Length && _text[_at + 1] == '>')
            {
                _at += 2;
                return true;
            }

            if (c == '<')
            {
                Warn(_at, $"the tag <{node.RawName}> is not closed");
                return false;
            }

            if (!IsNameStart(c))
            {
                _at++;
                continue;
            }

            var name = Name();
            SkipSpace();
            if (_at < _text.Length && _text[_at] == '=')
            {
                _at++;
                SkipSpace();
                node.Set(name, Resolve(Value(), _at));
            }
        }
    }

    private string Value()
    {
        if (_at >= _text.Length)
        {
            return "";
        }

        var quote = _text[_at];
        var begin = _at;
        if (quote is '"' or '\'')
        {
            var end = _text.IndexOf(quote, _at + 1);
            _at = end < 0 ? _text.Length : end + 1;
            return _text[(begin + 1)..(end < 0 ? _text.Length : end)];
        }

        while (_at < _text.Length && !char.IsWhiteSpace(_text[_at]) && _text[_at] is not ('>' or '<'))
        {
            _at++;
        }

        return _text[begin.._at];
    }

    private void EndTag()
    {
        var begin = _at;
        _at += 2;
        var name = Name();
        var end = _text.IndexOf('>', _at);
        _at = end < 0 ? _text.Length : end + 1;
        for (var node = _open; node is not null; node = node.Parent)
        {
            if (node.RawName.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                if (node != _open)
                {
                    Warn(begin, $"</{name}> closes <{_open!.RawName}>, which was still open");
                }

                _open = node.Parent;
                return;
            }
        }

        Warn(begin, $"</{name}> closes nothing");
    }

    private void DocumentType()
    {
        var begin = _at;
        var depth = 0;
        for (_at += 2; _at < _text.Length; _at++)
        {
            var c = _text[_at];
            if (c is '"' or '\'')
            {
                var end = _text.IndexOf(c, _at + 1);
                _at = end < 0 ? _text.Length : end;
            }
            else if (c == '[')
            {
                depth++;
            }
            else if (c == ']')
            {
                depth--;
            }
            else if (c == '>' && depth <= 0)
            {
                _at++;
                break;
            }
        }

        if (_text.AsSpan(begin, Math.Min(_text.Length, _at) - begin).Contains("<!ENTITY", StringComparison.OrdinalIgnoreCase))
        {
            Warn(begin, "entities declared by the document were not expanded");
        }
    }

    private void Text(int begin, int end)
    {
        if (_open is null || begin >= end)
        {
            return;
        }

        var text = _text.AsSpan(begin, end - begin);
        if (text.Contains('&'))
        {
            _open.Append(Resolve(text.ToString(), begin));
        }
        else
        {
            _open.Append(text);
        }
    }

    // HTML's names are known besides XML's five; every other reference stays as it is written.
    private string Resolve(string text, int at)
    {
        for (var amp = text.IndexOf('&', StringComparison.Ordinal); amp >= 0; amp = text.IndexOf('&', amp + 1))
        {
            var end = text.AsSpan(amp).IndexOfAny(';', ' ', '<');
            if (end < 0 || text[amp + end] != ';')
            {
                Warn(at, "an ampersand is not escaped");
                break;
            }
        }

        return WebUtility.HtmlDecode(text);
    }

    private string Name()
    {
        var begin = _at;
        while (_at < _text.Length && !char.IsWhiteSpace(_text[_at]) && _text[_at] is not ('>' or '/' or '=' or '<' or '"' or '\''))
        {
            _at++;
        }

        return _text[begin.._at];
    }

    private void SkipSpace()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }
    }

    private void Skip(string end, int from)
    {
        var found = _text.IndexOf(end, Math.Min(_text.Length, _at + from), StringComparison.Ordinal);
        _at = found < 0 ? _text.Length : found + end.Length;
    }

    private static bool IsNameStart(char c) => char.IsLetter(c) || c is '_' or ':';

    private void Warn(int at, string what)
    {
        if (_warnings.Count < MaxWarnings)
        {
            _warnings.Add($"{Position(at)}: {what}.");
        }
    }

    private Refusal Refuse(int at, string why) =>
        new("not_a_feed", $"This is not a feed that can be read: {why} ({Position(at)}).", "Check that the address is that of an RSS, Atom or JSON feed.", 422);

    private string Position(int at)
    {
        var before = _text.AsSpan(0, Math.Min(at, _text.Length));
        var line = before.Count('\n') + 1;
        var column = before.Length - before.LastIndexOf('\n');
        return string.Create(CultureInfo.InvariantCulture, $"line {line}, column {column}");
    }
}
