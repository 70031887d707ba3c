using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Polyphony.Seating;

namespace Polyphony.Cli.Seat;

/// <summary>A rule that a plan breaks. Rounds and tables count from 1; a gathering of large groups is round 0.</summary>
internal sealed record BreachAnswer(string Rule, string Subject, string Value, int Round, int? Table, int Found, int Least, int Most, int Amount);

/// <summary>plan.json, and without its inputs what <c>--json</c> writes.</summary>
/// <param name="Outcome"><c>planned</c>, <c>ended-by-limit</c> or <c>repaired</c>.</param>
/// <param name="Violations">People, pairs, tables and interpreters outside of the rules, summed.</param>
/// <param name="Broken">Where.</param>
/// <param name="Moves">After a repair: changes of table.</param>
/// <param name="Inputs">The problem, for repairs.</param>
internal sealed record PlanFile(
    string Outcome, int People, int Tables, int Rounds, int DistinctPairs, int Ceiling, int Repeats, int MostMeetings, double Value, int FewestMet, int Violations, IReadOnlyList<BreachAnswer> Broken,
    IReadOnlyList<CriterionBalance> Criteria, IReadOnlyList<FacilitatorExposure> Facilitators, string Seed, long Exchanges, bool EndedByLimit, double Seconds, int? Moves = null, PlanInputs? Inputs = null)
{
    public const string Name = "plan.json";

    public static PlanFile Of(string outcome, SeatingProblem problem, SeatingMeasures measures, string seed, long exchanges, bool endedByLimit, double seconds, int? moves = null)
    {
        int gatherings = problem.IsGathering(0) ? 1 : 0;
        return new(
            outcome, problem.People.Length, problem.Rounds.Skip(gatherings).Max(layout => layout.Tables.Count(table => table.Seats > 0)), problem.Rounds.Length - gatherings,
            measures.DistinctPairs, measures.Ceiling, measures.Repeats, measures.MostMeetings, Math.Round(measures.Value, 6), measures.FewestMet, measures.Violations,
            [.. measures.Breaches.Select(breach => new BreachAnswer(breach.Rule, breach.Subject, breach.Value, breach.Round + 1 - gatherings, breach.Table < 0 ? null : breach.Table + 1, breach.Found, breach.Least, breach.Most, breach.Amount))],
            measures.Criteria, measures.Facilitators, seed, exchanges, endedByLimit, Math.Round(seconds, 3), moves, PlanInputs.Of(problem));
    }

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, SeatJson.Default.PlanFile);

    public static PlanFile? Read(byte[] content)
    {
        try
        {
            PlanFile? file = JsonSerializer.Deserialize(content, SeatJson.Default.PlanFile);
            return file is { Inputs.IsWhole: false } ? null : file;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

internal sealed record CriterionInput(string Name, CriterionMode Mode, bool NobodyAlone, IReadOnlyList<string> Values);

internal sealed record PersonInput(string Id, IReadOnlyList<int> Values, IReadOnlyList<string> Languages, bool NeedsAccess);

internal sealed record TableInput(int Seats, bool Accessible, string? Facilitator, IReadOnlyList<string> Languages, int PartOf);

internal sealed record RoundInput(IReadOnlyList<TableInput> Tables, int? SplitOf);

/// <summary>The problem that a plan answers, by positions.</summary>
internal sealed record PlanInputs(
    IReadOnlyList<CriterionInput> Criteria, IReadOnlyList<PersonInput> People, IReadOnlyList<RoundInput> Rounds, IReadOnlyList<IReadOnlyList<int>> Apart, IReadOnlyList<IReadOnlyList<int>> Together,
    IReadOnlyList<FixedSeat> Fixed, IReadOnlyList<int> Hosts, IReadOnlyList<ValueBounds> Bounds, IReadOnlyList<string>? Languages, int MostLanguages, int? Interpreters, MeetingValue Value)
{
    /// <summary>Whether a file that was read has every list.</summary>
    [JsonIgnore]
    public bool IsWhole => !((object?[])[Criteria, People, Rounds, Apart, Together, Fixed, Hosts, Bounds]).Contains(null)
        && People.All(person => person is { Id: not null, Values: not null, Languages: not null }) && Criteria.All(criterion => criterion is { Name: not null, Values: not null })
        && Rounds.All(round => round?.Tables is not null && round.Tables.All(table => table?.Languages is not null));

    public static PlanInputs Of(SeatingProblem problem)
    {
        ImmutableArray<string> languages = problem.Languages?.Names ?? [];
        return new(
            [.. problem.Criteria.Select(criterion => new CriterionInput(criterion.Name, criterion.Mode, criterion.NobodyAlone, criterion.Values))],
            [.. problem.People.Select(person => new PersonInput(person.Id, person.Values, Named(languages, person.Languages), person.NeedsAccess))],
            [.. problem.Rounds.Select(layout => new RoundInput([.. layout.Tables.Select(table => new TableInput(table.Seats, table.Accessible, table.Facilitator?.Id, Named(languages, table.Facilitator?.Languages ?? 0), table.PartOf))], layout.SplitOf))],
            [.. problem.Apart.Select(pair => (IReadOnlyList<int>)[pair.First, pair.Second])],
            [.. problem.Together.Select(group => (IReadOnlyList<int>)group)],
            problem.Fixed, problem.Hosts, problem.Bounds, problem.Languages is null ? null : languages, problem.Languages?.Most ?? 0, problem.Languages?.Interpreters, problem.Value);
    }

    public SeatingProblem Problem()
    {
        ImmutableArray<string> languages = Languages is null ? [] : [.. Languages];
        return new SeatingProblem(
            [.. People.Select(person => new SeatingPerson(person.Id, [.. person.Values], Mask(languages, person.Languages), person.NeedsAccess))],
            [.. Criteria.Select(criterion => new SeatingCriterion(criterion.Name, [.. criterion.Values], criterion.Mode, criterion.NobodyAlone))],
            [.. Rounds.Select(round => new RoundLayout([.. round.Tables.Select(table => new SeatingTable(table.Seats, table.Accessible, table.Facilitator is null ? null : new Facilitator(table.Facilitator, Mask(languages, table.Languages)), table.PartOf))], round.SplitOf))])
        {
            Apart = [.. Apart.Select(pair => new ApartPair(pair[0], pair[1]))],
            Together = [.. Together.Select(group => group.ToImmutableArray())],
            Fixed = [.. Fixed],
            Hosts = [.. Hosts],
            Bounds = [.. Bounds],
            Languages = Languages is null ? null : new LanguageRule(languages, MostLanguages, Interpreters),
            Value = Value,
        };
    }

    private static IReadOnlyList<string> Named(ImmutableArray<string> languages, ulong mask) =>
        [.. languages.Where((_, bit) => (mask >> bit & 1) == 1), .. (mask & PeopleSheet.NobodysLanguage) == 0 ? Array.Empty<string>() : ["?"]];

    private static ulong Mask(ImmutableArray<string> languages, IReadOnlyList<string> named) =>
        named.Aggregate(0UL, (mask, name) => mask | (languages.IndexOf(name) is >= 0 and var bit ? 1UL << bit : PeopleSheet.NobodysLanguage));
}

/// <summary>Why no plan can be made.</summary>
internal sealed record SeatReason(string Code, string Subject, int Found, int Limit, string Message);

/// <summary>What <c>seat</c> writes when the rules cannot all hold.</summary>
internal sealed record SeatInfeasible(string Outcome, IReadOnlyList<SeatReason> Reasons);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PlanFile))]
[JsonSerializable(typeof(SeatInfeasible))]
internal sealed partial class SeatJson : JsonSerializerContext;
