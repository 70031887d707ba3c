using System.Collections.Immutable;

namespace Polyphony.Seating;

/// <summary>What the planner does with a criterion.</summary>
public enum CriterionMode
{
    /// <summary>Every table shows each value in the proportion of the whole: between floor and ceiling of its share.</summary>
    Mix,

    /// <summary>The bearers of each value but the most common one sit at as few tables as possible, for example people who need an interpreter.</summary>
    Cluster,

    /// <summary>People with the same value stay at one table in every round; unknown values bind nobody.</summary>
    Keep,

    /// <summary>The planner does not look at it; it is only measured.</summary>
    Ignore,
}

/// <summary>A trait of people.</summary>
/// <param name="Name">The criterion's name as the organiser wrote it, for example <c>gender</c>.</param>
/// <param name="Values">The names of its values; people refer to them by index.</param>
/// <param name="Mode">What the planner does with it.</param>
/// <param name="NobodyAlone">Whether nobody may be the only bearer of their value at a table: none, or two and more.</param>
public sealed record SeatingCriterion(string Name, ImmutableArray<string> Values, CriterionMode Mode = CriterionMode.Mix, bool NobodyAlone = false);

/// <summary>Someone who needs a seat.</summary>
/// <param name="Id">The stable identifier shown on lists; unique within a problem.</param>
/// <param name="Values">One value index per criterion of the problem, in its order; -1 where the value is not known.</param>
/// <param name="Languages">Bits of the languages the person understands, see <see cref="LanguageRule"/>; 0 puts no condition.</param>
/// <param name="NeedsAccess">Whether only accessible tables will do.</param>
public sealed record SeatingPerson(string Id, ImmutableArray<int> Values, ulong Languages = 0, bool NeedsAccess = false);

/// <summary>Two people who must not share a table: one household, or a conflict. Order does not matter.</summary>
/// <param name="First">Index into <see cref="SeatingProblem.People"/>.</param>
/// <param name="Second">Index into <see cref="SeatingProblem.People"/>.</param>
public sealed record ApartPair(int First, int Second);

/// <summary>A seat decided by hand, which the planner never changes.</summary>
/// <param name="Person">Index into <see cref="SeatingProblem.People"/>.</param>
/// <param name="Table">Table index, from 0.</param>
/// <param name="Round">Round index, from 0; <see langword="null"/> for every round.</param>
public sealed record FixedSeat(int Person, int Table, int? Round);

/// <summary>How many bearers of a value each table must have, in place of floor and ceiling of its share.</summary>
/// <param name="Criterion">Index into <see cref="SeatingProblem.Criteria"/>.</param>
/// <param name="Value">Index into the criterion's values.</param>
/// <param name="Least">At least, 0 or more.</param>
/// <param name="Most">At most.</param>
public sealed record ValueBounds(int Criterion, int Value, int Least, int Most);

/// <summary>Which languages a table may have.</summary>
/// <param name="Names">The languages; bit i of <see cref="SeatingPerson.Languages"/> is the i-th. At most 64.</param>
/// <param name="Most">Languages at one table at most; everybody there understands one of them.</param>
/// <param name="Interpreters">
/// Interpreters there are in each round; a table with k languages takes k − 1 of them. <see langword="null"/>: as many as needed.
/// </param>
public sealed record LanguageRule(ImmutableArray<string> Names, int Most, int? Interpreters = null);

/// <summary>Who runs a table.</summary>
/// <param name="Id">Identifier; the same facilitator may run another table in another round.</param>
/// <param name="Languages">Bits of the languages spoken; 0 puts no condition.</param>
public sealed record Facilitator(string Id, ulong Languages = 0);

/// <summary>A table of one round.</summary>
/// <param name="Seats">People at it, exactly; 0 for a table that is not used.</param>
/// <param name="Accessible">Whether people who need access can sit here.</param>
/// <param name="Facilitator">Who runs it; <see langword="null"/> when that is not planned.</param>
/// <param name="PartOf">Of which table of the round <see cref="RoundLayout.SplitOf"/> it is a part.</param>
public sealed record SeatingTable(int Seats, bool Accessible = true, Facilitator? Facilitator = null, int PartOf = 0);

/// <summary>The tables of one round.</summary>
/// <param name="Tables">The tables; their seats add up to the number of people.</param>
/// <param name="SplitOf">An earlier round whose large groups this round splits into smaller ones; <see langword="null"/>: none.</param>
public sealed record RoundLayout(ImmutableArray<SeatingTable> Tables, int? SplitOf = null);

/// <summary>Who is to be seated, at which tables, for how many rounds, and what to respect.</summary>
/// <remarks>
/// The model is that of Barrett, Gal, Gölz, Hong and Procaccia, "Now We're Talking: Better Deliberation Groups through Submodular Optimization" (AAAI 2023):
/// maximise the sum over pairs of a concave function of their meetings. A round that later rounds split is a gathering of large groups; being in one is no meeting.
/// </remarks>
/// <param name="People">Two or more. Where people are alike in everything, their order here decides.</param>
/// <param name="Criteria">The criteria; may be empty.</param>
/// <param name="Rounds">The tables of each round, 1 to <see cref="MostRounds"/> rounds.</param>
public sealed record SeatingProblem(ImmutableArray<SeatingPerson> People, ImmutableArray<SeatingCriterion> Criteria, ImmutableArray<RoundLayout> Rounds)
{
    /// <summary>The most rounds a plan may have.</summary>
    public const int MostRounds = 200;

    /// <summary>Pairs that must not share a table.</summary>
    public ImmutableArray<ApartPair> Apart { get; init; } = [];

    /// <summary>Groups of people who share a table in every round; groups that overlap are one.</summary>
    public ImmutableArray<ImmutableArray<int>> Together { get; init; } = [];

    /// <summary>Seats decided by hand.</summary>
    public ImmutableArray<FixedSeat> Fixed { get; init; } = [];

    /// <summary>People who stay at one table in every round, each at another one, while the others go round.</summary>
    public ImmutableArray<int> Hosts { get; init; } = [];

    /// <summary>Counts per table stated by hand.</summary>
    public ImmutableArray<ValueBounds> Bounds { get; init; } = [];

    /// <summary>Which languages tables may have; <see langword="null"/>: no rule.</summary>
    public LanguageRule? Languages { get; init; }

    /// <summary>What a further meeting of a pair is worth.</summary>
    public MeetingValue Value { get; init; }

    /// <summary>A problem with the same number of tables in every round, whose sizes differ by one at most.</summary>
    /// <param name="people">The people.</param>
    /// <param name="criteria">The criteria.</param>
    /// <param name="tables">Number of tables, 1 or more; the first n mod T of them have one seat more.</param>
    /// <param name="rounds">Number of rounds.</param>
    /// <returns>The problem, without rules.</returns>
    public static SeatingProblem Even(ImmutableArray<SeatingPerson> people, ImmutableArray<SeatingCriterion> criteria, int tables, int rounds)
    {
        var layout = new RoundLayout([.. TableSizes.Even(people.Length, tables).Select(seats => new SeatingTable(seats))]);
        return new SeatingProblem(people, criteria, [.. Enumerable.Repeat(layout, Math.Max(0, rounds))]);
    }

    /// <summary>Whether later rounds split this one, so that being at one table of it is no meeting.</summary>
    /// <param name="round">Round index.</param>
    /// <returns><see langword="true"/> for a gathering of large groups.</returns>
    public bool IsGathering(int round) => Rounds.Any(layout => layout.SplitOf == round);

    /// <summary>Everything that keeps this problem from being planned, all at once.</summary>
    /// <returns>An empty array when the problem can be planned.</returns>
    public ImmutableArray<SeatingRefusal> Refusals() => new SeatingRefusals(this).All();
}
