using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Statistics.Disclosure;
using Polyphony.Statistics.Representation;
using Polyphony.Storage;
using Polyphony.Storage.Journal;
using Polyphony.Storage.Pools;
using Polyphony.Storage.Publication;
using Polyphony.Web.Audiences;
using Polyphony.Web.Sites;
using Polyphony.Web.Statements;
using Polyphony.Web.Votes;

namespace Polyphony.Web.Publication;

/// <summary>The organiser sees what the public would see, publishes it, takes it back with a reason, and publishes again with a note.</summary>
internal static class PublishResults
{
    public static void Map(RouteGroupBuilder organiser, RouteGroupBuilder reader)
    {
        reader.MapGet("/results", (DialogueScope scope, Db db, SessionCounter counter, PaperDesk paper, TimeProvider clock, HttpRequest request, CancellationToken cancellationToken) =>
            ShowAsync(scope, db, counter, paper, clock, request.Query["notice"].ToString(), cancellationToken));
        organiser.MapPost("/results/publish", PublishAsync).TakesForm();
        organiser.MapPost("/results/take-back", TakeBackAsync).TakesForm();
    }

    private static async Task<RazorComponentResult<ManageResultsPage>> ShowAsync(
        DialogueScope scope, Db db, SessionCounter counter, PaperDesk paper, TimeProvider clock, string notice, CancellationToken cancellationToken)
    {
        List<Release> releases = await ReleasesAsync(db, scope.DialogueId, cancellationToken);
        var (sessions, refusals) = await counter.CountAsync(scope.DialogueId, cancellationToken);
        PublishedResults? released = releases.FirstOrDefault() is { TakenBackAt: null } current ? PublishedResults.Of(current.ResultsJson) : null;
        PublishedResults? composed = sessions.Count == 0 ? null : await ComposeAsync(scope, db, sessions, releases, clock.GetUtcNow(), cancellationToken);

        // Nothing is a new version before something was taken back.
        PublishedResults? preview = released is null ? composed : composed is null ? null : composed with { Release = released.Release, PublishedAt = released.PublishedAt };
        (IReadOnlyList<LocalizedText> awaited, IReadOnlyList<LocalizedText> lacking) = await VotesOutsideAsync(scope, db, released, cancellationToken);
        return new(new
        {
            Model = new ManageResultsModel(scope, releases, preview, refusals, await paper.UnenteredAsync(scope.DialogueId, scope.Sites, cancellationToken), notice)
            {
                Awaited = awaited,
                Lacking = lacking,
                IsAsPublished = released is null || (preview is not null && preview.ToJson().AsSpan().SequenceEqual(released.ToJson())),
            },
        });
    }

    /// <summary>Votes that no publication could hold yet, and those that have closed and that the one which is out lacks.</summary>
    private static async Task<(IReadOnlyList<LocalizedText> Awaited, IReadOnlyList<LocalizedText> Lacking)> VotesOutsideAsync(DialogueScope scope, Db db, PublishedResults? released, CancellationToken cancellationToken)
    {
        List<Storage.Agendas.Session> votes = await db.Sessions.AsNoTracking().Include(session => session.Questions)
            .Where(session => session.DialogueId == scope.DialogueId && session.Questions.Any()).OrderBy(session => session.Position).ToListAsync(cancellationToken);
        var statements = await db.StatementVotes.AsNoTracking().Where(vote => vote.DialogueId == scope.DialogueId).Select(vote => new { vote.Topic, vote.State, IsReleased = vote.LandscapeJson != "" }).SingleOrDefaultAsync(cancellationToken);
        HashSet<string> shown = released is null ? [] : [.. released.Sessions.SelectMany(session => session.Questions).Select(question => question.Table.Question)];
        List<LocalizedText> awaited = [.. votes.Where(session => session.BallotOver(scope.Sites) != BallotState.Closed).Select(session => session.Title)];
        List<LocalizedText> lacking = released is null ? [] : [.. votes.Where(session => session.BallotOver(scope.Sites) == BallotState.Closed && !session.Questions.Any(question => shown.Contains(question.Id.ToString()))).Select(session => session.Title)];
        if (statements is { State: BallotState.Open })
        {
            awaited.Add(statements.Topic);
        }

        if (statements is { IsReleased: true } && released is { Landscape: null })
        {
            lacking.Add(statements.Topic);
        }

        return (awaited, lacking);
    }

    private static async Task<IResult> PublishAsync(HttpRequest request, DialogueScope scope, Db db, SessionCounter counter, PaperDesk paper, TimeProvider clock, CancellationToken cancellationToken)
    {
        string page = $"/organise/{scope.Segment}/results";
        List<Release> releases = await ReleasesAsync(db, scope.DialogueId, cancellationToken);
        if (releases.FirstOrDefault() is { TakenBackAt: null })
        {
            return Results.Redirect(page + "?notice=already");
        }

        var (sessions, refusals) = await counter.CountAsync(scope.DialogueId, cancellationToken);
        if (refusals.Count > 0 || sessions.Count == 0)
        {
            return Results.Redirect(page + "?notice=not-yet");
        }

        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        IReadOnlyList<UnenteredPaper> unentered = await paper.UnenteredAsync(scope.DialogueId, scope.Sites, cancellationToken);
        if (!unentered.All(missing => form["noPaper"].Contains(missing.Statement)))
        {
            return Results.Redirect(page + "?notice=paper");
        }

        LocalizedText note = Note(form, scope);
        if (releases.Count > 0 && note.MissingIn([scope.Dialogue.FallbackLanguage]).Count > 0)
        {
            return Results.Redirect(page + "?notice=note");
        }

        DateTimeOffset now = clock.GetUtcNow();
        PublishedResults results = await ComposeAsync(scope, db, sessions, releases, now, cancellationToken);
        db.Releases.Add(new Release
        {
            Id = new(Guid.CreateVersion7(now)),
            DialogueId = scope.DialogueId,
            Version = results.Release,
            PublishedAt = now,
            Note = note,
            ResultsJson = Encoding.UTF8.GetString(results.ToJson()),
        });
        db.Journal.Add(new JournalEntry
        {
            At = now,
            DialogueId = scope.DialogueId,
            StaffId = scope.Staff.Id,
            Code = "results.published",
            Facts = string.Create(CultureInfo.InvariantCulture, $"{{\"release\":{results.Release},\"sessions\":{results.Sessions.Count},\"tablesSaidWithoutPaper\":{unentered.Sum(missing => missing.Tables.Count)}}}"),
        });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException)
        {
            if (!await db.Releases.AnyAsync(release => release.DialogueId == scope.DialogueId && release.Version == results.Release, cancellationToken))
            {
                throw;
            }

            // Somebody published in the same moment.
            return Results.Redirect(page + "?notice=already");
        }

        return Results.Redirect(page + "?notice=published");
    }

    private static async Task<IResult> TakeBackAsync(HttpRequest request, DialogueScope scope, Db db, TimeProvider clock, CancellationToken cancellationToken)
    {
        string page = $"/organise/{scope.Segment}/results";
        Release? release = await db.Releases.Where(r => r.DialogueId == scope.DialogueId && r.TakenBackAt == null).OrderByDescending(r => r.Version).FirstOrDefaultAsync(cancellationToken);
        if (release is null)
        {
            return Results.Redirect(page + "?notice=nothing-out");
        }

        LocalizedText reason = Note(await request.ReadFormAsync(cancellationToken), scope);
        if (reason.MissingIn([scope.Dialogue.FallbackLanguage]).Count > 0)
        {
            return Results.Redirect(page + "?notice=note");
        }

        DateTimeOffset now = clock.GetUtcNow();

        // What was said when it was published stays; the reason comes under it.
        LocalizedText note = LocalizedText.Of(reason.Languages.Select(language => KeyValuePair.Create(
            language, release.Note.Exactly(language) is { } before ? before + "\n" + reason.Exactly(language) : reason.Exactly(language)!)));
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.Releases.Where(r => r.Id == release.Id && r.TakenBackAt == null).ExecuteUpdateAsync(set => set.SetProperty(r => r.TakenBackAt, now).SetProperty(r => r.Note, note), cancellationToken) == 0)
        {
            // Somebody took it back in the same moment.
            return Results.Redirect(page + "?notice=nothing-out");
        }

        db.Journal.Add(new JournalEntry
        {
            At = now,
            DialogueId = scope.DialogueId,
            StaffId = scope.Staff.Id,
            Code = "results.taken-back",
            Facts = string.Create(CultureInfo.InvariantCulture, $"{{\"release\":{release.Version}}}"),
        });
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return Results.Redirect(page + "?notice=taken-back");
    }

    public static Task<List<Release>> ReleasesAsync(Db db, DialogueId dialogue, CancellationToken cancellationToken) =>
        db.Releases.Where(release => release.DialogueId == dialogue).OrderByDescending(release => release.Version).ToListAsync(cancellationToken);

    private static LocalizedText Note(IFormCollection form, DialogueScope scope) => LocalizedText.Of(scope.Dialogue.Languages
        .Select(language => KeyValuePair.Create(language, form["note." + language].ToString().Trim())).Where(pair => pair.Value.Length is > 0 and <= 2_000));

    /// <summary>What would be released now.</summary>
    public static async Task<PublishedResults> ComposeAsync(
        DialogueScope scope, Db db, IReadOnlyList<(Storage.Agendas.Session Session, SessionCounts Counts)> sessions, IReadOnlyList<Release> releases, DateTimeOffset now, CancellationToken cancellationToken)
    {
        int people = await db.Participants.CountAsync(p => p.DialogueId == scope.DialogueId && p.Status == ParticipantStatus.Confirmed, cancellationToken);
        IReadOnlyList<IReadOnlyDictionary<string, ResultTable>> seen = [.. releases.OrderBy(release => release.Version).Select(Tables)];
        List<PublishedSession> published = [];
        foreach ((Storage.Agendas.Session session, SessionCounts counts) in sessions)
        {
            // Taken back or not, what was published is known: the gate fits the new row of everybody to it and repeats the rows of groups.
            IReadOnlyList<ImmutableArray<ResultTable>> before = [.. seen.Where(tables => counts.Overall.All(tally => tables.ContainsKey(tally.Question))).Select(tables => counts.Overall.Select(tally => tables[tally.Question]).ToImmutableArray())];
            ImmutableArray<ResultTable> tables = await Task.Run(() => DisclosureGate.Release(counts, Math.Max(people, counts.Ballots), before), cancellationToken);
            published.Add(new PublishedSession(session.Title, [
                .. session.Questions.Select((question, q) => new PublishedQuestion(question.Text, [.. question.Options.Select(option => option.Text)], tables[q])),
            ]));
        }

        return new PublishedResults(1, scope.Dialogue.Slug, releases.Count + 1, now, scope.Dialogue.Title, scope.Dialogue.Question, people, published,
            await RepresentationAsync(scope, db, published, releases, cancellationToken), await ComposeChanges.OfAsync(db, scope.DialogueId, sessions, releases, people, cancellationToken),
            await ShowLandscape.ReleasedAsync(db, scope.DialogueId, cancellationToken),
            scope.HasManySites ? [.. scope.Sites.Select(site => new PublishedSite(site.Code, site.Name, site.Country, site.PlannedParticipants))] : null);
    }

    private static Dictionary<string, ResultTable> Tables(Release release) =>
        PublishedResults.Of(release.ResultsJson).Sessions.SelectMany(session => session.Questions).ToDictionary(question => question.Table.Question, question => question.Table);

    private static async Task<IReadOnlyList<PublishedRepresentation>> RepresentationAsync(
        DialogueScope scope, Db db, IReadOnlyList<PublishedSession> sessions, IReadOnlyList<Release> releases, CancellationToken cancellationToken)
    {
        // What was published first stays: somebody who is marked as present later would be the difference.
        Dictionary<string, IReadOnlyList<ReleasedStage>> before = releases.OrderByDescending(release => release.Version).SelectMany(release => PublishedResults.Of(release.ResultsJson).Representation)
            .Where(criterion => criterion.Stages is not null).GroupBy(criterion => criterion.Criterion, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Last().Stages!, StringComparer.Ordinal);
        Dictionary<string, FunnelLine> funnel = (await ShowRepresentation.ReadAsync(scope, db, cancellationToken)).Criteria.ToDictionary(criterion => criterion.Overall.Criterion, criterion => criterion.Overall, StringComparer.Ordinal);

        // Where the gate had to hide how large groups are, who came must not tell it.
        HashSet<string> sizesHidden = [.. sessions.SelectMany(session => session.Questions).SelectMany(question => question.Table.Groups)
            .Where(row => row.Ballots is ReleasedCell.Withheld { Reason: WithheldReasons.Protected }).Select(row => row.Criterion!)];
        IReadOnlyList<ReleasedStage> Stages(string criterion) => before.TryGetValue(criterion, out IReadOnlyList<ReleasedStage>? first) ? first : !funnel.TryGetValue(criterion, out FunnelLine? line) ? [] :
        [
            .. line.Stages.Index().Where(stage => stage.Item is not null).Select(stage => (FunnelStage)stage.Index == FunnelStage.Attended && sizesHidden.Contains(criterion)
                ? ReleasedStage.WithoutCounts(FunnelStage.Attended, stage.Item!)
                : ReleasedStage.Of((FunnelStage)stage.Index, stage.Item!)),
        ];
        IReadOnlyList<Criterion> criteria = await CommonCriteria.ReadAsync(db, scope.DialogueId, cancellationToken);
        var members = await (
            from participant in db.Participants
            where participant.DialogueId == scope.DialogueId && participant.Status == ParticipantStatus.Confirmed
            join member in db.PoolMembers on participant.PoolMemberId equals member.Id
            select new { member.SiteId, member.Values }).ToListAsync(cancellationToken);

        // Each site has its own population: what is expected over all is what its people would be expected to be at each.
        ILookup<string, CriterionValue> targets = (await db.Criteria.AsNoTracking().Include(criterion => criterion.Values).Where(criterion => criterion.DialogueId == scope.DialogueId).ToListAsync(cancellationToken))
            .SelectMany(criterion => criterion.Values.Select(value => (Key: Key(criterion.SiteId, criterion.Name, value.Name), Value: value))).ToLookup(pair => pair.Key, pair => pair.Value);
        Dictionary<SiteId, int> people = members.GroupBy(member => member.SiteId).ToDictionary(group => group.Key, group => group.Count());
        double? Target(Criterion criterion, CriterionValue value) => people.Select(site => targets[Key(site.Key, criterion.Name, value.Name)].Single().Target is { } target ? site.Value * target : (double?)null)
            .Aggregate((double?)0, (sum, part) => sum + part);
        return
        [
            .. criteria.Index().Where(pair => members.Count > 0 && pair.Item.Values.All(value => Target(pair.Item, value) is not null) && pair.Item.Values.Any(value => Target(pair.Item, value) > 0)).Select(pair =>
            {
                Representativeness compared = Representativeness.Of(pair.Item.Name, [.. pair.Item.Values.Select((value, v) => (value.Name, members.Count(member => member.Values[pair.Index] == v), Target(pair.Item, value)!.Value))]);
                return new PublishedRepresentation(pair.Item.Name, compared.TotalVariation ?? 0, [.. compared.Values.Select(value => new PublishedShare(value.Value, value.Count, value.Share, value.Target))], Stages(pair.Item.Name));
            }),
        ];
    }

    private static string Key(SiteId site, string criterion, string value) => $"{site}\u001f{criterion}\u001f{value}";
}

/// <summary>What the organiser's page of results shows.</summary>
/// <param name="Releases">All publications, the newest first.</param>
/// <param name="Preview">What would be published now.</param>
/// <param name="Refusals">Why it cannot be published yet.</param>
/// <param name="Unentered">Tables of which the organiser must say that no paper was cast there.</param>
public sealed record ManageResultsModel(
    DialogueScope Scope, IReadOnlyList<Release> Releases, PublishedResults? Preview, IReadOnlyList<Refusal> Refusals, IReadOnlyList<UnenteredPaper> Unentered, string Notice)
{
    /// <summary>Votes that are not closed: what is published now lacks them.</summary>
    public required IReadOnlyList<LocalizedText> Awaited { get; init; }

    /// <summary>Votes that closed since, and that the public page lacks.</summary>
    public required IReadOnlyList<LocalizedText> Lacking { get; init; }

    /// <summary>Whether the preview is what the public sees, or would see first.</summary>
    public required bool IsAsPublished { get; init; }

    public bool IsOut => Releases.Count > 0 && Releases[0].TakenBackAt is null;
}
