using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Proofs;
using Polyphony.Storage;
using Polyphony.Storage.Draws;
using Polyphony.Web.Audiences;

namespace Polyphony.Web.Draws;

/// <summary>The ceremony: public randomness picks one of the frozen panels.</summary>
internal static class HoldCeremony
{
    public static void Map(RouteGroupBuilder organiser) => organiser.MapPost("/draw/ceremony", DrawAsync).TakesForm();

    /// <summary>Reads the values of the declared sources: <c>value</c> as often as there are sources, numbers with blanks or commas between them.</summary>
    public static IReadOnlyList<DrawSource> Values(IFormCollection form, IReadOnlyList<DeclaredSource> declared) =>
    [
        .. declared.Index().Select(pair => new DrawSource(pair.Item.Kind, pair.Item.Name, pair.Item.OutOf, Split(pair.Item.Kind, form["value"].ElementAtOrDefault(pair.Index) ?? ""))),
    ];

    private static string[] Split(DrawSourceKind kind, string text) => kind == DrawSourceKind.Dice
        ? [.. text.Where(char.IsAsciiDigit).Select(digit => digit.ToString())]
        : text.Split([' ', ',', ';', '-', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static async Task<IResult> DrawAsync(HttpRequest request, DialogueScope scope, Db db, DrawDesk desk, TimeProvider clock, CancellationToken cancellationToken)
    {
        string page = $"/organise/{scope.Dialogue.Slug}/draw";
        Lottery? lottery = await desk.NewestAsync(scope.DialogueId, LotteryKind.Panel, cancellationToken);
        if (lottery is not { State: LotteryState.Frozen })
        {
            return Results.Redirect(page + "?problem=not-frozen");
        }

        DateTimeOffset now = clock.GetUtcNow();
        IReadOnlyList<DeclaredSource> declared = DrawDesk.SourcesOf(lottery);
        if (!await desk.WasLoggedBeforeAsync(lottery, declared, cancellationToken))
        {
            return Results.Redirect(page + "?problem=log");
        }

        if (declared.Any(source => source.At > now))
        {
            return Results.Redirect(page + "?problem=source-not-yet");
        }

        IReadOnlyList<DrawSource> sources = Values(await request.ReadFormAsync(cancellationToken), declared);
        if (sources.Any(source => !source.IsWellFormed))
        {
            return Results.Redirect(page + "?problem=values");
        }

        int count = lottery.Panels.Length / 4 / lottery.PanelSize;
        int chosen;
        string how;
        if (sources is [{ Kind: DrawSourceKind.Dice, Values.Count: 3 } dice] && count == 1_000)
        {
            chosen = Pd1.DiceIndex([.. dice.Values.Select(value => value[0] - '0')]);
            how = "dice";
        }
        else if (DrawSource.AreEnough(sources))
        {
            chosen = (int)Pd1.Index(Pd1.Key(DrawDesk.ManifestHash(lottery), DrawSource.Seed(sources)), "panel", (ulong)count).Index;
            how = "index";
        }
        else
        {
            return Results.Redirect(page + "?problem=too-few-bits");
        }

        DrawPool pool = await desk.PoolAsync(scope.DialogueId, lottery.PanelSize, cancellationToken);
        int[] panel = DrawDesk.Panel(lottery, chosen);
        lottery.ChosenPanel = chosen;
        lottery.DrawnAt = now;
        lottery.State = LotteryState.Drawn;
        JsonObject record = DrawFiles.Record(
            (JsonObject)JsonNode.Parse(lottery.ManifestJson)!, now, how, sources, chosen, panel.Select(person => pool.Pool.People[person].Ticket).Order(StringComparer.Ordinal));
        lottery.RecordJson = Encoding.UTF8.GetString(CanonicalJson.Serialize(record));
        int first = await db.Participants.Where(p => p.DialogueId == scope.DialogueId).MaxAsync(p => (int?)p.Number, cancellationToken) ?? 0;
        desk.AddParticipants(scope.DialogueId, lottery, panel.Select(person => (pool.Members[person], (ParticipantId?)null)), first + 1, now);
        db.Journal.Add(desk.Entry("panel.drawn", lottery, DrawFiles.DrawFacts(lottery.Attempt, record), scope.Staff.Id, now));
        await db.SaveChangesAsync(cancellationToken);
        return Results.Redirect(page);
    }
}
