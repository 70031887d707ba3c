using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Polyphony.Cli.Frame;
using Polyphony.Seating;
using Polyphony.Sheets;

namespace Polyphony.Cli.Seat;

/// <summary>Reads what the options of <c>polyphony seat</c> name into one problem.</summary>
internal static class SeatInput
{
    /// <summary>The problem, or null with every problem added to the list.</summary>
    public static SeatingProblem? Read(ParseResult parsed, SeatOptions options, List<SheetProblem> problems)
    {
        string[] alone = [.. VerbOptions.Columns(parsed.GetValue(options.NobodyAlone))];
        List<(string Name, CriterionMode Mode, bool NobodyAlone)> criteria = [];
        foreach ((Option<string> option, CriterionMode mode) in new[] { (options.Mix, CriterionMode.Mix), (options.Cluster, CriterionMode.Cluster), (options.Keep, CriterionMode.Keep), (options.NobodyAlone, CriterionMode.Ignore) })
        {
            foreach (string column in VerbOptions.Columns(parsed.GetValue(option)))
            {
                bool known = criteria.Any(criterion => Same(criterion.Name, column));
                if (known && mode != CriterionMode.Ignore)
                {
                    problems.Add(new SheetProblem("not-both", "", Column: option.Name, Expected: $"another way for {column}"));
                }
                else if (!known)
                {
                    criteria.Add((column, mode, alone.Any(name => Same(name, column))));
                }
            }
        }

        if (parsed.GetValue(options.Languages) is null)
        {
            foreach (Option option in new Option[] { options.MostLanguages, options.Interpreters }.Where(option => parsed.GetResult(option) is { Implicit: false }))
            {
                problems.Add(new SheetProblem("option-needs", "", Column: option.Name, Expected: "--languages"));
            }
        }

        string? tables = parsed.GetValue(options.Tables);
        string? layout = parsed.GetValue(options.Layout);
        if ((tables is null) == (layout is null))
        {
            problems.Add(tables is null ? new SheetProblem("option-needs", "", Column: "seat", Expected: "--tables or --layout") : new SheetProblem("not-both", "", Column: "--tables", Expected: "--layout"));
        }

        if (PeopleSheet.Read(parsed.GetValue(options.People)!, new PeopleColumns(parsed.GetValue(options.Id), criteria, parsed.GetValue(options.Languages), parsed.GetValue(options.Access)), problems) is not { } sheet)
        {
            return null;
        }

        int rounds = parsed.GetValue(options.Rounds)!.Value;
        ImmutableArray<RoundLayout> layouts = layout is not null ? LayoutSheet.Read(layout, rounds, sheet.People.Length, sheet.Languages, problems)
            : tables is not null ? LayoutSheet.Even(tables, rounds, sheet.People.Length, problems) : [];
        RuleFiles files = new(sheet.Ids, problems);
        int gatherings = layouts.Length - rounds is 1 ? 1 : 0;
        ImmutableArray<ImmutableArray<int>> apart = files.Groups(parsed.GetValue(options.Apart));
        SeatingProblem made = new(sheet.People, sheet.Criteria, layouts)
        {
            Together = files.Groups(parsed.GetValue(options.Together)),
            Apart = RuleFiles.Pairs(apart),
            Fixed = InRounds([.. sheet.Fixed, .. layouts.IsEmpty ? [] : files.Fixed(parsed.GetValue(options.Fixed), layouts[gatherings..])], rounds, gatherings),
            Hosts = files.Hosts(parsed.GetValue(options.Hosts)),
            Bounds = files.Bounds(parsed.GetValue(options.Bounds), sheet.Criteria),
            Languages = parsed.GetValue(options.Languages) is null ? null : new LanguageRule(sheet.Languages, parsed.GetValue(options.MostLanguages) ?? 2, parsed.GetValue(options.Interpreters)),
            Value = Enum.Parse<MeetingValue>(parsed.GetValue(options.Value) ?? "distinct", ignoreCase: true),
        };
        return problems.Count > 0 ? null : InOrder(made, apart, sheet.Others);
    }

    /// <summary>Small rounds stand behind the gathering of large groups, where there is one.</summary>
    private static ImmutableArray<FixedSeat> InRounds(ImmutableArray<FixedSeat> seats, int rounds, int gatherings) => gatherings == 0 ? seats :
        [.. seats.SelectMany(seat => Enumerable.Range(0, rounds).Where(round => seat.Round is null || seat.Round == round).Select(round => seat with { Round = round + gatherings }))];

    /// <summary>Puts people in an order that their rows do not decide, and their names only between people who are alike in everything.</summary>
    private static SeatingProblem InOrder(SeatingProblem problem, ImmutableArray<ImmutableArray<int>> apart, IReadOnlyList<string> others)
    {
        string[] rules = [.. problem.People.Select((_, person) => problem.Hosts.Contains(person) ? "h" : "")];
        foreach (FixedSeat seat in problem.Fixed.OrderBy(seat => (seat.Round, seat.Table)))
        {
            rules[seat.Person] += $"f{seat.Round},{seat.Table};";
        }

        int[] order = PeopleOrder.Of(
            [.. problem.People.Select((person, p) => $"{ContentOf(person)}\u001e{rules[p]}\u001e{others[p]}")], [.. problem.People.Select(person => person.Id)],
            [.. problem.Together.Select(group => new BoundGroup(0, group)), .. apart.Select(group => new BoundGroup(1, group))]);
        int[] at = new int[order.Length];
        foreach ((int place, int person) in order.Index())
        {
            at[person] = place;
        }

        return problem with
        {
            People = [.. order.Select(person => problem.People[person])],
            Together = [.. problem.Together.Select(group => group.Select(person => at[person]).Order().ToImmutableArray()).OrderBy(group => group.IsEmpty ? -1 : group[0])],
            Apart = [.. problem.Apart.Select(pair => new ApartPair(Math.Min(at[pair.First], at[pair.Second]), Math.Max(at[pair.First], at[pair.Second]))).OrderBy(pair => (pair.First, pair.Second))],
            Fixed = [.. problem.Fixed.Select(seat => seat with { Person = at[seat.Person] }).OrderBy(seat => (seat.Person, seat.Round))],
            Hosts = [.. problem.Hosts.Select(person => at[person]).Order()],
        };
    }

    /// <summary>What the planner sees of a person, as a text that sorts.</summary>
    public static string ContentOf(SeatingPerson person) => string.Create(
        CultureInfo.InvariantCulture, $"{string.Join(',', person.Values.Select(value => value.ToString("D4", CultureInfo.InvariantCulture)))}\u001e{person.Languages:X16}{(person.NeedsAccess ? "a" : "")}");

    private static bool Same(string a, string b) => CellText.Key(a) == CellText.Key(b);
}
