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

namespace Polyphony.Web.Statements;

/// <summary>How sites and languages voted on statements. A vote bears neither: votes are added up by site and by language as they come in, the sums pass the gate once when the vote closes, and are erased.</summary>
/// <remarks>
/// Kept, the sums of many statements beside everybody's votes would tell who voted at which site: of thirty sums hardly more than one choice of people is the right one.
/// Sites and languages pass the gate together: shown one without the other, each could be subtracted from what is shown of the other.
/// </remarks>
internal static class FixStatementSums
{
    /// <summary>The criterion of the languages; the group without a name are the others together.</summary>
    public const string ByLanguage = "language";

    /// <summary>Fixes what staff may see by site and by language, and erases the sums; once, after the vote has closed. Whoever looks after a server died before it was done calls it again.</summary>
    public static async Task FixAsync(Db db, DialogueScope scope, CancellationToken cancellationToken)
    {
        List<Statement> statements = await db.Statements.AsNoTracking().Where(statement => statement.DialogueId == scope.DialogueId && statement.State == StatementState.Accepted).OrderBy(statement => statement.Number).ToListAsync(cancellationToken);
        CriterionSums[] sums = [.. (await SumsAsync(db, scope, cancellationToken)).Where(criterion => criterion.Groups.Count > 1)];
        string json = "[]";
        if (sums.Length > 0 && statements.Count > 0 && sums[0].Groups.Any(group => group.Said.Count > 0))
        {
            SessionCounts counts = CountsOf(statements, sums);
            ImmutableArray<ResultTable> tables = await Task.Run(() => DisclosureGate.Release(counts, counts.Ballots), cancellationToken);
            json = JsonSerializer.Serialize(statements.Zip(tables, (statement, table) => new PublishedStatement(statement.Number, statement.Text, statement.IsMeta, table)), PublishedResults.Json);
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        int fixedNow = await db.StatementVotes.Where(vote => vote.DialogueId == scope.DialogueId && vote.State == BallotState.Closed && vote.SumsJson == "").ExecuteUpdateAsync(set => set.SetProperty(vote => vote.SumsJson, json), cancellationToken);
        if (fixedNow == 0)
        {
            return;
        }

        await db.StatementViews.Where(seen => seen.DialogueId == scope.DialogueId).ExecuteUpdateAsync(set => set.SetProperty(seen => seen.Agrees, 0).SetProperty(seen => seen.Disagrees, 0), cancellationToken);
        await db.StatementLanguageSums.Where(sum => sum.DialogueId == scope.DialogueId).ExecuteDeleteAsync(cancellationToken);
        await db.StatementParticipations.Where(took => took.DialogueId == scope.DialogueId).ExecuteUpdateAsync(set => set.SetProperty(took => took.Language, ""), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>What was fixed.</summary>
    public static IReadOnlyList<PublishedStatement> Read(string json) => JsonSerializer.Deserialize<IReadOnlyList<PublishedStatement>>(json, PublishedResults.Json)!;

    /// <summary>The sums as the gate takes them. Somebody who was erased since counts where they came to statements, and nowhere else.</summary>
    public static SessionCounts CountsOf(IReadOnlyList<Statement> statements, IReadOnlyList<CriterionSums> sums)
    {
        CriterionCounts[] criteria = [
            .. sums.Select(criterion => new CriterionCounts(criterion.Criterion, [
                .. criterion.Groups.Select(group =>
                {
                    int people = Math.Max(group.Took, group.Said.Values.Max(said => (int?)said.Views) ?? 0);
                    return new GroupCounts(group.Value, people, [.. statements.Select(statement => TallyOf(statement, people, group.Said.GetValueOrDefault(statement.Id)))]);
                }),
            ])),
        ];

        // Who was erased may be missing from a site and not from a language, or the other way round.
        int ballots = criteria.Max(criterion => criterion.Groups.Sum(group => group.Ballots));
        return new SessionCounts(
            "statements", ballots,
            [
                .. statements.Select((_, index) =>
                {
                    QuestionTally known = criteria[0].Groups.Select(group => group.Questions[index]).Aggregate((sum, next) => sum.Plus(next));
                    return known with { Ballots = ballots, NoAnswer = known.NoAnswer + ballots - known.Ballots };
                }),
            ],
            [.. criteria]);
    }

    private static QuestionTally TallyOf(Statement statement, int people, Said said) =>
        new(statement.Id.ToString(), AnswerForm.SingleChoice, people, [said.Agrees, said.Disagrees, said.Views - said.Agrees - said.Disagrees], people - said.Views);

    /// <summary>The sums by site and by language; who was counted in neither way is in none.</summary>
    private static async Task<IReadOnlyList<CriterionSums>> SumsAsync(Db db, DialogueScope scope, CancellationToken cancellationToken)
    {
        List<StatementViews> views = await db.StatementViews.AsNoTracking().Where(seen => seen.DialogueId == scope.DialogueId).ToListAsync(cancellationToken);
        List<StatementLanguageSum> heard = await db.StatementLanguageSums.AsNoTracking().Where(sum => sum.DialogueId == scope.DialogueId).ToListAsync(cancellationToken);
        List<string> apart = await db.StatementVotes.Where(vote => vote.DialogueId == scope.DialogueId).Select(vote => vote.Languages).SingleAsync(cancellationToken);
        var took = await (
            from part in db.StatementParticipations
            where part.DialogueId == scope.DialogueId
            join person in db.Participants on part.ParticipantId equals person.Id
            select new { person.SiteId, part.Language }).ToListAsync(cancellationToken);
        List<SumsOfGroup> sites = [.. scope.Sites.Select(site => new SumsOfGroup(
            site.Code, took.Count(person => person.SiteId == site.Id), views.Where(seen => seen.SiteId == site.Id).ToDictionary(seen => seen.StatementId, seen => new Said(seen.Views, seen.Agrees, seen.Disagrees))))];
        int[] BySite(string language) => [.. scope.Sites.Select(site => took.Count(person => person.SiteId == site.Id && person.Language == language))];
        SumsOfGroup Of(string language) => new(
            language, took.Count(person => person.Language == language), heard.Where(sum => sum.Language == language).ToDictionary(sum => sum.StatementId, sum => new Said(sum.Views, sum.Agrees, sum.Disagrees)));

        // Who speaks what where is known to staff, and so is what a language has that a site has not. It is looked at here and kept nowhere.
        string[] shown = scope.HasManySites ? [.. GroupsBesideSites.Of([.. apart.Select(BySite)], BySite("")).Select(index => apart[index])] : [.. apart];
        SumsOfGroup others = apart.Except(shown).Append("").Select(Of).Aggregate((all, next) => next.Plus(all));
        return [new(SessionCounts.BySite, sites), new(ByLanguage, [.. shown.Select(Of), .. others.Took > 0 || others.Said.Count > 0 ? [others] : (SumsOfGroup[])[]])];
    }
}

/// <summary>The sums of a vote on statements by one criterion.</summary>
internal sealed record CriterionSums(string Criterion, IReadOnlyList<SumsOfGroup> Groups);

/// <summary>The sums of one site or language.</summary>
/// <param name="Took">People of it who voted on anything.</param>
internal sealed record SumsOfGroup(string Value, int Took, IReadOnlyDictionary<StatementId, Said> Said)
{
    /// <summary>Both together, under the name of this one.</summary>
    public SumsOfGroup Plus(SumsOfGroup other) => new(Value, Took + other.Took, Said.Concat(other.Said).GroupBy(said => said.Key, (statement, said) => (statement, said.Select(one => one.Value).Aggregate((sum, next) => sum.Plus(next)))).ToDictionary());
}

/// <summary>How many came to a statement, agree and disagree.</summary>
internal readonly record struct Said(int Views, int Agrees, int Disagrees)
{
    public Said Plus(Said other) => new(Views + other.Views, Agrees + other.Agrees, Disagrees + other.Disagrees);
}
