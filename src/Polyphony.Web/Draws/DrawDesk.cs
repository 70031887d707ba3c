using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Proofs;
using Polyphony.Sheets;
using Polyphony.Sortition;
using Polyphony.Storage;
using Polyphony.Storage.Draws;
using Polyphony.Storage.Journal;
using Polyphony.Storage.Mandates;
using Polyphony.Storage.Participants;
using Polyphony.Storage.Pools;
using Polyphony.Web.Audiences;
using Polyphony.Web.Journal;

namespace Polyphony.Web.Draws;

/// <summary>The pool of a site as the draw sees it: people in the order of their tickets.</summary>
public sealed record DrawPool(SortitionPool Pool, IReadOnlyList<PoolMember> Members, IReadOnlyList<Criterion> Criteria)
{
    /// <summary>For replacements by lottery: who stays, and what is left to draw.</summary>
    public ConditionalPool? Left { get; init; }
}

/// <summary>Translates between saved pools and lotteries and the pure libraries.</summary>
public sealed class DrawDesk(Db db, LogKeeper keeper, TimeProvider clock)
{
    /// <summary>What computes the panels, as the manifest names it.</summary>
    private static readonly string Algorithm = "Polyphony.Sortition " + typeof(FairLottery).Assembly.GetName().Version!.ToString(3);

    /// <summary>Whether pool and quotas may still change.</summary>
    public Task<bool> IsFrozenAsync(SiteId site, CancellationToken cancellationToken) => db.Lotteries.AnyAsync(
        lottery => lottery.SiteId == site && lottery.Kind == LotteryKind.Panel && (lottery.State == LotteryState.Frozen || lottery.State == LotteryState.Drawn), cancellationToken);

    public async Task<DrawPool> PoolAsync(SiteId site, int size, CancellationToken cancellationToken)
    {
        List<Criterion> criteria = await db.Criteria.AsNoTracking().Include(criterion => criterion.Values)
            .Where(criterion => criterion.SiteId == site).OrderBy(criterion => criterion.Position).ToListAsync(cancellationToken);
        List<PoolMember> members = await db.PoolMembers.AsNoTracking().Where(member => member.SiteId == site).ToListAsync(cancellationToken);
        members.Sort((a, b) => a.Ticket.AsSpan().SequenceCompareTo(b.Ticket));
        return new(
            new SortitionPool(
                [
                    .. criteria.Select(criterion => new QuotaSet(criterion.Name, [
                        .. criterion.Values.OrderBy(value => value.Position).Select(value => new Quota(value.Name, value.Min, JointQuota.IsRest(value.Name) ? Math.Min(value.Max, size) : value.Max, value.MinFlex, value.MaxFlex)),
                    ])),
                ],
                [.. members.Select(member => new Candidate(Convert.ToHexStringLower(member.Ticket), member.Values, member.HouseholdKey))],
                size),
            members,
            criteria);
    }

    /// <summary>The pool of a lottery, and for replacements by lottery what is left of it to draw.</summary>
    /// <returns>Null when those who stay alone break a quota: then nobody can be drawn.</returns>
    public async Task<DrawPool?> PoolOfAsync(Lottery lottery, CancellationToken cancellationToken)
    {
        if (lottery.ConditionsJson.Length == 0)
        {
            return await PoolAsync(lottery.SiteId, lottery.PanelSize, cancellationToken);
        }

        JsonNode conditions = JsonNode.Parse(lottery.ConditionsJson)!;
        HashSet<string> staying = [.. conditions["staying"]!.AsArray().Select(ticket => (string)ticket!)];
        HashSet<string> leaving = [.. conditions["out"]!.AsArray().Select(ticket => (string)ticket!)];
        DrawPool whole = await PoolAsync(lottery.SiteId, lottery.PanelSize, cancellationToken);
        ConditionalPool left = ConditionalPool.Of(
            whole.Pool, [.. whole.Pool.People.Index().Where(person => staying.Contains(person.Item.Ticket)).Select(person => person.Index)],
            [.. whole.Pool.People.Index().Where(person => leaving.Contains(person.Item.Ticket)).Select(person => person.Index)]);
        return left.Overfilled.Count > 0 ? null : whole with { Left = left };
    }

    public Task<Lottery?> NewestAsync(SiteId site, LotteryKind kind, CancellationToken cancellationToken) => db.Lotteries
        .Where(lottery => lottery.SiteId == site && lottery.Kind == kind).OrderByDescending(lottery => lottery.Attempt).FirstOrDefaultAsync(cancellationToken);

    public Task<Lottery?> NewestAsync(SiteId site, LotteryKind kind, LotteryState state, CancellationToken cancellationToken) => db.Lotteries
        .Where(lottery => lottery.SiteId == site && lottery.Kind == kind && lottery.State == state).OrderByDescending(lottery => lottery.Attempt).FirstOrDefaultAsync(cancellationToken);

    public static LotteryResult? Result(Lottery lottery) => lottery.ResultJson.Length == 0 ? null : JsonSerializer.Deserialize<LotteryResult>(lottery.ResultJson);

    /// <summary>Panels as positions of 4 bytes each, little-endian, panel after panel.</summary>
    public static byte[] Pack(IReadOnlyList<IReadOnlyList<int>> panels)
    {
        byte[] packed = new byte[panels.Sum(panel => panel.Count) * 4];
        int at = 0;
        foreach (int person in panels.SelectMany(panel => panel))
        {
            BinaryPrimitives.WriteInt32LittleEndian(packed.AsSpan(at), person);
            at += 4;
        }

        return packed;
    }

    /// <summary>How many numbered panels are kept.</summary>
    public static int PanelsOf(Lottery lottery) => lottery.PanelSize == 0 ? 0 : lottery.Panels.Length / 4 / lottery.PanelSize;

    /// <summary>The number of a panel, as many digits wide as the greatest: 007 of a thousand.</summary>
    public static string Number(int number, int panels) => number.ToString("D" + Math.Max(0, panels - 1).ToString(CultureInfo.InvariantCulture).Length, CultureInfo.InvariantCulture);

    public static int[] Panel(Lottery lottery, int number)
    {
        int[] panel = new int[lottery.PanelSize];
        for (int i = 0; i < panel.Length; i++)
        {
            panel[i] = BinaryPrimitives.ReadInt32LittleEndian(lottery.Panels.AsSpan(((number * lottery.PanelSize) + i) * 4));
        }

        return panel;
    }

    /// <summary>What is committed of a person, before hashing.</summary>
    public static JsonObject Leaf(PoolMember member, IReadOnlyList<Criterion> criteria) => DrawFiles.PersonLeaf(
        member.Ticket, member.Nonce, criteria.Index().Select(pair => KeyValuePair.Create(pair.Item.Name, pair.Item.Values.Single(value => value.Position == member.Values[pair.Index]).Name)));

    public static byte[][] LeafHashes(DrawPool pool) => [.. pool.Members.Select(member => MerkleTree.LeafHash(CanonicalJson.Serialize(Leaf(member, pool.Criteria))))];

    /// <summary>What any freeze says.</summary>
    public FrozenDraw Frozen(string slug, int attempt, IReadOnlyList<DeclaredSource> sources, DateTimeOffset frozenAt) => new(attempt, slug, frozenAt, sources, keeper.Key);

    /// <summary>Everything that is published before the randomness exists.</summary>
    /// <param name="label">The code of the site when several draw from the same sources; otherwise null.</param>
    public JsonObject Manifest(string slug, Lottery lottery, DrawPool pool, IReadOnlyList<DeclaredSource> sources, DateTimeOffset frozenAt, string? label = null)
    {
        JsonObject manifest = PanelManifest(Frozen(slug, lottery.Attempt, sources, frozenAt) with { Label = label }, lottery, pool);
        manifest["inputs"] = DrawFolder.Inputs(pool);
        if (lottery.ConditionsJson.Length > 0)
        {
            foreach ((string name, JsonNode? tickets) in JsonNode.Parse(lottery.ConditionsJson)!.AsObject())
            {
                manifest[name] = tickets!.DeepClone();
            }
        }

        if (Result(lottery) is { EndedByLimit: true })
        {
            manifest["search"] = "ended-by-limit";
        }

        return manifest;
    }

    private static JsonObject PanelManifest(FrozenDraw frozen, Lottery lottery, DrawPool pool) => DrawFiles.PanelManifest(
        frozen, lottery.Kind.ToString().ToLowerInvariant(), lottery.Objective, Algorithm, [.. pool.Pool.People.Select(person => person.Ticket)], MerkleTree.Root(LeafHashes(pool)), lottery.PanelSize,
        pool.Pool.Criteria.SelectMany(criterion => criterion.Quotas.Select(quota => new DeclaredQuota(criterion.Name, quota.Value, quota.Min, quota.Max))),
        Enumerable.Range(0, PanelsOf(lottery)).Select(number => Panel(lottery, number).Select(person => pool.Pool.People[person].Ticket)));

    /// <summary>The numbered panels with their tickets, as the manifest lists them: what it says stays true when the pool is erased.</summary>
    public static JsonObject PanelsFile(Lottery lottery)
    {
        string[] tickets = [.. JsonNode.Parse(lottery.ManifestJson)!["tickets"]!.AsArray().Select(ticket => (string)ticket!)];
        return DrawFiles.Panels(ManifestHash(lottery), Enumerable.Range(0, PanelsOf(lottery)).Select(number => Panel(lottery, number).Select(person => tickets[person])));
    }

    /// <summary>The name of a site's draw among those of the same sources; a site that is alone needs none.</summary>
    public static string? Label(DialogueScope scope, Site site) => scope.HasManySites ? site.Code : null;

    /// <summary>Saves what makes lotteries go from one state to the next, unless somebody else was faster: then nothing is saved.</summary>
    /// <remarks>The journal is written first, as everywhere: who holds its place waits for nobody who waits for it.</remarks>
    public async Task<bool> TryAdvanceAsync(IEnumerable<Lottery> lotteries, LotteryState from, LotteryState to, CancellationToken cancellationToken)
    {
        LotteryId[] ids = [.. lotteries.Select(lottery => lottery.Id)];
        IQueryable<Lottery> ready = db.Lotteries.Where(lottery => ids.Contains(lottery.Id) && lottery.State == from);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException)
        {
            // Some of what the other one saved may be there once only.
            await transaction.RollbackAsync(cancellationToken);
            if (await ready.CountAsync(cancellationToken) == ids.Length)
            {
                throw;
            }

            return false;
        }

        if (await ready.ExecuteUpdateAsync(set => set.SetProperty(lottery => lottery.State, to), cancellationToken) < ids.Length)
        {
            return false;
        }

        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>An entry of the journal about an attempt.</summary>
    public JournalEntry Entry(string code, Lottery lottery, string facts, Guid? staff = null, DateTimeOffset? at = null) =>
        new() { At = at ?? clock.GetUtcNow(), DialogueId = lottery.DialogueId, StaffId = staff, Code = code, Facts = facts };

    public static string AttemptFacts(Lottery lottery) => Text(new JsonObject { ["attempt"] = lottery.Attempt });

    public static string ComputedFacts(Lottery lottery) => Text(new JsonObject { ["attempt"] = lottery.Attempt, ["panels"] = Convert.ToHexStringLower(SHA256.HashData(lottery.Panels)) });

    public static string EndFacts(Lottery lottery) => Text(new JsonObject { ["attempt"] = lottery.Attempt, ["reason"] = lottery.EndCode });

    public static string FreezeFacts(Lottery lottery) => DrawFiles.FreezeFacts(lottery.Attempt, ManifestHash(lottery));

    /// <summary>Whether the log holds the freeze, unchanged, and every source speaks later than its entry.</summary>
    public async Task<bool> WasLoggedBeforeAsync(Lottery lottery, IReadOnlyList<DeclaredSource> sources, CancellationToken cancellationToken) =>
        await EntryAsync(lottery, FreezeFacts(lottery), cancellationToken) is { } entry && entry.ToLogEntry().Hash().AsSpan().SequenceEqual(entry.Hash) && sources.All(source => source.At > entry.At);

    /// <summary>The record as it is published, with what the log says of it.</summary>
    public async Task<byte[]> RecordFileAsync(Lottery lottery, CancellationToken cancellationToken)
    {
        JsonObject record = (JsonObject)JsonNode.Parse(lottery.RecordJson)!;
        if (await EntryAsync(lottery, FreezeFacts(lottery), cancellationToken) is { } frozen && await EntryAsync(lottery, DrawFiles.DrawFacts(lottery.Attempt, record), cancellationToken) is { } drawn
            && await keeper.ProveAsync(db, frozen, drawn, cancellationToken) is { } proven)
        {
            record = DrawFiles.WithLog(record, proven.Checkpoint, proven.Frozen, proven.Drawn);
        }

        // Without its log a record still says what was drawn, and every verifier refuses it for what is missing.
        return CanonicalJson.Serialize(record);
    }

    private Task<JournalEntry?> EntryAsync(Lottery lottery, string facts, CancellationToken cancellationToken) => db.Journal.AsNoTracking()
        .Where(entry => entry.DialogueId == lottery.DialogueId && entry.Facts == facts).OrderBy(entry => entry.Id).FirstOrDefaultAsync(cancellationToken);

    private static string Text(JsonObject facts) => Encoding.UTF8.GetString(CanonicalJson.Serialize(facts));

    public static IReadOnlyList<DeclaredSource> SourcesOf(Lottery lottery) => lottery.ManifestJson.Length == 0 ? [] :
    [
        .. JsonNode.Parse(lottery.ManifestJson)!["sources"]!.AsArray().Select(source => new DeclaredSource(
            DrawFiles.Kind((string)source!["kind"]!) ?? throw new System.Diagnostics.UnreachableException(),
            (string)source["name"]!, (int)source["outOf"]!,
            DateTimeOffset.Parse((string)source["at"]!, CultureInfo.InvariantCulture))),
    ];

    /// <summary>The tickets that a draw came to; none before it was held.</summary>
    public static IReadOnlyList<string> Selected(Lottery lottery) => lottery.RecordJson.Length == 0 ? [] : [.. JsonNode.Parse(lottery.RecordJson)!["selected"]!.AsArray().Select(ticket => (string)ticket!)];

    public static byte[] ManifestHash(Lottery lottery) => Pd1.ManifestHash(Encoding.UTF8.GetBytes(lottery.ManifestJson));

    public static string KindName(DrawSourceKind kind) => DrawFiles.KindName(kind);

    /// <summary>A code for a badge: six characters without look-alikes.</summary>
    public static string BadgeCode() => RandomNumberGenerator.GetString("23456789ABCDEFGHJKMNPQRSTUVWXYZ", 6);

    /// <summary>Makes participants of people who were drawn, numbered in the order of their tickets so that the number says nothing.</summary>
    public void AddParticipants(Lottery lottery, IEnumerable<(PoolMember Member, ParticipantId? Replaces)> drawn, int firstNumber, DateTimeOffset now)
    {
        int number = firstNumber;
        foreach ((PoolMember member, ParticipantId? replaces) in drawn)
        {
            db.Participants.Add(new Participant
            {
                Id = new(Guid.CreateVersion7(now)),
                DialogueId = lottery.DialogueId,
                SiteId = lottery.SiteId,
                PoolMemberId = member.Id,
                PersonId = member.PersonId,
                Number = number++,
                Status = ParticipantStatus.Selected,
                LotteryId = lottery.Id,
                Replaces = replaces,
                SelectedAt = now,
                BadgeCode = BadgeCode(),
            });
        }
    }
}
