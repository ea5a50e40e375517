using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Arw.Core.Primitives;

namespace Arw.Core.Journal;

/// <summary>One pass over a payload before it is written: validates (duplicate names and lone surrogates are refused), strips insignificant white space, rewrites only what the redactor hit.</summary>
public sealed class PayloadIntake(Redactor redactor)
{
    private const int MaxDepth = 64;

    /// <summary>The bytes that are hashed, stored and streamed.</summary>
    public Result<byte[]> Normalise(ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8))
        {
            return Refusal.Invalid("The payload is not valid UTF-8.", "Send JSON as UTF-8.");
        }

        var pass = new Pass(redactor, utf8.Length);
        try
        {
            return pass.Run(utf8) is { } refusal ? refusal : pass.Written();
        }
        catch (JsonException e)
        {
            return Refusal.Invalid($"The payload is not valid JSON: {e.Message}", "Send one JSON value.");
        }
    }

    private sealed class Pass(Redactor redactor, int size)
    {
        private readonly ArrayBufferWriter<byte> _out = new(Math.Max(size, 16));
        private readonly SeenNames _names = new();
        private int _secretDepth = -1;
        private bool _needsComma;

        public byte[] Written() => _out.WrittenSpan.ToArray();

        public Refusal? Run(ReadOnlySpan<byte> utf8)
        {
            var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
            while (reader.Read())
            {
                switch (reader.TokenType)
                {
                    case JsonTokenType.StartObject:
                        Open('{');
                        _names.Open();
                        break;
                    case JsonTokenType.StartArray:
                        Open('[');
                        break;
                    case JsonTokenType.EndObject:
                        _names.Close();
                        Close('}', reader.CurrentDepth);
                        break;
                    case JsonTokenType.EndArray:
                        Close(']', reader.CurrentDepth);
                        break;
                    case JsonTokenType.PropertyName:
                        if (Name(ref reader) is { } refusal)
                        {
                            return refusal;
                        }

                        break;
                    case JsonTokenType.String:
                        if (!Text(ref reader))
                        {
                            return Surrogate();
                        }

                        break;
                    default:
                        Separate();
                        Raw(_secretDepth >= 0 ? "\"[redacted]\""u8 : reader.ValueSpan);
                        EndValue(reader.CurrentDepth);
                        break;
                }
            }

            return null;
        }

        private static Refusal Surrogate() => Refusal.Invalid("A text in the payload has a lone surrogate.", "Send well-formed Unicode.");

        private Refusal? Name(ref Utf8JsonReader reader)
        {
            var room = _names.Room(reader.ValueSpan.Length);
            if (!TryDecode(ref reader, room, out var length))
            {
                return Surrogate();
            }

            var name = room[..length];
            if (!_names.Add(length))
            {
                return Refusal.Invalid($"The payload names \"{name}\" twice in one object.", "Send each name once.");
            }

            if (_secretDepth < 0 && Redactor.IsSecretName(name))
            {
                _secretDepth = reader.CurrentDepth;
            }

            Separate();
            if (redactor.IsPlainlyClean(reader.ValueSpan))
            {
                Quoted(reader.ValueSpan);
            }
            else
            {
                Redacted(reader.ValueSpan, name);
            }

            Raw(":"u8);
            _needsComma = false;
            return null;
        }

        private bool Text(ref Utf8JsonReader reader)
        {
            Separate();
            if (_secretDepth >= 0)
            {
                Raw("\"[redacted]\""u8);
            }
            else if (redactor.IsPlainlyClean(reader.ValueSpan))
            {
                Quoted(reader.ValueSpan);
            }
            else
            {
                var text = new char[reader.ValueSpan.Length];
                if (!TryDecode(ref reader, text, out var length))
                {
                    return false;
                }

                Redacted(reader.ValueSpan, text.AsSpan(0, length));
            }

            EndValue(reader.CurrentDepth);
            return true;
        }

        // CopyString throws for an escaped lone surrogate; that is bad input here, not a fault.
        private static bool TryDecode(ref Utf8JsonReader reader, Span<char> text, out int length)
        {
            try
            {
                length = reader.CopyString(text);
                return true;
            }
            catch (InvalidOperationException)
            {
                length = 0;
                return false;
            }
        }

        private void Redacted(ReadOnlySpan<byte> raw, ReadOnlySpan<char> decoded)
        {
            var text = new string(decoded);
            var clean = redactor.Redact(text);
            if (clean == text)
            {
                Quoted(raw);
            }
            else
            {
                Encoded(clean);
            }
        }

        private void Open(char bracket)
        {
            Separate();
            Raw([(byte)bracket]);
            _needsComma = false;
        }

        private void Close(char bracket, int depth)
        {
            Raw([(byte)bracket]);
            EndValue(depth);
        }

        private void EndValue(int depth)
        {
            _needsComma = true;
            if (depth <= _secretDepth)
            {
                _secretDepth = -1;
            }
        }

        private void Separate()
        {
            if (_needsComma)
            {
                Raw(","u8);
            }
        }

        private void Quoted(ReadOnlySpan<byte> raw)
        {
            Raw("\""u8);
            Raw(raw);
            Raw("\""u8);
        }

        private void Encoded(string text) =>
            Quoted(Encoding.UTF8.GetBytes(JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)));

        private void Raw(ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(_out.GetSpan(bytes.Length));
            _out.Advance(bytes.Length);
        }
    }
}
