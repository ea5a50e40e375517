namespace Arw.Core.Policy.Capabilities;

/// <summary>Capabilities in plain words.</summary>
internal static class CapabilityWords
{
    public static string Describe(Capability capability) => capability.Scope switch
    {
        HttpScope http => Describe(capability.Name == Capability.DataSend ? Sending(capability.Verbs) : Requesting(capability.Verbs), http),
        FileScope file => $"{FileVerb(capability.Name)} {Place(file.Path)}",
        MoneyScope { UsdMicros: { } micros } => $"spend up to ${MoneyScope.Format(micros)}",
        MoneyScope => "spend any amount of money",
        WordScope words => Describe(capability.Name, words),
        _ => capability.ToString(),
    };

    private static string Requesting(IReadOnlyList<string> verbs) => verbs.Count == 0 ? "send any request to"
        : verbs.All(v => v is "GET" or "HEAD") ? "read from"
        : $"send {string.Join(", ", verbs)} requests to";

    private static string Sending(IReadOnlyList<string> classes) => $"send {(classes.Count == 0 ? "classified data of every kind" : string.Join(", ", classes.Select(c => c switch
    {
        "credential" => "keys and passwords",
        "financial" => "card and account numbers",
        "person" => "mail addresses and phone numbers",
        "custom" => "what the rules of this home find",
        _ => $"{c} data",
    })))} to";

    private static string Describe(string what, HttpScope scope)
    {
        var host = scope.Host.IsAny ? "any host" : scope.Host.IsLiteral ? scope.Host.Text : $"any subdomain of {scope.Host.Text[2..]}";
        var port = scope.Port is { } p ? p == HttpScope.UsualPort(scope.Scheme) ? "" : $", port {p}" : scope.Scheme is null ? "" : ", any port";
        var scheme = scope.Scheme == "http" ? ", unencrypted" : scope.Scheme is null ? ", encrypted or not" : "";
        var path = scope.Path.IsAny ? "" : scope.Path.IsLiteral ? $", only /{scope.Path.Join('/')}"
            : scope.Path.Open && new SegmentPattern([.. scope.Path.Segments], open: false) is { IsLiteral: true } folder ? $", any path under /{folder.Join('/')}"
            : $", paths like /{scope.Path.Join('/')}";
        return $"{what} {host}{port}{scheme}{path}";
    }

    private static string FileVerb(string name) => name switch
    {
        "file.read" => "read",
        "file.write" => "write",
        "file.*" => "read and write",
        "notes.append" => "append to",
        _ => $"use {name} on",
    };

    private static string Place(SegmentPattern path)
    {
        if (path.IsAny)
        {
            return "every file of the project";
        }

        if (path.IsLiteral)
        {
            return path.Segments.Length == 0 ? "the project's folder" : path.Join('/');
        }

        return path.Open && new SegmentPattern([.. path.Segments], open: false) is { IsLiteral: true } folder
            ? $"everything under {folder.Join('/')}"
            : $"files like {path.Join('/')}";
    }

    private static string Describe(string name, WordScope scope)
    {
        var what = name switch
        {
            "model.run" => "run the model",
            "recipe.run" => "run the recipe",
            "state.read" => "read the state of",
            "beliefs.propose" => "propose beliefs",
            "memory.remember" => "remember things",
            "memory.search" => "look things up in memory",
            "text.embed" => "compute embeddings of text",
            "text.extract" => "extract text from pages",
            "text.summarize" => "summarise text",
            "topics.cluster" => "group items by topic",
            "demo.echo" => "repeat its input",
            "shell.exec" => "run the program",
            _ => $"use {name}",
        };
        if (!scope.IsAny)
        {
            return $"{what} {scope}";
        }

        return name switch
        {
            "model.run" => "run any model",
            "recipe.run" => "run any recipe",
            "state.read" => "read any state",
            "shell.exec" => "run any program",
            _ => what,
        };
    }
}
