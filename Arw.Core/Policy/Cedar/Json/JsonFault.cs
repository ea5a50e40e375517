namespace Arw.Core.Policy.Cedar.Json;

/// <summary>Ends the reading of a JSON form from within; never leaves the reader that throws it.</summary>
internal sealed class JsonFault(string message, string? expected) : Exception(message)
{
    public string? Expected => expected;
}
