using System.Net;
using Polyphony.Dialogues;
using Polyphony.Storage.Participants;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Rooms;

public sealed class ReceivingPeople(TestServer server)
{
    [Theory]
    [InlineData("{0}")]
    [InlineData(" {0} ")]
    [InlineData("{0}\n")]
    public async Task The_badge_checks_its_holder_in(string typed)
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "badge");
        string code = (await day.PersonAsync(3)).BadgeCode;
        Page page = await day.Organiser.SubmitAsync(day.Base + "/check-in", day.Base + "/check-in", ("code", string.Format(null, typed, code.ToLowerInvariant())));
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("Person 3 (3) is here.", page.Text, StringComparison.Ordinal);
        Assert.Contains("<p class=\"table-call\">Table 3</p>", page.Html, StringComparison.Ordinal);
        Participant person = await day.PersonAsync(3);
        Assert.Equal(Attendance.Present, person.Attendance);
        Assert.NotNull(person.CheckedInAt);
    }

    [Fact]
    public async Task The_list_checks_in_and_an_undo_takes_it_back()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "list");
        Page page = await day.MarkAsync(5, "present");
        Assert.Contains("Undo", page.Text, StringComparison.Ordinal);
        Assert.Equal(Attendance.Present, (await day.PersonAsync(5)).Attendance);
        Assert.Contains("expected 24 here 1 not here 23", page.Text, StringComparison.Ordinal);

        page = await day.MarkAsync(5, "expected");
        Participant person = await day.PersonAsync(5);
        Assert.Equal(Attendance.Expected, person.Attendance);
        Assert.Null(person.CheckedInAt);
        Assert.Contains("here 0 not here 24", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_helpers_may_mark_the_same_person()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "twice");
        await day.MarkAsync(5, "present");
        DateTimeOffset? first = (await day.PersonAsync(5)).CheckedInAt;
        Page again = await day.MarkAsync(5, "present");
        Assert.Equal(HttpStatusCode.OK, again.Status);
        Assert.Equal(first, (await day.PersonAsync(5)).CheckedInAt);
    }

    [Theory]
    [InlineData("QQQQQQ")]
    [InlineData("")]
    [InlineData("'; drop table \"Participants\"; --")]
    public async Task A_wrong_code_checks_nobody_in(string code)
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "wrong");
        Page page = await day.Organiser.SubmitAsync(day.Base + "/check-in", day.Base + "/check-in", ("code", code));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
        Assert.Contains("expected 24 here 0 not here 24", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_dialogues_badge_and_people_are_not_known()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "own");
        using DialogueOfTheDay other = await DialogueOfTheDay.MakeAsync(server, "other");
        Participant stranger = await other.PersonAsync(4);
        Page byCode = await day.Organiser.SubmitAsync(day.Base + "/check-in", day.Base + "/check-in", ("code", stranger.BadgeCode));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, byCode.Status);
        foreach (string door in (string[])["attendance", "release"])
        {
            Page byId = await day.Organiser.SubmitAsync(day.Base + "/check-in", $"{day.Base}/check-in/{stranger.Id}/{door}", ("attendance", "present"));
            Assert.Equal(HttpStatusCode.NotFound, byId.Status);
        }

        Assert.Equal(Attendance.Expected, (await other.PersonAsync(4)).Attendance);
        Assert.Equal(HttpStatusCode.NotFound, (await day.Organiser.OpenAsync(other.Base + "/check-in")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await day.Organiser.OpenAsync(other.Base + "/room")).Status);
    }

    [Fact]
    public async Task A_voting_link_is_refused_and_not_shown_again()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "link");
        Page page = await day.Organiser.SubmitAsync(day.Base + "/check-in", day.Base + "/check-in", ("code", "https://example.org/c/SECRETSECRETSECRETSECRET"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
        Assert.DoesNotContain("SECRETSECRET", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_has_not_said_yes_says_it_at_the_door()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "noon");
        await day.MarkAsync(25, "present");
        Assert.Equal(ParticipantStatus.Selected, (await day.PersonAsync(25)).Status);
        Page page = await day.SayYesAtTheDoorAsync(25);
        Participant person = await day.PersonAsync(25);
        Assert.Equal((ParticipantStatus.Confirmed, Attendance.Present), (person.Status, person.Attendance));
        Assert.Contains("<p class=\"table-call\">Table ", page.Html, StringComparison.Ordinal);
        Assert.Equal(DialogueOfTheDay.Rounds, (await day.PlanAsync()).Seats.Count(seat => seat.ParticipantId == person.Id));
    }

    [Fact]
    public async Task The_list_is_searched_without_script_and_without_accents()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "search");
        Page page = await day.Organiser.OpenAsync(day.Base + "/check-in?q=zoe");
        Assert.Contains("Zoé Été", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Person 8", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_absent_persons_place_can_be_given_up_and_nobody_elses()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "release");
        string door = $"{day.Base}/check-in/{(await day.PersonAsync(9)).Id}/release";
        await day.Organiser.SubmitAsync(day.Base + "/check-in", door);
        Assert.Equal(ParticipantStatus.Confirmed, (await day.PersonAsync(9)).Status);
        await day.MarkAsync(9, "absent");
        await day.Organiser.SubmitAsync(day.Base + "/check-in", door);
        Assert.Equal(ParticipantStatus.Withdrew, (await day.PersonAsync(9)).Status);
    }
}
