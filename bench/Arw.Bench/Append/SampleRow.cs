using System.Text;
using Arw.Core.Journal;

namespace Arw.Bench.Append;

/// <summary>The event that both sides write: 300 bytes of payload, every indexed column filled.</summary>
internal static class SampleRow
{
    public const string Kind = "ext.bench.note";
    public const string Actor = "agent:bench";
    public const string Project = "demo";

    public static byte[] Payload { get; } = Encoding.UTF8.GetBytes($$"""{"note":"{{new string('x', 289)}}"}""");

    public static string Subject(int producer) => $"bench:{producer}";

    public static string CorrId(int producer) => $"bench-{producer}";

    public static EventDraft Draft(int producer) => new(Kind, Payload, Actor) { Subject = Subject(producer), Project = Project, CorrId = CorrId(producer) };
}
