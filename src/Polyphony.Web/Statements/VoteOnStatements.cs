using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Statements;
using Polyphony.Web.Audiences;
using Polyphony.Web.Texts;

namespace Polyphony.Web.Statements;

/// <summary>Citizens vote on one statement after the other by their personal link, write their own, and look over what they said.</summary>
internal static class VoteOnStatements
{
    public static void Map(RouteGroupBuilder citizen)
    {
        citizen.MapGet("/statements", ShowAsync);
        citizen.MapPost("/statements", CastAsync).TakesForm();
        citizen.MapGet("/statements/mine", MineAsync);
        citizen.MapPost("/statements/write", WriteAsync).TakesForm();
    }

    private static async Task<RazorComponentResult<StatementPage>> ShowAsync(DialogueScope scope, Db db, StatementDesk desk, HttpRequest request, CancellationToken cancellationToken)
    {
        (StatementVote? vote, List<Statement> accepted, byte[] mark, Dictionary<StatementId, StatementChoice> own) = await ReadAsync(scope, db, desk, cancellationToken);
        Statement? next = null;
        if (vote?.State == BallotState.Open)
        {
            StatementRoute route = await StatementRoute.ReadAsync(db, scope.DialogueId, cancellationToken);
            next = route.Next(scope.Participant.SiteId, own.Keys, StatementRoute.ChanceOf(mark, own.Count));
        }

        return new(new { Model = new StatementModel(scope, vote, next, accepted.Count(statement => own.ContainsKey(statement.Id)), accepted.Count, request.Query["problem"].ToString(), request.Query["notice"].ToString()) });
    }

    private static async Task<IResult> CastAsync(DialogueScope scope, Db db, StatementDesk desk, RoutingWatches watches, HttpRequest request, CancellationToken cancellationToken)
    {
        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        string page = $"/c/{scope.Code}/statements";
        string back = form["back"] == "mine" ? page + "/mine" : page;
        if (!StatementId.TryParse(form["statement"], out StatementId statement) || !Enum.TryParse(form["choice"], out StatementChoice choice) || !Enum.IsDefined(choice))
        {
            return Results.Redirect(page + "?problem=choose");
        }

        // What was meant is worked out before this vote counts, from the rules and not from what the page chose.
        Dictionary<StatementId, StatementChoice> own = await desk.OwnAsync(scope.DialogueId, StatementDesk.MarkOf(scope.Code, scope.DialogueId), cancellationToken);
        StatementRoute? route = own.ContainsKey(statement) ? null : await StatementRoute.ReadAsync(db, scope.DialogueId, cancellationToken);
        if (await desk.CastAsync(scope.DialogueId, scope.Participant.Id, scope.Code, [(statement, choice)], cancellationToken) is { } problem)
        {
            return Results.Redirect($"{page}?problem={problem}");
        }

        if (route is not null)
        {
            watches.Note(scope.DialogueId, route, route.Weights(scope.Participant.SiteId, own.Keys), statement);
        }

        return Results.Redirect(back + "#vote");
    }

    private static async Task<RazorComponentResult<OwnVotesPage>> MineAsync(DialogueScope scope, Db db, StatementDesk desk, CancellationToken cancellationToken)
    {
        (StatementVote? vote, List<Statement> accepted, byte[] mark, Dictionary<StatementId, StatementChoice> own) = await ReadAsync(scope, db, desk, cancellationToken);
        List<Statement> written = await db.Statements.AsNoTracking().Where(statement => statement.DialogueId == scope.DialogueId && statement.Author == mark).ToListAsync(cancellationToken);
        return new(new { Model = new OwnVotesModel(scope, vote, [.. accepted.Where(statement => own.ContainsKey(statement.Id)).Select(statement => (statement, own[statement.Id]))], written) });
    }

    private static async Task<IResult> WriteAsync(DialogueScope scope, StatementDesk desk, PageTexts texts, HttpRequest request, CancellationToken cancellationToken)
    {
        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        string language = texts.Reading.FirstOrDefault(scope.Dialogue.Languages.Contains) ?? scope.Dialogue.FallbackLanguage;
        string? problem = await desk.WriteAsync(scope.DialogueId, scope.Participant.Id, scope.Code, language, form["text"].ToString(), cancellationToken);
        return Results.Redirect($"/c/{scope.Code}/statements?" + (problem is null ? "notice=written" : "problem=" + problem));
    }

    private static async Task<(StatementVote? Vote, List<Statement> Accepted, byte[] Mark, Dictionary<StatementId, StatementChoice> Own)> ReadAsync(DialogueScope scope, Db db, StatementDesk desk, CancellationToken cancellationToken)
    {
        byte[] mark = StatementDesk.MarkOf(scope.Code, scope.DialogueId);
        StatementVote? vote = await db.StatementVotes.AsNoTracking().SingleOrDefaultAsync(v => v.DialogueId == scope.DialogueId, cancellationToken);
        List<Statement> accepted = vote is null or { State: BallotState.Draft } ? [] : await db.Statements.AsNoTracking()
            .Where(statement => statement.DialogueId == scope.DialogueId && statement.State == StatementState.Accepted).OrderBy(statement => statement.Number).ToListAsync(cancellationToken);
        return (vote, accepted, mark, await desk.OwnAsync(scope.DialogueId, mark, cancellationToken));
    }
}

/// <summary>One statement to vote on.</summary>
/// <param name="Vote">The vote; null when there is none.</param>
/// <param name="Next">The statement to show; null when all were voted on, or the vote is not open.</param>
/// <param name="Done">Statements voted on.</param>
/// <param name="All">Statements in all.</param>
public sealed record StatementModel(DialogueScope Scope, StatementVote? Vote, Statement? Next, int Done, int All, string Problem, string Notice);

/// <summary>What one person said.</summary>
/// <param name="Votes">Statements with this person's votes.</param>
/// <param name="Written">Statements that this person wrote.</param>
public sealed record OwnVotesModel(DialogueScope Scope, StatementVote? Vote, IReadOnlyList<(Statement Statement, StatementChoice Choice)> Votes, IReadOnlyList<Statement> Written);
