using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Polyphony.Cli.Draw;
using Polyphony.Cli.Frame;
using Polyphony.Seating;
using Polyphony.Sheets;

namespace Polyphony.Cli.Seat;

/// <summary><c>polyphony seat</c>: who sits with whom.</summary>
internal static class SeatVerb
{
    public static Command Make()
    {
        SeatOptions options = new();
        VerbCommand verb = new("seat", "Plans tables for several rounds so that people meet as many others as possible and every table is mixed.", (parsed, shell, cancellationToken) => Run(parsed, options, shell, cancellationToken))
        {
            Reads = [SeatOptions.PeopleFile, SeatOptions.GroupFile, SeatOptions.FixedFile, SeatOptions.HostFile, SeatOptions.BoundsFile, SeatOptions.LayoutFile],
            Writes = PlanFolder.Tables,
            Codes = [ExitCode.Infeasible, ExitCode.EndedByLimit],
            Examples =
            [
                "polyphony seat --people people.csv --tables 10 --rounds 5 --mix gender,age,region --out plan",
                "polyphony seat --people people.csv --tables 16 --rounds 6 --mix gender,age --cluster interpreter --together families.csv --apart conflicts.csv --fixed seats.csv --seed 5eed --seconds 30 --out plan --json",
                "polyphony seat --people people.xlsx --layout tables.csv --rounds 3 --languages speaks --most-languages 2 --interpreters 8 --access wheelchair --out plan",
            ],
        };
        foreach (Option option in options.All)
        {
            verb.Options.Add(option);
        }

        verb.Subcommands.Add(RepairVerb.Make());
        return verb;
    }

    private static int Run(ParseResult parsed, SeatOptions options, Shell shell, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        List<SheetProblem> problems = [];
        byte[]? seed = ComputeLottery.Seed(parsed.GetValue(options.Seed), problems);
        SeatingProblem? problem = SeatInput.Read(parsed, options, problems);
        if (problem is null || seed is null)
        {
            return shell.Refuse(problems);
        }

        if (problem.Refusals() is { IsEmpty: false } refusals)
        {
            return SeatRefusals.Say(shell, refusals);
        }

        using TimeLimit enough = new(parsed.GetValue(options.Seconds), started);

        long exchanges = SeatingPlanner.DefaultExchanges(problem) * (parsed.GetValue(options.Effort) ?? 1);
        PlannedSeats planned = shell.WithProgress("Planning", progress => SeatingPlanner.Plan(problem, SeedOf(seed), exchanges, new Told(progress), enough.Token, cancellationToken));
        PlanFile file = PlanFile.Of(
            planned.EndedByLimit ? "ended-by-limit" : "planned", problem, planned.Measures, Convert.ToHexStringLower(seed), exchanges, planned.EndedByLimit, Stopwatch.GetElapsedTime(started).TotalSeconds);
        using (OutputFolder folder = OutputFolder.Begin(parsed.GetValue(options.Out)!))
        {
            new PlanFolder(file, problem, planned.Plan).Write(folder);
            folder.Finish(cancellationToken);
        }

        return shell.Answer(
            planned.EndedByLimit ? ExitCode.EndedByLimit : ExitCode.Done, file with { Inputs = null }, SeatJson.Default.PlanFile,
            [.. SeatSentences.Of(file), .. planned.EndedByLimit ? ["The limit ended the search: the same seed may give another plan on another day."] : Array.Empty<string>()]);
    }

    /// <summary>The planner's seed of the bytes that were typed.</summary>
    public static ulong SeedOf(byte[] seed) => BitConverter.ToUInt64(SHA256.HashData([.. Encoding.UTF8.GetBytes("polyphony seating\0"), .. seed]).AsSpan(0, 8));

    private sealed class Told(IProgress<WorkProgress> progress) : IProgress<SeatingProgress>
    {
        public void Report(SeatingProgress value) => progress.Report(new(value.Share, string.Create(CultureInfo.InvariantCulture, $"Seating, {value.DistinctPairs} pairs meet")));
    }
}

/// <summary>What people read of a plan.</summary>
internal static class SeatSentences
{
    private const int MostListed = 20;

    public static IEnumerable<string> Of(PlanFile file)
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"{file.People} people, {file.Tables} tables, {file.Rounds} rounds: {file.DistinctPairs} pairs meet, of {file.Ceiling} that the tables would hold; {file.Repeats} meetings are repeats.");
        yield return file.Violations == 0 ? "Every rule holds." : string.Create(CultureInfo.InvariantCulture, $"Rules are broken by {file.Violations}, the least that was found:");
        foreach (BreachAnswer breach in file.Broken.Take(MostListed))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"  round {breach.Round}{(breach.Table is { } table ? $", table {table}" : "")}: {breach.Rule} {breach.Subject}{(breach.Value.Length > 0 ? $" = {breach.Value}" : "")}, {breach.Found} where {(breach.Least == breach.Most ? $"{breach.Most}" : $"{breach.Least} to {breach.Most}")} would be right");
        }

        if (file.Broken.Count > MostListed)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"  and {file.Broken.Count - MostListed} more in {PlanFile.Name}");
        }
    }
}
