using Json.Schema;

namespace Arw.Core.Actions;

/// <summary>What is wrong with an input, in words of people who fill in a form, in place of the schema language's own.</summary>
internal static class SchemaWords
{
    // The validator keeps its words for the whole process.
    static SchemaWords()
    {
        ErrorMessages.FalseSchema = "There is no such field.";
        ErrorMessages.Required = "Needed and not there: [[missing]].";
        ErrorMessages.Type = "This is of type [[received]]; [[expected]] is expected.";
        ErrorMessages.Enum = "[[received]] is none of the choices: [[values]].";
        ErrorMessages.Const = "This must be [[value]].";
        ErrorMessages.Minimum = "[[received]] is too small; [[limit]] is the least.";
        ErrorMessages.Maximum = "[[received]] is too large; [[limit]] is the most.";
        ErrorMessages.ExclusiveMinimum = "[[received]] is too small; it must be more than [[limit]].";
        ErrorMessages.ExclusiveMaximum = "[[received]] is too large; it must be less than [[limit]].";
        ErrorMessages.MultipleOf = "[[received]] is not a multiple of [[divisor]].";
        ErrorMessages.MinLength = "This has [[received]] characters; [[limit]] are the least.";
        ErrorMessages.MaxLength = "This has [[received]] characters; [[limit]] are the most.";
        ErrorMessages.MinItems = "There are [[received]]; [[limit]] are the least.";
        ErrorMessages.MaxItems = "There are [[received]]; [[limit]] are the most.";
        ErrorMessages.UniqueItems = "Some are there twice: [[duplicates]].";
        ErrorMessages.Pattern = "This is not of the form [[pattern]].";
        ErrorMessages.Format = "This is no [[format]].";
        ErrorMessages.OneOf = "It fits [[count]] of the possible forms and must fit exactly one.";
    }

    /// <summary>Sees to it that they are used from now on.</summary>
    public static void Use()
    {
        // The static constructor has run once this is called.
    }
}
