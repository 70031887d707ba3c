using System.CommandLine;
using System.CommandLine.Invocation;

namespace Polyphony.Cli.Frame;

/// <summary>What a verb does; gives one of <see cref="ExitCode"/>.</summary>
internal delegate int VerbBody(ParseResult parsed, Shell shell, CancellationToken cancellationToken);

/// <summary>A column of a file that a verb reads or writes.</summary>
internal sealed record ColumnHelp(string Name, string Meaning);

/// <summary>A file that a verb reads or writes.</summary>
/// <param name="Name">As its option or its name in the output directory.</param>
/// <param name="Meaning">One sentence.</param>
/// <param name="Columns">For a table its columns, for JSON its members.</param>
internal sealed record FileHelp(string Name, string Meaning, params IReadOnlyList<ColumnHelp> Columns);

/// <summary>A verb: a command with a body, and the help that goes beyond its options.</summary>
internal sealed class VerbCommand : Command
{
    public VerbCommand(string name, string description, VerbBody body)
        : base(name, description) => Action = new VerbAction(body);

    /// <summary>Command lines that can be copied.</summary>
    public IReadOnlyList<string> Examples { get; init; } = [];

    public IReadOnlyList<FileHelp> Reads { get; init; } = [];

    public IReadOnlyList<FileHelp> Writes { get; init; } = [];

    /// <summary>Which exit codes the verb knows besides 0 and 2.</summary>
    public IReadOnlyList<int> Codes { get; init; } = [];
}

/// <summary>Carries the body through the parser, which does not call it: <see cref="Tool"/> does, with its own shell.</summary>
internal sealed class VerbAction(VerbBody body) : SynchronousCommandLineAction
{
    public int Run(ParseResult parsed, Shell shell, CancellationToken cancellationToken) => body(parsed, shell, cancellationToken);

    public override int Invoke(ParseResult parseResult) => throw new System.Diagnostics.UnreachableException();
}
