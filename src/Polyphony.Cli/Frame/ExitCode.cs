namespace Polyphony.Cli.Frame;

/// <summary>What a verb tells the shell that called it.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>Something is wrong with what the command line names: files, options, or a directory that cannot be written to.</summary>
    public const int BadInput = 2;
    public const int Infeasible = 3;
    public const int VerificationFailed = 4;

    /// <summary>A limit of time, work, attempts or digits ended the search: the answer is marked, or there is none and the outcome says why.</summary>
    public const int EndedByLimit = 5;

    /// <summary>Stopped by Ctrl-C, as shells count it.</summary>
    public const int Interrupted = 130;
}
