using System.Collections.Immutable;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Seating;
using Polyphony.Storage;
using Polyphony.Storage.Jobs;
using Polyphony.Storage.Pools;
using Polyphony.Web.Audiences;

namespace Polyphony.Web.Tables;

/// <summary>What of the planner is looked at: round from 1, criterion that colours, whether names stand under the tables, the person chosen.</summary>
public sealed record PlannerSight(int Round, int By, bool Names, int? Person)
{
    public static PlannerSight Of(Func<string, string?> field) => new(
        Whole(field("round")) ?? 1, Whole(field("by")) ?? 0, field("names") == "yes", Whole(field("person")));

    public string Query(int? round = null, int? by = null, bool? names = null, int? person = null) => string.Create(
        CultureInfo.InvariantCulture, $"?round={round ?? Round}&by={by ?? By}{(names ?? Names ? "&names=yes" : "")}{(person is null ? "" : $"&person={person}")}");

    public static int? Whole(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}

/// <summary>The planner as it is shown.</summary>
public sealed record PlannerModel(
    DialogueScope Scope,
    OpenDraft? Draft,
    Lazy<SeatingMeasures>? Measured,
    IReadOnlyList<Criterion> Criteria,
    IReadOnlyList<TableFacilitator> Facilitators,
    IReadOnlyDictionary<int, Seatable> People,
    IReadOnlyDictionary<int, string> Names,
    PlannerSight Sight,
    Job? Job,
    int Confirmed,
    string Notice)
{
    /// <summary>Counted when first asked for: what a draft was before a change is mostly not.</summary>
    public SeatingMeasures? Measures => Measured?.Value;

    /// <summary>The number of a table in the hall, from its place in the plan, from 0.</summary>
    public int Number(int table) => (Scope.Site?.FirstTable ?? 1) + table;

    public string Base => $"/organise/{Scope.Segment}/tables";

    public bool IsPlanning => Job is { State: JobState.Waiting or JobState.Running };

    public bool MayChange => Scope.IsOrganiser && !IsPlanning && Draft is not null;

    public int Round => Sight.Round - 1;

    public DraftState State => Draft!.State;

    /// <summary>The tables of the round that is shown: those with people, and those that were planned for it.</summary>
    public IEnumerable<int> Tables => Enumerable.Range(0, State.Rounds[Round].Length).Where(table => State.Rounds[Round][table].Length > 0 || table < SeatingChoices.Of(Draft!.Base).TablesIn(Round));

    /// <summary>People who are to sit and have no seat in the round that is shown.</summary>
    public IReadOnlyList<int> Unseated
    {
        get
        {
            HashSet<int> seated = [.. State.Rounds[Round].SelectMany(table => table)];
            return [.. People.Values.Where(person => person.IsComing && !seated.Contains(person.Number)).Select(person => person.Number).Order()];
        }
    }

    public IReadOnlyList<SeatingBreach> BreachesAt(int table) => [.. Measures!.Breaches.Where(breach => breach.Round == Round && breach.Table == table)];

    public int Value(int number) => Criteria.Count == 0 ? 0 : People[number].Values[Sight.By];

    public string Name(int number) => Names.GetValueOrDefault(number, "");

    /// <summary>A person's values, in words.</summary>
    public string Traits(int number) => string.Join(" · ", Criteria.Select((criterion, c) => People[number].Values[c] is >= 0 and var value ? criterion.Values.FirstOrDefault(known => known.Position == value)?.Name : null).Where(name => name is not null));
}

/// <summary>Loads the planner.</summary>
public sealed class PlannerReader(DialogueScope scope, SeatingDesk desk, DraftDesk drafts, Db db)
{
    public async Task<PlannerModel> ReadAsync(PlannerSight sight, string notice, CancellationToken cancellationToken)
    {
        IReadOnlyList<Seatable> everybody = await desk.EverybodyAsync(scope.SiteId, cancellationToken);
        IReadOnlyList<Criterion> criteria = await desk.CriteriaAsync(scope.SiteId, cancellationToken);
        IReadOnlyList<TableFacilitator> facilitators = await desk.FacilitatorsAsync(scope.SiteId, cancellationToken);
        IReadOnlyDictionary<int, string> names = scope.IsOrganiser ? await desk.NamesAsync(scope.SiteId, cancellationToken) : ImmutableDictionary<int, string>.Empty;
        OpenDraft? draft = await drafts.OpenAsync(scope.SiteId, everybody, cancellationToken);
        Dictionary<int, Seatable> people = everybody.ToDictionary(person => person.Number);
        return new(
            scope, draft, draft is null ? null : Measure(draft, everybody, criteria, facilitators), criteria, facilitators, people, names,
            sight with
            {
                Round = Math.Clamp(sight.Round, 1, draft?.State.Rounds.Length ?? 1),
                By = Math.Clamp(sight.By, 0, Math.Max(0, criteria.Count - 1)),
                Person = scope.IsOrganiser && sight.Person is { } person && people.ContainsKey(person) ? person : null,
            },
            await NewestJobAsync(cancellationToken), everybody.Count(person => person.Confirmed), notice);
    }

    /// <summary>The planner after a change of the draft: people and criteria are those read before.</summary>
    public static PlannerModel After(PlannerModel before, OpenDraft draft) =>
        before with { Draft = draft, Measured = Measure(draft, [.. before.People.Values], before.Criteria, before.Facilitators) };

    /// <summary>The planner after the draft was turned to another step.</summary>
    public async Task<PlannerModel> TurnedAsync(PlannerModel before, CancellationToken cancellationToken) =>
        After(before, (await drafts.OpenAsync(scope.SiteId, [.. before.People.Values], cancellationToken))!);

    /// <summary>The work that is under way, or the last one that ended.</summary>
    public Task<Job?> NewestJobAsync(CancellationToken cancellationToken) => db.Jobs.AsNoTracking()
        .Where(job => job.DialogueId == scope.DialogueId && job.SiteId == scope.SiteId && (job.Kind == PlanTables.Kind || job.Kind == ImproveTables.Kind))
        .OrderByDescending(job => job.CreatedAt).FirstOrDefaultAsync(cancellationToken);

    private static Lazy<SeatingMeasures> Measure(OpenDraft draft, IReadOnlyList<Seatable> everybody, IReadOnlyList<Criterion> criteria, IReadOnlyList<TableFacilitator> facilitators) => new(() =>
    {
        (SeatingProblem problem, SeatingPlan plan) = draft.Measured(draft.Concerned(everybody), criteria, facilitators);
        return SeatingMeasures.Of(problem, plan);
    });
}
