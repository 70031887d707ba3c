using Microsoft.AspNetCore.Http.HttpResults;
using Polyphony.Dialogues;
using Polyphony.Storage.Agendas;
using Polyphony.Web.Audiences;

namespace Polyphony.Web.Votes;

/// <summary>Ballot papers and sheets for counting them, to print by table. Nothing on a paper leads to a person.</summary>
internal static class PrintPaper
{
    /// <summary>More than the seats of a table: one paper may be spoilt.</summary>
    private const int Spare = 1;

    public static void Map(RouteGroupBuilder organiser)
    {
        organiser.MapGet("/sessions/{session}/paper/ballots", async (SessionId session, DialogueScope scope, PaperDesk desk, HttpRequest request, CancellationToken cancellationToken) =>
            await ReadAsync(session, scope, desk, request, cancellationToken) is { } model ? new RazorComponentResult<PaperBallotsPage>(new { Model = model }) : Results.NotFound());
        organiser.MapGet("/sessions/{session}/paper/sheets", async (SessionId session, DialogueScope scope, PaperDesk desk, HttpRequest request, CancellationToken cancellationToken) =>
            await ReadAsync(session, scope, desk, request, cancellationToken) is { } model ? new RazorComponentResult<PaperSheetsPage>(new { Model = model }) : Results.NotFound());
    }

    private static async Task<PrintModel?> ReadAsync(SessionId session, DialogueScope scope, PaperDesk desk, HttpRequest request, CancellationToken cancellationToken)
    {
        if (await desk.FindAsync(session, scope.DialogueId, cancellationToken) is not { } found)
        {
            return null;
        }

        PaperSeats seats = await desk.SeatsAsync(found, [scope.Site!], cancellationToken);
        bool everybody = request.Query["for"] == "everybody";
        string language = request.Query["language"].ToString();
        return new(
            scope, found, scope.Dialogue.Languages.Contains(language) ? language : scope.Dialogue.FallbackLanguage, everybody,
            [.. seats.Tables.Select(table => (table, seats.Voters[table].Count(voter => everybody || voter.WithoutPhone) + Spare))]);
    }
}

/// <summary>What is printed for a session.</summary>
/// <param name="Language">A language of the dialogue.</param>
/// <param name="Everybody">A paper for each seat, not only for people without a phone.</param>
/// <param name="Tables">Each table with the number of its papers.</param>
public sealed record PrintModel(DialogueScope Scope, Session Session, string Language, bool Everybody, IReadOnlyList<(int Table, int Papers)> Tables);
