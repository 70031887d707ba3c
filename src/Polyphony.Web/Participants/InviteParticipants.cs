using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Journal;
using Polyphony.Storage.Mail;
using Polyphony.Storage.Participants;
using Polyphony.Storage.Pools;
using Polyphony.Web.Audiences;
using Polyphony.Web.Hosting;
using Polyphony.Web.Mandates;

namespace Polyphony.Web.Participants;

/// <summary>Issues personal links: as letters to print, shown once, and as mail to those who gave an address.</summary>
internal static class InviteParticipants
{
    public static void Map(RouteGroupBuilder organiser)
    {
        organiser.MapPost("/participants/invite", InviteAsync).TakesForm();
        organiser.MapPost("/participants/{participant}/reissue", ReissueAsync).TakesForm();
        organiser.MapPost("/participants/remind", RemindAsync).TakesForm();
    }

    /// <summary>Invites everybody who was drawn and has no link yet; answers with the letters.</summary>
    private static async Task<IResult> InviteAsync(
        HttpRequest request, DialogueScope scope, Db db, ICitizenLinks links, PublicAddress address, Texts.TextCatalogue catalogue, TimeProvider clock, CancellationToken cancellationToken)
    {
        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        string page = $"/organise/{scope.Segment}/participants";
        if (!DateOnly.TryParseExact(form["answerBy"], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly answerBy)
            || answerBy < DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), scope.Zone).DateTime))
        {
            return Results.Redirect(page + "?notice=deadline");
        }

        // A letter says who asks, and every page behind it whom to ask.
        if (PublishDialogue.Missing(scope.Dialogue).Any(field => field.StartsWith("commissioner.", StringComparison.Ordinal) || field.StartsWith("contact", StringComparison.Ordinal)))
        {
            return Results.Redirect(page + "?notice=mandate");
        }

        bool everywhere = scope is { HasManySites: true, ChosenSite: null };
        SiteId at = scope.SiteId;
        List<Participant> invited = await db.Participants
            .Where(p => p.DialogueId == scope.DialogueId && (everywhere || p.SiteId == at) && p.Status == ParticipantStatus.Selected && p.InvitedAt == null).OrderBy(p => p.Number).ToListAsync(cancellationToken);
        if (invited.Count == 0)
        {
            return Results.Redirect(page + "?notice=nobody");
        }

        return await SendAsync(invited, answerBy, "participants.mail.invitation", scope, db, links, address, catalogue, clock, cancellationToken);
    }

    private static async Task<IResult> ReissueAsync(
        ParticipantId participant, DialogueScope scope, Db db, ICitizenLinks links, PublicAddress address, Texts.TextCatalogue catalogue, TimeProvider clock, CancellationToken cancellationToken)
    {
        Participant? one = await db.Participants.SingleOrDefaultAsync(p => p.Id == participant && p.DialogueId == scope.DialogueId, cancellationToken);
        return one is null
            ? Results.NotFound()
            : await SendAsync([one], one.AnswerBy, "participants.mail.invitation", scope, db, links, address, catalogue, clock, cancellationToken);
    }

    /// <summary>Reminds everybody who has not answered: with a new link, because the old one is not known to the server.</summary>
    private static async Task<IResult> RemindAsync(
        DialogueScope scope, Db db, ICitizenLinks links, PublicAddress address, Texts.TextCatalogue catalogue, TimeProvider clock, CancellationToken cancellationToken)
    {
        bool everywhere = scope is { HasManySites: true, ChosenSite: null };
        SiteId at = scope.SiteId;
        List<Participant> waiting = await db.Participants
            .Where(p => p.DialogueId == scope.DialogueId && (everywhere || p.SiteId == at) && p.Status == ParticipantStatus.Selected && p.InvitedAt != null).OrderBy(p => p.Number).ToListAsync(cancellationToken);
        if (waiting.Count == 0)
        {
            return Results.Redirect($"/organise/{scope.Segment}/participants?notice=nobody");
        }

        DateTimeOffset now = clock.GetUtcNow();
        waiting.ForEach(participant => participant.RemindedAt = now);
        return await SendAsync(waiting, null, "participants.mail.reminder", scope, db, links, address, catalogue, clock, cancellationToken);
    }

    private static async Task<IResult> SendAsync(
        List<Participant> participants, DateOnly? answerBy, string mail, DialogueScope scope, Db db, ICitizenLinks links, PublicAddress address,
        Texts.TextCatalogue catalogue, TimeProvider clock, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        List<PersonId> ids = [.. participants.Select(participant => participant.PersonId)];
        Dictionary<PersonId, Person> people = await db.People.Where(person => person.DialogueId == scope.DialogueId && ids.Contains(person.Id))
            .ToDictionaryAsync(person => person.Id, cancellationToken);
        List<Letter> letters = [];
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        foreach (Participant participant in participants)
        {
            Person person = people[participant.PersonId];
            string link = address.Of("/c/" + await links.IssueAsync(scope.DialogueId, participant.Id, cancellationToken));
            participant.InvitedAt ??= now;
            participant.AnswerBy = answerBy ?? participant.AnswerBy;
            string language = Consents.LanguageOf(scope.Dialogue, person.Language);
            letters.Add(new Letter(participant.Number, person, language, link, participant.AnswerBy, participant.Status));
            if (person.Email.Length > 0)
            {
                Texts.PageTexts texts = catalogue.In(language);
                db.OutgoingMails.Add(new OutgoingMail
                {
                    Id = Guid.CreateVersion7(now),
                    DialogueId = scope.DialogueId,
                    To = person.Email,
                    Subject = texts[mail + ".subject", ("title", scope.Dialogue.Title.In(language, scope.Dialogue.FallbackLanguage))],
                    Body = texts[mail + ".body", ("name", person.Name), ("question", scope.Dialogue.Question.In(language, scope.Dialogue.FallbackLanguage)),
                        ("link", link), ("contact", scope.Dialogue.ContactName + " " + scope.Dialogue.ContactEmail + " " + scope.Dialogue.ContactPhone)],
                    CreatedAt = now,
                });
            }
        }

        db.Journal.Add(new JournalEntry
        {
            At = now,
            DialogueId = scope.DialogueId,
            StaffId = scope.Staff.Id,
            Code = mail.EndsWith("reminder", StringComparison.Ordinal) ? "participants.reminded" : "participants.invited",
            Facts = string.Create(CultureInfo.InvariantCulture, $"{{\"people\":{participants.Count}}}"),
        });
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new RazorComponentResult<LettersPage>(new { Scope = scope, Letters = letters });
    }
}

/// <summary>One letter with its personal link, shown once.</summary>
public sealed record Letter(int Number, Person Person, string Language, string Link, DateOnly? AnswerBy, ParticipantStatus Status);
