using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Arw.Core.Primitives;
using Arw.Core.Redaction;

namespace Arw.Core.Journal;

/// <summary>One pass over a payload before it is written: validates (duplicate names and lone surrogates are refused), strips insignificant white space, rewrites only what the redactor hit.</summary>
public sealed class PayloadIntake(Redactor redactor)
{
    private const int MaxDepth = 64;

    // The buffers of a pass, kept by each thread for its next payload.
    [ThreadStatic]
    private static Pass? _idle;

    /// <summary>The bytes that are hashed, stored and streamed.</summary>
    /// <param name="utf8">One JSON value.</param>
    /// <param name="canaries">Takes the ids of canaries that it held; null = nobody asks.</param>
    public Result<byte[]> Normalise(ReadOnlySpan<byte> utf8, ICollection<string>? canaries = null)
    {
        if (!Utf8.IsValid(utf8))
        {
            return Refusal.Invalid("The payload is not valid UTF-8.", "Send JSON as UTF-8.");
        }

        var pass = _idle ?? new Pass();
        _idle = null;
        try
        {
            return pass.Run(utf8, redactor, canaries) is { } refusal ? refusal : pass.Written();
        }
        catch (JsonException e)
        {
            return Refusal.Invalid($"The payload is not valid JSON: {e.Message}", "Send one JSON value.");
        }
        finally
        {
            _idle = pass.Clear() ? pass : null;
        }
    }

    private sealed class Pass
    {
        private const int MostKept = 64 * 1024;
        private readonly ArrayBufferWriter<byte> _out = new(1024);
        private readonly SeenNames _names = new();
        private Redactor _redactor = null!;
        private ICollection<string>? _canaries;
        private int _secretDepth;
        private SecretKind? _named;
        private bool _needsComma;

        public byte[] Written() => _out.WrittenSpan.ToArray();

        /// <summary>Makes it ready for another payload; false when its buffers have grown too large to be kept.</summary>
        public bool Clear()
        {
            _out.ResetWrittenCount();
            _names.Clear();
            (_redactor, _canaries) = (null!, null);
            return _out.Capacity <= MostKept && _names.Capacity <= MostKept;
        }

        public Refusal? Run(ReadOnlySpan<byte> utf8, Redactor redactor, ICollection<string>? canaries)
        {
            (_redactor, _canaries, _secretDepth, _named, _needsComma) = (redactor, canaries, -1, null, false);
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
                        _named = null;
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
            if (_redactor.IsPlainlyClean(reader.ValueSpan, out _named))
            {
                Quoted(reader.ValueSpan);
            }
            else
            {
                Redacted(ref reader, null);
                if (reader.ValueIsEscaped)
                {
                    _redactor.IsPlainlyClean(Encoding.UTF8.GetBytes(name.ToArray()), out _named);
                }
            }

            Raw(":"u8);
            _needsComma = false;
            return null;
        }

        private bool Text(ref Utf8JsonReader reader)
        {
            Separate();
            var named = _named;
            _named = null;
            var written = true;
            if (_secretDepth >= 0)
            {
                foreach (var canary in _canaries is null ? [] : _redactor.Canaries(reader.ValueSpan))
                {
                    _canaries!.Add(canary);
                }

                Raw("\"[redacted]\""u8);
            }
            else if (named is null && _redactor.IsPlainlyClean(reader.ValueSpan, out _))
            {
                Quoted(reader.ValueSpan);
            }
            else
            {
                written = Redacted(ref reader, named);
            }

            EndValue(reader.CurrentDepth);
            return written;
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

        private bool Redacted(ref Utf8JsonReader reader, SecretKind? named)
        {
            var buffer = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
            try
            {
                var clean = _redactor.Redact(buffer.AsSpan(0, reader.CopyString(buffer)), named, _canaries);
                Quoted(clean is null ? reader.ValueSpan : Encoded(clean));
                return true;
            }
            catch (InvalidOperationException)
            {
                // An escaped lone surrogate.
                return false;
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }

        private void Open(char bracket)
        {
            _named = null;
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

        private static byte[] Encoded(byte[] text) => Encoding.UTF8.GetBytes(JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(Encoding.UTF8.GetString(text)));

        private void Raw(ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(_out.GetSpan(bytes.Length));
            _out.Advance(bytes.Length);
        }
    }
}
