namespace Arw.Core.Otel;

/// <summary>Reads attributes and their values in protobuf.</summary>
internal static class ProtoAttributes
{
    /// <summary>Reads the field as an attribute where it is the attributes' field, else passes over it.</summary>
    public static void Read(ref ProtoReader reader, int field, OtlpAttributes to, int depth = 0)
    {
        if (reader.Field != field)
        {
            reader.Skip();
            return;
        }

        var key = "";
        object? value = null;
        var pair = new ProtoReader(reader.Bytes());
        while (pair.Next())
        {
            switch (pair.Field)
            {
                case 1: key = pair.Text(); break;
                case 2: value = Value(ref pair, depth); break;
                default: pair.Skip(); break;
            }
        }

        reader.Check(!pair.Failed);
        to.Add(new(key, value));
    }

    /// <summary>Reads the field as a value.</summary>
    public static object? Value(ref ProtoReader outer, int depth = 0)
    {
        object? value = null;
        var reader = new ProtoReader(outer.Bytes());
        if (depth > OtlpAttributes.DeepestValue)
        {
            return OtlpAttributes.TooDeep;
        }

        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: value = reader.Text(); break;
                case 2: value = reader.Number() != 0; break;
                case 3: value = (long)reader.Number(); break;
                case 4: value = BitConverter.UInt64BitsToDouble(reader.Number()); break;
                case 5: value = Values(ref reader, depth + 1); break;
                case 6: value = Pairs(ref reader, depth + 1); break;
                case 7: value = reader.Bytes().ToArray(); break;
                default: reader.Skip(); break;
            }
        }

        outer.Check(!reader.Failed);
        return value;
    }

    private static List<object?> Values(ref ProtoReader outer, int depth)
    {
        var values = new List<object?>();
        var reader = new ProtoReader(outer.Bytes());
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                values.Add(Value(ref reader, depth));
            }
            else
            {
                reader.Skip();
            }
        }

        outer.Check(!reader.Failed);
        return values;
    }

    private static OtlpAttributes Pairs(ref ProtoReader outer, int depth)
    {
        var pairs = new OtlpAttributes();
        var reader = new ProtoReader(outer.Bytes());
        while (reader.Next())
        {
            Read(ref reader, 1, pairs, depth);
        }

        outer.Check(!reader.Failed);
        return pairs;
    }
}
