using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Sheets;
using Polyphony.Storage;
using Polyphony.Storage.Ballots;
using Polyphony.Storage.Statements;
using Polyphony.Web.Audiences;

namespace Polyphony.Web.Statements;

/// <summary>Statements and votes in the files of Polis, for organisers and auditors, once the vote is closed: people are numbers without order, and no vote has a time.</summary>
/// <remarks><c>polyphony analyse opinion</c> draws from them the map of the page, by the same hash.</remarks>
internal static class ExportStatements
{
    public static void Map(RouteGroupBuilder reader)
    {
        reader.MapGet("/statements/comments.csv", (DialogueScope scope, Db db, CancellationToken cancellationToken) => FileAsync(scope, db, "comments", Comments, cancellationToken));
        reader.MapGet("/statements/votes.csv", (DialogueScope scope, Db db, CancellationToken cancellationToken) => FileAsync(scope, db, "votes", Votes, cancellationToken));
        reader.MapGet("/statements/participants-votes.csv", (DialogueScope scope, Db db, CancellationToken cancellationToken) => FileAsync(scope, db, "participants-votes", ParticipantsVotes, cancellationToken));
    }

    private static async Task<IResult> FileAsync(DialogueScope scope, Db db, string name, Func<WholeVote, byte[]> file, CancellationToken cancellationToken) =>
        await WholeVote.ClosedAsync(db, scope.DialogueId, cancellationToken) is { } vote
            ? Results.File(file(vote), "text/csv; charset=utf-8", $"{scope.Dialogue.Slug}-{name}.csv")
            : Results.Redirect($"/organise/{scope.Dialogue.Slug}/statements?problem=not-closed");

    private static byte[] Comments(WholeVote vote)
    {
        ILookup<StatementId, StatementChoice> votes = vote.Ballots.ToLookup(ballot => ballot.StatementId, ballot => ballot.Choice);
        return PolisExport.Comments(vote.Statements.Select(statement => (
            new PolisStatement(
                Id(statement), statement.State switch { StatementState.Rejected => -1, StatementState.Accepted => 1, _ => 0 }, statement.IsMeta, statement.IsSeed,
                statement.Text.In(statement.Language, statement.Language), vote.Day, statement.Author is { } author ? Text(vote.NumberOf(author)) : ""),
            votes[statement.Id].Count(choice => choice == StatementChoice.Agree),
            votes[statement.Id].Count(choice => choice == StatementChoice.Disagree))));
    }

    private static byte[] Votes(WholeVote vote) => PolisExport.Votes(vote.Ballots
        .Select(ballot => (Number: vote.NumberOf(ballot.Voter), Statement: vote.Find(ballot.StatementId), ballot.Choice))
        .OrderBy(cast => cast.Number).ThenBy(cast => cast.Statement.Number)
        .Select(cast => new PolisVote(Id(cast.Statement), Text(cast.Number), (int)cast.Choice, vote.Day)));

    private static byte[] ParticipantsVotes(WholeVote vote)
    {
        ILookup<int, Statement> written = vote.Statements.Where(statement => statement.Author is not null).ToLookup(statement => vote.NumberOf(statement.Author!));
        return PolisExport.ParticipantsVotes([.. vote.Statements.Select(Id)], vote.Ballots.GroupBy(ballot => vote.NumberOf(ballot.Voter)).OrderBy(person => person.Key).Select(person =>
        {
            Dictionary<StatementId, StatementChoice> said = person.ToDictionary(ballot => ballot.StatementId, ballot => ballot.Choice);
            return new PolisParticipant(
                Text(person.Key), null, written[person.Key].Count(), [.. vote.Statements.Select(statement => said.TryGetValue(statement.Id, out StatementChoice choice) ? (int?)choice : null)]);
        }));
    }

    private static string Id(Statement statement) => Text(statement.Number);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>All votes on statements: people by their marks, random ones once the vote is closed, in an order that says nothing.</summary>
internal sealed class WholeVote
{
    private readonly Dictionary<BallotBatch.Bytes, int> numbers = [];
    private readonly Dictionary<StatementId, Statement> byId;

    private WholeVote(StatementVote vote, IReadOnlyList<Statement> statements, IReadOnlyList<StatementBallot> ballots)
    {
        (Vote, Statements, Ballots) = (vote, statements, ballots);
        byId = statements.ToDictionary(statement => statement.Id);
        foreach (byte[] mark in ballots.Select(ballot => ballot.Voter).Concat(statements.Select(statement => statement.Author).OfType<byte[]>()).OrderBy(Convert.ToHexString, StringComparer.Ordinal))
        {
            numbers.TryAdd(new(mark), numbers.Count);
        }
    }

    public StatementVote Vote { get; }

    /// <summary>Statements that were shown at some time, by number.</summary>
    public IReadOnlyList<Statement> Statements { get; }

    /// <summary>Votes on them.</summary>
    public IReadOnlyList<StatementBallot> Ballots { get; }

    /// <summary>The day of closing, in milliseconds since 1970, stands for the time of everything: no single time is kept.</summary>
    public long Day => new DateTimeOffset(Vote.ClosedAt!.Value.UtcDateTime.Date, TimeSpan.Zero).ToUnixTimeMilliseconds();

    public int NumberOf(byte[] mark) => numbers[new(mark)];

    public Statement Find(StatementId id) => byId[id];

    /// <summary>Reads it; null while it is not closed.</summary>
    public static Task<WholeVote?> ClosedAsync(Db db, DialogueId dialogue, CancellationToken cancellationToken) => ReadAsync(db, dialogue, BallotState.Closed, null, cancellationToken);

    /// <summary>Reads what has come in so far, or puts votes that were read before under the statements as they are now; null unless it is open.</summary>
    public static Task<WholeVote?> SoFarAsync(Db db, DialogueId dialogue, IReadOnlyList<StatementBallot>? ballots, CancellationToken cancellationToken) => ReadAsync(db, dialogue, BallotState.Open, ballots, cancellationToken);

    private static async Task<WholeVote?> ReadAsync(Db db, DialogueId dialogue, BallotState state, IReadOnlyList<StatementBallot>? ballots, CancellationToken cancellationToken)
    {
        if (await db.StatementVotes.AsNoTracking().SingleOrDefaultAsync(vote => vote.DialogueId == dialogue && vote.State == state, cancellationToken) is not { } found)
        {
            return null;
        }

        List<Statement> statements = await db.Statements.AsNoTracking().Where(statement => statement.DialogueId == dialogue && statement.Number > 0).OrderBy(statement => statement.Number).ToListAsync(cancellationToken);
        return new WholeVote(found, statements, ballots ?? await db.StatementBallots.AsNoTracking().Where(ballot => ballot.DialogueId == dialogue).ToListAsync(cancellationToken));
    }
}
