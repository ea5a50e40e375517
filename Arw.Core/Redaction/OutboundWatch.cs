using Arw.Core.Journal;

namespace Arw.Core.Redaction;

/// <summary>What was found in a piece of what leaves.</summary>
/// <param name="Canary">Id of a canary in it; null for none.</param>
/// <param name="Classes">Classes of data in it.</param>
/// <param name="AtEnd">True when a finding touches the end: more bytes may show that it is something else.</param>
public readonly record struct OutboundFinding(string? Canary, DataClasses Classes, bool AtEnd);

/// <summary>
/// Looks at what leaves piece by piece, in bounded memory: each piece together with the end of what went before it, so that nothing hides in a seam.
/// Linear: each byte is looked at once with its own piece and as often as it stands in the overlap of the next ones.
/// </summary>
/// <param name="redactor">Knows what to look for.</param>
/// <param name="form">True for bodies of web forms: what is percent-encoded is decoded before it is looked at.</param>
/// <param name="canariesOnly">True to look for canaries and for nothing else: for bytes of which nothing is known.</param>
/// <param name="heads">True where heads of HTTP pass too: what shows a server who asks is for that server.</param>
public sealed class OutboundWatch(Redactor redactor, bool form = false, bool canariesOnly = false, bool heads = false)
{
    /// <summary>Bytes that are looked at again with the next piece: the longest secret that is found across a seam.</summary>
    public const int Overlap = 16 * 1024;

    private const int MaxKept = 8 * Overlap;

    // No canary is longer.
    private const int CanaryOverlap = 128;

    private byte[] _text = [];
    private int _length;
    private int _passed;
    private bool _cut;
    private int _escape;
    private byte _digit;

    /// <summary>Bytes that were added and have not passed yet.</summary>
    public int Pending => _length - _passed;

    /// <summary>True when there is nothing to look for.</summary>
    public bool IsIdle => canariesOnly && redactor.Setup.Canaries.Count == 0;

    /// <summary>Adds what comes next.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (_text.Length < _length + bytes.Length + 2)
        {
            Array.Resize(ref _text, Math.Max(_text.Length * 2, _length + bytes.Length + 2));
        }

        if (form)
        {
            foreach (var b in bytes)
            {
                Decode(b);
            }
        }
        else
        {
            bytes.CopyTo(_text.AsSpan(_length));
            _length += bytes.Length;
        }
    }

    /// <summary>What the bytes that have not passed yet hold, alone or together with those before them.</summary>
    public OutboundFinding Look()
    {
        var text = _text.AsSpan(0, _length);
        if (redactor.Canaries(text) is [var canary, ..])
        {
            return new(canary, DataClasses.None, false);
        }

        if (canariesOnly)
        {
            return default;
        }

        var (classes, atEnd) = (DataClasses.None, false);
        foreach (var finding in redactor.Find(text, DataClasses.All))
        {
            // What began before the overlap was judged with what went before.
            if (finding.End > _passed && !(_cut && finding.Start == 0) && !(heads && IsShownToServer(text, finding.Start)))
            {
                classes |= finding.Kind.Class.Set();
                atEnd |= finding.End == _length;
            }
        }

        return new(null, classes, atEnd);
    }

    /// <summary>Notes that all of it has passed; its end stays for the next look.</summary>
    public void Pass()
    {
        var keep = Math.Min(_length, canariesOnly ? CanaryOverlap : Overlap);
        _cut |= keep < _length;
        var end = _text.AsSpan(_length - keep, keep);
        if (_text.Length > MaxKept)
        {
            // What a large piece took is not kept for as long as the connection lasts.
            _text = end.ToArray();
        }
        else
        {
            end.CopyTo(_text);
        }

        _length = _passed = keep;
    }

    private static bool IsShownToServer(ReadOnlySpan<byte> text, int at)
    {
        var line = text[(text[..at].LastIndexOf((byte)'\n') + 1)..at];
        return line.IndexOf((byte)':') is > 0 and var colon && OutboundData.IsShownToServer(System.Text.Encoding.Latin1.GetString(line[..colon]));
    }

    // _escape counts the characters of a percent-encoded one that were seen; what is none stays as it was.
    private void Decode(byte b)
    {
        if (_escape == 0)
        {
            _escape = b == '%' ? 1 : 0;
            _text[_length++] = b == '+' ? (byte)' ' : b;
        }
        else if (!char.IsAsciiHexDigit((char)b))
        {
            _escape = 0;
            Decode(b);
        }
        else if (_escape == 1)
        {
            (_escape, _digit) = (2, b);
            _text[_length++] = b;
        }
        else
        {
            _escape = 0;
            _length -= 2;
            _passed = Math.Min(_passed, _length);
            _text[_length++] = (byte)((Digit(_digit) << 4) | Digit(b));
        }
    }

    private static int Digit(byte b) => b <= '9' ? b - '0' : (b | 0x20) - 'a' + 10;
}
