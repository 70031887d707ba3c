using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Statistics.Disclosure;
using Polyphony.Storage;
using Polyphony.Storage.Agendas;
using Polyphony.Storage.Mandates;
using Polyphony.Storage.Publication;
using Polyphony.Web.Audiences;
using Polyphony.Web.Mandates;
using Polyphony.Web.Texts;

namespace Polyphony.Web.Publication;

/// <summary>The public results: a page for each language, CSV and JSON; each the same bytes for everybody.</summary>
internal static class ShowResults
{
    public static void Map(IEndpointRouteBuilder app)
    {
        RouteGroupBuilder open = app.MapPublicDialogue();
        open.MapGet("/results", (DialogueScope scope, PageTexts texts, HttpResponse response) =>
        {
            response.Headers.Vary = "Accept-Language, Cookie";
            return Results.Redirect($"/d/{scope.Dialogue.Slug}/results/{texts.Shown(scope.Dialogue)}");
        });
        open.MapGet("/results/{language:regex(^([a-z][a-z]|qps-ploc|qps-plocm)$)}", async (string language, HttpContext context, DialogueScope scope, Db db, ResultSnapshots snapshots, CancellationToken cancellationToken) =>
            !DialogueLanguages.IsOffered(scope.Dialogue, language.ToLowerInvariant()) ? Results.NotFound() : await snapshots.AnswerAsync(context, () => StampAsync(db, scope, cancellationToken), async () => (await PageAsync(context, scope, db, cancellationToken), "text/html; charset=utf-8")));
        open.MapGet("/results.json", (HttpContext context, DialogueScope scope, Db db, ResultSnapshots snapshots, CancellationToken cancellationToken) =>
            snapshots.AnswerAsync(context, () => StampAsync(db, scope, cancellationToken), async () => await ReleaseAsync(db, scope, cancellationToken) is { TakenBackAt: null } release ? (Encoding.UTF8.GetBytes(release.ResultsJson), "application/json; charset=utf-8") : null));
        open.MapGet("/results.csv", (HttpContext context, DialogueScope scope, Db db, ResultSnapshots snapshots, CancellationToken cancellationToken) =>
            snapshots.AnswerAsync(context, () => StampAsync(db, scope, cancellationToken), async () => await ReleaseAsync(db, scope, cancellationToken) is { TakenBackAt: null } release ? (PublishedResults.Of(release.ResultsJson).ToCsv(scope.Dialogue.FallbackLanguage), "text/csv; charset=utf-8") : null));
    }

    public static Task<Release?> ReleaseAsync(Db db, DialogueScope scope, CancellationToken cancellationToken) =>
        db.Releases.AsNoTracking().Where(release => release.DialogueId == scope.DialogueId).OrderByDescending(release => release.Version).FirstOrDefaultAsync(cancellationToken);

    /// <summary>Changes whenever the page would: a release, a take-back, a ballot opened or closed, ten more ballots, a text.</summary>
    public static async Task<string> StampAsync(Db db, DialogueScope scope, CancellationToken cancellationToken)
    {
        var releases = await db.Releases.Where(release => release.DialogueId == scope.DialogueId).Select(release => new { release.Version, release.TakenBackAt }).OrderBy(release => release.Version).ToListAsync(cancellationToken);
        IReadOnlyList<LiveSession> live = await LiveAsync(db, scope, cancellationToken);
        LiveStatements? statements = await StatementsAsync(db, scope, cancellationToken);
        return string.Create(CultureInfo.InvariantCulture,
            $"{scope.Dialogue.Version:N}|{(statements is null ? "" : "open")}{statements?.People}|{string.Join(',', releases.Select(release => $"{release.Version}{(release.TakenBackAt is null ? "" : "-")}"))}|{string.Join(',', live.Select(session => $"{session.State}{session.Ballots}{string.Concat(session.Sites.Select(state => (int)state))}"))}");
    }

    private static async Task<IReadOnlyList<LiveSession>> LiveAsync(Db db, DialogueScope scope, CancellationToken cancellationToken)
    {
        List<Session> sessions = await db.Sessions.AsNoTracking().Where(session => session.DialogueId == scope.DialogueId && session.Questions.Any()).OrderBy(session => session.Position).ToListAsync(cancellationToken);
        List<LiveSession> live = [];
        foreach (Session session in sessions)
        {
            // A number that grows while one of many sites votes alone would be the number of that site.
            BallotState state = session.BallotOver(scope.Sites);
            int ballots = state == BallotState.Open && !scope.HasManySites
                ? DisclosureGate.LiveBallots(await db.Participations.CountAsync(participation => participation.SessionId == session.Id, cancellationToken))
                : 0;
            live.Add(new LiveSession(session.Title, state, ballots, scope.HasManySites ? [.. scope.Sites.Select(site => session.BallotAt(site.Id))] : []));
        }

        return live;
    }

    /// <summary>The vote on statements while it is open; at many sites without a number, as for ballots.</summary>
    private static async Task<LiveStatements?> StatementsAsync(Db db, DialogueScope scope, CancellationToken cancellationToken) =>
        await db.StatementVotes.AsNoTracking().SingleOrDefaultAsync(vote => vote.DialogueId == scope.DialogueId && vote.State == BallotState.Open, cancellationToken) is { } open
            ? new LiveStatements(open.Topic, scope.HasManySites ? null : DisclosureGate.LiveBallots(await db.StatementParticipations.CountAsync(took => took.DialogueId == scope.DialogueId, cancellationToken)))
            : null;

    private static async Task<byte[]> PageAsync(HttpContext context, DialogueScope scope, Db db, CancellationToken cancellationToken)
    {
        List<Release> releases = await db.Releases.AsNoTracking().Where(release => release.DialogueId == scope.DialogueId).OrderByDescending(release => release.Version).ToListAsync(cancellationToken);
        ResultsModel model = new(
            scope.Dialogue, releases.FirstOrDefault() is { TakenBackAt: null } current ? PublishedResults.Of(current.ResultsJson) : null, releases, await LiveAsync(db, scope, cancellationToken), await StatementsAsync(db, scope, cancellationToken), scope.Zone);
        await using HtmlRenderer renderer = new(context.RequestServices, context.RequestServices.GetRequiredService<ILoggerFactory>());
        return Encoding.UTF8.GetBytes(await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<ResultsPage>(ParameterView.FromDictionary(new Dictionary<string, object?> { ["Model"] = model }))).ToHtmlString()));
    }
}

/// <summary>A session's ballot as the public may know it: open or not, and while open the ballots in steps of ten, or at how many of many sites.</summary>
/// <param name="Sites">How far it has come at each of many sites; empty of one.</param>
public sealed record LiveSession(LocalizedText Title, BallotState State, int Ballots, IReadOnlyList<BallotState> Sites);

/// <summary>An open vote on statements as the public may know it.</summary>
/// <param name="People">Those who have voted, in steps of ten; null at many sites.</param>
public sealed record LiveStatements(LocalizedText Topic, int? People);

/// <summary>What the public page of results shows.</summary>
public sealed record ResultsModel(Dialogue Dialogue, PublishedResults? Results, IReadOnlyList<Release> Releases, IReadOnlyList<LiveSession> Live, LiveStatements? Statements, TimeZoneInfo Zone);
