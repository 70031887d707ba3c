using Polyphony.Dialogues;
using Polyphony.Storage.Participants;
using Polyphony.Web.Audiences;

namespace Polyphony.Web.Participants;

/// <summary>How far the conversation with somebody who was drawn has come.</summary>
public enum ContactStatus
{
    /// <summary>Drawn, and nobody has written yet.</summary>
    NotInvited = 1,

    /// <summary>Has a letter or a mail and some days left.</summary>
    Invited = 2,

    /// <summary>Was written to again.</summary>
    Reminded = 3,

    /// <summary>Said yes.</summary>
    Accepted = 4,

    /// <summary>Said no.</summary>
    Declined = 5,

    /// <summary>The day to answer has passed, or was let go for that.</summary>
    NoAnswer = 6,

    /// <summary>Said yes, and cannot come after all.</summary>
    Withdrew = 7,
}

/// <summary>The same states for one person and for a query.</summary>
internal static class ContactStates
{
    public static ContactStatus Of(ParticipantStatus status, bool invited, bool reminded, bool overdue) => status switch
    {
        ParticipantStatus.Confirmed => ContactStatus.Accepted,
        ParticipantStatus.Declined => ContactStatus.Declined,
        ParticipantStatus.Withdrew => ContactStatus.Withdrew,
        ParticipantStatus.NotAnswered => ContactStatus.NoAnswer,
        _ when !invited => ContactStatus.NotInvited,
        _ when overdue => ContactStatus.NoAnswer,
        _ when reminded => ContactStatus.Reminded,
        _ => ContactStatus.Invited,
    };

    /// <summary>Those of a query who are in a state.</summary>
    public static IQueryable<Participant> In(this IQueryable<Participant> people, ContactStatus state, DialogueScope scope, DateTimeOffset now)
    {
        // It is never more than three days at once on earth.
        var days = scope.AtSites.Select(site => (Today: DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, scope.ZoneAt(site.Id)).DateTime), site.Id)).ToList();
        DateOnly first = days.Count == 0 ? default : days.Min(site => site.Today);
        DateOnly second = first.AddDays(1);
        List<SiteId> pastFirst = [.. days.Where(site => site.Today > first).Select(site => site.Id)];
        List<SiteId> pastSecond = [.. days.Where(site => site.Today > second).Select(site => site.Id)];
        var rows = people.Select(p => new
        {
            Person = p,
            Waits = p.Status == ParticipantStatus.Selected && p.InvitedAt != null,
            Overdue = p.AnswerBy != null && (p.AnswerBy < first || (p.AnswerBy == first && pastFirst.Contains(p.SiteId)) || (p.AnswerBy == second && pastSecond.Contains(p.SiteId))),
        });
        rows = state switch
        {
            ContactStatus.NotInvited => rows.Where(row => row.Person.Status == ParticipantStatus.Selected && row.Person.InvitedAt == null),
            ContactStatus.Invited => rows.Where(row => row.Waits && !row.Overdue && row.Person.RemindedAt == null),
            ContactStatus.Reminded => rows.Where(row => row.Waits && !row.Overdue && row.Person.RemindedAt != null),
            ContactStatus.Accepted => rows.Where(row => row.Person.Status == ParticipantStatus.Confirmed),
            ContactStatus.Declined => rows.Where(row => row.Person.Status == ParticipantStatus.Declined),
            ContactStatus.NoAnswer => rows.Where(row => row.Person.Status == ParticipantStatus.NotAnswered || (row.Waits && row.Overdue)),
            _ => rows.Where(row => row.Person.Status == ParticipantStatus.Withdrew),
        };
        return rows.Select(row => row.Person);
    }
}
