using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Proofs;
using Polyphony.Sortition;
using Polyphony.Storage;
using Polyphony.Storage.Draws;
using Polyphony.Storage.Participants;
using Polyphony.Web.Audiences;
using Polyphony.Web.Draws;

namespace Polyphony.Web.Participants;

/// <summary>Draws people in place of those who are out, in public too: first who is out and which randomness will decide, then the randomness.</summary>
internal static class ReplaceParticipants
{
    public static void Map(RouteGroupBuilder organiser)
    {
        organiser.MapGet("/participants/replace", ShowAsync);
        organiser.MapPost("/participants/replace/freeze", FreezeAsync).TakesForm();
        organiser.MapPost("/participants/replace/draw", DrawAsync).TakesForm();
        organiser.MapPost("/participants/replace/cancel", CancelAsync).TakesForm();
    }

    private static async Task<RazorComponentResult<ReplacePage>> ShowAsync(DialogueScope scope, Db db, DrawDesk desk, HttpRequest request, CancellationToken cancellationToken)
    {
        Lottery? pending = await desk.NewestAsync(scope.DialogueId, LotteryKind.Replacement, cancellationToken);
        List<Participant> everybody = await EverybodyAsync(scope, db, cancellationToken);
        return new(new { Model = new ReplaceModel(scope, Free(everybody), pending is { State: LotteryState.Frozen } ? pending : null, request.Query["problem"].ToString()) });
    }

    /// <summary>Publishes who is out and which source will decide.</summary>
    private static async Task<IResult> FreezeAsync(HttpRequest request, DialogueScope scope, Db db, DrawDesk desk, TimeProvider clock, CancellationToken cancellationToken)
    {
        string page = $"/organise/{scope.Dialogue.Slug}/participants/replace";
        Lottery? panel = await desk.NewestAsync(scope.DialogueId, LotteryKind.Panel, cancellationToken);
        if (panel is not { State: LotteryState.Drawn } || await desk.NewestAsync(scope.DialogueId, LotteryKind.Replacement, cancellationToken) is { State: LotteryState.Frozen })
        {
            return Results.Redirect(page + "?problem=not-now");
        }

        DateTimeOffset now = clock.GetUtcNow();
        if (FreezeLottery.Sources(await request.ReadFormAsync(cancellationToken), scope.Zone) is not { } sources)
        {
            return Results.Redirect(page + "?problem=sources");
        }

        if (sources.Any(source => source.At <= now))
        {
            return Results.Redirect(page + "?problem=source-too-early");
        }

        List<Participant> everybody = await EverybodyAsync(scope, db, cancellationToken);
        if (Free(everybody).Count == 0)
        {
            return Results.Redirect(page + "?problem=nobody-out");
        }

        Dictionary<PoolMemberId, string> tickets = await TicketsAsync(scope, db, cancellationToken);
        int attempts = await db.Lotteries.Where(lottery => lottery.DialogueId == scope.DialogueId).MaxAsync(lottery => (int?)lottery.Attempt, cancellationToken) ?? 0;
        Lottery replacement = new()
        {
            Id = new(Guid.CreateVersion7(now)),
            DialogueId = scope.DialogueId,
            Attempt = attempts + 1,
            Kind = LotteryKind.Replacement,
            State = LotteryState.Frozen,
            Objective = "order",
            PanelSize = panel.PanelSize,
            CreatedAt = now,
            FrozenAt = now,
            ManifestJson = Encoding.UTF8.GetString(CanonicalJson.Serialize(DrawFiles.ReplacementManifest(
                desk.Frozen(scope.Dialogue.Slug, attempts + 1, sources, now), DrawDesk.ManifestHash(panel),
                everybody.Where(Stays).Select(p => tickets[p.PoolMemberId]), everybody.Where(p => !Stays(p)).Select(p => tickets[p.PoolMemberId])))),
        };
        db.Lotteries.Add(replacement);
        db.Journal.Add(desk.Entry("replacement.frozen", replacement, DrawDesk.FreezeFacts(replacement), scope.Staff.Id, now));
        await db.SaveChangesAsync(cancellationToken);
        return Results.Redirect(page);
    }

    private static async Task<IResult> DrawAsync(HttpRequest request, DialogueScope scope, Db db, DrawDesk desk, TimeProvider clock, CancellationToken cancellationToken)
    {
        string page = $"/organise/{scope.Dialogue.Slug}/participants/replace";
        Lottery? replacement = await desk.NewestAsync(scope.DialogueId, LotteryKind.Replacement, cancellationToken);
        if (replacement is not { State: LotteryState.Frozen })
        {
            return Results.Redirect(page + "?problem=not-now");
        }

        DateTimeOffset now = clock.GetUtcNow();
        IReadOnlyList<DeclaredSource> declared = DrawDesk.SourcesOf(replacement);
        if (!await desk.WasLoggedBeforeAsync(replacement, declared, cancellationToken))
        {
            return Results.Redirect(page + "?problem=log");
        }

        if (declared.Any(source => source.At > now))
        {
            return Results.Redirect(page + "?problem=source-not-yet");
        }

        IReadOnlyList<DrawSource> sources = HoldCeremony.Values(await request.ReadFormAsync(cancellationToken), declared);
        if (sources.Any(source => !source.IsWellFormed))
        {
            return Results.Redirect(page + "?problem=values");
        }

        if (!DrawSource.AreEnough(sources))
        {
            return Results.Redirect(page + "?problem=too-few-bits");
        }

        // Who is in and out is read from the manifest, not from the list of today: what was published decides.
        JsonNode manifest = JsonNode.Parse(replacement.ManifestJson)!;
        DrawPool pool = await desk.PoolAsync(scope.DialogueId, replacement.PanelSize, cancellationToken);
        Dictionary<string, int> index = pool.Pool.People.Index().ToDictionary(pair => pair.Item.Ticket, pair => pair.Index, StringComparer.Ordinal);
        int[] staying = [.. manifest["staying"]!.AsArray().Select(ticket => index[(string)ticket!])];
        int[] leaving = [.. manifest["out"]!.AsArray().Select(ticket => index[(string)ticket!])];
        byte[] key = Pd1.Key(DrawDesk.ManifestHash(replacement), DrawSource.Seed(sources));
        int[] order = [.. Pd1.Order(key, pool.Pool.People.Select(person => person.Ticket)).Select(ticket => index[ticket])];
        if (ReplacementDraw.Draw(pool.Pool, staying, leaving, order, cancellationToken) is not ReplacementOutcome.Completed completed)
        {
            replacement.State = LotteryState.Ended;
            replacement.EndCode = "no-replacement";
            db.Journal.Add(desk.Entry("replacement.ended", replacement, DrawDesk.EndFacts(replacement), scope.Staff.Id, now));
            await db.SaveChangesAsync(cancellationToken);
            return Results.Redirect(page + "?problem=no-replacement");
        }

        List<Participant> free = Free(await EverybodyAsync(scope, db, cancellationToken));
        replacement.State = LotteryState.Drawn;
        replacement.DrawnAt = now;
        JsonObject record = DrawFiles.Record((JsonObject)manifest, now, "order", sources, null, completed.People.Select(person => pool.Pool.People[person].Ticket));
        replacement.RecordJson = Encoding.UTF8.GetString(CanonicalJson.Serialize(record));
        int first = await db.Participants.Where(p => p.DialogueId == scope.DialogueId).MaxAsync(p => (int?)p.Number, cancellationToken) ?? 0;
        desk.AddParticipants(
            scope.DialogueId, replacement, completed.People.Index().Select(pair => (pool.Members[pair.Item], pair.Index < free.Count ? free[pair.Index].Id : (ParticipantId?)null)), first + 1, now);
        db.Journal.Add(desk.Entry("replacement.drawn", replacement, DrawFiles.DrawFacts(replacement.Attempt, record), scope.Staff.Id, now));
        await db.SaveChangesAsync(cancellationToken);
        return Results.Redirect($"/organise/{scope.Dialogue.Slug}/participants?notice=replaced");
    }

    /// <summary>Ends a prepared draw that was not held; it stays in the history.</summary>
    private static async Task<IResult> CancelAsync(DialogueScope scope, Db db, DrawDesk desk, CancellationToken cancellationToken)
    {
        if (await desk.NewestAsync(scope.DialogueId, LotteryKind.Replacement, cancellationToken) is { State: LotteryState.Frozen } pending)
        {
            pending.State = LotteryState.Ended;
            pending.EndCode = "cancelled";
            db.Journal.Add(desk.Entry("replacement.ended", pending, DrawDesk.EndFacts(pending), scope.Staff.Id));
            await db.SaveChangesAsync(cancellationToken);
        }

        return Results.Redirect($"/organise/{scope.Dialogue.Slug}/participants/replace");
    }

    private static bool Stays(Participant participant) => participant.Status is ParticipantStatus.Selected or ParticipantStatus.Confirmed;

    private static List<Participant> Free(List<Participant> everybody)
    {
        HashSet<ParticipantId> replaced = [.. everybody.Where(p => p.Replaces is not null).Select(p => p.Replaces!.Value)];
        return [.. everybody.Where(p => !Stays(p) && !replaced.Contains(p.Id))];
    }

    private static Task<List<Participant>> EverybodyAsync(DialogueScope scope, Db db, CancellationToken cancellationToken) =>
        db.Participants.AsNoTracking().Where(p => p.DialogueId == scope.DialogueId).OrderBy(p => p.Number).ToListAsync(cancellationToken);

    private static async Task<Dictionary<PoolMemberId, string>> TicketsAsync(DialogueScope scope, Db db, CancellationToken cancellationToken) =>
        (await db.PoolMembers.Where(member => member.DialogueId == scope.DialogueId).Select(member => new { member.Id, member.Ticket }).ToListAsync(cancellationToken))
            .ToDictionary(member => member.Id, member => Convert.ToHexStringLower(member.Ticket));
}

public sealed record ReplaceModel(DialogueScope Scope, IReadOnlyList<Participant> Free, Lottery? Pending, string Problem)
{
    public IReadOnlyList<DeclaredSource> Sources => Pending is null ? [] : DrawDesk.SourcesOf(Pending);

    public string ManifestHash => Pending is null ? "" : Convert.ToHexStringLower(DrawDesk.ManifestHash(Pending));
}
