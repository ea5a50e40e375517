using System.Text;
using Arw.Core.Journal;

namespace Arw.Tests.Journal;

internal static class RecordedEvents
{
    /// <summary>Events that use every column, every twentieth with a payload beside the journal.</summary>
    public static async Task FillAsync(this JournalFixture f, int events)
    {
        for (var n = 1; n <= events; n++)
        {
            var text = n % 20 == 0 ? new string((char)('a' + (n / 20 % 26)), 33_000 + n) : $"event number {n}, with some words to fill it";
            await f.Journal.AppendAsync(new EventDraft("ext.test." + (n % 3 == 0 ? "tick" : "tock"), Encoding.UTF8.GetBytes($$"""{"n":{{n}},"text":"{{text}}"}"""), "agent:tester")
            {
                Subject = n % 2 == 0 ? $"thing:{n % 7}" : null,
                Project = n % 5 == 0 ? null : "lab",
                CorrId = n % 4 == 0 ? $"episode-{n % 11}" : null,
                SpanId = n % 6 == 0 ? $"span-{n}" : null,
                ParentId = n % 6 == 1 ? $"span-{n - 1}" : null,
                Time = n % 9 == 0 ? f.Time.GetUtcNow().AddMinutes(-n) : null,
            });
            f.Time.Advance(TimeSpan.FromMilliseconds(250));
        }
    }
}
