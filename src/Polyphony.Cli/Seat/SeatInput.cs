using System.Collections.Immutable;
using System.CommandLine;
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
        SeatingProblem made = new(sheet.People, sheet.Criteria, layouts)
        {
            Together = files.Groups(parsed.GetValue(options.Together)),
            Apart = files.Pairs(parsed.GetValue(options.Apart)),
            Fixed = InRounds([.. sheet.Fixed, .. layouts.IsEmpty ? [] : files.Fixed(parsed.GetValue(options.Fixed), layouts[gatherings..])], rounds, gatherings),
            Hosts = files.Hosts(parsed.GetValue(options.Hosts)),
            Bounds = files.Bounds(parsed.GetValue(options.Bounds), sheet.Criteria),
            Languages = parsed.GetValue(options.Languages) is null ? null : new LanguageRule(sheet.Languages, parsed.GetValue(options.MostLanguages) ?? 2, parsed.GetValue(options.Interpreters)),
            Value = Enum.Parse<MeetingValue>(parsed.GetValue(options.Value) ?? "distinct", ignoreCase: true),
        };
        return problems.Count > 0 ? null : InOrder(made, sheet.Others);
    }

    /// <summary>Small rounds stand behind the gathering of large groups, where there is one.</summary>
    private static ImmutableArray<FixedSeat> InRounds(ImmutableArray<FixedSeat> seats, int rounds, int gatherings) => gatherings == 0 ? seats :
        [.. seats.SelectMany(seat => Enumerable.Range(0, rounds).Where(round => seat.Round is null || seat.Round == round).Select(round => seat with { Round = round + gatherings }))];

    /// <summary>
    /// Puts people in an order that their rows do not decide: by all that the rules see of them, then by what else the file says, and last by their ids, where two are alike in everything.
    /// So the order of rows changes nothing, and new names change nothing but names.
    /// </summary>
    private static SeatingProblem InOrder(SeatingProblem problem, IReadOnlyList<string> others)
    {
        string[] rules = new string[problem.People.Length];
        Array.Fill(rules, "");
        foreach (FixedSeat seat in problem.Fixed.OrderBy(seat => (seat.Round, seat.Table)))
        {
            rules[seat.Person] += $"f{seat.Round},{seat.Table};";
        }

        foreach (ImmutableArray<int> group in problem.Together)
        {
            foreach (int person in group)
            {
                rules[person] += $"t{group.Length};";
            }
        }

        foreach (IGrouping<int, int> person in problem.Apart.SelectMany(pair => new[] { pair.First, pair.Second }).Concat(problem.Hosts).GroupBy(person => person))
        {
            rules[person.Key] += $"a{person.Count()}{(problem.Hosts.Contains(person.Key) ? "h" : "")};";
        }

        int[] order =
        [
            .. Enumerable.Range(0, problem.People.Length)
                .OrderBy(person => string.Join(',', problem.People[person].Values.Select(value => value.ToString("D4", System.Globalization.CultureInfo.InvariantCulture))), StringComparer.Ordinal)
                .ThenBy(person => problem.People[person].Languages)
                .ThenBy(person => problem.People[person].NeedsAccess)
                .ThenBy(person => rules[person], StringComparer.Ordinal)
                .ThenBy(person => others[person], StringComparer.Ordinal)
                .ThenBy(person => problem.People[person].Id, StringComparer.Ordinal),
        ];
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

    private static bool Same(string a, string b) => CellText.Key(a) == CellText.Key(b);
}
