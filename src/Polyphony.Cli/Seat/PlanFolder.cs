using System.Collections.Immutable;
using System.Globalization;
using Polyphony.Cli.Frame;
using Polyphony.Seating;
using Polyphony.Sheets;

namespace Polyphony.Cli.Seat;

/// <summary>The directory of a plan: written by <c>seat</c>, read and written again by <c>seat repair</c>.</summary>
internal sealed record PlanFolder(PlanFile File, SeatingProblem Problem, SeatingPlan Plan)
{
    public const string PlanName = "plan.csv";
    public const string BadgesName = "badges.csv";
    public const string MetName = "met.csv";
    public const string TablesName = "tables.csv";
    public const string GroupsName = "groups.csv";

    public static readonly FileHelp PlanHelp = new(
        PlanName, "who sits where.", new("round", "number from 1"), new("table", "number from 1"), new("seat", "number from 1 at the table"), new("id", "a person"));

    public static readonly FileHelp FileFor = new(
        PlanFile.Name, "the measures, the rules broken and everything that decided; rounds and tables count from 1.",
        new("distinctPairs", "pairs who share a table at least once; ceiling: the most that table sizes allow, which may be out of reach"),
        new("repeats", "meetings beyond the first, mostMeetings of one pair, fewestMet by one person, value by --value"),
        new("violations", "people, pairs, tables and interpreters outside of the rules; broken says which"),
        new("criteria", "violations and mean deviation of shares per criterion; facilitators: people and repeats of each"),
        new("seed", "and exchanges, endedByLimit, seconds, moves"),
        new("inputs", "people, tables and rules, by positions from 0"));

    public static readonly IReadOnlyList<FileHelp> Tables =
    [
        PlanHelp,
        FileFor,
        new(BadgesName, "one row a person, to print on badges.", new("id", "a person"), new("round 1, round 2 …", "the person's table in that round")),
        new(TablesName, "one row a table, to put up.", new("round", "number from 1"), new("table", "number from 1"), new("facilitator", "who runs it"), new("languages", "needed at it, joined by +"), new("people", "ids joined by spaces")),
        new(MetName, "whom everybody met.", new("id", "a person"), new("met", "somebody at the same table"), new("rounds", "how often")),
        new(GroupsName, "where there are large groups: who is in which.", new("group", "number from 1"), new("id", "a person")),
    ];

    private int Gatherings => Problem.IsGathering(0) ? 1 : 0;

    public void Write(OutputFolder folder)
    {
        folder.Write(PlanName, Seats(Plan));
        folder.Write(PlanFile.Name, File.Write());
        string[] ids = [.. Problem.People.Select(person => person.Id)];
        SeatingRound[] rounds = [.. Plan.Rounds.Skip(Gatherings)];
        int[][] at = [.. rounds.Select(round => round.TablesOf(ids.Length))];
        folder.Write(BadgesName, PlainCsv.Write([
            ["id", .. Enumerable.Range(1, rounds.Length).Select(round => $"round {round}")],
            .. ids.Select((id, person) => (IReadOnlyList<string>)[id, .. at.Select(tables => tables[person] < 0 ? "" : Text(tables[person] + 1))]),
        ]));
        folder.Write(TablesName, PlainCsv.Write([
            ["round", "table", "facilitator", "languages", "people"],
            .. from round in rounds.Index()
               from table in round.Item.Tables.Index()
               where table.Item.Length > 0
               select (IReadOnlyList<string>)[Text(round.Index + 1), Text(table.Index + 1), Problem.Rounds[round.Index + Gatherings].Tables[table.Index].Facilitator?.Id ?? "",
                   string.Join('+', TableLanguages.Of(Problem, Plan, round.Index + Gatherings, table.Index)), string.Join(' ', table.Item.Select(person => ids[person]))],
        ]));
        folder.Write(MetName, PlainCsv.Write([["id", "met", "rounds"], .. Met(ids, rounds)]));
        if (Gatherings > 0)
        {
            folder.Write(GroupsName, PlainCsv.Write([
                ["group", "id"],
                .. from table in Plan.Rounds[0].Tables.Index()
                   from person in table.Item
                   select (IReadOnlyList<string>)[Text(table.Index + 1), ids[person]],
            ]));
        }
    }

    /// <summary>A plan as rows.</summary>
    public byte[] Seats(SeatingPlan plan) => PlainCsv.Write([
        ["round", "table", "seat", "id"],
        .. from round in plan.Rounds.Skip(Gatherings).Index()
           from table in round.Item.Tables.Index()
           from seat in table.Item.Index()
           select (IReadOnlyList<string>)[Text(round.Index + 1), Text(table.Index + 1), Text(seat.Index + 1), Problem.People[seat.Item].Id],
    ]);

    /// <summary>Reads a directory; null with problems added when something is missing or has another form.</summary>
    public static PlanFolder? Read(string directory, List<SheetProblem> problems, string planName = PlanName)
    {
        int before = problems.Count;
        string path = Path.Combine(directory, PlanFile.Name);
        byte[]? bytes = InputTable.Bytes(path, problems);
        PlanFile? file = bytes is null ? null : PlanFile.Read(bytes);
        if (bytes is not null && file?.Inputs is null)
        {
            problems.Add(new SheetProblem("file-unreadable", path, Value: "This is not a plan.json of this tool."));
        }

        Sheet? seats = InputTable.Read(Path.Combine(directory, planName), problems);
        foreach (ColumnHelp column in seats is null ? [] : PlanHelp.Columns.Where(column => seats.Find(column.Name) < 0))
        {
            problems.Add(new SheetProblem("column-missing", seats!.File, 1, column.Name, Expected: string.Join(", ", seats.Headers.Take(30))));
        }

        if (problems.Count > before || file?.Inputs is null || seats is null)
        {
            return null;
        }

        SeatingProblem problem = file.Inputs.Problem();
        return SeatsOf(problem, seats, directory, problems) is { } plan ? new PlanFolder(file, problem, plan) : null;
    }

    private static SeatingPlan? SeatsOf(SeatingProblem problem, Sheet seats, string directory, List<SheetProblem> problems)
    {
        int before = problems.Count;
        int gatherings = problem.IsGathering(0) ? 1 : 0;
        Dictionary<string, int> people = problem.People.Index().ToDictionary(pair => CellText.Key(pair.Item.Id), pair => pair.Index, StringComparer.Ordinal);
        List<(int Seat, int Person)>[][] found = [.. problem.Rounds.Select(layout => layout.Tables.Select(_ => new List<(int, int)>()).ToArray())];
        (int round, int table, int seat, int id) = (seats.Find("round"), seats.Find("table"), seats.Find("seat"), seats.Find("id"));
        HashSet<(int, int)> seated = [];
        foreach (SheetRow row in seats.Rows)
        {
            int r = Number(row, round, problem.Rounds.Length - gatherings) + gatherings - 1;
            int t = r < gatherings ? -1 : Number(row, table, problem.Rounds[r].Tables.Length) - 1;
            int s = Number(row, seat, 100_000);
            if (!people.TryGetValue(CellText.Key(row[id]), out int person))
            {
                problems.Add(new SheetProblem("id-unknown", seats.File, row.Number, "id", SheetProblem.Shorten(row[id])));
            }
            else if (t >= 0 && !seated.Add((r, person)))
            {
                problems.Add(new SheetProblem("seated-twice", seats.File, row.Number, "id", SheetProblem.Shorten(row[id])));
            }
            else if (t >= 0)
            {
                found[r][t].Add((s, person));
            }
        }

        if (gatherings > 0 && InputTable.Read(Path.Combine(directory, GroupsName), problems) is { } groups)
        {
            foreach (SheetRow row in groups.Rows)
            {
                if (people.TryGetValue(CellText.Key(row[groups.Find("id")]), out int person) && int.TryParse(row[groups.Find("group")], NumberStyles.None, CultureInfo.InvariantCulture, out int group) && group >= 1 && group <= found[0].Length)
                {
                    found[0][group - 1].Add((found[0][group - 1].Count, person));
                }
            }
        }

        return problems.Count > before ? null : new SeatingPlan([.. found.Select(tables => new SeatingRound([.. tables.Select(at => at.OrderBy(pair => pair.Seat).Select(pair => pair.Person).ToImmutableArray())]))]);

        int Number(SheetRow row, int column, int most)
        {
            if (int.TryParse(row[column], NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1 && number <= most)
            {
                return number;
            }

            problems.Add(new SheetProblem("number-outside", seats.File, row.Number, seats.Headers[column], SheetProblem.Shorten(row[column]), $"1 to {most}"));
            return 0;
        }
    }

    private static IEnumerable<IReadOnlyList<string>> Met(string[] ids, SeatingRound[] rounds)
    {
        Dictionary<int, int>[] met = [.. ids.Select(_ => new Dictionary<int, int>())];
        foreach (ImmutableArray<int> table in rounds.SelectMany(round => round.Tables))
        {
            foreach (int person in table)
            {
                foreach (int other in table.Where(other => other != person))
                {
                    met[person][other] = met[person].GetValueOrDefault(other) + 1;
                }
            }
        }

        return met.Index().SelectMany(pair => pair.Item.OrderBy(other => other.Key).Select(other => (IReadOnlyList<string>)[ids[pair.Index], ids[other.Key], Text(other.Value)]));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
