using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Journal;
using Polyphony.Storage.Participants;
using Polyphony.Web.Audiences;
using Polyphony.Web.Rooms;

namespace Polyphony.Web.Participants;

/// <summary>What the list does to one person, done to several at once. First it is said what will happen to whom and who is left out; then it happens to all of them or to nobody.</summary>
/// <remarks>A yes is not among it: the words of consent are read out to each person.</remarks>
internal static class ChangeSeveral
{
    /// <summary>People at once: a form holds a field for each.</summary>
    public const int Most = 1_000;

    public static void Map(RouteGroupBuilder organiser)
    {
        organiser.MapPost("/participants/several", ShowAsync).TakesForm();
        organiser.MapPost("/participants/several/do", DoAsync).TakesForm();
        organiser.MapPost("/participants/several/undo", UndoAsync).TakesForm();
    }

    /// <summary>Why a step is not possible for somebody, as a code; null when it is.</summary>
    public static string? Obstacle(SeveralStep step, Participant person) => (step, person) switch
    {
        (_, { Status: not (ParticipantStatus.Selected or ParticipantStatus.Confirmed) }) => "out",
        (SeveralStep.NewLinks, _) => null,
        (SeveralStep.Withdrew or SeveralStep.Arrived or SeveralStep.Badges, { Status: ParticipantStatus.Selected }) => "no-answer",
        (SeveralStep.Arrived, { Attendance: Attendance.Present }) => "here",
        (SeveralStep.Withdrew or SeveralStep.Arrived or SeveralStep.Badges, _) => null,
        (_, { Status: ParticipantStatus.Confirmed }) => "said-yes",
        (SeveralStep.Invite, { InvitedAt: not null }) => "invited",
        (SeveralStep.Remind, { InvitedAt: null }) => "not-invited",
        _ => null,
    };

    private static async Task<IResult> ShowAsync(HttpRequest request, DialogueScope scope, Db db, TimeProvider clock, CancellationToken cancellationToken)
    {
        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        if (await ReadAsync(form, ListPart.Read(request.Query), scope, db, clock, cancellationToken) is not { } asked)
        {
            return Results.NotFound();
        }

        string? missing = asked.People.Count == 0 ? "notice=choose-people" : asked.People.Count > Most ? "notice=choose-fewer" : asked.Step is null ? "notice=choose-step" : null;
        if (missing is not null)
        {
            return Results.Redirect(asked.Part.After($"/organise/{scope.Segment}/participants", missing));
        }

        SeveralModel model = new(scope, asked.Step!.Value, asked.People, asked.Part, "");
        return asked.Step == SeveralStep.Badges && model.Possible.Count > 0
            ? Results.Redirect($"/organise/{scope.Segment}/tables/badges?only={string.Join(',', model.Possible.Select(row => row.Participant.Number.ToString(CultureInfo.InvariantCulture)))}")
            : new RazorComponentResult<SeveralPage>(new { Model = model });
    }

    private static async Task<IResult> DoAsync(HttpRequest request, DialogueScope scope, Db db, LetterDesk letters, TimeProvider clock, CancellationToken cancellationToken)
    {
        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        if (await ReadAsync(form, ListPart.Read(request.Query), scope, db, clock, cancellationToken) is not { } asked)
        {
            return Results.NotFound();
        }

        if (asked is not { Step: { } step and not SeveralStep.Badges, People.Count: > 0 and <= Most })
        {
            return Results.Redirect(asked.Part.After($"/organise/{scope.Segment}/participants"));
        }

        DateOnly? answerBy = null;
        if (step == SeveralStep.Invite)
        {
            answerBy = InviteParticipants.ReadAnswerBy(form, scope, clock.GetUtcNow());
            if ((answerBy is null ? "deadline" : InviteParticipants.LacksMandate(scope.Dialogue) ? "mandate" : null) is { } problem)
            {
                return Refuse(new(scope, step, asked.People, asked.Part, problem));
            }
        }

        await using var held = await HoldingThePanel.BeginAsync(db, asked.People.Select(row => row.Participant.SiteId), cancellationToken);
        List<ParticipantId> ids = [.. asked.People.Select(row => row.Participant.Id)];
        List<Participant> people = await db.Participants.Where(p => p.DialogueId == scope.DialogueId && ids.Contains(p.Id)).OrderBy(p => p.Number).ToListAsync(cancellationToken);
        if (people.Any(person => Obstacle(step, person) is not null))
        {
            // Somebody has answered since the list was shown: what the button said is no longer true.
            return Refuse(new(scope, step, (await ReadAsync(form, asked.Part, scope, db, clock, cancellationToken))!.People, asked.Part, "changed"));
        }

        string back = asked.Part.After($"/organise/{scope.Segment}/participants");
        IResult done = step switch
        {
            SeveralStep.Invite => await letters.SendAsync(people, answerBy, LetterDesk.Invitation, scope, back, cancellationToken),
            SeveralStep.Remind => await letters.SendAsync(people, null, LetterDesk.Reminder, scope, back, cancellationToken),
            SeveralStep.NewLinks => await letters.SendAsync(people, null, LetterDesk.Invitation, scope, back, cancellationToken),
            SeveralStep.Arrived => await ArriveAsync(asked, people, scope, db, clock.GetUtcNow(), cancellationToken),
            _ => await LeaveAsync(asked, people, step, scope, db, clock.GetUtcNow(), cancellationToken),
        };
        await held.CommitAsync(cancellationToken);
        return done;

        static IResult Refuse(SeveralModel model) => new RazorComponentResult<SeveralPage>(new { Model = model }) { StatusCode = StatusCodes.Status409Conflict };
    }

    private static async Task<IResult> LeaveAsync(Asked asked, List<Participant> people, SeveralStep step, DialogueScope scope, Db db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (Participant person in people)
        {
            person.Status = step switch
            {
                SeveralStep.Declined => ParticipantStatus.Declined,
                SeveralStep.NotAnswered => ParticipantStatus.NotAnswered,
                _ => ParticipantStatus.Withdrew,
            };
            person.AnsweredAt = now;
            db.Journal.Add(new JournalEntry { At = now, DialogueId = scope.DialogueId, StaffId = scope.Staff.Id, Code = "participant.answer-recorded" });
        }

        await db.SaveChangesAsync(cancellationToken);
        return Results.Redirect(asked.Part.After($"/organise/{scope.Segment}/participants", "notice=written-down"));
    }

    private static async Task<IResult> ArriveAsync(Asked asked, List<Participant> people, DialogueScope scope, Db db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Dictionary<ParticipantId, Attendance> before = people.ToDictionary(person => person.Id, person => person.Attendance);
        people.ForEach(person => CheckIn.Mark(db, scope, person, Attendance.Present, now));
        await db.SaveChangesAsync(cancellationToken);
        return new RazorComponentResult<SeveralPage>(new { Model = new SeveralModel(scope, SeveralStep.Arrived, asked.People, asked.Part, "") { Before = before } });
    }

    /// <summary>Puts everybody who was marked as arrived back to how they were before; whoever was marked anew since stays so.</summary>
    private static async Task<IResult> UndoAsync(HttpRequest request, DialogueScope scope, Db db, TimeProvider clock, CancellationToken cancellationToken)
    {
        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        if (await ReadAsync(form, ListPart.Read(request.Query), scope, db, clock, cancellationToken) is not { } asked)
        {
            return Results.NotFound();
        }

        List<ParticipantId> ids = [.. asked.People.Select(row => row.Participant.Id)];
        foreach (Participant person in await db.Participants.Where(p => p.DialogueId == scope.DialogueId && ids.Contains(p.Id) && p.Attendance == Attendance.Present).ToListAsync(cancellationToken))
        {
            if (CheckIn.Read(form["was." + person.Id]) is { } was and not Attendance.Present)
            {
                CheckIn.Mark(db, scope, person, was, clock.GetUtcNow());
            }
        }

        await db.SaveChangesAsync(cancellationToken);
        return Results.Redirect(asked.Part.After($"/organise/{scope.Segment}/participants", "notice=undone"));
    }

    /// <returns>Null when one of the people is not in the list of this dialogue or site.</returns>
    private static async Task<Asked?> ReadAsync(IFormCollection form, ListPart part, DialogueScope scope, Db db, TimeProvider clock, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        List<ParticipantId> named = [];
        foreach (string text in form["person"].OfType<string>().Distinct())
        {
            if (!ParticipantId.TryParse(text, out ParticipantId id))
            {
                return null;
            }

            named.Add(id);
        }

        IReadOnlyList<ParticipantRow> people = await ListParticipants.RowsAsync(ListParticipants.Everybody(scope, db).Where(p => named.Contains(p.Id)), scope, db, now, cancellationToken);
        if (people.Count < named.Count)
        {
            return null;
        }

        if (form["all"] == "yes")
        {
            // One more than can be chosen shows that there are too many.
            (IQueryable<Participant> all, _) = await ListParticipants.CutAsync(part, _ => 0, Most + 1, scope, db, now, cancellationToken);
            people = await ListParticipants.RowsAsync(all, scope, db, now, cancellationToken);
        }

        return new(Enum.TryParse(form["do"], out SeveralStep step) && Enum.IsDefined(step) && (step != SeveralStep.Badges || !scope.IsEverywhere) ? step : null, people, part);
    }

    /// <param name="Part">The part of the list where the people were chosen.</param>
    private sealed record Asked(SeveralStep? Step, IReadOnlyList<ParticipantRow> People, ListPart Part);
}

/// <summary>What can be done to several people of the list.</summary>
public enum SeveralStep
{
    /// <summary>Letters for those who were drawn and have none yet.</summary>
    Invite = 1,

    /// <summary>Letters for those who have not answered.</summary>
    Remind = 2,

    /// <summary>Letters with new links; the old ones end.</summary>
    NewLinks = 3,

    /// <summary>They said no.</summary>
    Declined = 4,

    /// <summary>They are let go, for they did not answer.</summary>
    NotAnswered = 5,

    /// <summary>They said yes and cannot come after all.</summary>
    Withdrew = 6,

    /// <summary>They are here.</summary>
    Arrived = 7,

    /// <summary>Badges to print.</summary>
    Badges = 8,
}

/// <summary>What will happen to several people, or has just happened.</summary>
/// <param name="People">Everybody who was chosen.</param>
/// <param name="Part">The part of the list where they were chosen.</param>
/// <param name="Problem">Why nothing was done, as a code; empty before.</param>
public sealed record SeveralModel(DialogueScope Scope, SeveralStep Step, IReadOnlyList<ParticipantRow> People, ListPart Part, string Problem)
{
    /// <summary>How everybody was before they were marked as arrived: it is done, and can be undone.</summary>
    public IReadOnlyDictionary<ParticipantId, Attendance>? Before { get; init; }

    public IReadOnlyList<ParticipantRow> Possible { get; } = [.. People.Where(row => ChangeSeveral.Obstacle(Step, row.Participant) is null)];

    /// <summary>Those for whom it is not possible, by the code of what stands in the way.</summary>
    public IEnumerable<IGrouping<string, ParticipantRow>> LeftOut => People.Where(row => ChangeSeveral.Obstacle(Step, row.Participant) is not null)
        .GroupBy(row => ChangeSeveral.Obstacle(Step, row.Participant)!);

    public bool WritesLetters => Step is SeveralStep.Invite or SeveralStep.Remind or SeveralStep.NewLinks;
}
