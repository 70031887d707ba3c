using Microsoft.AspNetCore.Http.HttpResults;
using Polyphony.Dialogues;
using Polyphony.Storage.Agendas;
using Polyphony.Storage.Ballots;
using Polyphony.Web.Audiences;

namespace Polyphony.Web.Votes;

/// <summary>The paper ballots of a session at a site: which table is entered once, twice alike, or differently.</summary>
/// <remarks>Numbers stand here only where both entries differ: what a single table answered is nobody's business.</remarks>
internal static class ComparePaper
{
    public static void Map(RouteGroupBuilder reader) => reader.MapGet("/sessions/{session}/paper", ShowAsync);

    private static async Task<IResult> ShowAsync(SessionId session, DialogueScope scope, PaperDesk desk, HttpRequest request, CancellationToken cancellationToken)
    {
        if (await desk.FindAsync(session, scope.DialogueId, cancellationToken) is not { } found)
        {
            return Results.NotFound();
        }

        PaperSeats seats = await desk.SeatsAsync(found, [scope.Site!], cancellationToken);
        IReadOnlyList<PaperTable> tables = await desk.TablesAsync(session, scope.SiteId, seats.Tables, cancellationToken);
        return new RazorComponentResult<PaperPage>(new
        {
            Model = new PaperModel(scope, found, tables, seats, await desk.ArePublishedAsync(scope.DialogueId, cancellationToken), request.Query["notice"].ToString()),
        });
    }
}

/// <summary>What the page of a session's paper ballots shows.</summary>
public sealed record PaperModel(DialogueScope Scope, Session Session, IReadOnlyList<PaperTable> Tables, PaperSeats Seats, bool IsPublished, string Notice)
{
    public bool IsClosed => Session.BallotAt(Scope.SiteId) == BallotState.Closed;

    /// <summary>Whether papers may lie at a table although nothing was entered.</summary>
    public bool IsUnentered(PaperTable table) => IsClosed && table.State == PaperState.Nothing && Seats.MayHoldPaper(table.Table);

    /// <summary>The cells in which a table's entries differ: question and option from 0; no question for the number of ballots, no option for "no answer".</summary>
    public IEnumerable<(Question? Question, Option? Option, int First, int Second)> Differences(PaperTable table)
    {
        (PaperTally first, PaperTally second) = (table.First!, table.Second!);
        if (first.Ballots != second.Ballots)
        {
            yield return (null, null, first.Ballots, second.Ballots);
        }

        foreach ((int q, (IReadOnlyList<int> one, IReadOnlyList<int> other)) in PaperCounts.Read(first.Counts).Zip(PaperCounts.Read(second.Counts)).Index())
        {
            Question question = Session.Questions[q];
            for (int o = 0; o < one.Count; o++)
            {
                if (one[o] != other[o])
                {
                    yield return (question, o < question.Options.Count ? question.Options[o] : null, one[o], other[o]);
                }
            }
        }
    }
}
