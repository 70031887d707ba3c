using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Sheets;
using Polyphony.Sortition;
using Polyphony.Storage;
using Polyphony.Storage.Journal;
using Polyphony.Storage.Mandates;
using Polyphony.Storage.Pools;
using Polyphony.Web.Audiences;
using Polyphony.Web.Draws;

namespace Polyphony.Web.Recruitment;

/// <summary>What the pages of quotas and pool share.</summary>
public sealed class PoolDesk(Db db, DrawDesk draws, FeasibilityMemory memory, TimeProvider clock)
{
    /// <summary>How many sets of changes are shown: a table of more is not read.</summary>
    private const int Alternatives = 4;

    /// <summary>Why pool and quotas cannot be changed now: <c>frozen</c>, <c>computing</c>, or null.</summary>
    public async Task<string?> LockedAsync(SiteId site, CancellationToken cancellationToken) =>
        await draws.IsFrozenAsync(site, cancellationToken) ? "frozen"
        : await db.Lotteries.AnyAsync(lottery => lottery.SiteId == site && lottery.State == LotteryState.Computing, cancellationToken) ? "computing"
        : null;

    public Task<List<Criterion>> CriteriaAsync(SiteId site, CancellationToken cancellationToken) => db.Criteria.Include(criterion => criterion.Values.OrderBy(value => value.Position))
        .Where(criterion => criterion.SiteId == site).OrderBy(criterion => criterion.Position).ToListAsync(cancellationToken);

    /// <summary>Reads quotas, those on two criteria with the free value that all other pairs are.</summary>
    public static QuotaReading ReadQuotas(Sheet sheet)
    {
        QuotaReading reading = QuotaSheet.Read(sheet);
        List<SheetProblem> problems = [.. reading.Problems];
        if (!reading.Criteria.Any(criterion => JointQuota.IsNamedSo(criterion.Name)))
        {
            return reading;
        }

        string rest = JointQuota.RestNames[CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "fr" ? 1 : 0];
        return reading with { Criteria = JointQuota.Complete(sheet, reading.Criteria, criterion => JointQuota.IsNamedSo(criterion.Name), _ => null, rest, JointQuota.Free, problems), Problems = problems };
    }

    /// <summary>Criteria as the sheets know them.</summary>
    public static IReadOnlyList<QuotaCriterion> AsSheet(IEnumerable<Criterion> criteria) =>
    [
        .. criteria.Select(criterion => new QuotaCriterion(criterion.Name, [
            .. criterion.Values.OrderBy(value => value.Position).Select(value => new QuotaValue(value.Name, value.Min, value.Max, value.MinFlex, value.MaxFlex, value.Target)),
        ])),
    ];

    /// <summary>Notes a change at the site of the request in the journal and ends computed lotteries and tests that were prepared, which were about another pool; the caller saves.</summary>
    public Task ChangedAsync(DialogueScope scope, string code, string facts, CancellationToken cancellationToken) =>
        ChangedAsync(scope, [scope.SiteId], code, scope.HasManySites ? WithSite(facts, scope.Site!) : facts, cancellationToken);

    /// <summary>The same for a change at several sites, which is one entry of the journal.</summary>
    public async Task ChangedAsync(DialogueScope scope, IReadOnlyList<SiteId> sites, string code, string facts, CancellationToken cancellationToken)
    {
        db.Journal.Add(new JournalEntry { At = clock.GetUtcNow(), DialogueId = scope.DialogueId, StaffId = scope.Staff.Id, Code = code, Facts = facts });
        foreach (Storage.Draws.Lottery lottery in await db.Lotteries.Where(lottery => sites.Contains(lottery.SiteId)
            && (lottery.State == LotteryState.Computed || (lottery.Kind == LotteryKind.Test && lottery.State == LotteryState.Frozen))).ToListAsync(cancellationToken))
        {
            lottery.State = LotteryState.Ended;
            lottery.EndCode = "pool-changed";
            db.Journal.Add(draws.Entry(lottery.Kind == LotteryKind.Test ? "test.ended" : "lottery.ended", lottery, DrawDesk.EndFacts(lottery)));
        }
    }

    /// <summary>A lottery for another number of places is no longer one for this site; the caller saves.</summary>
    public Task PlacesChangedAsync(DialogueScope scope, Site site, CancellationToken cancellationToken) =>
        ChangedAsync(scope, [site.Id], "quotas.places", $"{{\"site\":\"{site.Code}\"}}", cancellationToken);

    /// <summary>Adds somebody with a fresh ticket.</summary>
    public void AddPerson(Site site, PoolPerson person)
    {
        DateTimeOffset now = clock.GetUtcNow();
        Person identity = new()
        {
            Id = new(Guid.CreateVersion7(now)),
            DialogueId = site.DialogueId,
            Name = person.Name,
            Email = person.Email,
            Language = person.Language,
            PostalAddress = person.Address,
        };
        db.People.Add(identity);
        db.PoolMembers.Add(new PoolMember
        {
            Id = new(Guid.CreateVersion7(now)),
            DialogueId = site.DialogueId,
            SiteId = site.Id,
            PersonId = identity.Id,
            ExternalId = person.Id,
            Values = [.. person.Values],
            HouseholdKey = person.HouseholdKey,
            Ticket = RandomNumberGenerator.GetBytes(16),
            Nonce = RandomNumberGenerator.GetBytes(32),
        });
    }

    /// <summary>Counts and feasibility of the pool as it is; kept until the journal notes a change.</summary>
    public async Task<PoolState> StateAsync(SiteId site, int size, CancellationToken cancellationToken)
    {
        DialogueId dialogue = await db.Sites.Where(at => at.Id == site).Select(at => at.DialogueId).SingleAsync(cancellationToken);
        long version = await db.Journal.Where(entry => entry.DialogueId == dialogue && (entry.Code.StartsWith("pool.") || entry.Code.StartsWith("quotas.")))
            .MaxAsync(entry => (long?)entry.Id, cancellationToken) ?? -1;
        if (memory.Find(site, version, size) is { } known)
        {
            return known;
        }

        DrawPool pool = await draws.PoolAsync(site, size, cancellationToken);
        int[][] counts = [.. pool.Pool.Criteria.Select(criterion => new int[criterion.Quotas.Count])];
        foreach (Candidate person in pool.Pool.People)
        {
            for (int c = 0; c < counts.Length; c++)
            {
                counts[c][person.Values[c]]++;
            }
        }

        QuotaFeasibility? feasibility = size < 1 || pool.Pool.People.Count < size || counts.Length == 0
            ? null
            : await Task.Run(() => QuotaFeasibility.Of(PanelTypes.Of(pool.Pool), cancellationToken), cancellationToken);
        return memory.Keep(site, new PoolState(version, size, pool.Pool.People.Count, counts, feasibility));
    }

    /// <summary>What to do about quotas that cannot be met; null where they can, or nothing is decided.</summary>
    public async Task<Relaxations?> AdviceAsync(SiteId site, PoolState state, CancellationToken cancellationToken)
    {
        if (state.Feasibility is not (QuotaFeasibility.Infeasible or QuotaFeasibility.Impossible))
        {
            return null;
        }

        if (memory.Advice(site, state) is { } known)
        {
            return known;
        }

        DrawPool pool = await draws.PoolAsync(site, state.Size, cancellationToken);
        return memory.Keep(site, state, await Task.Run(() => Relaxations.Of(PanelTypes.Of(pool.Pool), Alternatives, cancellationToken), cancellationToken));
    }

    /// <summary>The journal's facts about the suggestion that was taken last, if nothing was changed after it.</summary>
    public async Task<string?> BeforeAsync(DialogueScope scope, PoolState state, CancellationToken cancellationToken) => await db.Journal
        .Where(entry => entry.Id == state.Version && entry.DialogueId == scope.DialogueId && entry.Code == RelaxQuotas.Applied).Select(entry => entry.Facts).SingleOrDefaultAsync(cancellationToken) is { } facts
        && (!scope.HasManySites || (string?)JsonNode.Parse(facts)!["site"] == scope.Site!.Code) ? facts : null;

    /// <summary>Facts of the journal that say at which of several sites.</summary>
    private static string WithSite(string facts, Site site)
    {
        JsonNode node = JsonNode.Parse(facts)!;
        node["site"] = site.Code;
        return node.ToJsonString();
    }
}

/// <summary>A pool in numbers.</summary>
/// <param name="Version">The journal entry after which nothing changed.</param>
/// <param name="Size">People on the panel.</param>
/// <param name="People">People in the pool.</param>
/// <param name="Counts">For each criterion and value, people in the pool.</param>
/// <param name="Feasibility">Null when there is nothing to decide yet: no quotas, no size or fewer people than places.</param>
public sealed record PoolState(long Version, int Size, int People, IReadOnlyList<IReadOnlyList<int>> Counts, QuotaFeasibility? Feasibility);

/// <summary>Remembers the last state of each pool: deciding feasibility takes longer than a page may.</summary>
public sealed class FeasibilityMemory
{
    private readonly ConcurrentDictionary<SiteId, PoolState> states = new();

    private readonly ConcurrentDictionary<SiteId, (PoolState State, Relaxations Advice)> advice = new();

    public Relaxations? Advice(SiteId site, PoolState state) =>
        advice.TryGetValue(site, out (PoolState State, Relaxations Advice) kept) && ReferenceEquals(kept.State, state) ? kept.Advice : null;

    public Relaxations Keep(SiteId site, PoolState state, Relaxations relaxations) => (advice[site] = (state, relaxations)).Advice;

    public PoolState? Find(SiteId site, long version, int size) =>
        states.TryGetValue(site, out PoolState? state) && state.Version == version && state.Size == size ? state : null;

    public PoolState Keep(SiteId site, PoolState state) => states[site] = state;
}
