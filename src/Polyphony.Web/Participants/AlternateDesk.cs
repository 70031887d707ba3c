using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Sortition;
using Polyphony.Storage;
using Polyphony.Storage.Draws;
using Polyphony.Storage.Jobs;
using Polyphony.Web.Draws;
using Polyphony.Web.Jobs;

namespace Polyphony.Web.Participants;

/// <summary>How many alternates are wanted and how likely people are to drop out.</summary>
/// <param name="Count">From 1 to <see cref="ChooseAlternates.Most"/>.</param>
/// <param name="Rate">How many in a hundred drop out.</param>
/// <param name="By">Position of the criterion by whose values they do so at different rates; null: all at one rate.</param>
/// <param name="Rates">A rate for each of its values.</param>
/// <param name="SecondsAllowed">After which those who were chosen by then are taken; null for as long as it takes.</param>
public sealed record AlternateWish(int Count, int Rate, int? By, IReadOnlyList<int> Rates, int? SecondsAllowed = null)
{
    /// <summary>One in ten, where nobody knows better; and ten minutes, since other work waits behind this.</summary>
    public static AlternateWish Usual { get; } = new(4, 10, null, [], 600);

    public static AlternateWish Read(string json) => JsonSerializer.Deserialize<AlternateWish>(json)!;

    public string ToJson() => JsonSerializer.Serialize(this);

    /// <summary>How likely somebody with these values is to drop out, 0 to 1.</summary>
    public double DropoutOf(IReadOnlyList<int> values) => (By is { } by ? Rates[values[by]] : Rate) / 100.0;
}

/// <summary>What was computed.</summary>
/// <param name="Staying">People on the panel.</param>
/// <param name="Free">People who could step in.</param>
/// <param name="Damage">Without alternates, with the first one, and so on.</param>
/// <param name="Tickets">The alternates, whom to ask first.</param>
public sealed record AlternateResult(int Staying, int Free, bool AllCases, bool Proven, bool EndedByLimit, IReadOnlyList<double> Damage, IReadOnlyList<string> Tickets);

/// <summary>Panel, pool and quotas as they are now.</summary>
/// <param name="Seated">Indices into the pool of those who hold a place.</param>
/// <param name="Free">Indices of those who could step in.</param>
/// <param name="Seed">Decides among equals; it follows from the last draw, nobody chooses it.</param>
/// <param name="Hash">Changes with anything that the choice follows from but what is wished.</param>
public sealed record AlternateBasis(DrawPool Pool, IReadOnlyList<int> Seated, IReadOnlyList<int> Free, byte[] Seed, byte[] Hash);

/// <summary>Reads what alternates are chosen from.</summary>
public sealed class AlternateDesk(Db db, DrawDesk draws)
{
    /// <summary>Null where no panel is drawn, or its pool is erased.</summary>
    public async Task<AlternateBasis?> BasisAsync(SiteId site, CancellationToken cancellationToken)
    {
        Lottery? panel = await draws.NewestAsync(site, LotteryKind.Panel, LotteryState.Drawn, cancellationToken);
        DrawPool? pool = panel is null ? null : await draws.PoolAsync(site, panel.PanelSize, cancellationToken);
        if (panel is null || pool is not { Members.Count: > 0 })
        {
            return null;
        }

        (IReadOnlyList<string> staying, IReadOnlyList<string> leaving) = await ReplaceParticipants.SplitAsync(site, db, cancellationToken);
        Dictionary<string, int> positions = pool.Pool.People.Index().ToDictionary(pair => pair.Item.Ticket, pair => pair.Index, StringComparer.Ordinal);
        int[] seated = [.. staying.Select(ticket => positions[ticket])];
        byte[] seed = DrawDesk.ManifestHash(await draws.NewestAsync(site, LotteryKind.Replacement, LotteryState.Drawn, cancellationToken) ?? panel);
        StringBuilder said = new(ReplaceByLottery.Conditions(staying, leaving) + Convert.ToHexStringLower(seed));
        said.AppendJoin(';', pool.Pool.Criteria.Select(criterion => string.Join(',', criterion.Quotas.Select(quota => $"{quota.Min}-{quota.Max}"))));
        said.AppendJoin(';', pool.Pool.People.Select(person => $"{person.Ticket} {string.Join(',', person.Values)} {person.Household}"));
        return new(
            pool, seated, ConditionalPool.Of(pool.Pool, seated, [.. leaving.Select(ticket => positions[ticket])]).Free, seed, SHA256.HashData(Encoding.UTF8.GetBytes(said.ToString())));
    }
}

/// <summary>The work behind <see cref="ChooseAlternates"/>.</summary>
public sealed class AlternatesJob(Db db, AlternateDesk desk, TimeProvider clock) : IJobKind
{
    public string Name => ChooseAlternates.Kind;

    public async Task<string> RunAsync(Job job, JobProgress progress, CancellationToken cancellationToken)
    {
        Guid id = Guid.ParseExact(job.Subject, "N");
        AlternateList list = await db.AlternateLists.SingleAsync(one => one.Id == id, cancellationToken);
        AlternateBasis basis = await desk.BasisAsync(list.SiteId, cancellationToken) ?? throw new InvalidOperationException("The panel is no longer drawn.");
        AlternateWish wish = AlternateWish.Read(list.WishJson);
        AlternateRequest wanted = new(basis.Pool.Pool, basis.Seated, basis.Free, [.. basis.Pool.Pool.People.Select(person => wish.DropoutOf(person.Values))], wish.Count, basis.Seed);
        using CancellationTokenSource enough = wish.SecondsAllowed is { } seconds ? new(TimeSpan.FromSeconds(seconds), clock) : new();
        CancellationToken limit = enough.Token;
        AlternateChoice choice = await Task.Run(() => AlternateChoice.Of(wanted, new Reporter(progress), limit, cancellationToken), cancellationToken);
        if (choice is { EndedByLimit: true, People.Count: 0 })
        {
            return "alternates.limit";
        }

        list.Basis = basis.Hash;
        list.ComputedAt = clock.GetUtcNow();
        list.ResultJson = JsonSerializer.Serialize(
            new AlternateResult(basis.Seated.Count, basis.Free.Count, choice.AllCases, choice.Proven, choice.EndedByLimit, choice.Damage, [.. choice.People.Select(person => basis.Pool.Pool.People[person].Ticket)]));

        // One list is enough: what was stopped before it had a result, and what this one takes the place of.
        db.AlternateLists.RemoveRange(await db.AlternateLists.Where(older => older.SiteId == list.SiteId && older.Id != list.Id).ToListAsync(cancellationToken));
        await db.SaveChangesAsync(cancellationToken);
        return "";
    }

    private sealed class Reporter(JobProgress progress) : IProgress<AlternateProgress>
    {
        public void Report(AlternateProgress value) => progress.Report(value.Share, value.Step);
    }
}
