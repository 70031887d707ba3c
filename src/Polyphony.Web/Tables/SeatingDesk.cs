using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Seating;
using Polyphony.Storage;
using Polyphony.Storage.Tables;

namespace Polyphony.Web.Tables;

/// <summary>Somebody as the seating plan knows them: number, criteria, household and name for lists.</summary>
public sealed record Seatable(ParticipantId Id, int Number, PersonId PersonId, IReadOnlyList<int> Values, string? HouseholdKey, Attendance Attendance);

/// <summary>Translates between the saved people and plans and the pure planner, and saves new versions of the plan.</summary>
public sealed class SeatingDesk(Db db, TimeProvider clock)
{
    /// <summary>Everybody who is to sit: confirmed, and not known to be absent.</summary>
    public async Task<IReadOnlyList<Seatable>> PeopleAsync(DialogueId dialogue, CancellationToken cancellationToken) => await (
        from participant in db.Participants
        where participant.DialogueId == dialogue && participant.Status == ParticipantStatus.Confirmed
        join member in db.PoolMembers on participant.PoolMemberId equals member.Id
        orderby participant.Number
        select new Seatable(participant.Id, participant.Number, participant.PersonId, member.Values, member.HouseholdKey, participant.Attendance)).ToListAsync(cancellationToken);

    /// <summary>Everybody who ever sat or is to sit, for the measures of an old plan.</summary>
    public async Task<IReadOnlyList<Seatable>> EverybodyAsync(DialogueId dialogue, CancellationToken cancellationToken) => await (
        from participant in db.Participants
        where participant.DialogueId == dialogue
        join member in db.PoolMembers on participant.PoolMemberId equals member.Id
        orderby participant.Number
        select new Seatable(participant.Id, participant.Number, participant.PersonId, member.Values, member.HouseholdKey, participant.Attendance)).ToListAsync(cancellationToken);

    /// <summary>The plan that counts, with its seats.</summary>
    public Task<SeatingPlanVersion?> CurrentAsync(DialogueId dialogue, CancellationToken cancellationToken) => db.SeatingPlans.AsNoTracking().Include(plan => plan.Seats)
        .Where(plan => plan.DialogueId == dialogue && plan.IsCurrent).OrderByDescending(plan => plan.Version).FirstOrDefaultAsync(cancellationToken);

    public async Task<SeatingProblem> ProblemAsync(DialogueId dialogue, IReadOnlyList<Seatable> people, int tables, int rounds, CancellationToken cancellationToken)
    {
        var criteria = await db.Criteria.AsNoTracking().Include(criterion => criterion.Values)
            .Where(criterion => criterion.DialogueId == dialogue).OrderBy(criterion => criterion.Position).ToListAsync(cancellationToken);
        ImmutableArray<ApartPair> households =
        [
            .. from first in people.Index()
               where first.Item.HouseholdKey is not null
               from second in people.Index()
               where second.Index > first.Index && second.Item.HouseholdKey == first.Item.HouseholdKey
               select new ApartPair(first.Index, second.Index),
        ];
        return SeatingProblem.Even(
            [.. people.Select(person => new SeatingPerson(person.Number.ToString(CultureInfo.InvariantCulture), [.. person.Values]))],
            [.. criteria.Select(criterion => new SeatingCriterion(criterion.Name, [.. criterion.Values.OrderBy(value => value.Position).Select(value => value.Name)]))],
            tables, rounds) with
        { Apart = households };
    }

    /// <summary>Reads a saved plan over a list of people; people who are not in the list are left out.</summary>
    public static SeatingPlan Read(SeatingPlanVersion saved, IReadOnlyList<Seatable> people)
    {
        Dictionary<ParticipantId, int> index = people.Index().ToDictionary(pair => pair.Item.Id, pair => pair.Index);
        return new([
            .. Enumerable.Range(1, saved.Rounds).Select(round => new SeatingRound([
                .. Enumerable.Range(1, saved.Tables).Select(table => saved.Seats
                    .Where(seat => seat.Round == round && seat.Table == table && index.ContainsKey(seat.ParticipantId))
                    .OrderBy(seat => seat.Number).Select(seat => index[seat.ParticipantId]).ToImmutableArray()),
            ])),
        ]);
    }

    /// <summary>Saves a plan as the newest version, which counts from now on.</summary>
    public async Task<SeatingPlanVersion> SaveAsync(
        DialogueId dialogue, SeatingProblem problem, IReadOnlyList<Seatable> people, SeatingPlan plan, long seed, string reason, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        int version = await db.SeatingPlans.Where(old => old.DialogueId == dialogue).MaxAsync(old => (int?)old.Version, cancellationToken) ?? 0;
        SeatingPlanVersion saved = new()
        {
            Id = new(Guid.CreateVersion7(now)),
            DialogueId = dialogue,
            Version = version + 1,
            Tables = problem.Rounds[0].Tables.Length,
            Rounds = problem.Rounds.Length,
            Seed = seed,
            IsCurrent = true,
            CreatedAt = now,
            ReasonCode = reason,
            MeasuresJson = JsonSerializer.Serialize(SeatingMeasures.Of(problem, plan)),
        };
        saved.Seats.AddRange(
            from round in plan.Rounds.Index()
            from table in round.Item.Tables.Index()
            from seat in table.Item.Index()
            select new Seat { PlanId = saved.Id, Round = round.Index + 1, Table = table.Index + 1, Number = seat.Index + 1, ParticipantId = people[seat.Item].Id });
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.SeatingPlans.Where(old => old.DialogueId == dialogue && old.IsCurrent)
            .ExecuteUpdateAsync(set => set.SetProperty(old => old.IsCurrent, false), cancellationToken);
        db.SeatingPlans.Add(saved);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return saved;
    }

    public static SeatingMeasures Measures(SeatingPlanVersion saved) => JsonSerializer.Deserialize<SeatingMeasures>(saved.MeasuresJson)!;
}
