using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Seating;
using Polyphony.Storage;
using Polyphony.Storage.Journal;
using Polyphony.Storage.Mandates;
using Polyphony.Storage.Pools;
using Polyphony.Storage.Tables;

namespace Polyphony.Web.Tables;

/// <summary>Somebody as the seating plan knows them: number, criteria, household, language and whether they wrote of a need of access; no name.</summary>
public sealed record Seatable(
    ParticipantId Id, int Number, IReadOnlyList<int> Values, string? HouseholdKey, Attendance Attendance, bool Confirmed, bool NeedsAccess, string Language, ParticipantId? Replaces)
{
    /// <summary>Whether the person is to sit: said yes, and is not known to be absent.</summary>
    public bool IsComing => Confirmed && Attendance != Attendance.Absent;
}

/// <summary>Why a version of the plan is saved, whether it counts from now on, and the facilitator's role that was given with it.</summary>
public sealed record SavedAs(string Reason, long Seed, int? BasedOn, Guid? By, bool InForce, Guid? GivenRole = null);

/// <summary>Translates between the saved people and plans and the pure planner, and saves new versions of the plan.</summary>
public sealed class SeatingDesk(Db db, TimeProvider clock)
{
    /// <summary>The reason of a version that was taken back on the day: a later undo passes it over.</summary>
    public const string Undone = "undone";

    /// <summary>Languages of people that the planner tells apart.</summary>
    public const int MostLanguages = 63;

    /// <summary>Everybody who is to sit: confirmed, and not known to be absent.</summary>
    public async Task<IReadOnlyList<Seatable>> PeopleAsync(SiteId site, CancellationToken cancellationToken) =>
        [.. (await EverybodyAsync(site, cancellationToken)).Where(person => person.Confirmed)];

    /// <summary>Everybody who ever sat or is to sit, for the measures of an old plan.</summary>
    public async Task<IReadOnlyList<Seatable>> EverybodyAsync(SiteId site, CancellationToken cancellationToken)
    {
        string first = await db.Dialogues.Where(known => known.Sites.Any(at => at.Id == site)).Select(known => known.Languages).FirstOrDefaultAsync(cancellationToken) is [var language, ..] ? language : "";
        List<Seatable> people = await (
            from participant in db.Participants
            where participant.SiteId == site
            join member in db.PoolMembers on participant.PoolMemberId equals member.Id
            join person in db.People on participant.PersonId equals person.Id
            orderby participant.Number
            select new Seatable(
                participant.Id, participant.Number, member.Values, member.HouseholdKey, participant.Attendance, participant.Status == ParticipantStatus.Confirmed, person.AccessNeeds != "", person.Language, participant.Replaces)).ToListAsync(cancellationToken);
        return [.. people.Select(person => person.Language.Length == 0 ? person with { Language = first } : person)];
    }

    /// <summary>Whose seats go with a place: of those who had it before, the last who sits. A place that was drawn for several times has seats of somebody further back.</summary>
    /// <returns>Null where nobody of them sits, or where the place is not free.</returns>
    public static Seatable? SeatsOfPlace(IReadOnlyList<Seatable> everybody, ParticipantId arriving, Func<ParticipantId, bool> sits)
    {
        Dictionary<ParticipantId, Seatable> known = everybody.ToDictionary(person => person.Id);
        Seatable? Before(Seatable person) => person.Replaces is { } replaced ? known.GetValueOrDefault(replaced) : null;
        Seatable? holder = Before(known[arriving]);
        while (holder is { IsComing: false } && !sits(holder.Id))
        {
            holder = Before(holder);
        }

        return holder is { IsComing: false } ? holder : null;
    }

    /// <summary>Names by number, for organisers alone.</summary>
    public async Task<IReadOnlyDictionary<int, string>> NamesAsync(SiteId site, CancellationToken cancellationToken) => await (
        from participant in db.Participants
        where participant.SiteId == site
        join person in db.People on participant.PersonId equals person.Id
        select new { participant.Number, person.Name }).ToDictionaryAsync(person => person.Number, person => person.Name, cancellationToken);

    public async Task<IReadOnlyList<Criterion>> CriteriaAsync(SiteId site, CancellationToken cancellationToken) => await db.Criteria.AsNoTracking().Include(criterion => criterion.Values)
        .Where(criterion => criterion.SiteId == site).OrderBy(criterion => criterion.Position).ToListAsync(cancellationToken);

    /// <summary>Who leads the tables of a site, by name.</summary>
    public async Task<IReadOnlyList<TableFacilitator>> FacilitatorsAsync(SiteId site, CancellationToken cancellationToken)
    {
        Site at = await db.Sites.AsNoTracking().SingleAsync(known => known.Id == site, cancellationToken);
        return [.. (await TeamAsync(at.DialogueId, cancellationToken)).Select(leader => leader with { Table = leader.Table - at.FirstTable })];
    }

    private Task<List<TableFacilitator>> TeamAsync(DialogueId dialogue, CancellationToken cancellationToken) => (
        from role in db.RoleAssignments
        where role.DialogueId == dialogue && role.Role == DialogueRole.Facilitator && role.Table != null
        join staff in db.Users on role.StaffId equals staff.Id
        where staff.LockoutEnd == null || staff.LockoutEnd < DateTimeOffset.MaxValue
        orderby staff.DisplayName, role.Id
        select new TableFacilitator(role.Table!.Value, staff.Id, staff.DisplayName, role.Languages)).ToListAsync(cancellationToken);

    /// <summary>The plan that counts, with its seats.</summary>
    public Task<SeatingPlanVersion?> CurrentAsync(SiteId site, CancellationToken cancellationToken) => db.SeatingPlans.AsNoTracking().Include(plan => plan.Seats)
        .Where(plan => plan.SiteId == site && plan.IsCurrent).OrderByDescending(plan => plan.Version).FirstOrDefaultAsync(cancellationToken);

    /// <summary>The plans that count at all sites of a dialogue.</summary>
    public Task<List<SeatingPlanVersion>> CurrentEverywhereAsync(DialogueId dialogue, CancellationToken cancellationToken) => db.SeatingPlans.AsNoTracking().Include(plan => plan.Seats)
        .Where(plan => plan.DialogueId == dialogue && plan.IsCurrent).OrderBy(plan => plan.FirstTable).ToListAsync(cancellationToken);

    /// <summary>What is to be planned, or null where the seats chosen do not suffice for these people.</summary>
    public async Task<SeatingProblem?> ProblemAsync(SiteId site, IReadOnlyList<Seatable> people, SeatingChoices rules, CancellationToken cancellationToken) =>
        Problem(people, await CriteriaAsync(site, cancellationToken), await FacilitatorsAsync(site, cancellationToken), rules);

    /// <summary>The problem in which a version is measured and repaired: there the tables have the seats that they have.</summary>
    public async Task<SeatingProblem> ProblemAsync(SiteId site, IReadOnlyList<Seatable> people, SeatingPlanVersion version, CancellationToken cancellationToken) =>
        Problem(people, await CriteriaAsync(site, cancellationToken), await FacilitatorsAsync(site, cancellationToken), SeatingChoices.Of(version) with { Seats = [] })!;

    /// <summary>Numbers become places in the list of people; rules about people who are not in it bind nobody.</summary>
    public static SeatingProblem? Problem(IReadOnlyList<Seatable> people, IReadOnlyList<Criterion> criteria, IReadOnlyList<TableFacilitator> facilitators, SeatingChoices rules)
    {
        if (rules.Layouts(people.Count) is not { } layouts)
        {
            return null;
        }

        Dictionary<int, int> index = people.Index().ToDictionary(pair => pair.Item.Number, pair => pair.Index);
        ImmutableArray<ImmutableArray<int>> households = [.. people.Index().Where(pair => pair.Item.HouseholdKey is not null).GroupBy(pair => pair.Item.HouseholdKey)
            .Where(group => group.Count() > 1).Select(group => group.Select(pair => pair.Index).ToImmutableArray())];
        ImmutableArray<string> languages = rules.LanguagesPerTable == 0 ? [] : [.. people.Select(person => person.Language).Distinct().Order(StringComparer.Ordinal).Take(MostLanguages)];
        ILookup<int, TableFacilitator> leaders = facilitators.ToLookup(leader => leader.Table);
        HashSet<int> access = [.. rules.NeedAccess];
        IEnumerable<ImmutableArray<int>> apart = rules.Apart.Select(Indices).Concat(rules.HouseholdsTogether ? [] : households);
        return new SeatingProblem(
            [
                .. people.Select(person => new SeatingPerson(
                    person.Number.ToString(CultureInfo.InvariantCulture), [.. person.Values],
                    languages.IndexOf(person.Language) is >= 0 and var bit ? 1UL << bit : 0,
                    rules.AccessibleTables.Count > 0 && (person.NeedsAccess || access.Contains(person.Number)))),
            ],
            [
                .. criteria.Select((criterion, c) => new SeatingCriterion(
                    criterion.Name, [.. criterion.Values.OrderBy(value => value.Position).Select(value => value.Name)], rules.Of(c).Mode, rules.Of(c).NobodyAlone)),
            ],
            [.. layouts.Select(layout => layout with { Tables = [.. layout.Tables.Select((table, t) => table with { Facilitator = TableFacilitator.Leading(leaders[t], languages) })] })])
        {
            Apart = [.. apart.SelectMany(group => group.SelectMany((first, i) => group.Skip(i + 1).Select(second => new ApartPair(first, second))))],
            Together = [.. rules.Together.Select(Indices).Concat(rules.HouseholdsTogether ? households : []).Where(group => group.Length > 1)],
            Fixed = [.. rules.Fixed.Where(seat => index.ContainsKey(seat.Number)).Select(seat => new FixedSeat(index[seat.Number], seat.Table - 1, seat.Round - 1))],
            Hosts = Indices(rules.Hosts),
            Languages = languages.IsEmpty ? null : new LanguageRule(languages, rules.LanguagesPerTable, rules.Interpreters),
            Value = rules.Value,
        };

        ImmutableArray<int> Indices(IReadOnlyList<int> numbers) => [.. numbers.Where(index.ContainsKey).Select(number => index[number]).Distinct()];
    }

    /// <summary>Reads a saved plan over a list of people; people who are not in the list are left out.</summary>
    public static SeatingPlan Read(SeatingPlanVersion saved, IReadOnlyList<Seatable> people)
    {
        Dictionary<ParticipantId, int> index = people.Index().ToDictionary(pair => pair.Item.Id, pair => pair.Index);
        ILookup<(int Round, int Table), Seat> seats = saved.Seats.Where(seat => index.ContainsKey(seat.ParticipantId)).ToLookup(seat => (seat.Round, seat.Table));
        return new([
            .. Enumerable.Range(1, saved.Rounds).Select(round => new SeatingRound([
                .. saved.TableNumbers.Select(table => seats[(round, table)].OrderBy(seat => seat.Number).Select(seat => index[seat.ParticipantId]).ToImmutableArray()),
            ])),
        ]);
    }

    /// <summary>Saves a plan as the newest version; in force, it counts from now on and the journal says so.</summary>
    public async Task<SeatingPlanVersion> SaveAsync(
        SiteId site, SeatingProblem problem, IReadOnlyList<Seatable> people, SeatingPlan plan, SeatingChoices rules, SavedAs saving, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        Site at = await db.Sites.AsNoTracking().SingleAsync(known => known.Id == site, cancellationToken);
        int version = await db.SeatingPlans.Where(old => old.SiteId == site).MaxAsync(old => (int?)old.Version, cancellationToken) ?? 0;
        SeatingPlanVersion saved = new()
        {
            Id = new(Guid.CreateVersion7(now)),
            DialogueId = at.DialogueId,
            SiteId = site,
            Version = version + 1,
            Tables = plan.Rounds.Max(round => round.Tables.Length),
            FirstTable = at.FirstTable,
            Rounds = plan.Rounds.Length,
            Seed = saving.Seed,
            IsCurrent = saving.InForce,
            CreatedAt = now,
            CreatedBy = saving.By,
            BasedOn = saving.BasedOn,
            GivenRole = saving.GivenRole,
            ReasonCode = saving.Reason,
            RulesJson = rules.ToJson(),
            MeasuresJson = JsonSerializer.Serialize(SeatingMeasures.Of(problem, plan)),
        };
        saved.Seats.AddRange(
            from round in plan.Rounds.Index()
            from table in round.Item.Tables.Index()
            from seat in table.Item.Index()
            select new Seat { PlanId = saved.Id, Round = round.Index + 1, Table = at.FirstTable + table.Index, Number = seat.Index + 1, ParticipantId = people[seat.Item].Id });
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (saving.InForce)
        {
            await db.SeatingPlans.Where(old => old.SiteId == site && old.IsCurrent)
                .ExecuteUpdateAsync(set => set.SetProperty(old => old.IsCurrent, false), cancellationToken);
        }

        db.SeatingPlans.Add(saved);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return saved;
    }

    /// <summary>Makes a saved version the one that counts.</summary>
    /// <returns>Whether there is such a version.</returns>
    public async Task<bool> PutInForceAsync(SiteId site, int version, Guid by, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.SeatingPlans.Where(old => old.SiteId == site && old.IsCurrent && old.Version != version)
            .ExecuteUpdateAsync(set => set.SetProperty(old => old.IsCurrent, false), cancellationToken);
        if (await db.SeatingPlans.Where(plan => plan.SiteId == site && plan.Version == version)
            .ExecuteUpdateAsync(set => set.SetProperty(plan => plan.IsCurrent, true), cancellationToken) == 0)
        {
            await transaction.RollbackAsync(cancellationToken);
            return false;
        }

        db.Journal.Add(new JournalEntry
        {
            At = clock.GetUtcNow(),
            DialogueId = await db.Sites.Where(at => at.Id == site).Select(at => at.DialogueId).SingleAsync(cancellationToken),
            StaffId = by,
            Code = "seats.in-force",
            Facts = string.Create(CultureInfo.InvariantCulture, $"{{\"version\":{version}}}"),
        });
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }
}
