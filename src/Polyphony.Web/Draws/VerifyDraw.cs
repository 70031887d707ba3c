using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;
using Polyphony.Dialogues;
using Polyphony.Proofs;
using Polyphony.Sheets;
using Polyphony.Storage;
using Polyphony.Storage.Draws;
using Polyphony.Web.Audiences;

namespace Polyphony.Web.Draws;

/// <summary>The files of a draw, the page on which everybody can check them in their own browser, and a citizen's own proof.</summary>
internal static class VerifyDraw
{
    public static void Map(IEndpointRouteBuilder app)
    {
        RouteGroupBuilder open = app.MapPublicDialogue();
        open.MapGet("/draw/check", ShowAsync);
        open.MapGet("/draw/{attempt:int}/manifest.json", (int attempt, DialogueScope scope, Db db, CancellationToken cancellationToken) => FileAsync(
            attempt, "manifest.json", scope, db, lottery => Task.FromResult(lottery.ManifestJson.Length > 0 ? Encoding.UTF8.GetBytes(lottery.ManifestJson) : null), cancellationToken));
        open.MapGet("/draw/{attempt:int}/record.json", (int attempt, DialogueScope scope, DrawDesk desk, Db db, CancellationToken cancellationToken) => FileAsync(
            attempt, "record.json", scope, db, async lottery => lottery.RecordJson.Length > 0 ? await desk.RecordFileAsync(lottery, cancellationToken) : null, cancellationToken));

        // With tickets only once it is drawn: before, nobody should be able to wish for a panel by its members.
        open.MapGet("/draw/{attempt:int}/panels.json", (int attempt, DialogueScope scope, Db db, CancellationToken cancellationToken) => FileAsync(
            attempt, "panels.json", scope, db, lottery => Task.FromResult(HasPanels(lottery) ? CanonicalJson.Serialize(DrawDesk.PanelsFile(lottery)) : null), cancellationToken));
        open.MapGet("/draw/{attempt:int}/panels.csv", (int attempt, DialogueScope scope, Db db, CancellationToken cancellationToken) => FileAsync(
            attempt, "panels.csv", scope, db, lottery => Task.FromResult(HasPanels(lottery) ? PanelsTable(lottery) : null), cancellationToken));
        open.MapGet("/draw/manifests.txt", ManifestsAsync);
        open.MapGet("/draw/records.zip", RecordsAsync);
        app.MapCitizen().MapGet("/draw-proof.json", ProofAsync);
    }

    private static bool HasPanels(Lottery lottery) => lottery is { RecordJson.Length: > 0, Panels.Length: > 0 };

    private static async Task<RazorComponentResult<VerifyDrawPage>> ShowAsync(DialogueScope scope, Db db, CancellationToken cancellationToken)
    {
        var drawn = await db.Lotteries.AsNoTracking().Where(lottery => lottery.DialogueId == scope.DialogueId && lottery.State == LotteryState.Drawn && lottery.Kind != LotteryKind.Test && lottery.RecordJson != "")
            .OrderBy(lottery => lottery.Attempt).Select(lottery => new { lottery.Attempt, lottery.Kind, lottery.SiteId, HasPanels = lottery.Panels.Length > 0 }).ToListAsync(cancellationToken);

        // Replacements name the draw before; manifests are read only where there are any.
        Dictionary<int, string> named = await db.Lotteries.AsNoTracking().Where(lottery => lottery.DialogueId == scope.DialogueId && lottery.State == LotteryState.Drawn && lottery.Kind == LotteryKind.Replacement)
            .ToDictionaryAsync(lottery => lottery.Attempt, lottery => (string)JsonNode.Parse(lottery.ManifestJson)!["panel"]!, cancellationToken);
        Dictionary<string, int> attempts = named.Count == 0 ? [] : (await db.Journal.Where(entry => entry.DialogueId == scope.DialogueId && (entry.Code == "lottery.frozen" || entry.Code == "replacement.frozen")).Select(entry => entry.Facts).ToListAsync(cancellationToken))
            .Select(facts => JsonNode.Parse(facts)!).ToDictionary(facts => (string)facts["manifest"]!, facts => (int)facts["attempt"]!);
        return new(new
        {
            Scope = scope,
            Drawn = (IReadOnlyList<CheckableDraw>)[
                .. drawn.Where(lottery => scope.ChosenSite is null || lottery.SiteId == scope.ChosenSite.Id)
                    .Select(lottery => new CheckableDraw(lottery.Attempt, lottery.Kind, lottery.HasPanels, scope.HasManySites ? scope.Sites.First(site => site.Id == lottery.SiteId) : null,
                        named.TryGetValue(lottery.Attempt, out string? hash) && attempts.TryGetValue(hash, out int before) ? before : null)),
            ],
        });
    }

    /// <remarks>The files of a test are not published: they would tell who is on one of the panels that may still be drawn.</remarks>
    private static async Task<IResult> FileAsync(int attempt, string name, DialogueScope scope, Db db, Func<Lottery, Task<byte[]?>> make, CancellationToken cancellationToken) =>
        await db.Lotteries.AsNoTracking().SingleOrDefaultAsync(lottery => lottery.DialogueId == scope.DialogueId && lottery.Attempt == attempt && lottery.Kind != LotteryKind.Test, cancellationToken) is { } lottery && await make(lottery) is { } file
            ? Results.File(
                file, name.EndsWith(".csv", StringComparison.Ordinal) ? "text/csv" : "application/json", string.Create(CultureInfo.InvariantCulture, $"{scope.Dialogue.Slug}-draw-{attempt}-{name}"),
                entityTag: new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(file)[..12])}\""))
            : Results.NotFound();

    /// <summary>The hashes of the manifests of all sites, whose own hash the log holds.</summary>
    private static async Task<IResult> ManifestsAsync(DialogueScope scope, Db db, CancellationToken cancellationToken)
    {
        SitesDraw draw = await SitesDraw.ReadAsync(db, scope, isPublic: true, LotteryKind.Panel, null, "", "", cancellationToken);
        return scope.HasManySites && draw.ListHash.Length > 0 ? Results.File(draw.List, "text/plain; charset=utf-8", scope.Dialogue.Slug + "-manifests.txt") : Results.NotFound();
    }

    /// <summary>The records of all sites in one file, a folder a site, as the verifiers take them; the list of manifests beside them.</summary>
    private static async Task<IResult> RecordsAsync(DialogueScope scope, Db db, DrawDesk desk, CancellationToken cancellationToken)
    {
        SitesDraw draw = await SitesDraw.ReadAsync(db, scope, isPublic: true, LotteryKind.Panel, null, "", "", cancellationToken);
        if (!scope.HasManySites || !draw.IsDrawn)
        {
            return Results.NotFound();
        }

        using MemoryStream file = new();
        await using (ZipArchive archive = new(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(archive, "manifests.txt", draw.List, draw.DrawnAt!.Value);
            foreach (SiteDraw at in draw.Sites)
            {
                Lottery lottery = await db.Lotteries.AsNoTracking().SingleAsync(l => l.DialogueId == scope.DialogueId && l.Attempt == at.Attempt, cancellationToken);
                Add(archive, at.Site.Code + "/record.json", await desk.RecordFileAsync(lottery, cancellationToken), draw.DrawnAt.Value);
            }
        }

        return Results.File(file.ToArray(), "application/zip", scope.Dialogue.Slug + "-records.zip");
    }

    /// <summary>Adds a file to an archive.</summary>
    public static void Add(ZipArchive archive, string name, byte[] content, DateTimeOffset at)
    {
        ZipArchiveEntry entry = archive.CreateEntry(name, CompressionLevel.Fastest);
        entry.LastWriteTime = at;
        using Stream stream = entry.Open();
        stream.Write(content);
    }

    private static byte[] PanelsTable(Lottery lottery) => CsvWriter.Write(
        DrawDesk.PanelsFile(lottery)["panels"]!.AsArray().Index().SelectMany(panel => panel.Item!.AsArray().Select(ticket => (IReadOnlyList<string>)[panel.Index.ToString(CultureInfo.InvariantCulture), (string)ticket!]))
            .Prepend(["panel", "ticket"]));

    /// <summary>What was recorded of the citizen at the freeze, with the proof that it is in the pool's root; for them alone.</summary>
    private static async Task<IResult> ProofAsync(DialogueScope scope, Db db, DrawDesk desk, CancellationToken cancellationToken)
    {
        Lottery? lottery = await desk.NewestAsync(scope.SiteId, LotteryKind.Panel, cancellationToken);
        if (lottery is not { RecordJson.Length: > 0 } || JsonNode.Parse(lottery.ManifestJson)!["pool"]?["root"] is not { } root)
        {
            return Results.NotFound();
        }

        DrawPool pool = await desk.PoolAsync(scope.SiteId, lottery.PanelSize, cancellationToken);
        int place = pool.Members.Index().Where(pair => pair.Item.Id == scope.Participant.PoolMemberId).Select(pair => pair.Index).DefaultIfEmpty(-1).Single();
        byte[][] leaves = DrawDesk.LeafHashes(pool);

        // Once somebody of the pool was erased, the tree of the freeze can no longer be built: no proof is better than a wrong one.
        return place < 0 || Convert.ToHexStringLower(MerkleTree.Root(leaves)) != (string)root!
            ? Results.NotFound()
            : Results.File(
                CanonicalJson.Serialize(DrawFiles.PersonProof(DrawDesk.Leaf(pool.Members[place], pool.Criteria), place, MerkleTree.InclusionProof(leaves, place), DrawDesk.ManifestHash(lottery))),
                "application/json", "my-proof.json");
    }
}

/// <summary>A draw whose files can be checked.</summary>
/// <param name="Site">Where it is one of many sites; otherwise null.</param>
/// <param name="Before">For replacements the attempt of the draw that they name as the one before.</param>
public sealed record CheckableDraw(int Attempt, LotteryKind Kind, bool HasPanels, Storage.Mandates.Site? Site, int? Before);
