using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Proofs;
using Polyphony.Sortition;
using Polyphony.Storage;
using Polyphony.Storage.Draws;
using Polyphony.Storage.Jobs;
using Polyphony.Storage.Participants;
using Polyphony.Storage.Pools;
using Polyphony.Web.Audiences;
using Polyphony.Web.Draws;
using Polyphony.Web.Jobs;
using Polyphony.Web.Journal;
using Polyphony.Web.Rooms;
using Polyphony.Web.Texts;

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

    private static async Task<RazorComponentResult<ReplacePage>> ShowAsync(DialogueScope scope, Db db, DrawDesk desk, JobQueue jobs, HttpRequest request, CancellationToken cancellationToken)
    {
        Lottery? newest = await desk.NewestAsync(scope.SiteId, LotteryKind.Replacement, cancellationToken);
        List<Participant> free = Free(await EverybodyAsync(scope.SiteId, db, cancellationToken));
        PersonId[] known = [.. free.Select(participant => participant.PersonId)];
        Dictionary<PersonId, string> names = await db.People.Where(person => known.Contains(person.Id)).ToDictionaryAsync(person => person.Id, person => person.Name, cancellationToken);
        bool stale = false;
        if (newest is { State: LotteryState.Computed })
        {
            (IReadOnlyList<string> staying, IReadOnlyList<string> leaving) = await SplitAsync(scope.SiteId, db, cancellationToken);
            stale = newest.ConditionsJson != ReplaceByLottery.Conditions(staying, leaving);
        }

        return new(new
        {
            Model = new ReplaceModel(
                scope, [.. free.Select(participant => new FreePlace(participant, names.GetValueOrDefault(participant.PersonId, "")))],
                newest is { State: LotteryState.Computing or LotteryState.Computed or LotteryState.Frozen } ? newest : null, stale,
                await jobs.NewestAsync(scope.DialogueId, scope.SiteId, ReplaceByLottery.Kind, cancellationToken), request.Query["problem"].ToString()),
        });
    }

    /// <summary>Publishes who is out and which source will decide.</summary>
    private static async Task<IResult> FreezeAsync(
        HttpRequest request, DialogueScope scope, Db db, DrawDesk desk, LogKeeper keeper, TextCatalogue catalogue, TimeProvider clock, CancellationToken cancellationToken)
    {
        string page = $"/organise/{scope.Segment}/participants/replace";
        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        await using var held = await HoldingThePanel.BeginAsync(db, scope.SiteId, cancellationToken);
        Lottery? panel = await desk.NewestAsync(scope.SiteId, LotteryKind.Panel, cancellationToken);
        Lottery? prepared = await desk.NewestAsync(scope.SiteId, LotteryKind.Replacement, cancellationToken);
        if (panel is not { State: LotteryState.Drawn } || prepared is { State: LotteryState.Computing or LotteryState.Frozen })
        {
            return Results.Redirect(page + "?problem=not-now");
        }

        DateTimeOffset now = clock.GetUtcNow();
        bool soon = form.ContainsKey("soon");
        if ((soon ? SoonSources.Of(form["soon"], catalogue.In(scope.Dialogue.FallbackLanguage), now) : FreezeLottery.Sources(form, scope.Zone)) is not { } sources)
        {
            return Results.Redirect(page + "?problem=sources");
        }

        if (sources.Any(source => source.At <= now))
        {
            return Results.Redirect(page + "?problem=source-too-early");
        }

        List<Participant> everybody = await EverybodyAsync(scope.SiteId, db, cancellationToken);
        if (Free(everybody).Count == 0)
        {
            return Results.Redirect(page + "?problem=nobody-out");
        }

        (IReadOnlyList<string> staying, IReadOnlyList<string> leaving) = await SplitAsync(scope.SiteId, db, cancellationToken);
        byte[] before = DrawDesk.ManifestHash(await desk.NewestAsync(scope.SiteId, LotteryKind.Replacement, LotteryState.Drawn, cancellationToken) ?? panel);
        Lottery replacement;
        if (prepared is { State: LotteryState.Computed })
        {
            // A lottery holds for those for whom it was computed: who has answered since changes it.
            if (prepared.ConditionsJson != ReplaceByLottery.Conditions(staying, leaving) || await desk.PoolOfAsync(prepared, cancellationToken) is not { } pool || !ArePanels(prepared, pool))
            {
                return Results.Redirect(page + "?problem=people-changed");
            }

            replacement = prepared;
            JsonObject manifest = desk.Manifest(scope.Dialogue.Slug, replacement, pool, sources, now);
            manifest["panel"] = Convert.ToHexStringLower(before);
            replacement.ManifestJson = Encoding.UTF8.GetString(CanonicalJson.Serialize(manifest));
        }
        else
        {
            int attempts = await db.Lotteries.Where(lottery => lottery.DialogueId == scope.DialogueId).MaxAsync(lottery => (int?)lottery.Attempt, cancellationToken) ?? 0;
            replacement = new()
            {
                Id = new(Guid.CreateVersion7(now)),
                DialogueId = scope.DialogueId,
                SiteId = scope.SiteId,
                Attempt = attempts + 1,
                Kind = LotteryKind.Replacement,
                Objective = "order",
                PanelSize = panel.PanelSize,
                CreatedAt = now,
                ManifestJson = Encoding.UTF8.GetString(CanonicalJson.Serialize(DrawFiles.ReplacementManifest(desk.Frozen(scope.Dialogue.Slug, attempts + 1, sources, now), before, staying, leaving))),
            };
            db.Lotteries.Add(replacement);
        }

        (replacement.State, replacement.FrozenAt) = (LotteryState.Frozen, now);
        db.Journal.Add(desk.Entry("replacement.frozen", replacement, DrawDesk.FreezeFacts(replacement), scope.Staff.Id, now));
        await db.SaveChangesAsync(cancellationToken);
        await held.CommitAsync(cancellationToken);
        if (soon)
        {
            // The next signature of the log may come later than this randomness.
            await keeper.CheckpointAsync(db, cancellationToken);
        }

        return Results.Redirect(page);
    }

    private static async Task<IResult> DrawAsync(HttpRequest request, DialogueScope scope, Db db, DrawDesk desk, RoomDesk room, TimeProvider clock, CancellationToken cancellationToken)
    {
        string page = $"/organise/{scope.Segment}/participants/replace";
        Lottery? replacement = await desk.NewestAsync(scope.SiteId, LotteryKind.Replacement, cancellationToken);
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

        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        if (declared.Any(source => source.At > now))
        {
            return Results.Redirect(page + "?problem=source-not-yet" + HoldCeremony.Typed(form));
        }

        IReadOnlyList<DrawSource> sources = HoldCeremony.Values(form, declared);
        if (sources.Any(source => !source.IsWellFormed))
        {
            return Results.Redirect(page + "?problem=values" + HoldCeremony.Typed(form));
        }

        JsonObject manifest = (JsonObject)JsonNode.Parse(replacement.ManifestJson)!;
        IReadOnlyList<PoolMember> drawn;
        JsonObject record;
        if (replacement.Panels.Length > 0)
        {
            if (HoldCeremony.Pick(replacement, sources) is not ({ } chosen, { } how))
            {
                return Results.Redirect(page + "?problem=" + HoldCeremony.TooLittle(replacement, declared) + HoldCeremony.Typed(form));
            }

            DrawPool pool = await desk.PoolOfAsync(replacement, cancellationToken) ?? throw new System.Diagnostics.UnreachableException();
            PoolMember[] whole = [.. DrawDesk.Panel(replacement, chosen).Select(person => pool.Members[person])];
            HashSet<string> staying = [.. manifest["staying"]!.AsArray().Select(ticket => (string)ticket!)];
            drawn = [.. whole.Where(member => !staying.Contains(Convert.ToHexStringLower(member.Ticket)))];
            replacement.ChosenPanel = chosen;
            record = DrawFiles.Record(manifest, now, how, sources, chosen, whole.Select(member => Convert.ToHexStringLower(member.Ticket)).Order(StringComparer.Ordinal));
        }
        else
        {
            if (!DrawSource.AreEnough(sources))
            {
                return Results.Redirect(page + "?problem=too-few-bits" + HoldCeremony.Typed(form));
            }

            (IReadOnlyList<PoolMember>? found, string problem) = await ByOrderAsync(replacement, manifest, sources, desk, cancellationToken);
            if (found is null)
            {
                replacement.State = LotteryState.Ended;
                replacement.EndCode = problem;
                db.Journal.Add(desk.Entry("replacement.ended", replacement, DrawDesk.EndFacts(replacement), scope.Staff.Id, now));
                await db.SaveChangesAsync(cancellationToken);
                return Results.Redirect(page + "?problem=" + problem);
            }

            drawn = found;
            record = DrawFiles.Record(manifest, now, "order", sources, null, drawn.Select(member => Convert.ToHexStringLower(member.Ticket)));
        }

        await using var held = await HoldingThePanel.BeginAsync(db, scope.SiteId, cancellationToken);
        if (!await db.Lotteries.AnyAsync(lottery => lottery.Id == replacement.Id && lottery.State == LotteryState.Frozen, cancellationToken))
        {
            return Results.Redirect(page + "?problem=not-now");
        }

        // Whoever left after the freeze is not among those whose places were drawn for.
        HashSet<string> leaving = [.. manifest["out"]!.AsArray().Select(ticket => (string)ticket!)];
        Dictionary<PoolMemberId, string> tickets = await TicketsAsync(scope.SiteId, db, cancellationToken);
        Participant[] free = [.. Free(await EverybodyAsync(scope.SiteId, db, cancellationToken)).Where(participant => leaving.Contains(tickets[participant.PoolMemberId]))];
        replacement.State = LotteryState.Drawn;
        replacement.DrawnAt = now;
        replacement.RecordJson = Encoding.UTF8.GetString(CanonicalJson.Serialize(record));
        int first = await db.Participants.Where(p => p.DialogueId == scope.DialogueId).MaxAsync(p => (int?)p.Number, cancellationToken) ?? 0;
        desk.AddParticipants(
            replacement, drawn.Index().Select(pair => (pair.Item, pair.Index < free.Length ? free[pair.Index].Id : (ParticipantId?)null)), first + 1, now);
        db.Journal.Add(desk.Entry("replacement.drawn", replacement, DrawFiles.DrawFacts(replacement.Attempt, record), scope.Staff.Id, now));
        await db.SaveChangesAsync(cancellationToken);
        await held.CommitAsync(cancellationToken);
        return Results.Redirect(await room.HasBegunAsync(scope, cancellationToken) ? $"/organise/{scope.Segment}/check-in#drawn" : $"/organise/{scope.Segment}/participants?notice=replaced");
    }

    /// <summary>Ends a prepared draw that was not held; it stays in the history.</summary>
    private static async Task<IResult> CancelAsync(DialogueScope scope, Db db, DrawDesk desk, CancellationToken cancellationToken)
    {
        await using var held = await HoldingThePanel.BeginAsync(db, scope.SiteId, cancellationToken);
        if (await desk.NewestAsync(scope.SiteId, LotteryKind.Replacement, cancellationToken) is { State: LotteryState.Computed or LotteryState.Frozen } pending)
        {
            CallOff(pending, scope, db, desk);
            await db.SaveChangesAsync(cancellationToken);
            await held.CommitAsync(cancellationToken);
        }

        return Results.Redirect($"/organise/{scope.Segment}/participants/replace");
    }

    /// <summary>Ends a draw that was not held; the caller holds the panel and saves.</summary>
    public static void CallOff(Lottery pending, DialogueScope scope, Db db, DrawDesk desk)
    {
        pending.State = LotteryState.Ended;
        pending.EndCode = "cancelled";
        db.Journal.Add(desk.Entry("replacement.ended", pending, DrawDesk.EndFacts(pending), scope.Staff.Id));
    }

    /// <summary>Down the order that randomness gives: everybody with whom the panel can still be completed. Who is in and out is read from the manifest, not from the list of today.</summary>
    private static async Task<(IReadOnlyList<PoolMember>? Drawn, string Problem)> ByOrderAsync(Lottery replacement, JsonObject manifest, IReadOnlyList<DrawSource> sources, DrawDesk desk, CancellationToken cancellationToken)
    {
        DrawPool pool = await desk.PoolAsync(replacement.SiteId, replacement.PanelSize, cancellationToken);
        Dictionary<string, int> index = pool.Pool.People.Index().ToDictionary(pair => pair.Item.Ticket, pair => pair.Index, StringComparer.Ordinal);
        int[] staying = [.. manifest["staying"]!.AsArray().Select(ticket => index[(string)ticket!])];
        int[] leaving = [.. manifest["out"]!.AsArray().Select(ticket => index[(string)ticket!])];
        byte[] key = Pd1.Key(DrawDesk.ManifestHash(replacement), DrawSource.Seed(sources));
        int[] order = [.. Pd1.Order(key, pool.Pool.People.Select(person => person.Ticket)).Select(ticket => index[ticket])];
        return ReplacementDraw.Draw(pool.Pool, staying, leaving, order, cancellationToken) switch
        {
            ReplacementOutcome.Completed completed => ([.. completed.People.Select(person => pool.Members[person])], ""),
            ReplacementOutcome.NotPossible { Feasibility: QuotaFeasibility.Unknown } => (null, "order-undecided"),
            _ => (null, "no-replacement"),
        };
    }

    private static bool ArePanels(Lottery lottery, DrawPool pool) => Enumerable.Range(0, DrawDesk.PanelsOf(lottery)).Select(number => DrawDesk.Panel(lottery, number))
        .All(panel => pool.Pool.IsPanel(panel) && !pool.Left!.Seated.Except(panel).Any());

    /// <summary>Tickets of those who stay and of those who were drawn and are out.</summary>
    public static async Task<(IReadOnlyList<string> Staying, IReadOnlyList<string> Leaving)> SplitAsync(SiteId site, Db db, CancellationToken cancellationToken)
    {
        List<Participant> everybody = await EverybodyAsync(site, db, cancellationToken);
        Dictionary<PoolMemberId, string> tickets = await TicketsAsync(site, db, cancellationToken);
        return ([.. everybody.Where(Stays).Select(p => tickets[p.PoolMemberId])], [.. everybody.Where(p => !Stays(p)).Select(p => tickets[p.PoolMemberId])]);
    }

    private static bool Stays(Participant participant) => participant.Status is ParticipantStatus.Selected or ParticipantStatus.Confirmed;

    private static List<Participant> Free(List<Participant> everybody)
    {
        HashSet<ParticipantId> replaced = [.. everybody.Where(p => p.Replaces is not null).Select(p => p.Replaces!.Value)];
        return [.. everybody.Where(p => !Stays(p) && !replaced.Contains(p.Id))];
    }

    private static Task<List<Participant>> EverybodyAsync(SiteId site, Db db, CancellationToken cancellationToken) =>
        db.Participants.AsNoTracking().Where(p => p.SiteId == site).OrderBy(p => p.Number).ToListAsync(cancellationToken);

    private static async Task<Dictionary<PoolMemberId, string>> TicketsAsync(SiteId site, Db db, CancellationToken cancellationToken) =>
        (await db.PoolMembers.Where(member => member.SiteId == site).Select(member => new { member.Id, member.Ticket }).ToListAsync(cancellationToken))
            .ToDictionary(member => member.Id, member => Convert.ToHexStringLower(member.Ticket));
}

/// <summary>A place without a holder, and who held it last.</summary>
public sealed record FreePlace(Participant Held, string Name)
{
    /// <summary>Given up at the door for somebody absent: a click may have been a mistake.</summary>
    public bool MayBeKept => Held is { Status: ParticipantStatus.Withdrew, Attendance: Attendance.Absent };
}

/// <summary>What the page of replacements shows.</summary>
/// <param name="Pending">A lottery that is computed or waits for its draw, or a draw by order that does.</param>
/// <param name="IsStale">Somebody has answered or left since it was computed.</param>
/// <param name="Job">The newest computation.</param>
public sealed record ReplaceModel(DialogueScope Scope, IReadOnlyList<FreePlace> Free, Lottery? Pending, bool IsStale, Job? Job, string Problem)
{
    /// <summary>Places that a computed lottery fills.</summary>
    public int Seats => Pending is { ConditionsJson.Length: > 0 } ? Pending.PanelSize - JsonNode.Parse(Pending.ConditionsJson)!["staying"]!.AsArray().Count : 0;

    public LotteryResult? Result => Pending is null ? null : DrawDesk.Result(Pending);

    /// <summary>One of a thousand panels may be chosen by dice; an order needs more.</summary>
    public IReadOnlyList<string> Kinds => Pending is { State: LotteryState.Computed } ? ["dice", "beacon", "lottery"] : ["beacon", "lottery"];

    public IReadOnlyList<DeclaredSource> Sources => Pending is null ? [] : DrawDesk.SourcesOf(Pending);

    public string ManifestHash => Pending is not { ManifestJson.Length: > 0 } ? "" : Convert.ToHexStringLower(DrawDesk.ManifestHash(Pending));
}
