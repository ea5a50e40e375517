using System.Buffers.Binary;
using System.Text;

namespace Arw.Core.Otel;

/// <summary>Reads one protobuf message from bytes, field by field. Never throws: what is malformed ends the reading and leaves <see cref="Failed"/> set.</summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;
    private int _wire;

    /// <summary>True once something could not be read.</summary>
    public bool Failed { get; private set; }

    /// <summary>Number of the field that <see cref="Next"/> came to.</summary>
    public int Field { get; private set; }

    /// <summary>Goes to the next field, whose value must then be read or skipped; false at the end.</summary>
    public bool Next()
    {
        if (Failed || _rest.IsEmpty)
        {
            return false;
        }

        var tag = Varint();
        (Field, _wire) = ((int)(tag >> 3), (int)(tag & 7));
        if (tag > uint.MaxValue || Field == 0)
        {
            Fail();
        }

        return !Failed;
    }

    /// <summary>A number of any wire form.</summary>
    public ulong Number()
    {
        switch (_wire)
        {
            case 0:
                return Varint();
            case 1:
                return Take(8) is { IsEmpty: false } eight ? BinaryPrimitives.ReadUInt64LittleEndian(eight) : 0;
            case 5:
                return Take(4) is { IsEmpty: false } four ? BinaryPrimitives.ReadUInt32LittleEndian(four) : 0;
            default:
                Fail();
                return 0;
        }
    }

    /// <summary>A length-delimited value: bytes, a text, a message.</summary>
    public ReadOnlySpan<byte> Bytes()
    {
        if (_wire != 2)
        {
            Fail();
            return default;
        }

        var length = Varint();
        if (length > (ulong)_rest.Length)
        {
            Fail();
            return default;
        }

        return Take((int)length);
    }

    /// <summary>A text; bytes that are no UTF-8 become U+FFFD.</summary>
    public string Text() => Encoding.UTF8.GetString(Bytes());

    /// <summary>Passes over a value of a field that is not known.</summary>
    public void Skip()
    {
        if (_wire == 2)
        {
            Bytes();
        }
        else
        {
            Number();
        }
    }

    /// <summary>Says whether a nested message was well-formed.</summary>
    public void Check(bool ok)
    {
        if (!ok)
        {
            Fail();
        }
    }

    private void Fail()
    {
        Failed = true;
        _rest = default;
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (var i = 0; i < 10 && i < _rest.Length; i++)
        {
            var octet = _rest[i];
            value |= (ulong)(octet & 0x7F) << (7 * i);
            if (octet < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return value;
            }
        }

        Fail();
        return 0;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            Fail();
            return default;
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
