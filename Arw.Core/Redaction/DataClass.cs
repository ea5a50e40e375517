namespace Arw.Core.Redaction;

/// <summary>What sort of thing a detector finds; decides where it is masked and which lease lets it out.</summary>
public enum DataClass
{
    /// <summary>Opens something: a key, a token, a password. Never written, whatever the settings say.</summary>
    Credential,

    /// <summary>Moves money: a card number, a bank account.</summary>
    Financial,

    /// <summary>Reaches a person: a mail address, a phone number.</summary>
    Person,

    /// <summary>What a rule of this home finds.</summary>
    Custom,
}

/// <summary>A set of data classes.</summary>
[Flags]
public enum DataClasses
{
    /// <summary>No class.</summary>
    None = 0,

    /// <summary><see cref="DataClass.Credential"/>.</summary>
    Credential = 1,

    /// <summary><see cref="DataClass.Financial"/>.</summary>
    Financial = 2,

    /// <summary><see cref="DataClass.Person"/>.</summary>
    Person = 4,

    /// <summary><see cref="DataClass.Custom"/>.</summary>
    Custom = 8,

    /// <summary>Every class.</summary>
    All = Credential | Financial | Person | Custom,
}

/// <summary>Classes and sets of them.</summary>
public static class DataClassSets
{
    /// <summary>The set of this one class.</summary>
    public static DataClasses Set(this DataClass one) => (DataClasses)(1 << (int)one);

    /// <summary>The set of these classes.</summary>
    public static DataClasses Set(this IEnumerable<DataClass> classes) => classes.Aggregate(DataClasses.None, (set, one) => set | one.Set());

    /// <summary>Its classes, in order.</summary>
    public static IEnumerable<DataClass> Each(this DataClasses set) => Enum.GetValues<DataClass>().Where(one => set.HasFlag(one.Set()));

    /// <summary>The class as it is written in JSON and in capabilities, <c>credential</c>.</summary>
    public static string Word(this DataClass one) => one.ToString().ToLowerInvariant();
}
