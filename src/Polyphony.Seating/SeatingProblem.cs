using System.Collections.Immutable;

namespace Polyphony.Seating;

/// <summary>A trait of people that every table should show in the proportions of the whole panel.</summary>
/// <param name="Name">The criterion's name as the organiser wrote it, for example <c>gender</c>.</param>
/// <param name="Values">The names of its values; people refer to them by index.</param>
public sealed record SeatingCriterion(string Name, ImmutableArray<string> Values);

/// <summary>Someone who needs a seat.</summary>
/// <param name="Id">The stable identifier shown on lists; unique within a problem.</param>
/// <param name="Values">One value index per criterion of the problem, in its order; -1 where the value is not known.</param>
public sealed record SeatingPerson(string Id, ImmutableArray<int> Values);

/// <summary>Two people who must not share a table: one household, or a conflict. Order does not matter.</summary>
/// <param name="First">Index into <see cref="SeatingProblem.People"/>.</param>
/// <param name="Second">Index into <see cref="SeatingProblem.People"/>.</param>
public sealed record ApartPair(int First, int Second);

/// <summary>A seat decided by hand, which the planner never changes.</summary>
/// <param name="Person">Index into <see cref="SeatingProblem.People"/>.</param>
/// <param name="Table">Table index, from 0.</param>
/// <param name="Round">Round index, from 0; <see langword="null"/> for every round.</param>
public sealed record FixedSeat(int Person, int Table, int? Round);

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

    /// <summary>Fewer than two people for each table.</summary>
    public const string TooFewPeople = "seating.too-few-people";

    /// <summary>Two people bear the same id.</summary>
    public const string RepeatedId = "seating.repeated-id";

    /// <summary>A person has another number of values than there are criteria, or an index that is no value.</summary>
    public const string UnknownValue = "seating.unknown-value";

    /// <summary>A pair to keep apart, or a fixed seat, names a person, table or round that does not exist.</summary>
    public const string UnknownReference = "seating.unknown-reference";

    /// <summary>One person has two different fixed seats in one round.</summary>
    public const string FixedTwice = "seating.fixed-twice";

    /// <summary>More people are fixed to a table than it has seats.</summary>
    public const string FixedTooMany = "seating.fixed-too-many";
}

/// <summary>Who is to be seated, at how many tables, for how many rounds, and what to respect.</summary>
/// <remarks>
/// Tables differ in size by one at most: with n people and T tables, the first n mod T tables have one seat more.
/// The model is that of Barrett, Gal, Gölz, Hong and Procaccia, "Now We're Talking: Better Deliberation Groups through
/// Submodular Optimization" (AAAI 2023), with the number of distinct pairs as the saturation function.
/// </remarks>
/// <param name="People">At least two for each table.</param>
/// <param name="Criteria">The criteria to mix; may be empty.</param>
/// <param name="Tables">Number of tables, 1 or more.</param>
/// <param name="Rounds">Number of rounds, 1 to <see cref="MostRounds"/>.</param>
/// <param name="Apart">Pairs that must not share a table; may be empty.</param>
/// <param name="Fixed">Seats decided by hand; may be empty.</param>
public sealed record SeatingProblem(
    ImmutableArray<SeatingPerson> People,
    ImmutableArray<SeatingCriterion> Criteria,
    int Tables,
    int Rounds,
    ImmutableArray<ApartPair> Apart,
    ImmutableArray<FixedSeat> Fixed)
{
    /// <summary>The most rounds a plan may have.</summary>
    public const int MostRounds = 200;

    /// <summary>The number of seats at a table.</summary>
    /// <param name="table">Table index, from 0.</param>
    /// <returns>⌈n/T⌉ for the first n mod T tables, ⌊n/T⌋ for the others.</returns>
    public int SeatsAt(int table) => (People.Length / Tables) + (table < People.Length % Tables ? 1 : 0);

    /// <summary>Everything that keeps this problem from being planned, all at once.</summary>
    /// <returns>An empty array when the problem can be planned.</returns>
    public ImmutableArray<SeatingRefusal> Refusals()
    {
        var refusals = ImmutableArray.CreateBuilder<SeatingRefusal>();
        if (Tables < 1)
            refusals.Add(new SeatingRefusal(SeatingRefusalCodes.TablesOrRounds, "tables", Tables, 1));
        if (Rounds is < 1 or > MostRounds)
            refusals.Add(new SeatingRefusal(SeatingRefusalCodes.TablesOrRounds, "rounds", Rounds, Rounds < 1 ? 1 : MostRounds));
        if (refusals.Count > 0)
            return refusals.ToImmutable();

        if (People.Length < 2L * Tables)
            refusals.Add(new SeatingRefusal(SeatingRefusalCodes.TooFewPeople, "", People.Length, 2 * Tables));
        AddPeopleRefusals(refusals);
        AddReferenceRefusals(refusals);
        return refusals.ToImmutable();
    }

    private void AddPeopleRefusals(ImmutableArray<SeatingRefusal>.Builder refusals)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var person in People)
        {
            if (!ids.Add(person.Id))
                refusals.Add(new SeatingRefusal(SeatingRefusalCodes.RepeatedId, person.Id, 2, 1));
            if (person.Values.Length != Criteria.Length)
            {
                refusals.Add(new SeatingRefusal(SeatingRefusalCodes.UnknownValue, person.Id, person.Values.Length, Criteria.Length));
                continue;
            }
            for (var c = 0; c < Criteria.Length; c++)
                if (person.Values[c] < -1 || person.Values[c] >= Criteria[c].Values.Length)
                    refusals.Add(new SeatingRefusal(SeatingRefusalCodes.UnknownValue, person.Id, person.Values[c], Criteria[c].Values.Length - 1));
        }
    }

    private void AddReferenceRefusals(ImmutableArray<SeatingRefusal>.Builder refusals)
    {
        foreach (var pair in Apart)
            if (!IsPerson(pair.First) || !IsPerson(pair.Second) || pair.First == pair.Second)
                refusals.Add(new SeatingRefusal(SeatingRefusalCodes.UnknownReference, "apart", IsPerson(pair.First) ? pair.Second : pair.First, People.Length - 1));

        var seats = new Dictionary<(int Round, int Person), int>();
        var taken = new Dictionary<(int Round, int Table), int>();
        foreach (var seat in Fixed)
        {
            if (!IsPerson(seat.Person) || seat.Table < 0 || seat.Table >= Tables || seat.Round < 0 || seat.Round >= Rounds)
            {
                refusals.Add(new SeatingRefusal(SeatingRefusalCodes.UnknownReference, "fixed", seat.Person, People.Length - 1));
                continue;
            }
            foreach (var round in seat.Round is { } one ? [one] : Enumerable.Range(0, Rounds))
            {
                if (seats.TryGetValue((round, seat.Person), out var other))
                {
                    if (other != seat.Table)
                        refusals.Add(new SeatingRefusal(SeatingRefusalCodes.FixedTwice, People[seat.Person].Id, seat.Table, other));
                    continue;
                }
                seats.Add((round, seat.Person), seat.Table);
                var count = taken.GetValueOrDefault((round, seat.Table)) + 1;
                taken[(round, seat.Table)] = count;
                if (count == SeatsAt(seat.Table) + 1)
                    refusals.Add(new SeatingRefusal(SeatingRefusalCodes.FixedTooMany, "", count, SeatsAt(seat.Table)));
            }
        }
    }

    private bool IsPerson(int index) => index >= 0 && index < People.Length;
}
