using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Publication;
using Polyphony.Storage.Statements;
using Polyphony.Web.Audiences;
using Polyphony.Web.Publication;
using Polyphony.Web.Statements;

namespace Polyphony.Web.Insights;

/// <summary>Insights for organisers and auditors: live, from every vote that is closed, and through the same gate as the public's.</summary>
internal static class ShowInsights
{
    public static void Map(RouteGroupBuilder reader) => reader.MapGet("/insights", ShowAsync);

    private static async Task<RazorComponentResult<InsightsPage>> ShowAsync(DialogueScope scope, Db db, HttpRequest request, SessionCounter counter, TimeProvider clock, CancellationToken cancellationToken)
    {
        List<Release> releases = await PublishResults.ReleasesAsync(db, scope.DialogueId, cancellationToken);
        var (sessions, refusals) = await counter.CountAsync(scope.DialogueId, cancellationToken);
        PublishedResults? results = sessions.Count == 0 ? null : await PublishResults.ComposeAsync(scope, db, sessions, releases, clock.GetUtcNow(), cancellationToken);
        StatementVote? vote = await db.StatementVotes.AsNoTracking().SingleOrDefaultAsync(vote => vote.DialogueId == scope.DialogueId && vote.State == BallotState.Closed, cancellationToken);
        if (vote is { SumsJson.Length: 0 })
        {
            await FixStatementSums.FixAsync(db, scope, cancellationToken);
            vote.SumsJson = await db.StatementVotes.Where(v => v.DialogueId == scope.DialogueId).Select(v => v.SumsJson).SingleAsync(cancellationToken);
        }

        IReadOnlyList<StatementsOfGroups> said = vote is null ? [] : ReadStatementSums.Of(FixStatementSums.Read(vote.SumsJson), scope.Sites, vote.Languages);
        return new(new { Model = new InsightsModel(scope, results, refusals, releases is [{ TakenBackAt: null }, ..], vote is not null, said, request.Query["by"].ToString()) });
    }
}

/// <summary>What the organiser's page of insights shows.</summary>
/// <param name="Results">What would be released now; null before the first vote is closed.</param>
/// <param name="Refusals">Votes that are not counted yet.</param>
/// <param name="IsOut">Whether results are public.</param>
/// <param name="HasStatements">Whether a vote on statements is closed.</param>
/// <param name="Said">How sites, countries and languages voted on statements; none where there is one of each.</param>
/// <param name="By">Which of them is looked at; the first one where it is none.</param>
public sealed record InsightsModel(DialogueScope Scope, PublishedResults? Results, IReadOnlyList<Refusal> Refusals, bool IsOut, bool HasStatements, IReadOnlyList<StatementsOfGroups> Said, string By);
