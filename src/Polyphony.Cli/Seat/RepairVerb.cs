using System.Collections.Immutable;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Polyphony.Cli.Draw;
using Polyphony.Cli.Frame;
using Polyphony.Seating;
using Polyphony.Sheets;

namespace Polyphony.Cli.Seat;

/// <summary><c>polyphony seat repair</c>: absent and late people, closed tables, missing facilitators.</summary>
internal static class RepairVerb
{
    public const string MovesName = "moves.csv";
    public const string BeforeName = "before.csv";

    public static Command Make()
    {
        Option<string> plan = VerbOptions.Text("--plan", "DIR", "What seat, or an earlier repair, wrote.", required: true);
        Option<string> absent = VerbOptions.Text("--absent", "F", "People who are not there.");
        Option<string> late = VerbOptions.Text("--late", "F", "People who come after all, known ones by their ids, new ones with their values.");
        Option<string> closed = VerbOptions.Text("--closed", "3,7", "Tables that are no longer there.");
        Option<string> missing = VerbOptions.Text("--missing", "NAME,…", "Facilitators who are missing: their tables close.");
        Option<int?> from = VerbOptions.Whole("--from-round", "N", "First round that may change, 1 unless said otherwise.", 1, 200);
        Option<bool> undo = new("--undo") { Description = "Takes the last repair back." };
        Option<string> to = VerbOptions.Text("--out", "DIR", "Directory to write to.", required: true);
        VerbCommand verb = new("repair", "Brings a plan in line with who is there, with as few moves as possible; everybody else stays.", Run)
        {
            Reads =
            [
                new("--plan", "a directory with plan.csv and plan.json."),
                new("--absent", "people by their ids.", IdList.Column),
                new("--late", "people by their ids.", new("id", "somebody of the plan, or somebody new"), new("(each criterion)", "of a new person, as in the file of people; blank or no column: not known"), new("languages", "of a new person"), new("access", "yes for a new person who needs an accessible table")),
            ],
            Writes =
            [
                .. PlanFolder.Tables,
                new(MovesName, "every change of table.", new("round", "number from 1"), new("id", "a person"), new("from", "table left, blank: had none"), new("to", "table joined, blank: has none")),
                new(BeforeName, "the plan as it was, for --undo.", [.. PlanFolder.PlanHelp.Columns]),
            ],
            Examples =
            [
                "polyphony seat repair --plan plan --absent absent.csv --late late.csv --from-round 2 --out plan-2",
                "polyphony seat repair --plan plan-2 --closed 4 --missing \"A. Smith\" --from-round 3 --out plan-3 --json",
                "polyphony seat repair --plan plan-3 --undo --out plan-4",
            ],
        };
        foreach (Option option in (Option[])[plan, absent, late, closed, missing, from, undo, to])
        {
            verb.Options.Add(option);
        }

        return verb;

        int Run(ParseResult parsed, Shell shell, CancellationToken cancellationToken)
        {
            long started = Stopwatch.GetTimestamp();
            List<SheetProblem> problems = [];
            bool back = parsed.GetValue(undo);
            Option[] changes = [.. new Option[] { absent, late, closed, missing }.Where(option => parsed.GetResult(option) is { Implicit: false })];
            problems.AddRange(changes.Where(_ => back).Select(option => new SheetProblem("not-both", "", Column: "--undo", Expected: option.Name)));
            if (!back && changes.Length == 0)
            {
                problems.Add(new SheetProblem("option-needs", "", Column: "repair", Expected: "--absent, --late, --closed, --missing or --undo"));
            }

            if (PlanFolder.Read(parsed.GetValue(plan)!, problems) is not { } folder || problems.Count > 0)
            {
                return shell.Refuse(problems);
            }

            int gatherings = folder.Problem.IsGathering(0) ? 1 : 0;
            int first = (parsed.GetValue(from) ?? 1) - 1 + gatherings;
            if (first >= folder.Problem.Rounds.Length)
            {
                problems.Add(new SheetProblem("option-value", "", Column: "--from-round", Value: $"{first + 1 - gatherings}", Expected: $"a round of the plan, 1 to {folder.Problem.Rounds.Length - gatherings}"));
            }

            SeatingProblem problem = folder.Problem;
            SeatingPlan? repaired = null;
            if (back)
            {
                repaired = PlanFolder.Read(parsed.GetValue(plan)!, problems, BeforeName)?.Plan;
            }
            else
            {
                (problem, ImmutableArray<int> coming) = LatePeople.Read(parsed.GetValue(late), problem, problems);
                SeatingChanges happened = new(first)
                {
                    Absent = parsed.GetValue(absent) is { } path ? [.. IdList.Read(path, null, [.. problem.People.Select(person => person.Id)], problems)] : [],
                    Late = coming,
                    Closed = Closed(parsed.GetValue(closed), parsed.GetValue(missing), problem, gatherings, problems),
                };
                if (problems.Count == 0 && Enumerable.Range(first, problem.Rounds.Length - first).Any(r => problem.Rounds[r].Tables.Index().All(table => happened.Closes(r, table.Index))))
                {
                    problems.Add(new SheetProblem("option-value", "", Column: "--closed", Value: parsed.GetValue(closed) ?? parsed.GetValue(missing), Expected: "some of the tables, not all"));
                }

                repaired = problems.Count > 0 ? null : SeatingRepairer.Repair(problem, folder.Plan, happened).Plan;
            }

            if (problems.Count > 0 || repaired is null)
            {
                return shell.Refuse(problems);
            }

            IReadOnlyList<string>[] moves = [.. Moves(problem, folder.Plan, repaired, gatherings)];
            PlanFile file = PlanFile.Of("repaired", problem, SeatingMeasures.Of(problem, repaired), folder.File.Seed, folder.File.Exchanges, folder.File.EndedByLimit, Stopwatch.GetElapsedTime(started).TotalSeconds, moves.Length);
            using (OutputFolder output = OutputFolder.Begin(parsed.GetValue(to)!))
            {
                PlanFolder made = new(file, problem, repaired);
                made.Write(output);
                output.Write(MovesName, PlainCsv.Write([["round", "id", "from", "to"], .. moves]));
                output.Write(BeforeName, made.Seats(folder.Plan));
                output.Finish(cancellationToken);
            }

            return shell.Answer(
                ExitCode.Done, file with { Inputs = null }, SeatJson.Default.PlanFile,
                [string.Create(CultureInfo.InvariantCulture, $"{moves.Length} changes of table, listed in {MovesName}; everybody else sits where they sat."), .. SeatSentences.Of(file)]);
        }
    }

    /// <summary>Every person whose table differs, by round.</summary>
    private static IEnumerable<IReadOnlyList<string>> Moves(SeatingProblem problem, SeatingPlan before, SeatingPlan after, int gatherings)
    {
        for (int r = gatherings; r < after.Rounds.Length; r++)
        {
            int[] was = before.Rounds[r].TablesOf(problem.People.Length);
            int[] becomes = after.Rounds[r].TablesOf(problem.People.Length);
            for (int person = 0; person < was.Length; person++)
            {
                if (was[person] != becomes[person])
                {
                    yield return [Text(r + 1 - gatherings), problem.People[person].Id, was[person] < 0 ? "" : Text(was[person] + 1), becomes[person] < 0 ? "" : Text(becomes[person] + 1)];
                }
            }
        }
    }

    private static ImmutableArray<ClosedTable> Closed(string? numbers, string? missing, SeatingProblem problem, int gatherings, List<SheetProblem> problems)
    {
        List<ClosedTable> closed = [];
        int tables = problem.Rounds.Skip(gatherings).Max(layout => layout.Tables.Length);
        foreach (string number in VerbOptions.Columns(numbers))
        {
            if (int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int table) && table >= 1 && table <= tables)
            {
                closed.AddRange(Enumerable.Range(gatherings, problem.Rounds.Length - gatherings).Select(round => new ClosedTable(round, table - 1)));
            }
            else
            {
                problems.Add(new SheetProblem("option-value", "", Column: "--closed", Value: SheetProblem.Shorten(number), Expected: $"the number of a table, 1 to {tables}"));
            }
        }

        foreach (string name in VerbOptions.Columns(missing))
        {
            ClosedTable[] led = [.. problem.Rounds.Index().SelectMany(round => round.Item.Tables.Index().Where(table => table.Item.Facilitator is { } who && CellText.Key(who.Id) == CellText.Key(name)).Select(table => new ClosedTable(round.Index, table.Index)))];
            if (led.Length == 0)
            {
                problems.Add(new SheetProblem("option-value", "", Column: "--missing", Value: SheetProblem.Shorten(name), Expected: "a facilitator of the plan"));
            }

            closed.AddRange(led);
        }

        return [.. closed];
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
