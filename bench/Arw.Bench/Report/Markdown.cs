using System.Text;

namespace Arw.Bench.Report;

/// <summary>A section as Markdown.</summary>
internal static class Markdown
{
    public static string Section(Section section, string machine, Table table)
    {
        var text = new StringBuilder();
        text.AppendLine("## " + section.Title).AppendLine();
        text.AppendLine("Budget: " + section.Budget + ". " + table.Note).AppendLine();
        Row(text, table.Head);
        Row(text, [.. table.Head.Select((_, i) => i == 0 ? "---" : "---:")]);
        foreach (var row in table.Rows)
        {
            Row(text, row);
        }

        return text.AppendLine().AppendLine("<sub>" + machine + "</sub>").ToString();
    }

    private static void Row(StringBuilder text, IReadOnlyList<string> cells) => text.Append("| ").AppendJoin(" | ", cells).AppendLine(" |");
}
