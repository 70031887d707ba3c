using System.CommandLine;
using System.CommandLine.Help;

namespace Polyphony.Cli.Frame;

/// <summary>Help: the options as the parser knows them, then files with their columns, exit codes and examples.</summary>
internal static class VerbHelp
{
    private const int Width = 110;

    public static void Write(Command command, ParseResult parsed, TextWriter output)
    {
        // The parser's own help wraps at the width of a console that may not be there.
        HelpAction plain = new() { MaxWidth = Width };
        parsed.InvocationConfiguration.Output = output;
        plain.Invoke(parsed);
        if (command is not VerbCommand verb)
        {
            return;
        }

        Files(output, "Reads", verb.Reads);
        Files(output, "Writes", verb.Writes);
        output.WriteLine("Exit codes:");
        output.WriteLine("  0  done");
        foreach (int code in verb.Codes.Append(ExitCode.BadInput).Order())
        {
            output.WriteLine($"  {code}  {Meaning(code)}");
        }

        output.WriteLine($"  {ExitCode.Interrupted}  stopped by Ctrl-C; nothing is written");

        output.WriteLine();
        if (verb.Examples.Count > 0)
        {
            output.WriteLine("Examples:");
            foreach (string example in verb.Examples)
            {
                output.WriteLine($"  {example}");
            }

            output.WriteLine();
        }
    }

    private static void Files(TextWriter output, string title, IReadOnlyList<FileHelp> files)
    {
        if (files.Count == 0)
        {
            return;
        }

        output.WriteLine($"{title}:");
        foreach (FileHelp file in files)
        {
            Wrap(output, 2, $"{file.Name}: {file.Meaning}");
            int widest = file.Columns.Count == 0 ? 0 : Math.Min(24, file.Columns.Max(column => column.Name.Length));
            foreach (ColumnHelp column in file.Columns)
            {
                Wrap(output, 4, $"{column.Name.PadRight(widest)}  {column.Meaning}", 6 + widest);
            }
        }

        output.WriteLine();
    }

    private static void Wrap(TextWriter output, int indent, string text, int hanging = 4)
    {
        string margin = new(' ', indent);
        while (margin.Length + text.Length > Width && text.LastIndexOf(' ', Width - margin.Length) is > 0 and var at && at > hanging - indent)
        {
            output.WriteLine(margin + text[..at]);
            text = text[(at + 1)..];
            margin = new string(' ', Math.Max(hanging, indent));
        }

        output.WriteLine(margin + text);
    }

    private static string Meaning(int code) => code switch
    {
        ExitCode.BadInput => "bad input: every problem with file, row and column; nothing is written, nor where --out cannot be",
        ExitCode.Infeasible => "infeasible: nothing meets all quotas or rules; what stands against it is listed",
        ExitCode.VerificationFailed => "verification failed",
        ExitCode.EndedByLimit => "ended by its limit of time or work; the answer is marked, or says what was not decided",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
