namespace Polyphony.Cli.Frame;

/// <summary>What a verb tells the shell that called it.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>Something outside the tool's hands: a disk is full, a directory may not be written to.</summary>
    public const int Failed = 1;
    public const int BadInput = 2;
    public const int Infeasible = 3;
    public const int VerificationFailed = 4;
    public const int EndedByLimit = 5;

    /// <summary>Stopped by Ctrl-C, as shells count it.</summary>
    public const int Interrupted = 130;
}
