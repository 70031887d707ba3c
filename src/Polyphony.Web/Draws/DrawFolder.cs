using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Polyphony.Dialogues;
using Polyphony.Proofs;
using Polyphony.Sheets;
using Polyphony.Sortition;
using Polyphony.Storage.Draws;
using Polyphony.Storage.Participants;
using Polyphony.Storage.Pools;

namespace Polyphony.Web.Draws;

/// <summary>The directory of a draw as the offline tool reads it: what was published, and what only organisers have. The columns are those of docs/draw-specification.md, section 12.</summary>
internal static class DrawFolder
{
    private const string Id = "id";
    private const string Household = "household";

    /// <summary>Columns that the tool looks for by name: a criterion of the same name would be taken for them.</summary>
    private static readonly string[] Reserved = ["ticket", "nonce"];

    public static bool MayBeMade(IEnumerable<Criterion> criteria) => !criteria.Any(criterion => Reserved.Contains(criterion.Name, StringComparer.OrdinalIgnoreCase));

    /// <summary>Which columns of the pool hold ids and households, as the manifest says it to the tool.</summary>
    public static JsonObject Inputs(DrawPool pool) => DrawFiles.Inputs(Homes(pool).Count > 0 ? [Unlike(Household, pool.Criteria)] : [], Unlike(Id, pool.Criteria));

    /// <summary>The pool by ids and tickets: no names, no contacts, and of households a number.</summary>
    public static byte[] Pool(DrawPool pool, JsonObject inputs)
    {
        Dictionary<string, int> homes = Homes(pool);
        string[] household = [.. inputs["household"]!.AsArray().Select(column => (string)column!)];
        return PlainCsv.Write(pool.Members
            .Select(member => (IReadOnlyList<string>)[
                member.ExternalId, Convert.ToHexStringLower(member.Ticket), Convert.ToHexStringLower(member.Nonce), .. household.Select(_ => HomeOf(member)), .. pool.Criteria.Select((criterion, c) => Value(criterion, member.Values[c]).Name),
            ])
            .Prepend([(string)inputs["id"]!, .. Reserved, .. household, .. pool.Criteria.Select(criterion => criterion.Name)]));

        string HomeOf(PoolMember member) => member.HouseholdKey is { } key && homes.TryGetValue(key, out int number) ? number.ToString(CultureInfo.InvariantCulture) : "";
    }

    public static byte[] Quotas(DrawPool pool)
    {
        static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
        return PlainCsv.Write(pool.Pool.Criteria
            .SelectMany(criterion => criterion.Quotas, (criterion, quota) => (IReadOnlyList<string>)[
                criterion.Name, quota.Value, Number(quota.Min), Number(quota.Max), quota.MinFlex is { } low ? Number(low) : "", quota.MaxFlex is { } high ? Number(high) : "",
            ])
            .Prepend(["feature", "value", "min", "max", "min_flex", "max_flex"]));
    }

    /// <summary>Who of those ever drawn stays and who is out.</summary>
    public static byte[] Status(DrawPool pool, IEnumerable<Participant> participants)
    {
        Dictionary<PoolMemberId, string> ids = pool.Members.ToDictionary(member => member.Id, member => member.ExternalId);
        return PlainCsv.Write(participants
            .Select(participant => (IReadOnlyList<string>)[
                ids[participant.PoolMemberId], participant.Status switch { ParticipantStatus.Confirmed => "confirmed", ParticipantStatus.Selected => "selected", ParticipantStatus.Declined => "declined", _ => "withdrawn" },
            ])
            .Prepend([Id, "status"]));
    }

    /// <summary>What proves the lottery: lottery.json with the tables beside it.</summary>
    /// <returns>Null when what was kept of the lottery does not fit the pool.</returns>
    public static IReadOnlyList<(string Name, byte[] Content)>? Lottery(Lottery lottery, JsonObject manifest, DrawPool pool, byte[] poolFile, byte[] quotaFile)
    {
        if (Unpack(lottery.Certificate) is not { } kept)
        {
            return null;
        }

        Dictionary<string, int> positions = pool.Pool.People.Index().ToDictionary(person => person.Item.Ticket, person => person.Index, StringComparer.Ordinal);
        int[] Positions(string list) => manifest[list] is JsonArray tickets ? [.. tickets.Select(ticket => positions[(string)ticket!])] : [];
        int[] staying = Positions("staying"), leaving = Positions("out");
        string[] ids = [.. pool.Members.Select(member => member.ExternalId)];
        ConditionalPool rest = ConditionalPool.Of(pool.Pool, staying, leaving);
        JsonObject inputs = (JsonObject)manifest["inputs"]!;
        LotteryFile file = kept with
        {
            Inputs = new(
                Hash(poolFile), Hash(quotaFile), ids.Length, lottery.PanelSize, [.. inputs["household"]!.AsArray().Select(column => (string)column!)], (string)inputs["id"]!,
                kept.Inputs.Objective, kept.Inputs.Gamma, kept.Inputs.Seed, [.. staying.Select(person => ids[person])], [.. leaving.Select(person => ids[person])])
            {
                Quotas = [.. pool.Pool.Criteria.SelectMany(criterion => criterion.Quotas.Select(quota => new DeclaredQuota(criterion.Name, quota.Value, quota.Min, quota.Max)))],
                Replaces = manifest["panel"] is { } before ? new((string)before!, lottery.Attempt) : null,
            },
        };
        if (file.On(PanelTypes.Of(rest.Rest)) is not { } exact)
        {
            return null;
        }

        int[][] panels = [.. Enumerable.Range(0, DrawDesk.PanelsOf(lottery)).Select(number => DrawDesk.Panel(lottery, number))];
        string[] tickets = [.. pool.Pool.People.Select(person => person.Ticket)];
        return
        [
            (LotteryFile.Name, file.Write()),
            (LotteryTables.ProbabilitiesName, PlainCsv.Write(LotteryTables.ProbabilityRows(ids, tickets, LotteryTables.Chances(ids.Length, rest, exact), LotteryTables.Counts(ids.Length, panels), panels.Length))),
            (LotteryTables.PanelsName, PlainCsv.Write(LotteryTables.PanelRows(ids, panels))),
        ];
    }

    /// <summary>What is kept of a lottery so that it can be proven later: lottery.json without its inputs, which are files that are not made before somebody takes them.</summary>
    public static byte[] Pack(ExactLottery exact, int panels)
    {
        LotteryInputs none = new("", "", exact.Types.Pool.People.Count, exact.Types.Pool.Size, [], null, exact.Objective, 1, "", [], []) { Quotas = [] };
        using MemoryStream packed = new();
        using (GZipStream stream = new(packed, CompressionLevel.Optimal))
        {
            stream.Write(LotteryFile.Of(none, exact, panels).Write());
        }

        return packed.ToArray();
    }

    private static LotteryFile? Unpack(byte[] packed)
    {
        if (packed.Length == 0)
        {
            return null;
        }

        using MemoryStream content = new();
        using (GZipStream stream = new(new MemoryStream(packed), CompressionMode.Decompress))
        {
            stream.CopyTo(content);
        }

        return LotteryFile.Read(content.ToArray());
    }

    /// <summary>Households of two and more, numbered in the order of the tickets, so that the number says nothing.</summary>
    private static Dictionary<string, int> Homes(DrawPool pool) => pool.Members.Where(member => member.HouseholdKey is not null).GroupBy(member => member.HouseholdKey!, StringComparer.Ordinal)
        .Where(home => home.Count() > 1).Select((home, number) => (home.Key, Number: number + 1)).ToDictionary(home => home.Key, home => home.Number, StringComparer.Ordinal);

    private static CriterionValue Value(Criterion criterion, int position) => criterion.Values.Single(value => value.Position == position);

    /// <summary>A header that no criterion has.</summary>
    private static string Unlike(string name, IReadOnlyList<Criterion> criteria)
    {
        while (criteria.Any(criterion => string.Equals(criterion.Name, name, StringComparison.OrdinalIgnoreCase)))
        {
            name += "_";
        }

        return name;
    }

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
