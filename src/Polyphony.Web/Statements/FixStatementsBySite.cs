using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Statistics.Counts;
using Polyphony.Statistics.Disclosure;
using Polyphony.Storage;
using Polyphony.Storage.Statements;
using Polyphony.Web.Audiences;
using Polyphony.Web.Publication;
using Views = Polyphony.Storage.Statements.StatementViews;

namespace Polyphony.Web.Statements;

/// <summary>How sites voted on statements. A vote bears no site: votes are added up by site as they come in, the sums pass the gate once when the vote closes, and are erased.</summary>
/// <remarks>Kept, the sums of many statements beside everybody's votes would tell who voted at which site: of thirty sums hardly more than one choice of people is the right one.</remarks>
internal static class FixStatementsBySite
{
    /// <summary>Fixes what staff may see by site, and erases the sums; once, after the vote has closed. Whoever looks after a server died before it was done calls it again.</summary>
    public static async Task FixAsync(Db db, DialogueScope scope, CancellationToken cancellationToken)
    {
        List<Statement> statements = await db.Statements.AsNoTracking().Where(statement => statement.DialogueId == scope.DialogueId && statement.State == StatementState.Accepted).OrderBy(statement => statement.Number).ToListAsync(cancellationToken);
        List<Views> views = await db.StatementViews.AsNoTracking().Where(seen => seen.DialogueId == scope.DialogueId).ToListAsync(cancellationToken);
        Dictionary<SiteId, int> took = await db.Participants.Where(person => db.StatementParticipations.Any(part => part.DialogueId == scope.DialogueId && part.ParticipantId == person.Id)).GroupBy(person => person.SiteId)
            .Select(group => new { group.Key, People = group.Count() }).ToDictionaryAsync(group => group.Key, group => group.People, cancellationToken);
        string json = "[]";
        if (scope.HasManySites && views.Count > 0 && statements.Count > 0)
        {
            SessionCounts counts = CountsOf([.. scope.Sites.Select(site => (site.Id, site.Code))], statements, views, took);
            ImmutableArray<ResultTable> tables = await Task.Run(() => DisclosureGate.Release(counts, counts.Ballots), cancellationToken);
            json = JsonSerializer.Serialize(statements.Zip(tables, (statement, table) => new PublishedStatement(statement.Number, statement.Text, statement.IsMeta, table)), PublishedResults.Json);
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        int fixedNow = await db.StatementVotes.Where(vote => vote.DialogueId == scope.DialogueId && vote.State == BallotState.Closed && vote.BySiteJson == "").ExecuteUpdateAsync(set => set.SetProperty(vote => vote.BySiteJson, json), cancellationToken);
        if (fixedNow == 0)
        {
            return;
        }

        await db.StatementViews.Where(seen => seen.DialogueId == scope.DialogueId).ExecuteUpdateAsync(set => set.SetProperty(seen => seen.Agrees, 0).SetProperty(seen => seen.Disagrees, 0), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>What was fixed.</summary>
    public static IReadOnlyList<PublishedStatement> Read(string json) => JsonSerializer.Deserialize<IReadOnlyList<PublishedStatement>>(json, PublishedResults.Json)!;

    /// <summary>The sums as the gate takes them. Somebody who was erased since counts where they came to statements, and nowhere else.</summary>
    public static SessionCounts CountsOf(IReadOnlyList<(SiteId Id, string Code)> sites, IReadOnlyList<Statement> statements, IReadOnlyList<Views> views, IReadOnlyDictionary<SiteId, int> took)
    {
        Dictionary<(StatementId, SiteId), Views> seen = views.ToDictionary(one => (one.StatementId, one.SiteId));
        GroupCounts[] groups = [
            .. sites.Select(site =>
            {
                Views?[] own = [.. statements.Select(statement => seen.GetValueOrDefault((statement.Id, site.Id)))];
                int people = Math.Max(took.GetValueOrDefault(site.Id), own.Max(one => one?.Views ?? 0));
                return new GroupCounts(site.Code, people, [.. own.Zip(statements, (one, statement) => new QuestionTally(
                    statement.Id.ToString(), AnswerForm.SingleChoice, people, [one?.Agrees ?? 0, one?.Disagrees ?? 0, (one?.Views ?? 0) - (one?.Agrees ?? 0) - (one?.Disagrees ?? 0)], people - (one?.Views ?? 0)))]);
            }),
        ];
        return new SessionCounts(
            "statements", groups.Sum(group => group.Ballots), [.. statements.Select((_, index) => groups.Select(group => group.Questions[index]).Aggregate((sum, next) => sum.Plus(next)))],
            [new CriterionCounts(SessionCounts.BySite, [.. groups])]);
    }
}
