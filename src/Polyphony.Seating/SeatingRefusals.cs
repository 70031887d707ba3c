using System.Collections.Immutable;

namespace Polyphony.Seating;

/// <summary>Why a seating problem cannot be planned.</summary>
/// <param name="Code">A stable code: see the constants of <see cref="SeatingRefusalCodes"/>.</param>
/// <param name="Subject">Whom or what it concerns (a person's id, a criterion's name), or an empty text.</param>
/// <param name="Found">The number that was found.</param>
/// <param name="Limit">The number that would be right at most, or at least.</param>
public sealed record SeatingRefusal(string Code, string Subject, int Found, int Limit);

/// <summary>The codes of <see cref="SeatingRefusal"/>; sentences for them live in the shell.</summary>
public static class SeatingRefusalCodes
{
    /// <summary>Fewer than one table or one round, or more than <see cref="SeatingProblem.MostRounds"/> rounds.</summary>
    public const string TablesOrRounds = "seating.tables-or-rounds";

    /// <summary>Fewer than two people for each table in use.</summary>
    public const string TooFewPeople = "seating.too-few-people";

    /// <summary>The seats of a round are not as many as the people.</summary>
    public const string SeatsAndPeople = "seating.seats-and-people";

    /// <summary>Two people bear the same id.</summary>
    public const string RepeatedId = "seating.repeated-id";

    /// <summary>A person has another number of values than there are criteria, or an index that is no value.</summary>
    public const string UnknownValue = "seating.unknown-value";

    /// <summary>A rule names a person, table, round, criterion or language that does not exist.</summary>
    public const string UnknownReference = "seating.unknown-reference";

    /// <summary>One person, or a group that stays together, has two different fixed seats in one round.</summary>
    public const string FixedTwice = "seating.fixed-twice";

    /// <summary>More people are fixed to a table than it has seats.</summary>
    public const string FixedTooMany = "seating.fixed-too-many";

    /// <summary>A group that stays together is larger than the largest table of a round.</summary>
    public const string GroupTooLarge = "seating.group-too-large";

    /// <summary>Two people are to sit together and apart, or are fixed to one table and to be kept apart.</summary>
    public const string TogetherAndApart = "seating.together-and-apart";

    /// <summary>More people are all to be kept apart from each other than there are tables.</summary>
    public const string ApartTooMany = "seating.apart-too-many";

    /// <summary>More people need access than accessible tables have seats.</summary>
    public const string TooFewAccessible = "seating.too-few-accessible";

    /// <summary>More hosts than tables.</summary>
    public const string TooManyHosts = "seating.too-many-hosts";

    /// <summary>The least numbers that tables must have of a value add up to more people than bear it, or its greatest to fewer.</summary>
    public const string BoundsImpossible = "seating.bounds-impossible";

    /// <summary>The sizes of the small groups do not add up to those of the large groups they are part of.</summary>
    public const string PartsAndWhole = "seating.parts-and-whole";

    /// <summary>No table can have languages enough for a person, its facilitator included.</summary>
    public const string NoLanguage = "seating.no-language";
}

/// <summary>Collects everything that keeps a problem from being planned.</summary>
internal sealed class SeatingRefusals(SeatingProblem problem)
{
    private readonly ImmutableArray<SeatingRefusal>.Builder _found = ImmutableArray.CreateBuilder<SeatingRefusal>();

    public ImmutableArray<SeatingRefusal> All()
    {
        if (problem.Rounds.Length is < 1 or > SeatingProblem.MostRounds)
            Add(SeatingRefusalCodes.TablesOrRounds, "rounds", problem.Rounds.Length, problem.Rounds.Length < 1 ? 1 : SeatingProblem.MostRounds);
        foreach (var layout in problem.Rounds.Distinct())
            Layout(layout);
        People();
        if (_found.Count == 0)
            References();
        if (_found.Count == 0)
            Rules();
        return _found.ToImmutable();
    }

    private void Layout(RoundLayout layout)
    {
        if (layout.Tables.Length < 1)
        {
            Add(SeatingRefusalCodes.TablesOrRounds, "tables", layout.Tables.Length, 1);
            return;
        }
        var used = layout.Tables.Count(table => table.Seats > 0);
        var seats = layout.Tables.Sum(table => (long)table.Seats);
        if (problem.People.Length < 2L * used)
            Add(SeatingRefusalCodes.TooFewPeople, "", problem.People.Length, 2 * used);
        else if (seats != problem.People.Length || layout.Tables.Any(table => table.Seats < 0))
            Add(SeatingRefusalCodes.SeatsAndPeople, "", (int)Math.Min(int.MaxValue, seats), problem.People.Length);
        if (layout.SplitOf is not { } whole)
            return;
        var first = problem.Rounds.IndexOf(layout);
        if (whole < 0 || whole >= first || problem.Rounds[whole].SplitOf is not null)
        {
            Add(SeatingRefusalCodes.UnknownReference, "splitOf", whole, first - 1);
            return;
        }
        for (var group = 0; group < problem.Rounds[whole].Tables.Length; group++)
        {
            var parts = layout.Tables.Where(table => table.PartOf == group).Sum(table => table.Seats);
            if (parts != problem.Rounds[whole].Tables[group].Seats)
                Add(SeatingRefusalCodes.PartsAndWhole, $"{group + 1}", parts, problem.Rounds[whole].Tables[group].Seats);
        }
    }

    private void People()
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var person in problem.People)
        {
            if (!ids.Add(person.Id))
                Add(SeatingRefusalCodes.RepeatedId, person.Id, 2, 1);
            if (person.Values.Length != problem.Criteria.Length)
            {
                Add(SeatingRefusalCodes.UnknownValue, person.Id, person.Values.Length, problem.Criteria.Length);
                continue;
            }
            for (var c = 0; c < problem.Criteria.Length; c++)
                if (person.Values[c] < -1 || person.Values[c] >= problem.Criteria[c].Values.Length)
                    Add(SeatingRefusalCodes.UnknownValue, person.Id, person.Values[c], problem.Criteria[c].Values.Length - 1);
        }
    }

    private void References()
    {
        foreach (var pair in problem.Apart)
            if (!IsPerson(pair.First) || !IsPerson(pair.Second) || pair.First == pair.Second)
                Add(SeatingRefusalCodes.UnknownReference, "apart", IsPerson(pair.First) ? pair.Second : pair.First, problem.People.Length - 1);
        foreach (var person in problem.Together.SelectMany(group => group).Concat(problem.Hosts))
            if (!IsPerson(person))
                Add(SeatingRefusalCodes.UnknownReference, "together", person, problem.People.Length - 1);
        foreach (var seat in problem.Fixed)
            if (!IsPerson(seat.Person) || seat.Round < 0 || seat.Round >= problem.Rounds.Length || seat.Table < 0
                || (seat.Round is { } one ? seat.Table >= problem.Rounds[one].Tables.Length : problem.Rounds.Any(layout => seat.Table >= layout.Tables.Length)))
                Add(SeatingRefusalCodes.UnknownReference, "fixed", seat.Table, problem.Rounds.Min(layout => layout.Tables.Length) - 1);
        foreach (var bounds in problem.Bounds)
            if (bounds.Criterion < 0 || bounds.Criterion >= problem.Criteria.Length || bounds.Value < 0 || bounds.Value >= problem.Criteria[bounds.Criterion].Values.Length)
                Add(SeatingRefusalCodes.UnknownReference, "bounds", bounds.Criterion, problem.Criteria.Length - 1);
        if (problem.Languages is { } rule && (rule.Names.Length is < 1 or > 64 || rule.Most < 1 || rule.Interpreters < 0))
            Add(SeatingRefusalCodes.UnknownReference, "languages", rule.Most, 1);
    }

    private void Rules()
    {
        var units = TogetherUnits.Of(problem);
        foreach (var pair in problem.Apart)
            if (units.Of(pair.First) >= 0 && units.Of(pair.First) == units.Of(pair.Second))
                Add(SeatingRefusalCodes.TogetherAndApart, problem.People[pair.First].Id, 1, 0);
        ApartOfAll();
        if (problem.Hosts.Distinct().Count() > problem.Rounds.Min(layout => layout.Tables.Count(table => table.Seats > 0)))
            Add(SeatingRefusalCodes.TooManyHosts, "", problem.Hosts.Distinct().Count(), problem.Rounds.Min(layout => layout.Tables.Count(table => table.Seats > 0)));
        for (var r = 0; r < problem.Rounds.Length; r++)
        {
            if (r > 0 && problem.Rounds[r] == problem.Rounds[r - 1] && problem.Fixed.All(seat => seat.Round is null))
                continue;
            Round(r, units);
        }
    }

    /// <summary>Grows sets of people who are all apart from each other; finding none proves nothing, finding one does.</summary>
    private void ApartOfAll()
    {
        var tables = problem.Rounds.Min(layout => layout.Tables.Count(table => table.Seats > 0));
        var apart = new Dictionary<int, HashSet<int>>();
        foreach (var pair in problem.Apart)
        {
            (apart.TryGetValue(pair.First, out var first) ? first : apart[pair.First] = []).Add(pair.Second);
            (apart.TryGetValue(pair.Second, out var second) ? second : apart[pair.Second] = []).Add(pair.First);
        }
        foreach (var person in apart.Keys.Where(person => apart[person].Count >= tables).Order())
        {
            var all = new List<int> { person };
            foreach (var other in apart[person].OrderByDescending(other => apart[other].Count).ThenBy(other => other))
                if (all.TrueForAll(apart[other].Contains))
                    all.Add(other);
            if (all.Count <= tables)
                continue;
            Add(SeatingRefusalCodes.ApartTooMany, problem.People[all.Min()].Id, all.Count, tables);
            return;
        }
    }

    private void Round(int round, TogetherUnits units)
    {
        var tables = problem.Rounds[round].Tables;
        var largest = tables.Max(table => table.Seats);
        foreach (var group in units.Groups.Where(group => group.Length > largest))
            Add(SeatingRefusalCodes.GroupTooLarge, problem.People[group[0]].Id, group.Length, largest);
        var fixedAt = FixedSeats.Of(problem, units, round, (person, table, other) => Add(SeatingRefusalCodes.FixedTwice, problem.People[person].Id, table, other));
        for (var t = 0; t < tables.Length; t++)
        {
            var taken = fixedAt.Count(table => table == t);
            if (taken > tables[t].Seats)
                Add(SeatingRefusalCodes.FixedTooMany, $"{t + 1}", taken, tables[t].Seats);
        }
        foreach (var pair in problem.Apart)
            if (fixedAt[pair.First] >= 0 && fixedAt[pair.First] == fixedAt[pair.Second])
                Add(SeatingRefusalCodes.TogetherAndApart, problem.People[pair.First].Id, 1, 0);
        var needing = problem.People.Count(person => person.NeedsAccess);
        var accessible = tables.Where(table => table.Accessible).Sum(table => table.Seats);
        if (needing > accessible)
            Add(SeatingRefusalCodes.TooFewAccessible, "", needing, accessible);
        foreach (var bounds in problem.Bounds)
        {
            var bearers = problem.People.Count(person => person.Values[bounds.Criterion] == bounds.Value);
            var least = tables.Count(table => table.Seats > 0) * bounds.Least;
            var most = tables.Sum(table => (long)Math.Min(bounds.Most, table.Seats));
            if (bounds.Least > bounds.Most || bearers < least || bearers > most)
                Add(SeatingRefusalCodes.BoundsImpossible, $"{problem.Criteria[bounds.Criterion].Name}: {problem.Criteria[bounds.Criterion].Values[bounds.Value]}", bearers, bearers < least ? least : (int)most);
        }
        if (problem.Languages is { Most: 1 } or null)
            foreach (var person in problem.People)
                if (person.Languages != 0 && tables.All(table => table.Seats == 0 || (table.Facilitator is { Languages: > 0 } led && (led.Languages & person.Languages) == 0)))
                    Add(SeatingRefusalCodes.NoLanguage, person.Id, 0, 1);
    }

    private void Add(string code, string subject, int found, int limit)
    {
        var refusal = new SeatingRefusal(code, subject, found, limit);
        if (!_found.Contains(refusal))
            _found.Add(refusal);
    }

    private bool IsPerson(int index) => index >= 0 && index < problem.People.Length;
}
