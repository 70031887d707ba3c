using Polyphony.Sheets;
using Polyphony.Statistics.Opinion.Voting;

namespace Polyphony.Cli.Analyse;

/// <summary>A conversation as it stands in two files of Polis.</summary>
/// <param name="Ids">Ids of the statements.</param>
/// <param name="Statements">The statements.</param>
/// <param name="Voters">Ids of the voters.</param>
/// <param name="Votes">All votes in the order of rows, changed ones included.</param>
internal sealed record OpinionFiles(IdIndex Ids, IReadOnlyList<Statement> Statements, IdIndex Voters, List<CastVote> Votes)
{
    private const int ShortestRow = 20;

    /// <summary>Reads both files; null, with the problems counted, when something is wrong.</summary>
    public static OpinionFiles? Read(string votesPath, string statementsPath, bool unmoderated, ProblemCount problems, CancellationToken cancellationToken)
    {
        using LargeCsv? statementsCsv = LargeCsv.Open(statementsPath, problems.Listed, cancellationToken);
        using LargeCsv? votesCsv = LargeCsv.Open(votesPath, problems.Listed, cancellationToken, PolisVotes.MostColumns);
        problems.Recount();
        if (statementsCsv is null || PolisStatements.Read(statementsCsv, problems.Add, cancellationToken) is not { } statements || votesCsv is null)
        {
            return null;
        }

        // Few rows are shorter than this many bytes, and what is not touched takes no memory.
        List<CastVote> votes = new((int)Math.Min(votesCsv.Length / ShortestRow, int.MaxValue / 32));
        IdIndex? voters = PolisVotes.Read(votesCsv, statements.Ids, (voter, statement, vote, time) => votes.Add(new CastVote(voter, (ushort)statement, vote, time)), problems.Add, cancellationToken);
        return voters is null ? null : new OpinionFiles(statements.Ids, [.. statements.Rows.Select(row => Of(row, unmoderated))], voters, votes);
    }

    private static Statement Of(PolisStatement row, bool unmoderated) => unmoderated
        ? new(row.Id, Moderation.Unmoderated, IsMeta: false, row.IsSeed)
        : new(row.Id, row.Moderated switch { < 0 => Moderation.Rejected, 0 => Moderation.Unmoderated, _ => Moderation.Accepted }, row.IsMeta, row.IsSeed);
}

/// <summary>Problems, of which the first are kept.</summary>
internal sealed class ProblemCount
{
    public List<SheetProblem> Listed { get; } = [];

    public int All { get; private set; }

    public void Add(SheetProblem problem)
    {
        if (++All <= SheetProblem.MostListed)
        {
            Listed.Add(problem);
        }
    }

    /// <summary>After something else added to the list.</summary>
    public void Recount() => All = Math.Max(All, Listed.Count);
}
