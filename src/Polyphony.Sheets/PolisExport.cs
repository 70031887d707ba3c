using System.Globalization;

namespace Polyphony.Sheets;

/// <summary>A vote for Polis' <c>votes.csv</c>.</summary>
/// <param name="Statement">Id of the statement.</param>
/// <param name="Voter">Id of the voter.</param>
/// <param name="Vote">1 agree, 0 pass, −1 disagree.</param>
/// <param name="Time">Milliseconds since 1970.</param>
public sealed record PolisVote(string Statement, string Voter, int Vote, long Time);

/// <summary>A person for Polis' <c>participants-votes.csv</c>.</summary>
/// <param name="Participant">The person's id.</param>
/// <param name="Group">Number of the group, or null.</param>
/// <param name="Written">Statements that the person wrote.</param>
/// <param name="Votes">By statement, null for none.</param>
public sealed record PolisParticipant(string Participant, int? Group, int Written, IReadOnlyList<int?> Votes);

/// <summary>Writes what Polis and its analysts read: UTF-8, commas, lines ended by LF. Votes are personal data: for organisers and auditors only.</summary>
/// <remarks>What people wrote is guarded against being taken for a formula, and <see cref="PolisStatements"/> takes the guard off again; numbers need none.</remarks>
public static class PolisExport
{
    private const string Stamp = "ddd MMM dd HH:mm:ss 'UTC' yyyy";

    /// <summary><c>comments.csv</c>.</summary>
    /// <param name="statements">The statements with how many agree and disagree.</param>
    public static byte[] Comments(IEnumerable<(PolisStatement Statement, int Agrees, int Disagrees)> statements) => Write(
        statements.Select(row => (string[])[
            Text(row.Statement.Time), Date(row.Statement.Time), row.Statement.Id, row.Statement.Author, Text(row.Agrees), Text(row.Disagrees), Text(row.Statement.Moderated), CsvWriter.Escape(row.Statement.Text),
            row.Statement.IsMeta ? "true" : "false", row.Statement.IsSeed ? "true" : "false"]),
        "timestamp", "datetime", "comment-id", "author-id", "agrees", "disagrees", "moderated", "comment-body", "is-meta", "is-seed");

    /// <summary><c>votes.csv</c>.</summary>
    /// <param name="votes">All votes, those that were changed later included.</param>
    public static byte[] Votes(IEnumerable<PolisVote> votes) => Write(
        votes.Select(vote => (string[])[Text(vote.Time), Date(vote.Time), vote.Statement, vote.Voter, Text(vote.Vote)]),
        "timestamp", "datetime", "comment-id", "voter-id", "vote");

    /// <summary><c>participants-votes.csv</c>.</summary>
    /// <param name="statements">Ids of the statements, the columns.</param>
    /// <param name="people">The people with their votes in the order of the statements.</param>
    public static byte[] ParticipantsVotes(IReadOnlyList<string> statements, IEnumerable<PolisParticipant> people) => Write(
        people.Select(person => (string[])[
            person.Participant, person.Group is { } group ? Text(group) : "", Text(person.Written), Text(person.Votes.Count(vote => vote is not null)),
            Text(person.Votes.Count(vote => vote == 1)), Text(person.Votes.Count(vote => vote == -1)), .. person.Votes.Select(vote => vote is { } cast ? Text(cast) : "")]),
        ["participant", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree", .. statements]);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Date(long time) => DateTimeOffset.FromUnixTimeMilliseconds(time).ToString(Stamp, CultureInfo.InvariantCulture);

    private static byte[] Write(IEnumerable<string[]> rows, params string[] headers) => PlainCsv.Write(rows.Prepend(headers));
}
