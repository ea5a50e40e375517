using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Arw.Core.Recipes;

/// <summary>Reads YAML into positioned nodes. Only what a manifest needs: one document, no anchors, aliases or tags, so that nothing in a file can multiply.</summary>
internal sealed partial class YamlManifest(ProblemList problems)
{
    public const int MostDepth = 32;
    private Parser _parser = null!;

    public ManifestNode? Read(string text)
    {
        _parser = new Parser(new StringReader(text));
        try
        {
            Next(); // stream start
            if (Next() is StreamEnd)
            {
                problems.Add(1, 1, "", "The file is empty.", "a recipe manifest");
                return null;
            }

            Next();
            var root = Node("", 0);
            Next(); // document end
            if (Next() is DocumentStart second)
            {
                problems.Add((int)second.Start.Line, (int)second.Start.Column, "", "The file holds a second YAML document.", "one document");
            }

            return root;
        }
        catch (YamlException e)
        {
            // The end of the text can be marked as a line that is not there any more.
            var lines = text.Split('\n');
            var (line, column) = e.Start.Line > lines.Length ? (lines.Length, lines[^1].Length + 1) : ((int)e.Start.Line, (int)e.Start.Column);
            problems.Add(Math.Max(1, line), Math.Max(1, column), "", $"This is no YAML: {e.Message}");
            return null;
        }
        catch (InvalidOperationException)
        {
            // The parser's way of giving up on some broken flow collections.
            var (line, column) = _parser.Current is { } last ? ((int)last.End.Line, (int)last.End.Column) : (1, 1);
            problems.Add(Math.Max(1, line), Math.Max(1, column), "", "This is no YAML: the structure breaks off here.");
            return null;
        }
        catch (TooDeepException)
        {
            return null;
        }
    }

    private ParsingEvent Next() =>
        _parser.MoveNext() ? _parser.Current! : throw new YamlException("the file ends too early");

    // The parser stands on the node's first event; afterwards on its last.
    private ManifestNode Node(string path, int depth)
    {
        var at = _parser.Current!;
        var (line, column) = ((int)at.Start.Line, (int)at.Start.Column);
        if (depth > MostDepth)
        {
            problems.Add(line, column, path, $"Nested more than {MostDepth} levels deep.", "a flatter manifest");
            throw new TooDeepException();
        }

        if (at is AnchorAlias alias)
        {
            problems.Add(line, column, path, $"The alias \"*{alias.Value}\" is not allowed.", "the value itself");
            return new ManifestNode(NodeKind.Null, line, column, path);
        }

        if (at is NodeEvent { Anchor.IsEmpty: false } anchored)
        {
            problems.Add(line, column, path, $"The anchor \"&{anchored.Anchor}\" is not allowed.", "a value without an anchor");
        }

        if (at is NodeEvent { Tag: { IsEmpty: false } tag } && !tag.IsNonSpecific)
        {
            problems.Add(line, column, path, $"The tag {ManifestNode.Quote(tag.Value)} is not allowed.", "a plain value");
        }

        return at switch
        {
            MappingStart => Map(path, depth, line, column),
            SequenceStart => List(path, depth, line, column),
            Scalar scalar => Value(scalar, path, line, column),
            _ => throw new YamlException(at.Start, at.End, "unexpected content"),
        };
    }

    private ManifestNode Map(string path, int depth, int line, int column)
    {
        var map = new ManifestNode(NodeKind.Map, line, column, path);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (Next() is not MappingEnd)
        {
            var key = Node(path, depth + 1);
            if (key.Kind is NodeKind.Map or NodeKind.List)
            {
                problems.Add(key, "A key must be text.", "a name followed by a colon");
            }

            Next();
            var value = Node(ManifestNode.Child(path, key.Text), depth + 1);
            if (seen.Add(key.Text))
            {
                map.Entries.Add(new ManifestEntry(key.Text, key.Line, key.Column, value));
            }
            else
            {
                problems.Add(key.Line, key.Column, value.Path, $"The key {ManifestNode.Quote(key.Text)} appears twice.", "each key once");
            }
        }

        return map;
    }

    private ManifestNode List(string path, int depth, int line, int column)
    {
        var list = new ManifestNode(NodeKind.List, line, column, path);
        while (Next() is not SequenceEnd)
        {
            list.Items.Add(Node($"{path}/{list.Items.Count}", depth + 1));
        }

        return list;
    }

    private static ManifestNode Value(Scalar scalar, string path, int line, int column)
    {
        var text = scalar.Value;
        if (scalar.Style != ScalarStyle.Plain)
        {
            return new ManifestNode(NodeKind.Text, line, column, path) { Text = text };
        }

        var number = Integer().IsMatch(text) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
            ? JsonValue.Create(whole)
            : Float().IsMatch(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real)
                ? JsonValue.Create(real)
                : null;
        var kind = text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => NodeKind.Null,
            "true" or "True" or "TRUE" or "false" or "False" or "FALSE" => NodeKind.Boolean,
            _ => number is null ? NodeKind.Text : NodeKind.Number,
        };
        return new ManifestNode(kind, line, column, path) { Text = kind == NodeKind.Boolean ? text.ToLowerInvariant() : text, Number = number };
    }

    // The YAML 1.2 core schema's decimal numbers.
    [GeneratedRegex(@"\A[-+]?[0-9]+\z", RegexOptions.NonBacktracking)]
    private static partial Regex Integer();

    [GeneratedRegex(@"\A[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Float();

    private sealed class TooDeepException : Exception;
}
