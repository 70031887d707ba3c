using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Polyphony.Cli.Frame;
using Polyphony.Sortition;

namespace Polyphony.Cli.Draw;

/// <summary><c>polyphony draw check</c>: whether a panel exists, who can be on one, and what is the most that the least likely can hope for.</summary>
internal static class CheckQuotas
{
    public static Command Verb()
    {
        VerbCommand verb = null!;
        DrawOptions options = null!;
        verb = new("check", "Tells whether the quotas can be met, and by whom.", (parsed, shell, cancellationToken) => Run(parsed, options, shell, cancellationToken))
        {
            Examples = ["polyphony draw check --pool pool.csv --quotas quotas.csv --size 100 --household street,postcode"],
            Reads = [DrawOptions.PoolFile, DrawOptions.QuotaFile],
            Codes = [ExitCode.Infeasible],
        };
        options = DrawOptions.AddTo(verb);
        return verb;
    }

    private static int Run(ParseResult parsed, DrawOptions options, Shell shell, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        DrawInputReading reading = DrawInput.From(parsed, options);
        if (reading is not DrawInputReading.Read { Input: var input })
        {
            return shell.Refuse(((DrawInputReading.Refused)reading).Problems);
        }

        switch (PoolOutlook.Of(input.Pool, cancellationToken))
        {
            case PoolOutlook.Open outlook:
                string[] without = [.. outlook.Uncoverable.Select(person => input.Ids[person])];
                double seconds = Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 3);
                return shell.Answer(
                    ExitCode.Done, new CheckAnswer("feasible", input.Pool.People.Count, input.Pool.Size, outlook.Types, without, outlook.LeastChanceAtMost, seconds), DrawJson.Default.CheckAnswer,
                    [
                        string.Create(CultureInfo.InvariantCulture, $"The quotas can be met: {input.Pool.Size} of {input.Pool.People.Count} people, {outlook.Types} different kinds."),
                        string.Create(CultureInfo.InvariantCulture, $"No lottery gives the least likely more than {outlook.LeastChanceAtMost:P3}."),
                        .. without.Length == 0 ? Array.Empty<string>() : [$"On no panel, because of the quotas: {string.Join(", ", without)}"],
                    ]);
            case PoolOutlook.Closed:
                return WaysOut.Say(shell, input.Pool, null, cancellationToken);
            default:
                throw new UnreachableException();
        }
    }
}
