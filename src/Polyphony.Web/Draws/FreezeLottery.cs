using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Proofs;
using Polyphony.Storage;
using Polyphony.Storage.Draws;
using Polyphony.Storage.Mandates;
using Polyphony.Web.Audiences;

namespace Polyphony.Web.Draws;

/// <summary>Freezes the lotteries of all sites: the manifests with the hashes of all panels and the sources of randomness are published before it exists.</summary>
internal static class FreezeLottery
{
    public static void Map(RouteGroupBuilder organiser) => organiser.MapPost("/draw/freeze", FreezeAsync).TakesForm();

    /// <summary>Reads the sources that a form names: <c>kind</c>, <c>name</c>, <c>outOf</c>, <c>at</c>, each as often as there are sources; after the first, rows may be left blank.</summary>
    public static IReadOnlyList<DeclaredSource>? Sources(IFormCollection form, TimeZoneInfo zone)
    {
        List<DeclaredSource> sources = [];
        for (int i = 0; i < form["kind"].Count && i < 10; i++)
        {
            string name = form["name"].ElementAtOrDefault(i)?.Trim() ?? "";
            if (i > 0 && name.Length == 0 && string.IsNullOrEmpty(form["at"].ElementAtOrDefault(i)))
            {
                continue;
            }

            DrawSourceKind? kind = form["kind"][i] switch { "dice" => DrawSourceKind.Dice, "lottery" => DrawSourceKind.NumberLottery, "beacon" => DrawSourceKind.Beacon, _ => null };
            if (kind is null || name.Length is 0 or > 200
                || !DateTime.TryParseExact(form["at"].ElementAtOrDefault(i), ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime local)
                || zone.IsInvalidTime(local))
            {
                return null;
            }

            int outOf = int.TryParse(form["outOf"].ElementAtOrDefault(i), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;
            sources.Add(new(kind.Value, name, outOf, new DateTimeOffset(local, zone.GetUtcOffset(local))));
        }

        return sources.Count > 0 ? sources : null;
    }

    private static async Task<IResult> FreezeAsync(HttpRequest request, DialogueScope scope, Db db, DrawDesk desk, TimeProvider clock, CancellationToken cancellationToken)
    {
        string page = $"/organise/{scope.Dialogue.Slug}/draw";
        List<(Site Site, Lottery Lottery)> lotteries = [];
        foreach (Site site in scope.Sites)
        {
            if (await desk.NewestAsync(site.Id, LotteryKind.Panel, cancellationToken) is not { State: LotteryState.Computed } lottery)
            {
                return Results.Redirect(page + "?problem=not-computed" + At(scope, site));
            }

            if (!Objectives.MayBeFrozen(lottery.Objective))
            {
                return Results.Redirect(page + "?problem=legacy");
            }

            lotteries.Add((site, lottery));
        }

        DateTimeOffset now = clock.GetUtcNow();
        if (Sources(await request.ReadFormAsync(cancellationToken), scope.Zone) is not { } sources)
        {
            return Results.Redirect(page + "?problem=sources");
        }

        // The order of publication is the whole point: what is frozen must be out before the randomness is.
        if (sources.Any(source => source.At <= now))
        {
            return Results.Redirect(page + "?problem=source-too-early");
        }

        // All sites or none: one moment, one set of sources.
        foreach ((Site site, Lottery lottery) in lotteries)
        {
            DrawPool pool = await desk.PoolAsync(site.Id, lottery.PanelSize, cancellationToken);
            if (DrawDesk.Result(lottery)!.Counts.Count != pool.Members.Count || !Enumerable.Range(0, DrawDesk.PanelsOf(lottery)).All(number => pool.Pool.IsPanel(DrawDesk.Panel(lottery, number))))
            {
                return Results.Redirect(page + "?problem=pool-changed" + At(scope, site));
            }

            lottery.FrozenAt = now;
            lottery.ManifestJson = Encoding.UTF8.GetString(CanonicalJson.Serialize(desk.Manifest(scope.Dialogue.Slug, lottery, pool, sources, now, DrawDesk.Label(scope, site))));
            db.Journal.Add(desk.Entry("lottery.frozen", lottery, DrawDesk.FreezeFacts(lottery), scope.Staff.Id, now));
        }

        if (scope.HasManySites)
        {
            db.Journal.Add(SiteManifests.Entry("sites.frozen", scope, now, lotteries.Select(pair => (pair.Site.Code, pair.Lottery.ManifestJson))));
        }

        return Results.Redirect(await desk.TryAdvanceAsync(lotteries.Select(pair => pair.Lottery), LotteryState.Computed, LotteryState.Frozen, cancellationToken) ? page : page + "?problem=other");
    }

    private static string At(DialogueScope scope, Site site) => scope.HasManySites ? "&at=" + site.Code : "";
}
