namespace Arw.Core.Journal;

/// <summary>The names seen so far in each open object of one payload. Small objects are looked through; large ones get a set, so that many names cannot cost the square of their number.</summary>
internal sealed class SeenNames
{
    private const int Few = 24;

    private readonly List<(int Start, int Length)> _names = [];
    private readonly Stack<Object> _open = new();
    private char[] _chars = new char[256];
    private int _used;

    /// <summary>Characters that it has room for.</summary>
    public int Capacity => _chars.Length;

    /// <summary>Forgets everything: another payload begins.</summary>
    public void Clear()
    {
        _names.Clear();
        _open.Clear();
        _used = 0;
    }

    /// <summary>An object begins.</summary>
    public void Open() => _open.Push(new Object(_names.Count, _used));

    /// <summary>The innermost object ends.</summary>
    public void Close()
    {
        var ended = _open.Pop();
        _names.RemoveRange(ended.First, _names.Count - ended.First);
        _used = ended.Used;
    }

    /// <summary>Room for a name of so many characters, to be written before <see cref="Add"/>.</summary>
    public Span<char> Room(int length)
    {
        if (_used + length > _chars.Length)
        {
            Array.Resize(ref _chars, Math.Max(_chars.Length * 2, _used + length));
        }

        return _chars.AsSpan(_used, length);
    }

    /// <summary>Adds what was written to <see cref="Room"/>. False when the innermost object has the name already.</summary>
    public bool Add(int length)
    {
        var inner = _open.Peek();
        var name = _chars.AsSpan(_used, length);
        if (inner.Many is { } many)
        {
            return many.Add(new string(name));
        }

        for (var i = inner.First; i < _names.Count; i++)
        {
            if (name.SequenceEqual(_chars.AsSpan(_names[i].Start, _names[i].Length)))
            {
                return false;
            }
        }

        _names.Add((_used, length));
        _used += length;
        if (_names.Count - inner.First > Few)
        {
            inner.Many = [.. _names.Skip(inner.First).Select(n => new string(_chars, n.Start, n.Length))];
        }

        return true;
    }

    private sealed class Object(int first, int used)
    {
        public int First { get; } = first;

        public int Used { get; } = used;

        public HashSet<string>? Many { get; set; }
    }
}
