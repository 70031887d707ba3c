using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Proofs;
using Polyphony.Storage;
using Polyphony.Storage.Draws;
using Polyphony.Storage.Participants;
using Polyphony.Web.Audiences;

namespace Polyphony.Web.Draws;

/// <summary>The files of a draw for the offline tool, which proves it from people and quotas, and can go on from it. For organisers alone: whoever has them knows who is behind which ticket, so the journal notes who took them.</summary>
internal static class TakeDrawFiles
{
    public static void Map(RouteGroupBuilder organiser) => organiser.MapPost("/draw/{attempt:int}/files", TakeAsync).TakesForm();

    /// <summary>The directory in the archive, and the archive itself.</summary>
    private static string NameOf(DialogueScope scope, int attempt) => string.Create(CultureInfo.InvariantCulture, $"{scope.Segment.Replace(DialogueScope.SiteMark, '-')}-draw-{attempt}");

    private static async Task<IResult> TakeAsync(int attempt, HttpRequest request, DialogueScope scope, Db db, DrawDesk desk, TimeProvider clock, CancellationToken cancellationToken)
    {
        string page = $"/organise/{scope.Segment}/draw";
        List<Lottery> held = await db.Lotteries.AsNoTracking().Where(lottery => lottery.SiteId == scope.SiteId && lottery.Kind != LotteryKind.Test && lottery.RecordJson != "")
            .OrderByDescending(lottery => lottery.Attempt).ToListAsync(cancellationToken);
        if (held.Find(lottery => lottery.Attempt == attempt) is not { } drawn)
        {
            return Results.NotFound();
        }

        JsonObject manifest = Manifest(drawn);
        List<Lottery> before = [];
        while (Manifest(before.Count == 0 ? drawn : before[^1])["panel"] is { } named)
        {
            before.Add(held.Single(lottery => Convert.ToHexStringLower(DrawDesk.ManifestHash(lottery)) == (string)named!));
        }

        List<(string Name, byte[] Content)> files = [("manifest.json", Encoding.UTF8.GetBytes(drawn.ManifestJson)), ("record.json", await desk.RecordFileAsync(drawn, cancellationToken))];
        foreach ((int number, Lottery earlier) in before.Index())
        {
            files.Add((number == 0 ? "before.json" : string.Create(CultureInfo.InvariantCulture, $"before-{number + 1}.json"), await desk.RecordFileAsync(earlier, cancellationToken)));
        }

        if (drawn.Panels.Length > 0)
        {
            files.Add(("panels.json", CanonicalJson.Serialize(DrawDesk.PanelsFile(drawn))));
        }

        // Everybody may have these, so nothing is noted of whoever takes them.
        if ((await request.ReadFormAsync(cancellationToken))["only"] == "published")
        {
            return await ArchiveAsync(NameOf(scope, attempt) + "-published", files, clock.GetUtcNow());
        }

        JsonObject? ofPool = before.Select(Manifest).Prepend(manifest).FirstOrDefault(earlier => earlier["inputs"] is not null);
        DrawPool pool = await desk.PoolAsync(scope.SiteId, drawn.PanelSize, cancellationToken);

        // Once somebody of the pool was erased nothing can be proven of it any more: no files of people are better than ones that prove nothing.
        if (ofPool is null || Convert.ToHexStringLower(MerkleTree.Root(DrawDesk.LeafHashes(pool))) != (string)ofPool["pool"]!["root"]!)
        {
            return Results.Redirect(page + "?problem=files-gone");
        }

        if (!DrawFolder.MayBeMade(pool.Criteria))
        {
            return Results.Redirect(page + "?problem=files-name");
        }

        byte[] poolFile = DrawFolder.Pool(pool, (JsonObject)ofPool["inputs"]!);
        byte[] quotaFile = DrawFolder.Quotas(pool);
        files.AddRange([("pool.csv", poolFile), ("quotas.csv", quotaFile)]);
        if (drawn.Panels.Length > 0)
        {
            files.AddRange(DrawFolder.Lottery(drawn, manifest, pool, poolFile, quotaFile) ?? []);
        }

        if (drawn == held[0])
        {
            List<Participant> participants = await db.Participants.AsNoTracking().Where(participant => participant.SiteId == scope.SiteId).OrderBy(participant => participant.Number).ToListAsync(cancellationToken);
            files.Add(("status.csv", DrawFolder.Status(pool, participants)));
        }

        DateTimeOffset now = clock.GetUtcNow();
        db.Journal.Add(desk.Entry("draw.files-taken", drawn, DrawDesk.AttemptFacts(drawn), scope.Staff.Id, now));
        await db.SaveChangesAsync(cancellationToken);
        return await ArchiveAsync(NameOf(scope, attempt), files, now);
    }

    /// <summary>The files as one, in a directory.</summary>
    private static async Task<IResult> ArchiveAsync(string name, IReadOnlyList<(string Name, byte[] Content)> files, DateTimeOffset at)
    {
        using MemoryStream archived = new();
        await using (ZipArchive archive = new(archived, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string file, byte[] content) in files)
            {
                VerifyDraw.Add(archive, name + "/" + file, content, at);
            }
        }

        return Results.File(archived.ToArray(), "application/zip", name + ".zip");
    }

    private static JsonObject Manifest(Lottery lottery) => (JsonObject)JsonNode.Parse(lottery.ManifestJson)!;
}
