using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Seating;
using Polyphony.Storage;
using Polyphony.Storage.Pools;
using Polyphony.Storage.Tables;

namespace Polyphony.Web.Tables;

/// <summary>The draft as it is shown: its version, what was done since, and the state.</summary>
/// <param name="Row">The saved draft; not saved yet when nothing was ever chosen or changed.</param>
/// <param name="Base">The version from which it begins, without its seats once there are steps.</param>
/// <param name="InForce">The number of the version that counts.</param>
/// <param name="State">Who sits where, and who is pinned.</param>
/// <param name="Steps">How many steps count.</param>
/// <param name="LastReason">What the step that is shown did; empty for the version itself.</param>
/// <param name="NextReason">What the step that would be done again did; empty when there is none.</param>
public sealed record OpenDraft(SeatingDraft Row, SeatingPlanVersion Base, int InForce, DraftState State, int Steps, string LastReason, string NextReason)
{
    public bool CanUndo => Steps > 0;

    public bool CanRedo => NextReason.Length > 0;

    /// <summary>Whether another version has come into force since the draft began, or an older one was opened.</summary>
    public bool IsElsewhere => Base.Version != InForce;

    public bool IsInForce => !IsElsewhere && Steps == 0;

    /// <summary>What a form must send back, so that a change is made to the state that was seen.</summary>
    public string Seen => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Base.Version}.{Row.Position}");

    /// <summary>Those who sit in the draft or are to sit: the shares at the tables are theirs.</summary>
    public IReadOnlyList<Seatable> Concerned(IReadOnlyList<Seatable> everybody)
    {
        HashSet<int> seated = [.. State.Rounds.SelectMany(round => round).SelectMany(table => table)];
        return [.. everybody.Where(person => person.IsComing || seated.Contains(person.Number))];
    }

    /// <summary>The problem that the draft answers: pins are fixed seats, tables have the seats that are taken.</summary>
    public (SeatingProblem Problem, SeatingPlan Plan) Measured(IReadOnlyList<Seatable> people, IReadOnlyList<Criterion> criteria, IReadOnlyList<TableFacilitator> facilitators)
    {
        Dictionary<int, int> index = people.Index().ToDictionary(pair => pair.Item.Number, pair => pair.Index);
        SeatingProblem problem = SeatingDesk.Problem(people, criteria, facilitators, SeatingChoices.Of(Base) with { Seats = [], Fixed = [] })!;
        SeatingPlan plan = State.ToPlan(index);
        return (problem with
        {
            Rounds = [.. problem.Rounds.Select((layout, r) => layout with { Tables = [.. layout.Tables.Select((table, t) => table with { Seats = plan.Rounds[r].Tables[t].Length })] })],
            Fixed = [.. State.Pins.SelectMany((pins, round) => pins.Where(index.ContainsKey).Select(number => new FixedSeat(index[number], State.TableOf(round, number), round))).Where(seat => seat.Table >= 0)],
        }, plan);
    }
}

/// <summary>Opens the draft, adds steps to it, and takes them back. Nothing is lost: before another version takes its place, a changed draft is kept as a version.</summary>
public sealed class DraftDesk(Db db, SeatingDesk desk, TimeProvider clock)
{
    /// <summary>Steps that are kept to be undone.</summary>
    private const int MostSteps = 200;

    /// <summary>The draft, or null while nothing is planned.</summary>
    public async Task<OpenDraft?> OpenAsync(SiteId site, IReadOnlyList<Seatable> everybody, CancellationToken cancellationToken)
    {
        int inForce = await db.SeatingPlans.Where(plan => plan.SiteId == site && plan.IsCurrent).MaxAsync(plan => (int?)plan.Version, cancellationToken) ?? 0;
        SeatingDraft row = await RowAsync(site, cancellationToken);
        if (row.BasedOn == 0 || (row.Position == 0 && !row.Opened))
        {
            row.BasedOn = inForce;
        }

        if (await db.SeatingPlans.AsNoTracking().FirstOrDefaultAsync(plan => plan.SiteId == site && plan.Version == row.BasedOn, cancellationToken) is not { } version)
        {
            return null;
        }

        var steps = await db.SeatingSteps.Where(step => step.SiteId == site).OrderBy(step => step.Number).Select(step => new { step.Number, step.ReasonCode }).ToListAsync(cancellationToken);
        DraftState state;
        if (row.Position == 0)
        {
            version.Seats = await db.Seats.AsNoTracking().Where(seat => seat.PlanId == version.Id).ToListAsync(cancellationToken);
            state = DraftState.Of(version, everybody.ToDictionary(person => person.Id));
        }
        else
        {
            state = DraftState.Read(await db.SeatingSteps.Where(step => step.SiteId == site && step.Number == row.Position).Select(step => step.StateJson).SingleAsync(cancellationToken));
        }

        return new(
            row, version, inForce, state, steps.Count(step => step.Number <= row.Position), steps.LastOrDefault(step => step.Number <= row.Position)?.ReasonCode ?? "",
            steps.FirstOrDefault(step => step.Number > row.Position)?.ReasonCode ?? "");
    }

    /// <summary>Adds a step after the one that is shown; what had been undone is gone.</summary>
    /// <returns>Whether nobody else changed the draft meanwhile.</returns>
    public async Task<bool> AddAsync(OpenDraft draft, DraftState state, string reason, Guid? by, CancellationToken cancellationToken)
    {
        SeatingDraft row = draft.Row;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.SeatingSteps.Where(step => step.SiteId == row.SiteId && (step.Number > row.Position || step.Number <= row.LastStep - MostSteps)).ExecuteDeleteAsync(cancellationToken);
        row.LastStep++;
        row.Position = row.LastStep;
        db.SeatingSteps.Add(new SeatingStep { SiteId = row.SiteId, Number = row.Position, ReasonCode = reason, StateJson = state.ToJson(), At = clock.GetUtcNow(), StaffId = by });
        if (!await SavedAsync(row, cancellationToken))
        {
            return false;
        }

        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Shows the step before, or the one after.</summary>
    public async Task<bool> TurnAsync(OpenDraft draft, bool back, CancellationToken cancellationToken)
    {
        SeatingDraft row = draft.Row;
        IQueryable<int> numbers = db.SeatingSteps.Where(step => step.SiteId == row.SiteId).Select(step => step.Number);
        int? turned = back
            ? await numbers.Where(number => number < row.Position).MaxAsync(number => (int?)number, cancellationToken) ?? (draft.CanUndo ? 0 : null)
            : await numbers.Where(number => number > row.Position).MinAsync(number => (int?)number, cancellationToken);
        if (turned is not { } position)
        {
            return true;
        }

        row.Position = position;
        return await SavedAsync(row, cancellationToken);
    }

    /// <summary>Saves the draft as a version, which the draft then begins from.</summary>
    public async Task<SeatingPlanVersion> KeepAsync(OpenDraft draft, IReadOnlyList<Seatable> everybody, Guid by, bool inForce, CancellationToken cancellationToken)
    {
        IReadOnlyList<Seatable> people = draft.Concerned(everybody);
        (SeatingProblem problem, SeatingPlan plan) = draft.Measured(people, await desk.CriteriaAsync(draft.Row.SiteId, cancellationToken), await desk.FacilitatorsAsync(draft.Row.SiteId, cancellationToken));
        SeatingChoices rules = SeatingChoices.Of(draft.Base) with
        {
            Fixed = [.. draft.State.Pins.SelectMany((pins, round) => pins.Select(number => new FixedChoice(number, draft.State.TableOf(round, number) + 1, round + 1))).Where(seat => seat.Table > 0)],
        };
        SeatingPlanVersion kept = await desk.SaveAsync(
            draft.Row.SiteId, problem, people, plan, rules, new("edited", draft.Base.Seed, draft.Base.Version, by, false), cancellationToken);
        await BeginAsync(draft.Row, kept.Version, opened: !inForce, cancellationToken);
        if (inForce)
        {
            await desk.PutInForceAsync(draft.Row.SiteId, kept.Version, by, cancellationToken);
        }

        return kept;
    }

    /// <summary>Begins the draft anew from a version.</summary>
    public async Task BeginAsync(SeatingDraft row, int version, bool opened, CancellationToken cancellationToken)
    {
        await db.SeatingSteps.Where(step => step.SiteId == row.SiteId).ExecuteDeleteAsync(cancellationToken);
        (row.BasedOn, row.Position, row.Opened) = (version, 0, opened);
        await SavedAsync(row, cancellationToken);
    }

    /// <summary>What the organiser chose for the next planning.</summary>
    public async Task<SeatingChoices> RulesAsync(SiteId site, CancellationToken cancellationToken) => SeatingChoices.Read((await RowAsync(site, cancellationToken)).RulesJson);

    public async Task SaveRulesAsync(SiteId site, SeatingChoices rules, CancellationToken cancellationToken)
    {
        SeatingDraft row = await RowAsync(site, cancellationToken);
        row.RulesJson = rules.ToJson();
        await SavedAsync(row, cancellationToken);
    }

    public async Task<SeatingDraft> RowAsync(SiteId site, CancellationToken cancellationToken) =>
        await db.SeatingDrafts.FirstOrDefaultAsync(draft => draft.SiteId == site, cancellationToken) ?? new() { SiteId = site };

    private async Task<bool> SavedAsync(SeatingDraft row, CancellationToken cancellationToken)
    {
        if (db.Entry(row).State == EntityState.Detached)
        {
            db.SeatingDrafts.Add(row);
        }

        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException)
        {
            // Two organisers at once: the first one's change stands, the second one sees it and decides anew.
            db.ChangeTracker.Clear();
            return false;
        }
    }
}
