using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Proofs;
using Polyphony.Storage;
using Polyphony.Storage.Draws;
using Polyphony.Storage.Mandates;
using Polyphony.Web.Audiences;

namespace Polyphony.Web.Draws;

/// <summary>The ceremony: public randomness picks one of the frozen panels, at every site by the same values.</summary>
internal static class HoldCeremony
{
    public static void Map(RouteGroupBuilder organiser) => organiser.MapPost("/draw/ceremony", DrawAsync).TakesForm();

    /// <summary>Reads the values of the declared sources: <c>value</c> as often as there are sources, numbers with blanks or commas between them; dice on a large screen one by one as <c>die</c>.</summary>
    public static IReadOnlyList<DrawSource> Values(IFormCollection form, IReadOnlyList<DeclaredSource> declared)
    {
        string?[] values = declared is [{ Kind: DrawSourceKind.Dice }] && form.ContainsKey("die") ? [string.Join(' ', form["die"].ToArray())] : [.. form["value"]];
        return [.. declared.Index().Select(pair => new DrawSource(pair.Item.Kind, pair.Item.Name, pair.Item.OutOf, Split(pair.Item.Kind, values.ElementAtOrDefault(pair.Index) ?? "")))];
    }

    /// <summary>The panel to which randomness leads, and how: three dice are the number of one of a thousand, everything else needs its bits.</summary>
    /// <remarks>At many sites the dice would pick the same number everywhere: there each site draws by its label.</remarks>
    public static (int? Chosen, string? How) Pick(Lottery lottery, IReadOnlyList<DrawSource> sources)
    {
        int count = DrawDesk.PanelsOf(lottery);
        string? label = (string?)JsonNode.Parse(lottery.ManifestJson)!["label"];
        return label is null && sources is [{ Kind: DrawSourceKind.Dice, Values.Count: 3 } dice] && count == ComputeLottery.Panels ? (Pd1.DiceIndex([.. dice.Values.Select(value => value[0] - '0')]), "dice")
            : DrawSource.AreEnough(sources) ? ((int)Pd1.Index(Pd1.Key(DrawDesk.ManifestHash(lottery), DrawSource.Seed(sources)), label ?? DrawFiles.SoleLabel, (ulong)count).Index, "index")
            : (null, null);
    }

    /// <summary>Why these values lead to no panel: whoever has three dice to throw is told that a digit is missing, and nothing about bits.</summary>
    public static string TooLittle(Lottery lottery, IReadOnlyList<DeclaredSource> declared) =>
        declared is [{ Kind: DrawSourceKind.Dice }] && DrawDesk.PanelsOf(lottery) == ComputeLottery.Panels && JsonNode.Parse(lottery.ManifestJson)!["label"] is null ? "three-dice" : "too-few-bits";

    /// <summary>What was typed, for the address of the page on which it is typed again.</summary>
    public static string Typed(IFormCollection form) => string.Concat(form["value"].Select(value => "&value=" + (value is { Length: <= 1_000 } ? Uri.EscapeDataString(value) : "")));

    /// <summary>The values of a source as they were typed; what is no value stays as it is and is refused. Dice may be typed without blanks or in groups, but three of them only
    /// as one number or one by one: of "4 11" nobody can say whether a die was forgotten or read twice, and what is drawn cannot be taken back.</summary>
    private static string[] Split(DrawSourceKind kind, string text)
    {
        string[] parts = text.Split([' ', ',', ';', '-', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return kind == DrawSourceKind.Dice && parts.All(part => part.All(char.IsAsciiDigit)) && (parts.Length == 1 || parts.Sum(part => part.Length) > 3)
            ? [.. string.Concat(parts).Select(digit => digit.ToString())]
            : parts;
    }

    private static async Task<IResult> DrawAsync(HttpRequest request, DialogueScope scope, Db db, DrawDesk desk, TimeProvider clock, CancellationToken cancellationToken)
    {
        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        bool isTest = form["run"] == "test";
        string page = form["stage"] is [{ Length: > 0 } light] ? ShowStage.Address(scope.Dialogue.Slug, isTest, light == "dark") + "&" : $"/organise/{scope.Dialogue.Slug}/draw?";
        List<(Site Site, Lottery Lottery)> lotteries = [];
        foreach (Site site in scope.Sites)
        {
            switch (await desk.NewestAsync(site.Id, isTest ? LotteryKind.Test : LotteryKind.Panel, cancellationToken))
            {
                case { State: LotteryState.Frozen } lottery:
                    lotteries.Add((site, lottery));
                    break;
                case { State: LotteryState.Drawn }:
                    return Results.Redirect(page + "problem=drawn");
                default:
                    return Results.Redirect(page + "problem=not-frozen");
            }
        }

        DateTimeOffset now = clock.GetUtcNow();
        IReadOnlyList<DeclaredSource> declared = DrawDesk.SourcesOf(lotteries[0].Lottery);
        foreach ((_, Lottery lottery) in lotteries)
        {
            if (!await desk.WasLoggedBeforeAsync(lottery, declared, cancellationToken) || !DrawDesk.SourcesOf(lottery).SequenceEqual(declared))
            {
                return Results.Redirect(page + "problem=log");
            }
        }

        if (declared.Any(source => source.At > now))
        {
            return Results.Redirect(page + "problem=source-not-yet" + Typed(form));
        }

        IReadOnlyList<DrawSource> sources = Values(form, declared);
        if (sources.Any(source => !source.IsWellFormed))
        {
            return Results.Redirect(page + "problem=values" + Typed(form));
        }

        int next = 1 + (await db.Participants.Where(p => p.DialogueId == scope.DialogueId).MaxAsync(p => (int?)p.Number, cancellationToken) ?? 0);
        foreach ((Site site, Lottery lottery) in lotteries)
        {
            if (Pick(lottery, sources) is not ({ } chosen, { } how))
            {
                return Results.Redirect(page + "problem=" + TooLittle(lottery, declared) + Typed(form));
            }

            DrawPool pool = await desk.PoolAsync(site.Id, lottery.PanelSize, cancellationToken);
            int[] panel = DrawDesk.Panel(lottery, chosen);
            lottery.ChosenPanel = chosen;
            lottery.DrawnAt = now;
            JsonObject record = DrawFiles.Record(
                (JsonObject)JsonNode.Parse(lottery.ManifestJson)!, now, how, sources, chosen, panel.Select(person => pool.Pool.People[person].Ticket).Order(StringComparer.Ordinal));
            lottery.RecordJson = Encoding.UTF8.GetString(CanonicalJson.Serialize(record));
            if (isTest)
            {
                // Nobody becomes a participant, and the panels of a test are of no more use.
                lottery.Panels = [];
                db.Journal.Add(desk.Entry("test.drawn", lottery, DrawFiles.DrawFacts(lottery.Attempt, record), scope.Staff.Id, now));
                continue;
            }

            desk.AddParticipants(lottery, panel.Select(person => (pool.Members[person], (ParticipantId?)null)), next, now);
            next += panel.Length;
            db.Journal.Add(desk.Entry("panel.drawn", lottery, DrawFiles.DrawFacts(lottery.Attempt, record), scope.Staff.Id, now));
        }

        return Results.Redirect(await desk.TryAdvanceAsync(lotteries.Select(pair => pair.Lottery), LotteryState.Frozen, LotteryState.Drawn, cancellationToken) ? page.TrimEnd('?', '&') : page + "problem=drawn");
    }
}
