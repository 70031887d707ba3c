using System.Collections.Immutable;
using System.Text.Json;
using Polyphony.Seating;
using Polyphony.Storage.Tables;

namespace Polyphony.Web.Tables;

/// <summary>What the planner does with one criterion, by the criterion's place in the quotas.</summary>
public sealed record CriterionChoice(CriterionMode Mode, bool NobodyAlone);

/// <summary>A seat decided before there is a plan. Tables and rounds count from 1; no round is every round.</summary>
public sealed record FixedChoice(int Number, int Table, int? Round);

/// <summary>What an organiser chooses before planning. People are named by their numbers in the dialogue, tables and rounds count from 1.</summary>
public sealed record SeatingChoices
{
    public const int MostTables = 500;
    public const int MostRounds = 20;

    /// <summary>Tables in each round; one number stands for every round.</summary>
    public IReadOnlyList<int> Tables { get; init; } = [];

    public int Rounds { get; init; }

    /// <summary>Seats at each table, from the first; empty where they are to be as even as possible.</summary>
    public IReadOnlyList<int> Seats { get; init; } = [];

    public MeetingValue Value { get; init; }

    /// <summary>One for each criterion; criteria that were added later are mixed.</summary>
    public IReadOnlyList<CriterionChoice> Criteria { get; init; } = [];

    public IReadOnlyList<IReadOnlyList<int>> Together { get; init; } = [];

    public IReadOnlyList<IReadOnlyList<int>> Apart { get; init; } = [];

    public IReadOnlyList<FixedChoice> Fixed { get; init; } = [];

    public IReadOnlyList<int> Hosts { get; init; } = [];

    /// <summary>Tables where people who need access can sit; empty for all.</summary>
    public IReadOnlyList<int> AccessibleTables { get; init; } = [];

    /// <summary>People who need an accessible table, besides those who wrote of a need of access.</summary>
    public IReadOnlyList<int> NeedAccess { get; init; } = [];

    /// <summary>Languages at one table at most, by the language of people's letters; 0 where languages do not matter.</summary>
    public int LanguagesPerTable { get; init; }

    /// <summary>Interpreters there are in each round; null for as many as needed.</summary>
    public int? Interpreters { get; init; }

    public bool HouseholdsTogether { get; init; }

    /// <summary>Tables of a round, from 0.</summary>
    public int TablesIn(int round) => Tables.Count == 0 ? 1 : Tables[Math.Min(round, Tables.Count - 1)];

    public CriterionChoice Of(int criterion) => criterion < Criteria.Count ? Criteria[criterion] : new(CriterionMode.Mix, false);

    public string ToJson() => JsonSerializer.Serialize(this);

    public static SeatingChoices Read(string json) => json.Length == 0 ? new() : JsonSerializer.Deserialize<SeatingChoices>(json)!;

    /// <summary>The rules under which a version was made; its own numbers of tables and rounds count.</summary>
    public static SeatingChoices Of(SeatingPlanVersion version)
    {
        SeatingChoices rules = Read(version.RulesJson);
        return rules.Tables.Count > 0 && rules.Rounds == version.Rounds && rules.Tables.Max() == version.Tables ? rules : rules with { Tables = [version.Tables], Rounds = version.Rounds, Seats = [] };
    }

    /// <summary>The tables of every round for a number of people, or null where the seats do not suffice. Tables that a round does not use have no seats.</summary>
    public ImmutableArray<RoundLayout>? Layouts(int people)
    {
        int most = Tables.Count == 0 ? 1 : Tables.Max();
        ImmutableArray<RoundLayout>.Builder layouts = ImmutableArray.CreateBuilder<RoundLayout>();
        for (int round = 0; round < Rounds; round++)
        {
            int used = TablesIn(round);
            ImmutableArray<int>? sizes = Seats.Count == 0 ? TableSizes.Even(people, used) : TableSizes.Within(people, [.. Enumerable.Range(0, used).Select(table => table < Seats.Count ? Seats[table] : 0)]);
            if (sizes is null)
            {
                return null;
            }

            layouts.Add(new([.. Enumerable.Range(0, most).Select(table => new SeatingTable(table < used ? sizes.Value[table] : 0, AccessibleTables.Count == 0 || AccessibleTables.Contains(table + 1)))]));
        }

        return layouts.ToImmutable();
    }
}
