using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Arw.Core.Redaction.Kinds;

namespace Arw.Core.Redaction;

/// <summary>One pass over a text in UTF-8 that hands out what it finds, in order and without overlaps. Linear in the text's length: each place costs a look into a table, each candidate a bounded look around.</summary>
/// <param name="index">What is looked for.</param>
/// <param name="text">The text.</param>
/// <param name="classes">Classes that count.</param>
internal ref struct SecretScan(SecretIndex index, ReadOnlySpan<byte> text, DataClasses classes)
{
    private readonly ReadOnlySpan<byte> _text = text;
    private Finding? _literal;
    private Finding? _person;
    private int _at;
    private int _personAt;
    private int _floor;
    private bool _nested;

    /// <summary>What the text's end names without saying it: <c>db_password</c>. Known once the scan has ended; null for nothing.</summary>
    public SecretKind? Names { get; private set; }

    /// <summary>The next finding; false at the end.</summary>
    public bool Next(out Finding finding)
    {
        if (_literal is null && Literal(out var literal))
        {
            _literal = literal;
        }

        if (_person is null && classes.HasFlag(DataClasses.Person) && !_nested && Person(out var person))
        {
            _person = person;
        }

        var personFirst = _person is { } p && (_literal is not { } l || p.Start < l.Start);
        if ((personFirst ? _person : _literal) is not { } first)
        {
            finding = default;
            return false;
        }

        finding = first;
        _floor = first.End;
        (_at, _personAt) = (Math.Max(_at, _floor), Math.Max(_personAt, _floor));
        _literal = personFirst && _literal?.Start >= _floor ? _literal : null;
        _person = !personFirst && _person?.Start >= _floor ? _person : null;
        return true;
    }

    private bool Literal(out Finding finding)
    {
        ref var bytes = ref MemoryMarshal.GetReference(_text);
        ref var table = ref MemoryMarshal.GetArrayDataReference(index.Table);
        var last = _text.Length - 4;
        var at = _at;
        for (; at <= last; at++)
        {
            var folded = SecretIndex.Fold(Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref bytes, at)));
            var slot = SecretIndex.Slot(folded);
            if ((Unsafe.Add(ref table, slot >> 5) >> (int)(slot & 31) & 1) != 0 && Verified(at, folded, slot, out finding))
            {
                _at = finding.End;
                return true;
            }
        }

        // The last three bytes hold no secret of their own, but may end a name.
        if (at == last + 1 && at >= 0 && at + 3 == _text.Length)
        {
            var folded = SecretIndex.Fold((uint)(_text[at] | _text[at + 1] << 8 | _text[at + 2] << 16));
            Verified(at, folded, SecretIndex.Slot(folded), out _);
        }

        _at = _text.Length;
        finding = default;
        return false;
    }

    private bool Verified(int at, uint folded, uint slot, out Finding finding)
    {
        for (var entry = index.At(slot); entry is not null; entry = entry.Next)
        {
            if (entry.Folded != folded || !classes.HasFlag(entry.Detector.Kind.Class.Set()) || !entry.Stands(_text, at))
            {
                continue;
            }

            if (entry.Detector.IsAssignment)
            {
                if (!_nested && Assigned(entry, at, out finding))
                {
                    return true;
                }

                continue;
            }

            var hit = entry.Detector.Verify(_text, at);
            if (hit.Found && hit.Start >= _floor && !HoldsTag(hit))
            {
                finding = new Finding(entry.Detector.Kind, hit.Start, hit.End - hit.Start);
                return true;
            }
        }

        finding = default;
        return false;
    }

    // The value is looked at once more for something with a name of its own: "token = ghp_…" is a GitHub token.
    private bool Assigned(SecretIndex.Entry entry, int at, out Finding finding)
    {
        finding = default;
        var kind = entry.Detector.Kind;
        var value = AssignedKinds.Value(_text, at, entry.Anchor.Length, out var endsOpen, out var quoted);
        if (endsOpen)
        {
            Names ??= kind;
        }

        if (!value.Found || value.Start < _floor || HoldsTag(value) || !AssignedKinds.IsSecret(kind, _text[value.Start..value.End], quoted))
        {
            return false;
        }

        finding = Exact(index, _text[value.Start..value.End], classes) is { } exact
            ? exact with { Start = exact.Start + value.Start }
            : new Finding(kind, value.Start, value.End - value.Start);
        return true;
    }

    // What was replaced once stays as it is: a quoted event must not change its tags.
    private readonly bool HoldsTag(Hit hit) => _text[hit.Start..hit.End].IndexOf("[redacted"u8) >= 0 || IsInTag(hit.Start);

    private readonly bool IsInTag(int at)
    {
        var before = _text[Math.Max(0, at - 48)..at];
        var open = before.LastIndexOf("[redacted:"u8);
        return open >= 0 && before[open..].IndexOf((byte)']') < 0;
    }

    /// <summary>The first finding that does not depend on a name before it; null for none.</summary>
    public static Finding? Exact(SecretIndex index, ReadOnlySpan<byte> value, DataClasses classes)
    {
        var scan = new SecretScan(index, value, classes) { _nested = true };
        return scan.Next(out var finding) ? finding : null;
    }

    private bool Person(out Finding finding)
    {
        while (_personAt < _text.Length)
        {
            var next = _text[_personAt..].IndexOfAny((byte)'@', (byte)'+');
            if (next < 0)
            {
                break;
            }

            var at = _personAt + next;
            _personAt = at + 1;
            var mail = _text[at] == '@';
            var hit = mail ? PersonKinds.MailAt(_text, at) : PersonKinds.PhoneAt(_text, at);
            if (hit.Found && hit.Start >= _floor)
            {
                _personAt = hit.End;
                finding = new Finding(mail ? PersonKinds.Mail : PersonKinds.Phone, hit.Start, hit.End - hit.Start);
                return true;
            }
        }

        _personAt = _text.Length;
        finding = default;
        return false;
    }
}
