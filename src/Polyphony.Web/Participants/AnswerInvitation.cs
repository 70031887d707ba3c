using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Journal;
using Polyphony.Storage.Participants;
using Polyphony.Storage.Pools;
using Polyphony.Web.Audiences;

namespace Polyphony.Web.Participants;

/// <summary>A citizen's own page behind the personal link: reads what is asked, consents, says what they need, accepts or declines, or withdraws.</summary>
internal static class AnswerInvitation
{
    private const int MaxNeed = 1_000;

    public static void Map(RouteGroupBuilder citizen)
    {
        citizen.MapGet("", ShowAsync);
        citizen.MapPost("/accept", AcceptAsync).TakesForm();
        citizen.MapPost("/decline", DeclineAsync).TakesForm();
        citizen.MapPost("/needs", SaveNeedsAsync).TakesForm();
        citizen.MapPost("/withdraw", WithdrawAsync).TakesForm();
        citizen.MapGet("/calendar.ics", Calendar);
    }

    /// <summary>The last day to answer has passed at the site.</summary>
    public static bool IsTooLate(Participant participant, TimeZoneInfo zone, DateTimeOffset now) => IsTooLate(participant.Status, participant.AnswerBy, zone, now);

    public static bool IsTooLate(ParticipantStatus status, DateOnly? answerBy, TimeZoneInfo zone, DateTimeOffset now) =>
        status == ParticipantStatus.Selected && answerBy is { } last && DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime) > last;

    private static async Task<RazorComponentResult<InvitationPage>> ShowAsync(DialogueScope scope, Db db, TimeProvider clock, HttpRequest request, CancellationToken cancellationToken) =>
        await PageAsync(scope, db, clock, request.Query["problem"].ToString(), cancellationToken);

    private static async Task<IResult> AcceptAsync(HttpRequest request, DialogueScope scope, Db db, TimeProvider clock, Texts.PageTexts texts, CancellationToken cancellationToken)
    {
        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        if (form["consent"] != "yes")
        {
            // Without a word of what was typed being lost: most of it is written once and with care.
            return await PageAsync(scope, db, clock, "consent", cancellationToken, form);
        }

        ConsentWords words = Consents.For(scope.Dialogue, texts);
        if (words.IsOwn && form["words"] != words.Name)
        {
            // The organisers have changed them since they were read.
            return await PageAsync(scope, db, clock, "read-again", cancellationToken, form);
        }

        await using var held = await HoldingThePanel.BeginAsync(db, scope.Participant.SiteId, cancellationToken);
        Participant participant = await db.Participants.SingleAsync(p => p.Id == scope.Participant.Id, cancellationToken);
        if (participant.Status is not (ParticipantStatus.Selected or ParticipantStatus.Declined) || IsTooLate(participant, scope.Zone, clock.GetUtcNow()))
        {
            return Results.Redirect($"/c/{scope.Code}?problem=too-late");
        }

        if (participant.Status == ParticipantStatus.Declined && await ReturningToPlace.HinderedByAsync(db, participant, cancellationToken) is { } hindrance)
        {
            return Results.Redirect($"/c/{scope.Code}?problem={hindrance}");
        }

        DateTimeOffset now = clock.GetUtcNow();
        participant.Status = ParticipantStatus.Confirmed;
        participant.AnsweredAt = now;
        db.Consents.Add(Consents.Given(scope.DialogueId, participant.Id, words, now));
        await WriteNeedsAsync(form, participant, db, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await held.CommitAsync(cancellationToken);
        return Results.Redirect($"/c/{scope.Code}");
    }

    private static async Task<IResult> DeclineAsync(DialogueScope scope, Db db, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var held = await HoldingThePanel.BeginAsync(db, scope.Participant.SiteId, cancellationToken);
        Participant participant = await db.Participants.SingleAsync(p => p.Id == scope.Participant.Id, cancellationToken);
        if (participant.Status == ParticipantStatus.Selected)
        {
            participant.Status = ParticipantStatus.Declined;
            participant.AnsweredAt = clock.GetUtcNow();
            await db.SaveChangesAsync(cancellationToken);
            await held.CommitAsync(cancellationToken);
        }

        return Results.Redirect($"/c/{scope.Code}");
    }

    private static async Task<IResult> SaveNeedsAsync(HttpRequest request, DialogueScope scope, Db db, CancellationToken cancellationToken)
    {
        Participant participant = await db.Participants.SingleAsync(p => p.Id == scope.Participant.Id, cancellationToken);
        if (participant.Status == ParticipantStatus.Confirmed)
        {
            await WriteNeedsAsync(await request.ReadFormAsync(cancellationToken), participant, db, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
        }

        return Results.Redirect($"/c/{scope.Code}?problem=saved");
    }

    /// <summary>Takes a yes back, and the consent with it.</summary>
    private static async Task<IResult> WithdrawAsync(DialogueScope scope, Db db, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var held = await HoldingThePanel.BeginAsync(db, scope.Participant.SiteId, cancellationToken);
        Participant participant = await db.Participants.SingleAsync(p => p.Id == scope.Participant.Id, cancellationToken);
        if (participant.Status == ParticipantStatus.Confirmed)
        {
            DateTimeOffset now = clock.GetUtcNow();
            participant.Status = ParticipantStatus.Withdrew;
            participant.AnsweredAt = now;
            foreach (Consent consent in await db.Consents.Where(c => c.ParticipantId == participant.Id && c.WithdrawnAt == null).ToListAsync(cancellationToken))
            {
                consent.WithdrawnAt = now;
            }

            db.Journal.Add(new JournalEntry { At = now, DialogueId = scope.DialogueId, Code = "participant.withdrew" });
            await db.SaveChangesAsync(cancellationToken);
            await held.CommitAsync(cancellationToken);
        }

        return Results.Redirect($"/c/{scope.Code}");
    }

    private static async Task WriteNeedsAsync(IFormCollection form, Participant participant, Db db, CancellationToken cancellationToken)
    {
        Person person = await db.People.SingleAsync(p => p.Id == participant.PersonId, cancellationToken);
        ReadNeeds(form, person, participant);
        if (form["pageLanguage"].ToString() is { Length: > 0 } language)
        {
            person.Language = language.Length <= 3 ? language : person.Language;
        }
    }

    private static void ReadNeeds(IFormCollection form, Person person, Participant participant)
    {
        person.AccessNeeds = Need(form["access"]);
        person.DietNeeds = Need(form["diet"]);
        person.LanguageNeeds = Need(form["languageNeeds"]);
        person.OtherNeeds = Need(form["other"]);
        participant.WithoutPhone = form["withoutPhone"] == "yes";
    }

    private static string Need(string? text) => text is null ? "" : text.Length > MaxNeed ? text[..MaxNeed].Trim() : text.Trim();

    /// <param name="refused">What was typed and not taken.</param>
    private static async Task<RazorComponentResult<InvitationPage>> PageAsync(
        DialogueScope scope, Db db, TimeProvider clock, string notice, CancellationToken cancellationToken, IFormCollection? refused = null)
    {
        Person person = await db.People.AsNoTracking().SingleAsync(p => p.Id == scope.Participant.PersonId, cancellationToken);
        if (refused is not null)
        {
            ReadNeeds(refused, person, scope.Participant);
        }

        string? hindrance = scope.Participant.Status == ParticipantStatus.Declined ? await ReturningToPlace.HinderedByAsync(db, scope.Participant, cancellationToken) : null;
        bool agenda = await db.Sessions.AnyAsync(session => session.DialogueId == scope.DialogueId, cancellationToken);
        bool results = await db.Releases.AnyAsync(release => release.DialogueId == scope.DialogueId && release.TakenBackAt == null, cancellationToken);
        return new(new { Model = new InvitationModel(scope, person, IsTooLate(scope.Participant, scope.Zone, clock.GetUtcNow()), hindrance, agenda, results, notice) })
        {
            StatusCode = refused is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity,
        };
    }

    private static IResult Calendar(DialogueScope scope, Texts.PageTexts texts)
    {
        if (scope.Dialogue.StartsOn is not { } day)
        {
            return Results.NotFound();
        }

        DateOnly end = (scope.Dialogue.EndsOn ?? day).AddDays(1);
        string title = scope.Dialogue.Title.In(texts.Reading, scope.Dialogue.FallbackLanguage);
        string place = scope.Site is { } site ? string.Join(", ", new[] { site.Name, site.Address }.Where(part => part.Length > 0)) : "";
        string calendar = string.Join("\r\n",
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Polyphony//EN", "BEGIN:VEVENT",
            $"UID:{scope.DialogueId}@polyphony", $"DTSTAMP:{day:yyyyMMdd}T000000Z", $"DTSTART;VALUE=DATE:{day:yyyyMMdd}", $"DTEND;VALUE=DATE:{end:yyyyMMdd}",
            "SUMMARY:" + Escape(title), "LOCATION:" + Escape(place), "END:VEVENT", "END:VCALENDAR", "");
        return Results.File(Encoding.UTF8.GetBytes(calendar), "text/calendar; charset=utf-8", scope.Dialogue.Slug + ".ics");
    }

    private static string Escape(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal)
        .Replace(";", "\\;", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}

/// <summary>What the page of one citizen shows.</summary>
/// <param name="Hindrance">Why somebody who said no cannot say yes after all; null when they can.</param>
public sealed record InvitationModel(DialogueScope Scope, Person Person, bool TooLate, string? Hindrance, bool HasAgenda, bool HasResults, string Notice);
