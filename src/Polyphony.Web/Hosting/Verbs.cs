namespace Polyphony.Web.Hosting;

/// <summary>The verbs of the program; without one it serves.</summary>
internal static class Verbs
{
    /// <summary>Exit code of a command line that was not understood.</summary>
    public const int Misunderstood = 2;

    public static Task<int> RunAsync(string[] args) => RunAsync(args, Terminal.OfThisProcess(), CancellationToken.None);

    public static async Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken cancellationToken)
    {
        try
        {
            return await DoAsync(args, terminal, cancellationToken);
        }
        catch (Exception failure) when (DatabaseFailure.Why(failure) is not null)
        {
            return terminal.Refuse("hosting.database", ("why", DatabaseFailure.Why(failure)));
        }
    }

    private static async Task<int> DoAsync(string[] args, Terminal terminal, CancellationToken cancellationToken)
    {
        switch (args)
        {
            case [] or [['-', ..], ..] when args is not ["-h" or "--help", ..]:
                return await Serve.RunAsync(args, terminal, cancellationToken);
            case ["help" or "-h" or "--help", ..]:
                Help.Show(terminal);
                return 0;
            case ["migrate", .. string[] options]:
                return await Migrate.RunAsync(options, terminal, cancellationToken);
            case ["backup", .. string[] rest]:
                return await BackUp.RunAsync(rest, terminal, cancellationToken);
            case ["restore", .. string[] rest]:
                return await Restore.RunAsync(rest, terminal, cancellationToken);
            case ["doctor", .. string[] options]:
                return await Doctor.RunAsync(options, terminal, cancellationToken);
            case ["rehearse", .. string[] options]:
                return await Rehearsal.Rehearse.RunAsync(options, terminal, cancellationToken);
            default:
                terminal.Refuse("hosting.unknown-verb", ("value", args[0]));
                Help.Show(terminal);
                return Misunderstood;
        }
    }
}
