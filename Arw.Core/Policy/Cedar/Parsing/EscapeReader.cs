using System.Text;
using Arw.Core.Policy.Cedar.Ast;

namespace Arw.Core.Policy.Cedar.Parsing;

/// <summary>Reads the characters of a literal one by one, escapes resolved; a malformed escape is reported and skipped.</summary>
internal ref struct EscapeReader(ReadOnlySpan<char> body, SourceSpan start, List<CedarError> errors)
{
    /// <summary>Stands for <c>\*</c>, which only patterns know.</summary>
    public const int EscapedStar = -2;

    private readonly ReadOnlySpan<char> _body = body;
    private int _at;
    private int _from;

    // The place of _counted, which errors are told.
    private int _counted;
    private int _line = start.Line;
    private int _column = start.Column;

    /// <summary>The next character; false at the end.</summary>
    public bool Next(out int scalar)
    {
        while (_at < _body.Length)
        {
            _from = _at;
            var c = _body[_at];
            if (c == '\\')
            {
                _at++;
                if (Escape() is { } escaped)
                {
                    scalar = escaped;
                    return true;
                }

                continue;
            }

            Rune.DecodeFromUtf16(_body[_at..], out var rune, out var width);
            _at += width;
            if (c == '\r')
            {
                Report("A text holds a carriage return.", "\\r in its place");
                continue;
            }

            scalar = rune.Value;
            return true;
        }

        scalar = 0;
        return false;
    }

    /// <summary>Reports the <c>\*</c> just read as no escape of a text, and answers the star.</summary>
    public int RefuseStar()
    {
        Report("\"\\*\" is an escape of patterns only, not of texts.", "one of \\n \\r \\t \\\\ \\0 \\' \\\" \\x41 \\u{1F600}");
        return '*';
    }

    private int? Escape()
    {
        if (_at >= _body.Length)
        {
            Report("A text ends in a lone backslash.", "an escape such as \\\\");
            return null;
        }

        switch (_body[_at++])
        {
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case '0': return '\0';
            case '\\': return '\\';
            case '\'': return '\'';
            case '"': return '"';
            case '*': return EscapedStar;
            case 'x': return Hex();
            case 'u': return Unicode();
            default:
                if (_at < _body.Length && char.IsSurrogatePair(_body[_at - 1], _body[_at]))
                {
                    _at++;
                }

                Report($"\"{_body[_from.._at]}\" is no escape.", "one of \\n \\r \\t \\\\ \\0 \\' \\\" \\x41 \\u{1F600}");
                return null;
        }
    }

    private int? Hex()
    {
        var value = 0;
        for (var i = 0; i < 2; i++)
        {
            if (_at >= _body.Length || !char.IsAsciiHexDigit(_body[_at]))
            {
                Report($"\"{_body[_from.._at]}\" lacks a hexadecimal digit.", "two digits from \\x00 to \\x7f");
                return null;
            }

            value = (value * 16) + Convert.ToInt32(_body[_at++].ToString(), 16);
        }

        if (value > 0x7f)
        {
            Report($"\"{_body[_from.._at]}\" is beyond ASCII.", "\\x00 to \\x7f, or \\u{…}");
            return null;
        }

        return value;
    }

    private int? Unicode()
    {
        if (_at >= _body.Length || _body[_at] != '{')
        {
            Report("\"\\u\" lacks its braces.", "\\u{…} with one to six hexadecimal digits");
            return null;
        }

        var close = _body[_at..].IndexOf('}');
        if (close < 0)
        {
            _at = _body.Length;
            Report("\"\\u{\" is not closed.", "}");
            return null;
        }

        var digits = _body.Slice(_at + 1, close - 1);
        _at += close + 1;
        var (value, count, bad) = (0, 0, digits.IsEmpty || digits[0] == '_');
        foreach (var digit in digits)
        {
            if (digit == '_')
            {
                continue;
            }

            bad |= !char.IsAsciiHexDigit(digit) || ++count > 6;
            value = bad ? 0 : (value * 16) + Convert.ToInt32(digit.ToString(), 16);
        }

        if (bad || !Rune.IsValid(value))
        {
            Report($"\"{_body[_from.._at]}\" is no Unicode character.", "\\u{…} with one to six hexadecimal digits, no surrogate");
            return null;
        }

        return value;
    }

    private void Report(string message, string expected)
    {
        // On from the last error: a long literal may be nothing but errors.
        for (; _counted < _from; _counted++)
        {
            (_line, _column) = _body[_counted] == '\n' ? (_line + 1, 1) : (_line, _column + 1);
        }

        errors.Add(new CedarError(message, new SourceSpan(start.Offset + _from, _at - _from, _line, _column), expected));
    }
}
