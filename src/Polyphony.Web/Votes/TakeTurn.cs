using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Polyphony.Storage;
using Polyphony.Storage.Ballots;
using Polyphony.Web.Audiences;
using Polyphony.Web.Mandates;
using Polyphony.Web.Texts;

namespace Polyphony.Web.Votes;

/// <summary>The ballot on a shared tablet, for one person and one session: once it is cast, or left alone, the screen leads back to nothing.</summary>
/// <remarks>Whether the person voted otherwise is said only when a ballot is cast: giving a turn must tell nobody who has voted.</remarks>
internal static class TakeTurn
{
    /// <summary>How long the screen is a person's after each answer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public static void Map(RouteGroupBuilder tablet)
    {
        tablet.MapGet("", ShowAsync);
        tablet.MapPost("", AnswerAsync).TakesForm();
        tablet.MapGet("/end", (DialogueScope scope) => End(scope, "", StatusCodes.Status200OK));
    }

    private static async Task<IResult> ShowAsync(DialogueScope scope, Db db, HttpResponse response, PageTexts texts, TimeProvider clock, CancellationToken cancellationToken) =>
        Over(scope.Turn, clock) is { } reason
            ? End(scope, reason, StatusCodes.Status410Gone)
            : await TakeBallot.FindAsync(scope.Turn.SessionId, scope, db, cancellationToken) is { } session
                ? Screen(BallotModel.Blank(scope, session, BallotChannel.Tablet, voted: false), response, texts)
                : Results.NotFound();

    private static async Task<IResult> AnswerAsync(
        HttpContext context, DialogueScope scope, Db db, BallotDesk desk, PageTexts texts, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (Over(scope.Turn, clock) is { } reason)
        {
            return End(scope, reason, StatusCodes.Status410Gone);
        }

        if (await TakeBallot.FindAsync(scope.Turn.SessionId, scope, db, cancellationToken) is not { } session)
        {
            return Results.NotFound();
        }

        IFormCollection form = await context.Request.ReadFormAsync(cancellationToken);
        if (form["go"] == "stop")
        {
            await KeepAsync(db, scope.Turn, clock.GetUtcNow(), null);
            return Results.Redirect($"/t/{scope.Code}/end?lang={texts.Shown(scope.Dialogue)}");
        }

        BallotModel model = await TakeBallot.TurnPageAsync(BallotModel.Blank(scope, session, BallotChannel.Tablet, voted: false), form, desk, cancellationToken);
        DateTimeOffset now = clock.GetUtcNow();
        if (model.Problem is "voted-otherwise" or "ballot-not-open" or "link-not-valid")
        {
            await KeepAsync(db, scope.Turn, now, null);
            return End(scope, model.Problem, model.Status);
        }

        await KeepAsync(db, scope.Turn, now + Patience, model.Receipt is null ? null : now);
        return Screen(model, context.Response, texts);
    }

    /// <summary>Why a turn is over, or null.</summary>
    private static string? Over(TabletTurn turn, TimeProvider clock) => turn.UsedAt is not null ? "used" : turn.ExpiresAt <= clock.GetUtcNow() ? "expired" : null;

    // Not to be stopped with the request: the ballot may be stored already.
    private static Task<int> KeepAsync(Db db, TabletTurn turn, DateTimeOffset until, DateTimeOffset? used) => db.TabletTurns.Where(kept => kept.CodeHash == turn.CodeHash && kept.UsedAt == null)
        .ExecuteUpdateAsync(set => set.SetProperty(kept => kept.ExpiresAt, until).SetProperty(kept => kept.UsedAt, used), CancellationToken.None);

    private static RazorComponentResult<TurnPage> Screen(BallotModel model, HttpResponse response, PageTexts texts)
    {
        // A screen that was left alone clears itself, also without script: whoever finds the tablet finds no answers.
        response.Headers["Refresh"] = $"{(int)Patience.TotalSeconds + 1};url=/t/{model.Scope.Code}?lang={texts.Shown(model.Scope.Dialogue)}";
        return TakeBallot.Page<TurnPage>(model, response);
    }

    private static RazorComponentResult<TurnEndPage> End(DialogueScope scope, string reason, int status) => new(new { Scope = scope, Reason = reason }) { StatusCode = status };
}
