using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Journal;
using Polyphony.Storage.Mail;
using Polyphony.Storage.Participants;
using Polyphony.Storage.Pools;
using Polyphony.Web.Audiences;
using Polyphony.Web.Hosting;
using Polyphony.Web.Texts;

namespace Polyphony.Web.Participants;

/// <summary>Issues personal links: as letters to print, shown once, and as mail to those who gave an address.</summary>
public sealed class LetterDesk(Db db, ICitizenLinks links, PublicAddress address, TextCatalogue catalogue, TimeProvider clock)
{
    public const string Invitation = "participants.mail.invitation";
    public const string Reminder = "participants.mail.reminder";

    /// <summary>Writes to people, and keeps when.</summary>
    /// <param name="answerBy">The last day to answer; null leaves what was said before.</param>
    /// <param name="mail">Which words a mail has.</param>
    /// <param name="back">The page from which it was asked for.</param>
    /// <returns>The letters; within the caller's transaction, where there is one.</returns>
    public async Task<RazorComponentResult<LettersPage>> SendAsync(List<Participant> participants, DateOnly? answerBy, string mail, DialogueScope scope, string back, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        List<PersonId> ids = [.. participants.Select(participant => participant.PersonId)];
        Dictionary<PersonId, Person> people = await db.People.Where(person => person.DialogueId == scope.DialogueId && ids.Contains(person.Id))
            .ToDictionaryAsync(person => person.Id, cancellationToken);
        List<Letter> letters = [];
        await using IDbContextTransaction? transaction = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(cancellationToken) : null;
        foreach (Participant participant in participants)
        {
            Person person = people[participant.PersonId];
            string link = address.Of("/c/" + await links.IssueAsync(scope.DialogueId, participant.Id, cancellationToken));
            participant.InvitedAt ??= now;
            participant.RemindedAt = mail == Reminder ? now : participant.RemindedAt;
            participant.AnswerBy = answerBy ?? participant.AnswerBy;
            string language = Consents.LanguageOf(scope.Dialogue, person.Language);
            letters.Add(new Letter(participant.Number, person, language, link, participant.AnswerBy, participant.Status));
            if (person.Email.Length > 0)
            {
                PageTexts texts = catalogue.In(language);
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
            Code = mail == Reminder ? "participants.reminded" : "participants.invited",
            Facts = string.Create(CultureInfo.InvariantCulture, $"{{\"people\":{participants.Count}}}"),
        });
        await db.SaveChangesAsync(cancellationToken);
        if (transaction is not null)
        {
            await transaction.CommitAsync(cancellationToken);
        }

        return new(new { Scope = scope, Letters = letters, Back = back });
    }
}

/// <summary>One letter with its personal link, shown once.</summary>
public sealed record Letter(int Number, Person Person, string Language, string Link, DateOnly? AnswerBy, ParticipantStatus Status);
