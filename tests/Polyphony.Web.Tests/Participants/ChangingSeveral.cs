using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Participants;
using Polyphony.Web.Participants;
using Polyphony.Web.Tests.Rooms;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Participants;

/// <summary>An organiser ticks people in the list. Numbers 1 to 5 have said yes; 6 to 8 were invited and have not answered, 9 was drawn and not yet invited, 10 has said no.</summary>
public sealed partial class ChangingSeveral(TestServer server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_said_first_to_whom_it_will_happen_and_who_is_left_out()
    {
        using DialogueOfTheDay day = await MakeAsync("several-said");
        string before = await StateAsync(day);
        Page page = await ChooseAsync(day, SeveralStep.Remind, 4, 5, 6, 7, 9, 10);
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("Remind 2 people", page.Text, StringComparison.Ordinal);
        Assert.Contains("2 are left out, because they said yes: no. 4, 5.", page.Text, StringComparison.Ordinal);
        Assert.Contains("Left out, because not yet invited: no. 9. Invite first.", page.Text, StringComparison.Ordinal);
        Assert.Contains("Left out, because no longer taking part: no. 10.", page.Text, StringComparison.Ordinal);
        Assert.Equal([6, 7], await NumbersAsync(day, page));
        Page nobody = await ChooseAsync(day, SeveralStep.Withdrew, 6, 10);
        Assert.Contains("possible for none of those", nobody.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("/several/do", nobody.Html, StringComparison.Ordinal);
        Assert.Equal(before, await StateAsync(day));
    }

    [Fact]
    public async Task A_reminder_goes_to_those_and_to_nobody_else()
    {
        using DialogueOfTheDay day = await MakeAsync("several-remind");
        Page letters = await DoAsync(day, SeveralStep.Remind, 6, 8);
        Assert.Equal(2, LinkPattern().Count(letters.Html));
        Assert.Equal([6, 8], await ThoseAsync(day, person => person.RemindedAt != null));
        Assert.Equal(["participants.reminded {\"people\":2}"], await JournalAsync(day));
        using Visitor citizen = new(server.Address);
        Assert.Contains("You have been drawn by lot", (await citizen.OpenAsync(LinkPattern().Match(letters.Html).Groups[1].Value)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_invitation_needs_its_last_day_and_new_links_end_the_old_ones()
    {
        using DialogueOfTheDay day = await MakeAsync("several-invite");
        string link = "/c/" + await day.LinkAsync(1);
        Assert.Contains("Choose the last day to answer", (await DoAsync(day, SeveralStep.Invite, 9)).Text, StringComparison.Ordinal);
        string last = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(9).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Contains("write both into the mandate first", (await DoAsync(day, SeveralStep.Invite, [9], ("answerBy", last))).Text, StringComparison.Ordinal);
        Assert.Empty(await JournalAsync(day));
        await day.ChangeAsync(db => db.Dialogues.Where(d => d.Id == day.Dialogue.Id).ExecuteUpdateAsync(
            set => set.SetProperty(d => d.Commissioner, LocalizedText.Of(("en", "The city"))).SetProperty(d => d.ContactName, "Office").SetProperty(d => d.ContactEmail, "office@example.org"), Stop));
        Assert.Single(LinkPattern().Matches((await DoAsync(day, SeveralStep.Invite, [9], ("answerBy", last))).Html));
        Assert.NotNull((await day.PersonAsync(9)).InvitedAt);
        Assert.Equal(3, LinkPattern().Count((await DoAsync(day, SeveralStep.NewLinks, 1, 2, 9)).Html));
        using Visitor citizen = new(server.Address);
        Assert.Equal(HttpStatusCode.NotFound, (await citizen.GetAsync(link)).StatusCode);
    }

    [Theory]
    [InlineData(SeveralStep.Withdrew, new[] { 2, 3, 5 }, ParticipantStatus.Withdrew)]
    [InlineData(SeveralStep.Declined, new[] { 6, 9 }, ParticipantStatus.Declined)]
    [InlineData(SeveralStep.NotAnswered, new[] { 6, 7, 8 }, ParticipantStatus.NotAnswered)]
    public async Task An_answer_is_written_down_for_each(SeveralStep step, int[] numbers, ParticipantStatus status)
    {
        using DialogueOfTheDay day = await MakeAsync("several-" + status.ToString().ToLowerInvariant());
        IReadOnlyList<int> already = await ThoseAsync(day, person => person.Status == status);
        Assert.Contains("written down for everybody", (await DoAsync(day, step, numbers)).Text, StringComparison.Ordinal);
        Assert.Equal([.. already.Concat(numbers).Order()], await ThoseAsync(day, person => person.Status == status));
        Assert.Equal(Enumerable.Repeat("participant.answer-recorded {}", numbers.Length), await JournalAsync(day));
    }

    [Fact]
    public async Task Nothing_is_done_to_anybody_when_one_has_answered_meanwhile()
    {
        using DialogueOfTheDay day = await MakeAsync("several-meanwhile");
        Page asked = await ChooseAsync(day, SeveralStep.NotAnswered, 6, 7, 8);
        Assert.Contains("Let 3 people go", asked.Text, StringComparison.Ordinal);
        await day.ChangeAsync(db => db.Participants.Where(p => p.DialogueId == day.Dialogue.Id && p.Number == 7).ExecuteUpdateAsync(set => set.SetProperty(p => p.Status, ParticipantStatus.Confirmed), Stop));
        string before = await StateAsync(day);
        Page refused = await DoAsync(day, SeveralStep.NotAnswered, 6, 7, 8);
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains("Nothing was done", refused.Text, StringComparison.Ordinal);
        Assert.Contains("Let 2 people go", refused.Text, StringComparison.Ordinal);
        Assert.Contains("because of a yes: no. 7.", refused.Text, StringComparison.Ordinal);
        Assert.Equal([6, 8], await NumbersAsync(day, refused));
        Assert.Equal(before, await StateAsync(day));
        Assert.Empty(await JournalAsync(day));
    }

    [Fact]
    public async Task Arrivals_are_marked_like_one_at_the_door_and_can_be_undone()
    {
        using DialogueOfTheDay day = await MakeAsync("several-here");
        await day.MarkAsync(2, "late");
        await day.MarkAsync(3, "absent");
        await day.MarkAsync(4, "present");
        int earlier = (await JournalAsync(day)).Length;
        Page page = await ChooseAsync(day, SeveralStep.Arrived, 1, 2, 3, 4, 6);
        Assert.Contains("already marked as here: no. 4.", page.Text, StringComparison.Ordinal);
        Assert.Contains("a yes must come first, with the words of consent: no. 6.", page.Text, StringComparison.Ordinal);
        Page done = await DoAsync(day, SeveralStep.Arrived, 1, 2, 3);
        Assert.Contains("3 people are marked as here", done.Text, StringComparison.Ordinal);
        Assert.Equal([1, 2, 3, 4], await ThoseAsync(day, person => person.Attendance == Attendance.Present && person.CheckedInAt != null));
        Assert.Equal(Enumerable.Repeat("attendance.marked {\"attendance\":\"present\"}", 3), (await JournalAsync(day))[earlier..]);

        await day.MarkAsync(1, "late");
        (string, string)[] fields = [.. HiddenPattern().Matches(done.Html[done.Html.IndexOf("/several/undo", StringComparison.Ordinal)..]).Select(field => (field.Groups[1].Value, field.Groups[2].Value))];
        Page undone = await day.Organiser.SubmitAsync(day.Base + "/participants", day.Base + "/participants/several/undo", [.. fields.Where(field => field.Item1 == "person" || field.Item1.StartsWith("was.", StringComparison.Ordinal))]);
        Assert.Contains("again as they were before", undone.Text, StringComparison.Ordinal);
        Assert.Equal([4], await ThoseAsync(day, person => person.Attendance == Attendance.Present));
        Assert.Equal([1, 2], await ThoseAsync(day, person => person.Attendance == Attendance.Late));
        Assert.Equal([3], await ThoseAsync(day, person => person.Attendance == Attendance.Absent && person.CheckedInAt == null));
    }

    [Fact]
    public async Task Badges_are_printed_for_those_alone()
    {
        using DialogueOfTheDay day = await MakeAsync("several-badges");
        Page badges = await ChooseAsync(day, SeveralStep.Badges, 1, 3, 6);
        Assert.Equal(day.Base + "/tables/badges?only=1,3", badges.Path);
        Assert.Equal(2, Regex.Count(badges.Html, "class=\"badge\""));
        Assert.Equal(20, Regex.Count((await day.Organiser.OpenAsync(day.Base + "/tables/badges")).Html, "class=\"badge\""));
    }

    [Fact]
    public async Task All_of_a_part_of_the_list_can_be_chosen_without_a_script()
    {
        using DialogueOfTheDay day = await MakeAsync("several-all");
        string list = day.Base + "/participants";
        Page page = await day.Organiser.SubmitAsync(list + "?show=Invited", list + "/several?show=Invited", ("do", "Remind"), ("all", "yes"));
        Assert.Equal([6, 7, 8], await NumbersAsync(day, page));
        page = await day.Organiser.SubmitAsync(list, list + "/several", ("do", "NewLinks"), ("all", "yes"));
        Assert.Equal(24, (await NumbersAsync(day, page)).Count);
    }

    [Theory]
    [InlineData("", "Remind", "Choose people first")]
    [InlineData("6", "", "Say what is to happen")]
    [InlineData("6", "Banish", "Say what is to happen")]
    public async Task What_is_missing_is_said(string number, string step, string said)
    {
        using DialogueOfTheDay day = await MakeAsync("several-missing");
        string list = day.Base + "/participants";
        Page page = await day.Organiser.SubmitAsync(list, list + "/several?show=Invited", [("do", step), .. number.Length == 0 ? [] : ((string, string)[])[("person", (await day.PersonAsync(6)).Id.ToString())]]);
        Assert.Contains(said, page.Text, StringComparison.Ordinal);
        Assert.EndsWith("show=Invited", page.Path, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/do")]
    [InlineData("/undo")]
    public async Task Somebody_of_another_dialogue_is_not_found_and_nobody_is_changed(string door)
    {
        using DialogueOfTheDay day = await MakeAsync("several-own");
        using DialogueOfTheDay other = await MakeAsync("several-other");
        string before = await StateAsync(day) + await StateAsync(other);
        string list = day.Base + "/participants";
        foreach (SeveralStep step in Enum.GetValues<SeveralStep>())
        {
            (string, string)[] fields = [("do", step.ToString()), ("person", (await day.PersonAsync(6)).Id.ToString()), ("person", (await other.PersonAsync(6)).Id.ToString()), ($"was.{(await other.PersonAsync(6)).Id}", "late")];
            Assert.Equal(HttpStatusCode.NotFound, (await day.Organiser.SubmitAsync(list, list + "/several" + door, fields)).Status);
        }

        Assert.Equal(before, await StateAsync(day) + await StateAsync(other));
    }

    private async Task<DialogueOfTheDay> MakeAsync(string name)
    {
        DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, name);
        DateTimeOffset then = TimeProvider.System.GetUtcNow().AddDays(-3);
        await day.ChangeAsync(async db =>
        {
            List<Participant> people = await db.Participants.Where(p => p.DialogueId == day.Dialogue.Id).OrderBy(p => p.Number).ToListAsync(Stop);
            people.ForEach(person => (person.InvitedAt, person.AnswerBy, person.Status) = (then, DateOnly.FromDateTime(then.UtcDateTime).AddDays(30), ParticipantStatus.Confirmed));
            people[5..9].ForEach(person => person.Status = ParticipantStatus.Selected);
            people[8].InvitedAt = null;
            people[9].Status = ParticipantStatus.Declined;
            people[24].Status = ParticipantStatus.Confirmed;
            return await db.SaveChangesAsync(Stop);
        });
        return day;
    }

    private static async Task<Page> ChooseAsync(DialogueOfTheDay day, SeveralStep step, params int[] numbers) =>
        await day.Organiser.SubmitAsync(day.Base + "/participants", day.Base + "/participants/several", [("do", step.ToString()), .. await PeopleAsync(day, numbers)]);

    private static Task<Page> DoAsync(DialogueOfTheDay day, SeveralStep step, params int[] numbers) => DoAsync(day, step, numbers, []);

    private static async Task<Page> DoAsync(DialogueOfTheDay day, SeveralStep step, int[] numbers, params (string, string)[] more) =>
        await day.Organiser.SubmitAsync(day.Base + "/participants", day.Base + "/participants/several/do", [("do", step.ToString()), .. await PeopleAsync(day, numbers), .. more]);

    private static async Task<(string, string)[]> PeopleAsync(DialogueOfTheDay day, int[] numbers)
    {
        List<(string, string)> fields = [];
        foreach (int number in numbers)
        {
            fields.Add(("person", (await day.PersonAsync(number)).Id.ToString()));
        }

        return [.. fields];
    }

    /// <summary>The numbers of the people whom the form of a page holds.</summary>
    private static async Task<IReadOnlyList<int>> NumbersAsync(DialogueOfTheDay day, Page page)
    {
        HashSet<string> named = [.. HiddenPattern().Matches(page.Html).Where(field => field.Groups[1].Value == "person").Select(field => field.Groups[2].Value)];
        return await ThoseAsync(day, person => named.Contains(person.Id.ToString()));
    }

    private static async Task<IReadOnlyList<int>> ThoseAsync(DialogueOfTheDay day, Func<Participant, bool> isOne) =>
        [.. (await PeopleAsync(day)).Where(isOne).Select(person => person.Number)];

    private static Task<List<Participant>> PeopleAsync(DialogueOfTheDay day) =>
        day.ChangeAsync(db => db.Participants.AsNoTracking().Where(p => p.DialogueId == day.Dialogue.Id).OrderBy(p => p.Number).ToListAsync(Stop));

    private static async Task<string> StateAsync(DialogueOfTheDay day) => string.Join('\n', (await PeopleAsync(day)).Select(person =>
        FormattableString.Invariant($"{person.Number} {person.Status} {person.Attendance} {person.InvitedAt:O} {person.RemindedAt:O} {person.AnsweredAt:O} {person.CheckedInAt:O}")));

    private static async Task<string[]> JournalAsync(DialogueOfTheDay day) => [.. (await day.ChangeAsync(db => db.Journal.AsNoTracking().Where(entry => entry.DialogueId == day.Dialogue.Id).OrderBy(entry => entry.Id).ToListAsync(Stop)))
        .Select(entry => $"{entry.Code} {entry.Facts}")];

    [GeneratedRegex("class=\"personal-link\" href=\"[^\"]*(/c/[^\"]+)\"")]
    private static partial Regex LinkPattern();

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"")]
    private static partial Regex HiddenPattern();
}
