using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Proofs;
using Polyphony.Sortition;
using Polyphony.Storage;
using Polyphony.Storage.Draws;
using Polyphony.Storage.Participants;
using Polyphony.Storage.Pools;

namespace Polyphony.Web.Draws;

/// <summary>The pool of a dialogue as the draw sees it: people in the order of their tickets.</summary>
public sealed record DrawPool(SortitionPool Pool, IReadOnlyList<PoolMember> Members, IReadOnlyList<Criterion> Criteria);

/// <summary>What a computed lottery keeps: counts and targets in the order of the tickets.</summary>
public sealed record LotteryResult(IReadOnlyList<int> Counts, IReadOnlyList<double> Targets, double Bound, IReadOnlyList<int> Uncoverable, int Panels, double Seconds)
{
    public double LeastChance => Counts.Index().Where(pair => !Uncoverable.Contains(pair.Index)).Select(pair => (double)pair.Item / Panels).DefaultIfEmpty(0).Min();

    public double GreatestChance => (double)Counts.Max() / Panels;

    public double GreatestChange => Counts.Index().Max(pair => Math.Abs(((double)pair.Item / Panels) - Targets[pair.Index]));

    public IReadOnlyList<double> Chances => [.. Counts.Select(count => (double)count / Panels)];
}

/// <summary>Translates between saved pools and lotteries and the pure libraries.</summary>
public sealed class DrawDesk(Db db)
{
    /// <summary>Whether pool and quotas may still change.</summary>
    public Task<bool> IsFrozenAsync(DialogueId dialogue, CancellationToken cancellationToken) => db.Lotteries.AnyAsync(
        lottery => lottery.DialogueId == dialogue && lottery.Kind == LotteryKind.Panel && (lottery.State == LotteryState.Frozen || lottery.State == LotteryState.Drawn), cancellationToken);

    public async Task<DrawPool> PoolAsync(DialogueId dialogue, int size, CancellationToken cancellationToken)
    {
        List<Criterion> criteria = await db.Criteria.AsNoTracking().Include(criterion => criterion.Values)
            .Where(criterion => criterion.DialogueId == dialogue).OrderBy(criterion => criterion.Position).ToListAsync(cancellationToken);
        List<PoolMember> members = await db.PoolMembers.AsNoTracking().Where(member => member.DialogueId == dialogue).ToListAsync(cancellationToken);
        members.Sort((a, b) => a.Ticket.AsSpan().SequenceCompareTo(b.Ticket));
        return new(
            new SortitionPool(
                [
                    .. criteria.Select(criterion => new QuotaSet(criterion.Name, [
                        .. criterion.Values.OrderBy(value => value.Position).Select(value => new Quota(value.Name, value.Min, value.Max, value.MinFlex, value.MaxFlex)),
                    ])),
                ],
                [.. members.Select(member => new Candidate(Convert.ToHexStringLower(member.Ticket), member.Values, member.HouseholdKey))],
                size),
            members,
            criteria);
    }

    public Task<Lottery?> NewestAsync(DialogueId dialogue, LotteryKind kind, CancellationToken cancellationToken) => db.Lotteries
        .Where(lottery => lottery.DialogueId == dialogue && lottery.Kind == kind).OrderByDescending(lottery => lottery.Attempt).FirstOrDefaultAsync(cancellationToken);

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

    public static int[] Panel(Lottery lottery, int number)
    {
        int[] panel = new int[lottery.PanelSize];
        for (int i = 0; i < panel.Length; i++)
        {
            panel[i] = BinaryPrimitives.ReadInt32LittleEndian(lottery.Panels.AsSpan(((number * lottery.PanelSize) + i) * 4));
        }

        return panel;
    }

    /// <summary>The commitment to a person: SHA-256(0x00 ‖ JCS{nonce, strata, ticket}).</summary>
    public static byte[] Leaf(PoolMember member, IReadOnlyList<Criterion> criteria)
    {
        JsonObject strata = [];
        foreach ((int index, Criterion criterion) in criteria.Index())
        {
            strata[criterion.Name] = criterion.Values.Single(value => value.Position == member.Values[index]).Name;
        }

        return MerkleTree.LeafHash(CanonicalJson.Serialize(new JsonObject
        {
            ["nonce"] = Convert.ToHexStringLower(member.Nonce),
            ["strata"] = strata,
            ["ticket"] = Convert.ToHexStringLower(member.Ticket),
        }));
    }

    /// <summary>Everything that is published before the randomness exists.</summary>
    public static JsonObject Manifest(string slug, Lottery lottery, DrawPool pool, IReadOnlyList<DeclaredSource> sources, DateTimeOffset frozenAt)
    {
        int count = lottery.Panels.Length / 4 / lottery.PanelSize;
        return new JsonObject
        {
            ["alg"] = "PD1",
            ["attempt"] = lottery.Attempt,
            ["dialogue"] = slug,
            ["format"] = 1,
            ["frozenAt"] = Instant(frozenAt),
            ["kind"] = "panel",
            ["objective"] = lottery.Objective,
            ["panels"] = new JsonArray([.. Enumerable.Range(0, count).Select(number => (JsonNode)Pd1.PanelHash(Panel(lottery, number).Select(person => pool.Pool.People[person].Ticket)))]),
            ["pool"] = new JsonObject
            {
                ["root"] = Convert.ToHexStringLower(MerkleTree.Root([.. pool.Members.Select(member => Leaf(member, pool.Criteria))])),
                ["size"] = pool.Members.Count,
            },
            ["quotas"] = new JsonArray([
                .. pool.Pool.Criteria.SelectMany(criterion => criterion.Quotas.Select(quota => (JsonNode)new JsonObject
                {
                    ["criterion"] = criterion.Name, ["max"] = quota.Max, ["min"] = quota.Min, ["value"] = quota.Value,
                })),
            ]),
            ["size"] = lottery.PanelSize,
            ["sources"] = Sources(sources),
            ["tickets"] = new JsonArray([.. pool.Pool.People.Select(person => (JsonNode)person.Ticket)]),
        };
    }

    public static JsonArray Sources(IReadOnlyList<DeclaredSource> sources) => new([
        .. sources.Select(source => (JsonNode)new JsonObject { ["at"] = Instant(source.At), ["kind"] = KindName(source.Kind), ["name"] = source.Name, ["outOf"] = source.OutOf }),
    ]);

    public static IReadOnlyList<DeclaredSource> SourcesOf(Lottery lottery) => lottery.ManifestJson.Length == 0 ? [] :
    [
        .. JsonNode.Parse(lottery.ManifestJson)!["sources"]!.AsArray().Select(source => new DeclaredSource(
            (string)source!["kind"]! switch { "dice" => DrawSourceKind.Dice, "lottery" => DrawSourceKind.NumberLottery, _ => DrawSourceKind.Beacon },
            (string)source["name"]!, (int)source["outOf"]!,
            DateTimeOffset.Parse((string)source["at"]!, System.Globalization.CultureInfo.InvariantCulture))),
    ];

    public static byte[] ManifestHash(Lottery lottery) => Pd1.ManifestHash(Encoding.UTF8.GetBytes(lottery.ManifestJson));

    public static string KindName(DrawSourceKind kind) => kind switch { DrawSourceKind.Dice => "dice", DrawSourceKind.NumberLottery => "lottery", _ => "beacon" };

    public static string Instant(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A code for a badge: six characters without look-alikes.</summary>
    public static string BadgeCode() => RandomNumberGenerator.GetString("23456789ABCDEFGHJKMNPQRSTUVWXYZ", 6);

    /// <summary>Makes participants of people who were drawn, numbered in the order of their tickets so that the number says nothing.</summary>
    public void AddParticipants(DialogueId dialogue, Lottery lottery, IEnumerable<(PoolMember Member, ParticipantId? Replaces)> drawn, int firstNumber, DateTimeOffset now)
    {
        int number = firstNumber;
        foreach ((PoolMember member, ParticipantId? replaces) in drawn)
        {
            db.Participants.Add(new Participant
            {
                Id = new(Guid.CreateVersion7(now)),
                DialogueId = dialogue,
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

/// <summary>A source of randomness as it is named before it exists.</summary>
/// <param name="At">When its value will be known; later than the freeze.</param>
public sealed record DeclaredSource(DrawSourceKind Kind, string Name, int OutOf, DateTimeOffset At);
