using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage.Participants;
using Polyphony.Web.Tests.Rooms;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Participants;

/// <summary>Some were drawn and not written to, some written to, some reminded, and some have answered.</summary>
public sealed class FollowingContacts(TestServer server)
{
    [Fact]
    public async Task Each_state_has_its_number_and_its_list()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "contacts");
        DateTimeOffset then = TimeProvider.System.GetUtcNow().AddDays(-20);
        DateOnly past = DateOnly.FromDateTime(then.UtcDateTime);
        DateOnly later = past.AddDays(60);
        await server.WithDbAsync(async db =>
        {
            List<Participant> people = await db.Participants.Where(p => p.DialogueId == day.Dialogue.Id).OrderBy(p => p.Number).ToListAsync(TestContext.Current.CancellationToken);
            people.ForEach(p => (p.Status, p.InvitedAt, p.AnswerBy, p.RemindedAt, p.AnsweredAt) = (ParticipantStatus.Confirmed, then, later, null, then));
            (people[0].Status, people[0].InvitedAt) = (ParticipantStatus.Selected, null);
            people[1].Status = ParticipantStatus.Selected;
            (people[2].Status, people[2].RemindedAt) = (ParticipantStatus.Selected, then);
            (people[3].Status, people[3].AnswerBy) = (ParticipantStatus.Selected, past);
            (people[4].Status, people[4].RemindedAt, people[4].AnswerBy) = (ParticipantStatus.Selected, then, past);
            people[5].Status = ParticipantStatus.NotAnswered;
            people[6].Status = ParticipantStatus.Declined;
            people[7].Status = ParticipantStatus.Withdrew;
            return await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        });
        string page = day.Base + "/participants";
        string text = (await day.Organiser.OpenAsync(page)).Text;
        Assert.All((string[])["drawn, not yet invited 1", "invited 1", "reminded 1", "accepted 17", "declined 1", "no answer 3", "withdrew 1"], part => Assert.Contains(part, text, StringComparison.Ordinal));
        Assert.Equal("1", await NumbersAsync("NotInvited"));
        Assert.Equal("2", await NumbersAsync("Invited"));
        Assert.Equal("3", await NumbersAsync("Reminded"));
        Assert.Equal("4, 5, 6", await NumbersAsync("NoAnswer"));
        Assert.Equal("7", await NumbersAsync("Declined"));
        Assert.Equal("8", await NumbersAsync("Withdrew"));
        Assert.Equal(string.Join(", ", Enumerable.Range(9, 17)), await NumbersAsync("Accepted"));

        // What is no state shows everybody.
        Assert.Equal(string.Join(", ", Enumerable.Range(1, 25)), await NumbersAsync("Lost"));
        Assert.Equal(string.Join(", ", Enumerable.Range(1, 25)), await NumbersAsync("99"));

        async Task<string> NumbersAsync(string show) =>
            string.Join(", ", System.Text.RegularExpressions.Regex.Matches((await day.Organiser.OpenAsync(page + "?show=" + show)).Html, "data-row=\"([0-9]+) ").Select(match => match.Groups[1].Value));
    }
}
