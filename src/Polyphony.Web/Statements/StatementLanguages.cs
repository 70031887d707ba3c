using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Statistics.Disclosure;
using Polyphony.Storage;

namespace Polyphony.Web.Statements;

/// <summary>Under which language votes on statements are counted: the language of people's letters, as the planner of tables uses it, where enough people have it.</summary>
/// <remarks>Which languages are counted apart is fixed when the vote opens. The sums of a language that three people speak would tell, while the vote is open, how these three vote.</remarks>
internal static class StatementLanguages
{
    /// <summary>The languages to be counted apart: those of ten people or more. None where the gate could not show two groups beside each other.</summary>
    public static async Task<List<string>> ApartAsync(Db db, DialogueId dialogue, CancellationToken cancellationToken)
    {
        string usual = await UsualAsync(db, dialogue, cancellationToken);
        var people = (await (
            from participant in db.Participants
            where participant.DialogueId == dialogue && participant.Status == ParticipantStatus.Confirmed
            join person in db.People on participant.PersonId equals person.Id
            group person by person.Language into language
            select new { Language = language.Key, People = language.Count() }).ToListAsync(cancellationToken))
            .GroupBy(group => group.Language.Length > 0 ? group.Language : usual, (language, groups) => (Language: language, People: groups.Sum(group => group.People))).ToList();
        List<string> apart = [.. people.Where(group => group.People >= DisclosureGate.SmallestGroup && group.Language.Length > 0).Select(group => group.Language).Order(StringComparer.Ordinal)];
        int others = people.Where(group => !apart.Contains(group.Language)).Sum(group => group.People);
        return apart.Count + (others >= DisclosureGate.SmallestGroup ? 1 : 0) > 1 ? apart : [];
    }

    /// <summary>Under which of them somebody's votes are counted: as at the first vote, which a later correction does not move; empty for the others together.</summary>
    public static async Task<string> OfAsync(Db db, DialogueId dialogue, ParticipantId participant, List<string> apart, CancellationToken cancellationToken)
    {
        if (await db.StatementParticipations.Where(took => took.DialogueId == dialogue && took.ParticipantId == participant).Select(took => took.Language).SingleOrDefaultAsync(cancellationToken) is { } first)
        {
            return first;
        }

        string own = await db.Participants.Where(person => person.Id == participant).Join(db.People, person => person.PersonId, person => person.Id, (_, person) => person.Language).SingleAsync(cancellationToken);
        own = own.Length > 0 ? own : await UsualAsync(db, dialogue, cancellationToken);
        return apart.Contains(own) ? own : "";
    }

    private static async Task<string> UsualAsync(Db db, DialogueId dialogue, CancellationToken cancellationToken) =>
        await db.Dialogues.Where(known => known.Id == dialogue).Select(known => known.Languages).SingleAsync(cancellationToken) is [var first, ..] ? first : "";
}
