namespace Arw.Tests.Policy.Cedar.Corpus;

/// <summary>A test that needs the public corpus beside the repository: skipped where it is absent, except in continuous integration, where that is a failure.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CorpusFactAttribute : FactAttribute
{
    public CorpusFactAttribute()
    {
        if (!CorpusFiles.Exists && Environment.GetEnvironmentVariable("CI") != "true")
        {
            Skip = $"The Cedar corpus is not at {CorpusFiles.Folder}.";
        }
    }
}
