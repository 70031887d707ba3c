using System.Globalization;
using System.Text;
using Polyphony.Cli.Frame;
using Polyphony.Sheets;
using Polyphony.Statistics.Opinion.Components;
using Polyphony.Statistics.Opinion.Stable;
using Polyphony.Statistics.Opinion.Voting;
using Polyphony.Statistics.Selection;

namespace Polyphony.Cli.Analyse;

/// <summary>Votes on statements, the last one of each person and statement, as approvals and views.</summary>
/// <param name="Statements">Their ids, ascending: as numbers where all are, else as text.</param>
/// <param name="People">Their ids, likewise.</param>
/// <param name="Cast">The votes themselves, for the map of opinions.</param>
internal sealed record ApprovalVotes(IReadOnlyList<string> Statements, IReadOnlyList<string> People, ApprovalProfile Profile, IReadOnlyList<CastVote> Cast)
{
    /// <summary>The group of those whom the map puts in none of several.</summary>
    public const string Everybody = "everybody";

    private const int MostListed = 1_000;
    private static readonly string[] Needed = ["voter-id", "comment-id", "vote"];

    public static readonly FileHelp Help = new(
        "--votes", "votes on statements as Polis exports them, CSV of any size; of several votes by one person on one statement the last by timestamp counts, then the last row.",
        new("voter-id", "the person"),
        new("comment-id", "the statement"),
        new("vote", "1 agree, 0 pass, -1 disagree"),
        new("timestamp", "when, a whole number; without the column rows are in order"));

    public static readonly FileHelp StatementsHelp = new(
        "--statements", "the statements as Polis exports them: those moderated out stay off the slate.",
        new("comment-id", "the statement"),
        new("moderated", "-1 for out"));

    public static readonly FileHelp GroupsHelp = new(
        "--groups", "the group, site or language of each person; people without one are in no group.",
        new("participant", "the person; or voter-id"),
        new("group-id", "the group; or group"));

    /// <summary>The votes, or null with problems.</summary>
    public static ApprovalVotes? Read(string path, IReadOnlySet<string> without, List<SheetProblem> problems, CancellationToken cancellationToken)
    {
        using LargeCsv? csv = LargeCsv.Open(path, problems, cancellationToken);
        if (csv is null)
        {
            return null;
        }

        int[] columns = [.. Needed.Select(csv.Find)];
        int time = csv.Find("timestamp");
        foreach (string missing in Needed.Where((_, i) => columns[i] < 0))
        {
            problems.Add(new SheetProblem("column-missing", csv.File, Column: missing, Expected: string.Join(", ", csv.Headers)));
        }

        if (problems.Count > 0)
        {
            return null;
        }

        Dictionary<string, int> people = [];
        Dictionary<string, int> statements = [];
        Dictionary<(int Person, int Statement), (long Time, int Vote)> last = [];
        void Wrong(SheetProblem problem)
        {
            if (problems.Count < MostListed)
            {
                problems.Add(problem);
            }
        }

        csv.Scan(
            (in CsvCells row) =>
            {
                string person = Encoding.UTF8.GetString(row[columns[0]]).Trim();
                string statement = Encoding.UTF8.GetString(row[columns[1]]).Trim();
                string vote = Encoding.UTF8.GetString(row[columns[2]]).Trim();
                long when = 0;
                if (person.Length == 0 || statement.Length == 0)
                {
                    Wrong(new SheetProblem("empty", csv.File, row.Row, csv.Headers[person.Length == 0 ? columns[0] : columns[1]]));
                }
                else if (vote is not ("1" or "0" or "-1"))
                {
                    Wrong(new SheetProblem("unknown-value", csv.File, row.Row, csv.Headers[columns[2]], SheetProblem.Shorten(vote), "1, 0, -1"));
                }
                else if (time >= 0 && !long.TryParse(row[time], NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out when))
                {
                    Wrong(new SheetProblem("not-a-whole-number", csv.File, row.Row, csv.Headers[time], SheetProblem.Shorten(Encoding.UTF8.GetString(row[time])), "1500232652930."));
                }
                else
                {
                    (int, int) key = (Number(people, person), Number(statements, statement));
                    if (!last.TryGetValue(key, out (long Time, int Vote) before) || when >= before.Time)
                    {
                        last[key] = (when, vote == "-1" ? -1 : vote == "1" ? 1 : 0);
                    }
                }
            },
            Wrong,
            cancellationToken);
        if (problems.Count == 0 && last.Count == 0)
        {
            problems.Add(new SheetProblem("no-rows", csv.File));
        }

        return problems.Count > 0 ? null : Of(people, statements, last, without);
    }

    /// <summary>The group of each person on the stable map of opinions; everybody in one where it shows none, null beyond what it can hold.</summary>
    public IReadOnlyList<string?>? MapGroups()
    {
        if (Statements.Count > VoteTable.MostStatements)
        {
            return null;
        }

        VoteTable table = VoteTable.Of(People.Count, Statements.Count, Cast.ToArray());
        StableMap map = StableMap.Of(table, CoVotes.Of(table), [.. Statements.Select(id => new Statement(id))]);
        return map.K < 2 ? [.. People.Select(_ => Everybody)] : [.. map.GroupOf.Select(group => group < 0 ? null : $"map {group}")];
    }

    /// <summary>The same with fewer statements to choose from.</summary>
    public ApprovalVotes Keep(Func<int, bool> keep)
    {
        int[] kept = [.. Enumerable.Range(0, Statements.Count).Where(keep)];
        List<int>[] approved = Lists(People.Count);
        List<int>[] seen = Lists(People.Count);
        for (int i = 0; i < kept.Length; i++)
        {
            foreach (int person in Profile.Supporters[kept[i]])
            {
                approved[person].Add(i);
            }

            foreach (int person in Profile.SeenBy[kept[i]])
            {
                seen[person].Add(i);
            }
        }

        return this with { Statements = [.. kept.Select(statement => Statements[statement])], Profile = ApprovalProfile.Of(kept.Length, approved, seen) };
    }

    /// <summary>The ids of statements that moderation took out, or null with problems.</summary>
    public static HashSet<string>? ModeratedOut(string path, List<SheetProblem> problems)
    {
        if (AnswerCells.Table(path, problems) is not { } sheet)
        {
            return null;
        }

        int id = AnswerCells.Demand(sheet, "comment-id", problems);
        int moderated = AnswerCells.Demand(sheet, "moderated", problems);
        return id < 0 || moderated < 0 ? null : [.. sheet.Rows.Where(row => row[moderated].Trim() == "-1").Select(row => row[id].Trim())];
    }

    /// <summary>The group of each person, or null with problems.</summary>
    public static IReadOnlyList<string?>? Groups(string path, IReadOnlyList<string> people, List<SheetProblem> problems)
    {
        if (AnswerCells.Table(path, problems) is not { } sheet)
        {
            return null;
        }

        int id = sheet.Find("voter-id") is >= 0 and var voter ? voter : AnswerCells.Demand(sheet, "participant", problems);
        int group = sheet.Find("group") is >= 0 and var plain ? plain : AnswerCells.Demand(sheet, "group-id", problems);
        if (id < 0 || group < 0)
        {
            return null;
        }

        Dictionary<string, (string Group, int Row)> known = [];
        foreach (SheetRow row in sheet.Rows)
        {
            string person = AnswerCells.Text(sheet, row, id, problems);
            if (person.Length > 0 && !known.TryAdd(person, (CellText.Clean(row[group]), row.Number)))
            {
                problems.Add(new SheetProblem("id-twice", sheet.File, row.Number, sheet.Headers[id], SheetProblem.Shorten(person), known[person].Row.ToString(CultureInfo.InvariantCulture)));
            }
        }

        return [.. people.Select(person => known.TryGetValue(person, out (string Group, int Row) found) && found.Group.Length > 0 ? found.Group : null)];
    }

    private static ApprovalVotes Of(Dictionary<string, int> people, Dictionary<string, int> statements, Dictionary<(int Person, int Statement), (long Time, int Vote)> last, IReadOnlySet<string> without)
    {
        string[] voters = Ordered(people.Keys);
        string[] kept = Ordered(statements.Keys.Where(statement => !without.Contains(statement)));
        int[] place = new int[people.Count];
        for (int i = 0; i < voters.Length; i++)
        {
            place[people[voters[i]]] = i;
        }

        int[] index = new int[statements.Count];
        Array.Fill(index, -1);
        for (int i = 0; i < kept.Length; i++)
        {
            index[statements[kept[i]]] = i;
        }

        List<int>[] approved = Lists(voters.Length);
        List<int>[] seen = Lists(voters.Length);
        List<CastVote> cast = new(last.Count);
        foreach (((int person, int statement), (_, int vote)) in last.Where(entry => index[entry.Key.Statement] >= 0))
        {
            if (kept.Length <= VoteTable.MostStatements)
            {
                cast.Add(new CastVote(place[person], (ushort)index[statement], (sbyte)vote, 0));
            }

            seen[place[person]].Add(index[statement]);
            if (vote == 1)
            {
                approved[place[person]].Add(index[statement]);
            }
        }

        return new ApprovalVotes(kept, voters, ApprovalProfile.Of(kept.Length, approved, seen), cast);
    }

    private static List<int>[] Lists(int count)
    {
        List<int>[] lists = new List<int>[count];
        for (int i = 0; i < count; i++)
        {
            lists[i] = [];
        }

        return lists;
    }

    private static int Number(Dictionary<string, int> known, string name)
    {
        if (!known.TryGetValue(name, out int number))
        {
            known.Add(name, number = known.Count);
        }

        return number;
    }

    private static string[] Ordered(IEnumerable<string> ids)
    {
        string[] all = [.. ids];
        return all.All(IsNumber) ? [.. all.OrderBy(id => long.Parse(id, CultureInfo.InvariantCulture))] : [.. all.Order(StringComparer.Ordinal)];
    }

    /// <summary>A whole number in its one usual form, so that no two ids become one.</summary>
    internal static bool IsNumber(string id) => long.TryParse(id, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) && number.ToString(CultureInfo.InvariantCulture) == id;
}
