using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Agendas;
using Polyphony.Storage.Ballots;
using Polyphony.Storage.Journal;
using Polyphony.Web.Audiences;
using Polyphony.Web.Shared;

namespace Polyphony.Web.Votes;

/// <summary>Takes the counts of a table's paper ballots, twice: the second entry is made by another person, who does not see the first.</summary>
/// <remarks>Whoever is alone in the team may make both: a dialogue must not stop for want of a colleague.</remarks>
internal static class EnterPaper
{
    private const int MostBallots = 2_000;
    private const int MaxNote = 500;

    public static void Map(RouteGroupBuilder organiser, RouteGroupBuilder facilitator)
    {
        organiser.MapGet("/sessions/{session}/paper/{table:int:min(1)}", ShowAsync);
        organiser.MapPost("/sessions/{session}/paper/{table:int:min(1)}", EnterAsync).TakesForm();
        facilitator.MapGet("/sessions/{session}/paper", ShowAsync);
        facilitator.MapPost("/sessions/{session}/paper", EnterAsync).TakesForm();
    }

    public static string CountField(int question, int? option) => string.Create(CultureInfo.InvariantCulture, $"q{question}{(option is { } o ? $"o{o}" : "none")}");

    public static string QuestionField(int question) => string.Create(CultureInfo.InvariantCulture, $"q{question}");

    private static async Task<IResult> ShowAsync(SessionId session, int table, DialogueScope scope, PaperDesk desk, HttpRequest request, CancellationToken cancellationToken)
    {
        if (await ReadAsync(session, table, scope, desk, request, cancellationToken) is not { } model)
        {
            return Results.NotFound();
        }

        int again = request.Query["again"] == "1" ? 1 : request.Query["again"] == "2" ? 2 : 0;
        bool replaces = model.Table.Entry(again) is not null && again > 0;
        int entry = replaces ? again : model.Table.First is null ? 1 : model.Table.Second is null ? 2 : 0;
        return new RazorComponentResult<PaperEntryPage>(new { Model = model with { Entry = entry, Replaces = replaces, Notice = request.Query["notice"].ToString() } });
    }

    private static Task<IResult> EnterAsync(
        SessionId session, int table, HttpRequest request, DialogueScope scope, Db db, PaperDesk desk, TimeProvider clock, CancellationToken cancellationToken) =>
        StoreAsync(session, table, request, scope, db, desk, clock, again: false, cancellationToken);

    private static async Task<IResult> StoreAsync(
        SessionId session, int table, HttpRequest request, DialogueScope scope, Db db, PaperDesk desk, TimeProvider clock, bool again, CancellationToken cancellationToken)
    {
        if (await ReadAsync(session, table, scope, desk, request, cancellationToken) is not { } model)
        {
            return Results.NotFound();
        }

        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        int entry = form["entry"] == "2" ? 2 : 1;
        bool replaces = form["replaces"] == "yes";
        if (!replaces && entry == 1 && model.Table is { First: { } faster, Second: null } && faster.EnteredBy != scope.Staff.Id)
        {
            // Two people counted at the same time: the later one did not see the other's numbers.
            entry = 2;
        }

        model = model with { Entry = entry, Replaces = replaces, Form = form };
        if (model.Table.Entry(entry) is not null && !replaces)
        {
            return Results.Redirect(model.Action + "?notice=stored");
        }

        if (model.Obstacle is not null)
        {
            return Page(model, StatusCodes.Status409Conflict);
        }

        FieldProblems problems = new();
        (int ballots, string counts) = Check(model, form, problems);
        if (problems.Any)
        {
            return Page(model with { Problems = problems.All }, StatusCodes.Status422UnprocessableEntity);
        }

        // Only who enters anew changes what is stored: what somebody else stored since the table was read above must not be written over.
        PaperTally? before = replaces ? await db.PaperTallies.SingleOrDefaultAsync(t => t.SessionId == session && t.Table == table && t.Entry == entry, cancellationToken) : null;
        PaperTally tally = before ?? db.PaperTallies.Add(new PaperTally { SessionId = session, Table = table, Entry = entry, DialogueId = scope.DialogueId, SiteId = scope.SiteId }).Entity;
        tally.Ballots = ballots;
        tally.Counts = counts;
        tally.EnteredBy = scope.Staff.Id;
        tally.EnteredAt = clock.GetUtcNow();
        tally.Note = string.Join('\n', ((string[])[tally.Note, form["note"].ToString().Trim()]).Where(note => note.Length > 0));
        db.Journal.Add(new JournalEntry
        {
            At = tally.EnteredAt,
            DialogueId = scope.DialogueId,
            StaffId = scope.Staff.Id,
            Code = "paper.entered",
            Facts = string.Create(CultureInfo.InvariantCulture, $"{{\"session\":\"{session}\",\"table\":{table},\"entry\":{entry},\"replaced\":{(replaces ? "true" : "false")}}}"),
        });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException) when (!again)
        {
            // Somebody stored the same entry in the same moment: then this one is the second, or the same form sent twice.
            db.ChangeTracker.Clear();
            return await StoreAsync(session, table, request, scope, db, desk, clock, again: true, cancellationToken);
        }
        catch (DbUpdateException)
        {
            // And once more; the page says how it stands now.
            return Results.Redirect(model.Action + "?notice=meanwhile");
        }

        return Results.Redirect(model.IsFacilitators ? model.Action + "?notice=entered" : model.Overview + "?notice=entered");
    }

    private static async Task<PaperEntryModel?> ReadAsync(SessionId session, int table, DialogueScope scope, PaperDesk desk, HttpRequest request, CancellationToken cancellationToken)
    {
        if (await desk.FindAsync(session, scope.DialogueId, cancellationToken) is not { } found)
        {
            return null;
        }

        PaperSeats seats = await desk.SeatsAsync(found, [scope.Site!], cancellationToken);
        PaperTable? at = (await desk.TablesAsync(session, scope.SiteId, seats.Tables, cancellationToken)).FirstOrDefault(known => known.Table == table);
        return at is null ? null : new PaperEntryModel(
            scope, found, at, seats.MayHaveVoted(table), await desk.HasColleagueAsync(scope.DialogueId, table, scope.Staff.Id, cancellationToken),
            await desk.ArePublishedAsync(scope.DialogueId, cancellationToken), request.Path.StartsWithSegments("/facilitate", StringComparison.Ordinal));
    }

    /// <summary>Reads and checks all counts; what is returned holds only when there is no problem.</summary>
    private static (int Ballots, string Counts) Check(PaperEntryModel model, IFormCollection form, FieldProblems problems)
    {
        int? ballots = Count("ballots");
        List<List<int>> read = [];
        foreach ((int q, Question question) in model.Session.Questions.Index())
        {
            int?[] counts = [.. question.Options.Select((_, o) => Count(CountField(q, o))), Count(CountField(q, null))];
            if (ballots is { } all && counts.All(count => count is not null))
            {
                AddUp(question, q, all, [.. counts.Select(count => count!.Value)]);
            }

            read.Add([.. counts.Select(count => count ?? 0)]);
        }

        string note = form["note"].ToString().Trim();
        problems.NoLonger("note", note, MaxNote);
        if (note.Length == 0 && ballots > model.MayHaveVoted)
        {
            problems.Add("ballots", "more-ballots-than-people", ("people", model.MayHaveVoted));
        }

        if (note.Length == 0 && model is { Replaces: true, Table.State: PaperState.Equal })
        {
            problems.Add("note", "agreed-already");
        }

        return (ballots ?? 0, PaperCounts.Write(read));

        int? Count(string field)
        {
            if (int.TryParse(form[field].ToString().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count <= MostBallots)
            {
                return count;
            }

            problems.Add(field, "out-of-range", ("min", 0), ("max", MostBallots));
            return null;
        }

        void AddUp(Question question, int q, int all, int[] counts)
        {
            int answered = all - counts[^1];
            int ticks = counts[..^1].Sum();
            if (question.Kind != QuestionKind.MultipleChoice)
            {
                if (ticks + counts[^1] != all)
                {
                    problems.Add(QuestionField(q), "not-the-sum", ("sum", ticks + counts[^1]), ("ballots", all));
                }

                return;
            }

            if (answered < 0)
            {
                problems.Add(CountField(q, null), "more-than-ballots", ("ballots", all));
                return;
            }

            foreach (int o in Enumerable.Range(0, question.Options.Count).Where(o => counts[o] > answered))
            {
                problems.Add(CountField(q, o), "more-than-answered", ("answered", answered));
            }

            if (ticks > answered * question.MaxChoices || ticks < answered)
            {
                problems.Add(QuestionField(q), "not-so-many-ticks", ("ticks", ticks), ("answered", answered), ("most", answered * question.MaxChoices));
            }
        }
    }

    private static RazorComponentResult<PaperEntryPage> Page(PaperEntryModel model, int status) => new(new { Model = model }) { StatusCode = status };
}

/// <summary>The page on which one entry of a table is made.</summary>
/// <param name="MayHaveVoted">People of the table who are here and did not vote by phone or tablet.</param>
/// <param name="HasColleague">Somebody else may make the other entry.</param>
public sealed record PaperEntryModel(DialogueScope Scope, Session Session, PaperTable Table, int MayHaveVoted, bool HasColleague, bool IsPublished, bool IsFacilitators)
{
    /// <summary>1 or 2; 0 when both are made.</summary>
    public int Entry { get; init; }

    /// <summary>The entry is made anew.</summary>
    public bool Replaces { get; init; }

    public IFormCollection? Form { get; init; }

    public IReadOnlyList<FieldProblem> Problems { get; init; } = [];

    public string Notice { get; init; } = "";

    public string Overview => $"/organise/{Scope.Segment}/sessions/{Session.Id}/paper";

    public string Console => string.Create(CultureInfo.InvariantCulture, $"/facilitate/{Scope.Dialogue.Slug}/{Table.Table}");

    public string Action => IsFacilitators ? $"{Console}/sessions/{Session.Id}/paper" : string.Create(CultureInfo.InvariantCulture, $"{Overview}/{Table.Table}");

    /// <summary>Why no entry can be made here now, as a code.</summary>
    public string? Obstacle =>
        Session.BallotAt(Scope.SiteId) != BallotState.Closed ? "not-closed"
        : Entry == 0 ? "both-made"
        : HasColleague && Table.Entry(3 - Entry)?.EnteredBy == Scope.Staff.Id ? "other-person"
        : null;
}
