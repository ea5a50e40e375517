namespace Arw.Core.Redaction;

/// <summary>What a redactor looks for beside what every home finds, and what it masks where.</summary>
public sealed record RedactionSetup
{
    /// <summary>Nothing of a person's own: credentials, money and custom kinds masked in the journal.</summary>
    public static RedactionSetup Default { get; } = new();

    /// <summary>Classes that the journal never holds. Person data stays by default: a journal in which every mail address is masked could not say who wrote.</summary>
    public DataClasses Journal { get; init; } = DataClasses.Credential | DataClasses.Financial | DataClasses.Custom;

    /// <summary>Classes that are masked in prompts to models; as in the journal by default.</summary>
    public DataClasses Prompts { get; init; } = DataClasses.Credential | DataClasses.Financial | DataClasses.Custom;

    /// <summary>Classes that are masked in snapshots and previews; every class by default, since they are what is handed on.</summary>
    public DataClasses Snapshots { get; init; } = DataClasses.All;

    /// <summary>Rules of this home.</summary>
    public IReadOnlyList<RedactionRule> Rules { get; init; } = [];

    /// <summary>Values of planted canaries by id.</summary>
    public IReadOnlyDictionary<string, string> Canaries { get; init; } = new Dictionary<string, string>();
}
