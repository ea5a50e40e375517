using System.Runtime.InteropServices;
using Arw.Core.Redaction.Kinds;

namespace Arw.Core.Redaction;

/// <summary>
/// Finds where a detector's literal may stand: the first three bytes of each, in small letters, set a bit in a table of 16 KiB that the scanner looks
/// into once for each byte of a text. Immutable: a change of what is looked for makes a new one.
/// </summary>
internal sealed class SecretIndex
{
    private const int Bits = 17;
    private readonly Entry?[] _entries = new Entry?[1 << 12];

    /// <summary>An index of detectors.</summary>
    /// <param name="detectors">In order of precedence: at one place the first that verifies wins, longer literals before shorter ones.</param>
    public SecretIndex(IEnumerable<Detector> detectors)
    {
        Detectors = [.. detectors];
        foreach (var (detector, anchor) in Detectors.SelectMany(d => d.Anchors.Select(a => (d, System.Text.Encoding.UTF8.GetBytes(a)))).OrderBy(e => e.Item2.Length))
        {
            var folded = Fold(MemoryMarshal.Read<uint>([.. anchor[..3], 0]));
            var slot = Slot(folded);
            Table[slot >> 5] |= 1u << (int)(slot & 31);
            ref var head = ref _entries[slot >> (Bits - 12)];
            head = new Entry(folded, anchor, detector, head);
        }
    }

    /// <summary>The detectors of every home.</summary>
    public static IReadOnlyList<Detector> Shipped { get; } =
        [.. PersonKinds.All, .. AssignedKinds.All, .. ServiceKinds.All, .. ModelKinds.All, .. ForgeKinds.All, .. CloudKinds.All, .. KeyKinds.All];

    /// <summary>What it looks for.</summary>
    public IReadOnlyList<Detector> Detectors { get; }

    /// <summary>One bit for each hash of three bytes.</summary>
    public uint[] Table { get; } = new uint[1 << (Bits - 5)];

    /// <summary>The first three of four bytes, letters in small.</summary>
    public static uint Fold(uint four) => (four & 0xFFFFFF) | 0x202020;

    /// <summary>The bit of three folded bytes.</summary>
    public static uint Slot(uint folded) => (folded * 0x9E3779B1u) >> (32 - Bits);

    /// <summary>The literals that may begin with these three bytes, among others.</summary>
    public Entry? At(uint slot) => _entries[slot >> (Bits - 12)];

    /// <summary>A literal in its chain.</summary>
    internal sealed record Entry(uint Folded, byte[] Anchor, Detector Detector, Entry? Next)
    {
        public bool Stands(ReadOnlySpan<byte> text, int at) =>
            at + Anchor.Length <= text.Length
            && (Detector.AnyCase ? System.Text.Ascii.EqualsIgnoreCase(text.Slice(at, Anchor.Length), Anchor) : text.Slice(at, Anchor.Length).SequenceEqual(Anchor));
    }
}
