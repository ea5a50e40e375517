using System.Text;

namespace Arw.Core.Policy.Cedar.Formatting;

/// <summary>A piece of text with places where it may be broken into lines. A group is written in one line if it fits, else all its own places break.</summary>
internal abstract record Layout
{
    private Layout()
    {
    }

    /// <summary>True when it has a place that always breaks, so that no group around it is written in one line.</summary>
    public virtual bool Breaks => false;

    /// <summary>Width when written in one line.</summary>
    public abstract int Width { get; }

    public sealed record Words(string Text) : Layout
    {
        public override int Width => Text.Length;
    }

    /// <summary>A line feed, or <paramref name="Flat"/> where its group is written in one line.</summary>
    public sealed record Line(string Flat) : Layout
    {
        public override int Width => Flat.Length;
    }

    /// <summary>A line feed in any case; several in a row are one.</summary>
    public sealed record HardLine : Layout
    {
        public override bool Breaks => true;

        public override int Width => 0;
    }

    public sealed record Sequence : Layout
    {
        public Sequence(IReadOnlyList<Layout> parts, bool isGroup, bool indented)
        {
            (Parts, IsGroup, IsIndented) = (parts, isGroup, indented);
            Breaks = parts.Any(p => p.Breaks);
            Width = parts.Sum(p => p.Width);
        }

        public IReadOnlyList<Layout> Parts { get; }

        public bool IsGroup { get; }

        public bool IsIndented { get; }

        public override bool Breaks { get; }

        public override int Width { get; }
    }
}

/// <summary>Writes a layout within a width.</summary>
internal sealed class LayoutWriter(int maxWidth, int indent)
{
    private readonly StringBuilder _text = new();
    private int _column;
    private int _pending = -1;

    public string Text => _text.ToString();

    public void Write(Layout layout) => Write(layout, 0, flat: false, 0);

    private void Write(Layout layout, int depth, bool flat, int after)
    {
        switch (layout)
        {
            case Layout.Words words:
                Append(words.Text);
                break;
            case Layout.Line line when flat:
                Append(line.Flat);
                break;
            case Layout.Line or Layout.HardLine:
                _pending = depth * indent;
                break;
            case Layout.Sequence sequence:
                // What follows without a break in between has to fit too.
                flat = sequence.IsGroup ? !sequence.Breaks && Column + sequence.Width + after <= maxWidth : flat;
                var inner = depth + (sequence.IsIndented ? 1 : 0);
                for (var i = 0; i < sequence.Parts.Count; i++)
                {
                    var next = i + 1 < sequence.Parts.Count && sequence.Parts[i + 1] is Layout.Words follower ? follower.Width : i + 1 == sequence.Parts.Count ? after : 0;
                    Write(sequence.Parts[i], inner, flat, next);
                }

                break;
        }
    }

    private int Column => _pending >= 0 ? _pending : _column;

    private void Append(string words)
    {
        if (words.Length == 0)
        {
            return;
        }

        if (_pending >= 0)
        {
            if (_text.Length > 0)
            {
                while (_text.Length > 0 && _text[^1] == ' ')
                {
                    _text.Length--;
                }

                _text.Append('\n').Append(' ', _pending);
            }

            _column = _text.Length > 0 ? _pending : 0;
            _pending = -1;
            words = words.TrimStart(' ');
        }

        _text.Append(words);
        _column += words.Length;
    }
}
