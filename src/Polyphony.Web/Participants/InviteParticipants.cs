using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Mandates;
using Polyphony.Storage.Participants;
using Polyphony.Web.Audiences;
using Polyphony.Web.Mandates;

namespace Polyphony.Web.Participants;

/// <summary>Writes to everybody who was drawn, once and again, and to one who has lost the link.</summary>
internal static class InviteParticipants
{
    public static void Map(RouteGroupBuilder organiser)
    {
        organiser.MapPost("/participants/invite", InviteAsync).TakesForm();
        organiser.MapPost("/participants/{participant}/reissue", ReissueAsync).TakesForm();
        organiser.MapPost("/participants/remind", RemindAsync).TakesForm();
    }

    /// <summary>The last day to answer, as a form gives it; null unless it is today or later.</summary>
    public static DateOnly? ReadAnswerBy(IFormCollection form, DialogueScope scope, DateTimeOffset now) =>
        DateOnly.TryParseExact(form["answerBy"], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day)
        && day >= DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, scope.Zone).DateTime) ? day : null;

    /// <summary>A letter says who asks, and every page behind it whom to ask.</summary>
    public static bool LacksMandate(Dialogue dialogue) =>
        PublishDialogue.Missing(dialogue).Any(field => field.StartsWith("commissioner.", StringComparison.Ordinal) || field.StartsWith("contact", StringComparison.Ordinal));

    /// <summary>Invites everybody who was drawn and has no link yet; answers with the letters.</summary>
    private static async Task<IResult> InviteAsync(HttpRequest request, DialogueScope scope, Db db, LetterDesk letters, TimeProvider clock, CancellationToken cancellationToken)
    {
        ListPart part = ListPart.Read(request.Query);
        string page = $"/organise/{scope.Segment}/participants";
        if (ReadAnswerBy(await request.ReadFormAsync(cancellationToken), scope, clock.GetUtcNow()) is not { } answerBy)
        {
            return Results.Redirect(part.After(page, "notice=deadline"));
        }

        if (LacksMandate(scope.Dialogue))
        {
            return Results.Redirect(part.After(page, "notice=mandate"));
        }

        bool everywhere = scope.IsEverywhere;
        SiteId at = scope.SiteId;
        List<Participant> invited = await db.Participants
            .Where(p => p.DialogueId == scope.DialogueId && (everywhere || p.SiteId == at) && p.Status == ParticipantStatus.Selected && p.InvitedAt == null).OrderBy(p => p.Number).ToListAsync(cancellationToken);
        if (invited.Count == 0)
        {
            return Results.Redirect(part.After(page, "notice=nobody"));
        }

        return await letters.SendAsync(invited, answerBy, LetterDesk.Invitation, scope, part.After(page), cancellationToken);
    }

    /// <summary>A new link for one person, asked for in the list or, on the day, at the door.</summary>
    private static async Task<IResult> ReissueAsync(ParticipantId participant, HttpRequest request, DialogueScope scope, Db db, LetterDesk letters, CancellationToken cancellationToken)
    {
        string back = request.Query["door"] == "yes" ? $"/organise/{scope.Segment}/check-in" : ListPart.Read(request.Query).After($"/organise/{scope.Segment}/participants");
        Participant? one = await db.Participants.SingleOrDefaultAsync(p => p.Id == participant && p.DialogueId == scope.DialogueId, cancellationToken);
        return one is null ? Results.NotFound() : await letters.SendAsync([one], null, LetterDesk.Invitation, scope, back, cancellationToken);
    }

    /// <summary>Reminds everybody who has not answered: with a new link, because the old one is not known to the server.</summary>
    private static async Task<IResult> RemindAsync(HttpRequest request, DialogueScope scope, Db db, LetterDesk letters, CancellationToken cancellationToken)
    {
        ListPart part = ListPart.Read(request.Query);
        string page = $"/organise/{scope.Segment}/participants";
        bool everywhere = scope.IsEverywhere;
        SiteId at = scope.SiteId;
        List<Participant> waiting = await db.Participants
            .Where(p => p.DialogueId == scope.DialogueId && (everywhere || p.SiteId == at) && p.Status == ParticipantStatus.Selected && p.InvitedAt != null).OrderBy(p => p.Number).ToListAsync(cancellationToken);
        return waiting.Count == 0
            ? Results.Redirect(part.After(page, "notice=nobody"))
            : await letters.SendAsync(waiting, null, LetterDesk.Reminder, scope, part.After(page), cancellationToken);
    }
}
