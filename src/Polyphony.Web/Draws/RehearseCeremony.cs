using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Proofs;
using Polyphony.Storage;
using Polyphony.Storage.Draws;
using Polyphony.Storage.Mandates;
using Polyphony.Web.Audiences;
using Polyphony.Web.Texts;

namespace Polyphony.Web.Draws;

/// <summary>Prepares a test run of the ceremony with throw-away randomness. It is a lottery of its own kind, so nothing that asks for the panel ever finds it.</summary>
internal static class RehearseCeremony
{
    /// <summary>As soon as the log's order allows: the value must be later than the freeze by a second.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    public static void Map(RouteGroupBuilder organiser) => organiser.MapPost("/draw/test", PrepareAsync).TakesForm();

    private static async Task<IResult> PrepareAsync(DialogueScope scope, Db db, DrawDesk desk, PageTexts texts, TimeProvider clock, CancellationToken cancellationToken)
    {
        string page = $"/organise/{scope.Dialogue.Slug}/draw";
        DateTimeOffset now = clock.GetUtcNow();
        int attempts = await db.Lotteries.Where(other => other.DialogueId == scope.DialogueId).MaxAsync(other => (int?)other.Attempt, cancellationToken) ?? 0;
        foreach (Site site in scope.Sites)
        {
            if (await desk.NewestAsync(site.Id, LotteryKind.Panel, cancellationToken) is not { State: LotteryState.Computed or LotteryState.Frozen } lottery)
            {
                return Results.Redirect(page + "?problem=not-computed");
            }

            if (await desk.NewestAsync(site.Id, LotteryKind.Test, cancellationToken) is { State: LotteryState.Frozen } pending)
            {
                pending.State = LotteryState.Ended;
                pending.EndCode = "cancelled";
                pending.Panels = [];
                db.Journal.Add(desk.Entry("test.ended", pending, DrawDesk.EndFacts(pending), scope.Staff.Id, now));
            }

            DrawPool pool = await desk.PoolAsync(site.Id, lottery.PanelSize, cancellationToken);
            if (DrawDesk.Result(lottery)!.Counts.Count != pool.Members.Count)
            {
                return Results.Redirect(page + "?problem=pool-changed");
            }

            Lottery test = new()
            {
                Id = new(Guid.CreateVersion7(now)),
                DialogueId = scope.DialogueId,
                SiteId = site.Id,
                Attempt = ++attempts,
                Kind = LotteryKind.Test,
                State = LotteryState.Frozen,
                Objective = lottery.Objective,
                PanelSize = lottery.PanelSize,
                PanelCount = lottery.PanelCount,
                Panels = Shuffled(lottery),
                CreatedAt = now,
                FrozenAt = now,
            };
            DrawSourceKind kind = lottery.PanelCount == ComputeLottery.Panels && !scope.HasManySites ? DrawSourceKind.Dice : DrawSourceKind.Beacon;
            test.ManifestJson = Encoding.UTF8.GetString(CanonicalJson.Serialize(desk.Manifest(scope.Dialogue.Slug, test, pool, [new(kind, texts["draws.test.source"], 0, now + Soon)], now, DrawDesk.Label(scope, site))));
            db.Lotteries.Add(test);
            db.Journal.Add(desk.Entry("test.frozen", test, DrawDesk.FreezeFacts(test), scope.Staff.Id, now));
        }

        await db.SaveChangesAsync(cancellationToken);
        return Results.Redirect(page + "/stage?run=test");
    }

    /// <summary>The panels in another order: a number that a test comes to says nothing about the panel of that number.</summary>
    private static byte[] Shuffled(Lottery lottery)
    {
        int[] order = [.. Enumerable.Range(0, DrawDesk.PanelsOf(lottery))];
        RandomNumberGenerator.Shuffle(order.AsSpan());
        return DrawDesk.Pack([.. order.Select(number => DrawDesk.Panel(lottery, number))]);
    }
}
