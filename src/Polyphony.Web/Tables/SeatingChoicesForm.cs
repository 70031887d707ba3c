using System.Globalization;
using Polyphony.Seating;
using Polyphony.Web.Shared;

namespace Polyphony.Web.Tables;

/// <summary>The page of choices as it was typed, and what it says.</summary>
public sealed class SeatingChoicesForm
{
    private static readonly char[] Between = [',', ';', ' ', '\t'];

    private readonly Dictionary<string, string> fields = new(StringComparer.Ordinal);

    public string this[string field] => fields.GetValueOrDefault(field, "");

    public static SeatingChoicesForm From(IFormCollection form)
    {
        SeatingChoicesForm made = new();
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues value) in form)
        {
            made.fields[name] = value.ToString();
        }

        return made;
    }

    public static SeatingChoicesForm From(SeatingChoices rules, int criteria)
    {
        SeatingChoicesForm made = new();
        made.fields["tables"] = Numbers(rules.Tables);
        made.fields["rounds"] = rules.Rounds == 0 ? "" : Text(rules.Rounds);
        made.fields["seats"] = Numbers(rules.Seats);
        made.fields["value"] = rules.Value.ToString();
        for (int c = 0; c < criteria; c++)
        {
            made.fields[Mode(c)] = rules.Of(c).Mode.ToString();
            made.fields[Alone(c)] = rules.Of(c).NobodyAlone ? "yes" : "";
        }

        made.fields["together"] = string.Join('\n', rules.Together.Select(Numbers));
        made.fields["apart"] = string.Join('\n', rules.Apart.Select(Numbers));
        made.fields["fixed"] = string.Join('\n', rules.Fixed.Select(seat => string.Create(CultureInfo.InvariantCulture, $"{seat.Number} {seat.Table} {seat.Round}").TrimEnd()));
        made.fields["hosts"] = Numbers(rules.Hosts);
        made.fields["accessible"] = Numbers(rules.AccessibleTables);
        made.fields["access"] = Numbers(rules.NeedAccess);
        made.fields["languages"] = rules.LanguagesPerTable == 0 ? "" : Text(rules.LanguagesPerTable);
        made.fields["interpreters"] = rules.Interpreters is { } there ? Text(there) : "";
        made.fields["household"] = rules.HouseholdsTogether ? "together" : "apart";
        return made;
    }

    public static string Mode(int criterion) => string.Create(CultureInfo.InvariantCulture, $"mode.{criterion}");

    public static string Alone(int criterion) => string.Create(CultureInfo.InvariantCulture, $"alone.{criterion}");

    /// <summary>What was typed, with every problem.</summary>
    /// <param name="criteria">How many criteria there are.</param>
    /// <param name="known">The numbers of those who may be seated.</param>
    public (SeatingChoices Rules, IReadOnlyList<FieldProblem> Problems) Check(int criteria, IReadOnlySet<int> known)
    {
        FieldProblems problems = new();
        IReadOnlyList<int> tables = List(problems, "tables", 1, SeatingChoices.MostTables);
        int rounds = One(problems, "rounds", 1, SeatingChoices.MostRounds) ?? 1;
        if (tables.Count == 0 && !problems.Any)
        {
            problems.Add("tables", "required");
        }
        else if (tables.Count > 1 && tables.Count != rounds)
        {
            problems.Add("tables", "one-or-each-round", ("rounds", rounds));
        }

        if (this["rounds"].Trim().Length == 0)
        {
            problems.Add("rounds", "required");
        }

        int most = tables.DefaultIfEmpty(1).Max();
        IReadOnlyList<int> seats = List(problems, "seats", 0, 1_000);
        if (seats.Count > 0 && seats.Count != most)
        {
            problems.Add("seats", "one-each-table", ("tables", most));
        }

        SeatingChoices rules = new()
        {
            Tables = tables,
            Rounds = rounds,
            Seats = seats,
            Value = Known<MeetingValue>(problems, "value"),
            Criteria = [.. Enumerable.Range(0, criteria).Select(c => new CriterionChoice(Known<CriterionMode>(problems, Mode(c)), this[Alone(c)] == "yes"))],
            Together = Lines(problems, "together", known),
            Apart = Lines(problems, "apart", known),
            Fixed = Fixed(problems, known, most, rounds),
            Hosts = People(problems, "hosts", known),
            AccessibleTables = List(problems, "accessible", 1, most),
            NeedAccess = People(problems, "access", known),
            LanguagesPerTable = One(problems, "languages", 0, 8) ?? 0,
            Interpreters = One(problems, "interpreters", 0, 1_000),
            HouseholdsTogether = this["household"] == "together",
        };
        return (rules, problems.All);
    }

    private TEnum Known<TEnum>(FieldProblems problems, string field) where TEnum : struct, Enum
    {
        if (this[field].Length == 0)
        {
            return default;
        }

        if (Enum.TryParse(this[field], out TEnum value) && Enum.IsDefined(value))
        {
            return value;
        }

        problems.Add(field, "not-one-of-these");
        return default;
    }

    private int? One(FieldProblems problems, string field, int least, int most)
    {
        string text = this[field].Trim();
        if (text.Length == 0)
        {
            return null;
        }

        if (Whole(text) is { } number && number >= least && number <= most)
        {
            return number;
        }

        problems.Add(field, "out-of-range", ("min", least), ("max", most));
        return null;
    }

    private List<int> List(FieldProblems problems, string field, int least, int most)
    {
        int?[] numbers = [.. this[field].Split(Between, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Whole)];
        if (Array.TrueForAll(numbers, number => number >= least && number <= most))
        {
            return [.. numbers.Select(number => number!.Value)];
        }

        problems.Add(field, "out-of-range", ("min", least), ("max", most));
        return [];
    }

    private List<int> People(FieldProblems problems, string field, IReadOnlySet<int> known) => People(problems, field, this[field], known);

    private static List<int> People(FieldProblems problems, string field, string text, IReadOnlySet<int> known)
    {
        List<int> people = [];
        foreach (string part in text.Split(Between, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (Whole(part) is { } number && known.Contains(number))
            {
                people.Add(number);
                continue;
            }

            problems.Add(field, "nobody-with-number", ("value", part.Length > 20 ? part[..20] : part));
            return [];
        }

        return people;
    }

    private List<IReadOnlyList<int>> Lines(FieldProblems problems, string field, IReadOnlySet<int> known)
    {
        List<IReadOnlyList<int>> groups = [];
        foreach (string line in this[field].Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int before = problems.All.Count;
            List<int> group = People(problems, field, line, known);
            if (problems.All.Count > before)
            {
                return [];
            }

            if (group.Distinct().Count() < 2)
            {
                problems.Add(field, "two-in-a-line", ("value", line.Length > 40 ? line[..40] : line));
                return [];
            }

            groups.Add(group);
        }

        return groups;
    }

    private List<FixedChoice> Fixed(FieldProblems problems, IReadOnlySet<int> known, int tables, int rounds)
    {
        List<FixedChoice> seats = [];
        foreach (string line in this["fixed"].Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int?[] parts = [.. line.Split(Between, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Whole)];
            if (parts is [{ } number, { } table, ..] && parts.Length <= 3 && known.Contains(number) && table >= 1 && table <= tables && (parts.Length == 2 || (parts[2] >= 1 && parts[2] <= rounds)))
            {
                seats.Add(new(number, table, parts.Length == 3 ? parts[2] : null));
                continue;
            }

            problems.Add("fixed", "not-a-fixed-seat", ("value", line.Length > 40 ? line[..40] : line));
            return [];
        }

        return seats;
    }

    private static int? Whole(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Numbers(IEnumerable<int> numbers) => string.Join(' ', numbers.Select(Text));
}
