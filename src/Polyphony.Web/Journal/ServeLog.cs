using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;
using Polyphony.Dialogues;
using Polyphony.Proofs;
using Polyphony.Storage;
using Polyphony.Storage.Journal;

namespace Polyphony.Web.Journal;

/// <summary>The log for everybody: its key, its signed checkpoint, the hashes of all entries as tiles (C2SP tlog-tiles), and the entries that may be read.</summary>
internal static class ServeLog
{
    private const int TileWidth = 256;
    private const int MostEntries = 1_000;

    /// <summary>What of a published dialogue anybody may read. Everything else shows as a hash: it cannot be changed unnoticed, and tells nothing.</summary>
    private static readonly string[] Readable =
    [
        "lottery.started", "lottery.computed", "lottery.ended", "lottery.discarded", "lottery.frozen", "sites.frozen", "panel.drawn",
        "replacement.started", "replacement.computed", "replacement.frozen", "replacement.drawn", "replacement.ended", "test.frozen", "test.drawn", "test.ended", "dialogue.published", "results.published", "results.taken-back",
    ];

    public static void Map(IEndpointRouteBuilder app)
    {
        RouteGroupBuilder log = app.MapGroup("/log").ForLog();
        log.MapGet("/key", (LogKeeper keeper) => File(Encoding.ASCII.GetBytes(keeper.Key + "\n"), "text/plain; charset=utf-8", false));
        log.MapGet("/checkpoint", async (LogKeeper keeper, Db db, CancellationToken cancellationToken) => await keeper.CheckpointAsync(db, cancellationToken) is { } note
            ? File(Encoding.UTF8.GetBytes(note), "text/plain; charset=utf-8", false)
            : Results.StatusCode(StatusCodes.Status503ServiceUnavailable));
        log.MapGet("/tile/{level:int:range(0,5)}/{**place}", TileAsync);
        log.MapGet("/entries/{from:long:min(0)}-{to:long:min(0)}.json", EntriesAsync);
    }

    private static RouteGroupBuilder ForLog(this RouteGroupBuilder group) => Audiences.AudienceConventions.ForAudience(group, Audiences.Audience.Public);

    /// <summary>Hashes of a level: of entries on level 0, above it of whole tiles below. A tile that is not full is asked for with its width.</summary>
    private static async Task<IResult> TileAsync(int level, string place, Db db, CancellationToken cancellationToken)
    {
        if (TilePlace.Parse(place) is not { } tile)
        {
            return Results.NotFound();
        }

        long span = (long)Math.Pow(TileWidth, level);
        long first = tile.Number * TileWidth * span;
        long wanted = tile.Width * span;
        if (await db.Journal.MaxAsync(entry => (long?)entry.Id, cancellationToken) is not { } newest || newest < first + wanted - 1)
        {
            return Results.NotFound();
        }

        byte[][] hashes = await db.Journal.Where(entry => entry.Id >= first && entry.Id < first + wanted).OrderBy(entry => entry.Id).Select(entry => entry.Hash).ToArrayAsync(cancellationToken);
        return File([.. Enumerable.Range(0, tile.Width).SelectMany(i => MerkleTree.Root(hashes.AsSpan((int)(i * span), (int)span)))], "application/octet-stream", true);
    }

    private static async Task<IResult> EntriesAsync(long from, long to, Db db, CancellationToken cancellationToken)
    {
        if (to < from || to - from >= MostEntries)
        {
            return Results.NotFound();
        }

        List<JournalEntry> entries = await db.Journal.AsNoTracking().Where(entry => entry.Id >= from && entry.Id <= to).OrderBy(entry => entry.Id).ToListAsync(cancellationToken);
        HashSet<DialogueId> published = [.. await db.Dialogues.Where(dialogue => dialogue.PublishedAt != null).Select(dialogue => dialogue.Id).ToListAsync(cancellationToken)];
        JsonArray list = new([
            .. entries.Select(entry => (JsonNode)new JsonObject
            {
                ["entry"] = entry.DialogueId is { } dialogue && published.Contains(dialogue) && Readable.Contains(entry.Code) ? entry.ToLogEntry().ToJson() : null,
                ["hash"] = Convert.ToHexStringLower(entry.Hash),
                ["index"] = entry.Id,
            }),
        ]);
        return entries.Count == 0 ? Results.NotFound() : File(CanonicalJson.Serialize(list), "application/json", false);
    }

    /// <summary>Bytes with an ETag; what never changes may be kept for ever.</summary>
    private static IResult File(byte[] content, string type, bool forEver) => new Cached(
        Results.File(content, type, entityTag: new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content)[..12])}\"")), forEver);

    private sealed class Cached(IResult file, bool forEver) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.CacheControl = forEver ? "public, max-age=31536000, immutable" : "public, max-age=1, must-revalidate";
            return file.ExecuteAsync(httpContext);
        }
    }
}

/// <summary>The place of a tile as C2SP tlog-tiles writes it: <c>x001/x234/067</c> for 1234067, and <c>.p/40</c> behind it for one of 40 hashes.</summary>
internal readonly record struct TilePlace(long Number, int Width)
{
    public static TilePlace? Parse(string text)
    {
        string[] halves = (text ?? "").Split(".p/");
        int width = 256;
        if (halves.Length > 2 || (halves.Length == 2 && !(int.TryParse(halves[1], NumberStyles.None, CultureInfo.InvariantCulture, out width) && width is > 0 and < 256 && halves[1][0] != '0')))
        {
            return null;
        }

        string[] parts = halves[0].Split('/');
        long number = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            string digits = i < parts.Length - 1 && parts[i].StartsWith('x') ? parts[i][1..] : parts[i];
            if (parts.Length > 4 || (i < parts.Length - 1) != parts[i].StartsWith('x') || digits.Length != 3 || !digits.All(char.IsAsciiDigit))
            {
                return null;
            }

            number = (number * 1_000) + int.Parse(digits, CultureInfo.InvariantCulture);
        }

        return parts.Length > 1 && parts[0] == "x000" ? null : new(number, width);
    }
}
