using System.Collections.Immutable;
using Polyphony.Seating;

namespace Polyphony.Tests.Seating;

/// <summary>Problems with every kind of rule, and plans, both by chance.</summary>
internal static class RandomProblems
{
    public static SeatingProblem Make(int seed)
    {
        var chance = new Random(seed);
        var people = chance.Next(8, 40);
        var rounds = chance.Next(1, 5);
        var split = chance.Next(4) == 0;
        var criteria = Enumerable.Range(0, chance.Next(0, 4)).Select(c => new SeatingCriterion(
            $"c{c}", [.. Enumerable.Range(0, chance.Next(2, 5)).Select(v => $"v{v}")], chance.Next(6) switch { 0 => CriterionMode.Cluster, 1 => CriterionMode.Ignore, _ => CriterionMode.Mix }, chance.Next(4) == 0)).ToImmutableArray();
        var languages = chance.Next(3) == 0;
        var facilitators = chance.Next(3) == 0;
        ImmutableArray<SeatingPerson> seated =
        [
            .. Enumerable.Range(0, people).Select(p => new SeatingPerson(
                $"p{p}", [.. criteria.Select(criterion => chance.Next(-1, criterion.Values.Length))], languages ? (ulong)chance.Next(1, 16) : 0, chance.Next(12) == 0)),
        ];
        ImmutableArray<RoundLayout> layouts = split ? Split(people, rounds, chance) : [.. Enumerable.Range(0, rounds).Select(_ => new RoundLayout([.. Sizes(people, chance).Select(size => Table(size, 0))]))];
        return new SeatingProblem(seated, criteria, layouts)
        {
            Apart = [.. Enumerable.Range(0, chance.Next(0, 5)).Select(_ => (chance.Next(people), chance.Next(people))).Where(pair => pair.Item1 != pair.Item2).Select(pair => new ApartPair(pair.Item1, pair.Item2))],
            Together = [.. Enumerable.Range(0, chance.Next(0, 3)).Select(_ => ImmutableArray.Create(chance.Next(people), chance.Next(people)))],
            Fixed = [.. Enumerable.Range(0, chance.Next(0, 4)).Select(_ => new FixedSeat(chance.Next(people), 0, chance.Next(layouts.Length)))],
            Hosts = chance.Next(4) == 0 ? [chance.Next(people)] : [],
            Bounds = criteria.Length > 0 && chance.Next(3) == 0 ? [new ValueBounds(0, 0, 0, chance.Next(1, 4))] : [],
            Languages = languages && chance.Next(2) == 0 ? new LanguageRule(["a", "b", "c", "d"], chance.Next(1, 3), chance.Next(2) == 0 ? chance.Next(0, 4) : null) : null,
            Value = (MeetingValue)chance.Next(3),
        };

        SeatingTable Table(int size, int part) => new(
            size, chance.Next(4) > 0, facilitators ? new Facilitator($"f{chance.Next(4)}", (ulong)chance.Next(0, 16)) : null, part);

        ImmutableArray<RoundLayout> Split(int people, int rounds, Random chance)
        {
            int[] groups = [people / 2, people - (people / 2)];
            return
            [
                new RoundLayout([.. groups.Select(size => new SeatingTable(size))]),
                .. Enumerable.Range(0, rounds).Select(_ => new RoundLayout([.. groups.SelectMany((size, group) => TableSizes.Even(size, 2).Select(half => Table(half, group)))], 0)),
            ];
        }
    }

    private static IEnumerable<int> Sizes(int people, Random chance)
    {
        for (var left = people; left > 0;)
        {
            var size = left <= 5 ? left : chance.Next(2, Math.Min(8, left - 2));
            left -= size;
            yield return size;
        }
    }

    /// <summary>A seating by chance; sometimes not everybody has a seat.</summary>
    public static SeatingPlan Seats(SeatingProblem problem, int seed)
    {
        var chance = new Random(seed);
        return new SeatingPlan(
        [
            .. problem.Rounds.Select(layout =>
            {
                int[] order = [.. Enumerable.Range(0, problem.People.Length)];
                chance.Shuffle(order);
                var missing = chance.Next(3) == 0 ? chance.Next(1, 4) : 0;
                var next = 0;
                return new SeatingRound([.. layout.Tables.Select(table => order.Skip((next += table.Seats) - table.Seats).Take(table.Seats).Where(person => person >= missing).ToImmutableArray())]);
            }),
        ]);
    }
}
