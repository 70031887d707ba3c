using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Polyphony.Sheets;

namespace Polyphony.Cli.Frame;

/// <summary>The tool `polyphony`: its verbs, and what all of them share.</summary>
internal static class Tool
{
    /// <summary>Runs one command line.</summary>
    public static int Run(IReadOnlyList<string> arguments, TextWriter output, TextWriter error, bool terminal, CancellationToken cancellationToken)
    {
        RootCommand root = Verbs.Root(arguments is [var first, ..] ? first : null);
        ParseResult parsed = root.Parse(arguments);
        bool json = parsed.GetResult(Verbs.Json) is { Implicit: false };
        Shell shell = new(output, error, json, terminal);
        Command command = parsed.CommandResult.Command;
        if (parsed.Action is HelpAction)
        {
            VerbHelp.Write(command, parsed, output);
            return ExitCode.Done;
        }

        if (parsed.Errors.Count > 0)
        {
            return shell.Refuse([.. parsed.Errors.Select(wrong => new SheetProblem("option", "", Value: wrong.Message, Expected: Help(parsed.CommandResult)))]);
        }

        if (parsed.Action is not VerbAction verb)
        {
            return parsed.Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }

        try
        {
            return verb.Run(parsed, shell, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return shell.Interrupted();
        }
        catch (Exception outside) when (outside is IOException or UnauthorizedAccessException)
        {
            return shell.Say(ExitCode.BadInput, "not-written", $"{outside.Message} Nothing was written.");
        }
    }

    private static string Help(CommandResult command)
    {
        List<string> words = ["--help"];
        for (CommandResult? at = command; at is not null; at = at.Parent as CommandResult)
        {
            words.Insert(0, at.Command is RootCommand ? "polyphony" : at.Command.Name);
        }

        return string.Join(' ', words);
    }
}
