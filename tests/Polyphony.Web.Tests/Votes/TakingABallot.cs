using System.Net;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage.Agendas;
using Polyphony.Storage.Ballots;
using Polyphony.Web.Tests.Rooms;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Votes;

public sealed class TakingABallot(TestServer server)
{
    [Fact]
    public async Task One_question_a_screen_then_all_answers_then_the_receipt()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "booth");
        SessionId session = await TwoQuestionsAsync(day);
        using Visitor citizen = new(server.Address);
        string link = "/c/" + await day.LinkAsync(3);
        Assert.Contains($"href=\"{link}/vote/{session}\"", (await citizen.OpenAsync(link + "/day")).Html, StringComparison.Ordinal);
        Booth booth = await new Booth(citizen).OpenAsync($"{link}/vote/{session}");
        Assert.Contains("Why?", booth.Screen.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Which of these?", booth.Screen.Text, StringComparison.Ordinal);

        await booth.PressAsync("next");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, booth.Screen.Status);
        Assert.Contains("Choose an answer.", booth.Screen.Text, StringComparison.Ordinal);
        await booth.PressAsync("next", "1");
        Assert.Contains("Up to 2 choices.", booth.Screen.Text, StringComparison.Ordinal);
        await booth.PressAsync("next", "0", "1", "2");
        Assert.Contains("At most 2 choices.", booth.Screen.Text, StringComparison.Ordinal);
        Assert.Equal(["0", "1", "2"], booth.Ticked);
        await booth.PressAsync("back", "0", "2");
        Assert.Contains("Why?", booth.Screen.Text, StringComparison.Ordinal);
        Assert.Equal(["1"], booth.Ticked);
        await booth.PressAsync("next", "1");
        Assert.Equal(["0", "2"], booth.Ticked);
        await booth.PressAsync("next", "0", "2");
        Assert.Contains("Option 2", booth.Screen.Text, StringComparison.Ordinal);
        Assert.Contains("Choice 1 · Choice 3", booth.Screen.Text, StringComparison.Ordinal);

        await booth.PressAsync("to-0");
        await booth.PressAsync("next", "none");
        await booth.PressAsync("next", "0", "2");
        Assert.Contains("I don’t know / no answer", booth.Screen.Text, StringComparison.Ordinal);
        Assert.Equal(0, await BallotsAsync(session));
        await booth.PressAsync("cast");
        Assert.Matches("[0-9A-Z]{4}-[0-9A-Z]{4}", booth.Screen.Text);
        Assert.Equal(1, await BallotsAsync(session));
        Assert.Contains("you have voted", (await citizen.OpenAsync(link + "/day")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_ballot_takes_the_place_of_the_first_and_does_not_show_it()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "again");
        SessionId session = await day.BallotAsync(1, "open");
        using Visitor citizen = new(server.Address);
        Booth booth = new(citizen);
        string path = $"/c/{await day.LinkAsync(3)}/vote/{session}";
        List<string> stored = [];
        foreach (string answer in (string[])["0", "1"])
        {
            await booth.OpenAsync(path);
            Assert.Equal(stored.Count > 0, booth.Screen.Text.Contains("You have voted already.", StringComparison.Ordinal));
            Assert.Empty(booth.Ticked);
            await booth.PressAsync("next", answer);
            await booth.PressAsync("cast");
            Ballot ballot = await server.WithDbAsync(db => db.Ballots.AsNoTracking().SingleAsync(b => b.SessionId == session, TestContext.Current.CancellationToken));
            stored.Add(ballot.Answers);
        }

        Assert.Equal(2, stored.Distinct().Count());
    }

    [Fact]
    public async Task The_form_sent_twice_gets_the_same_receipt()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "double");
        SessionId session = await day.BallotAsync(1, "open");
        using Visitor citizen = new(server.Address);
        Booth booth = await new Booth(citizen).OpenAsync($"/c/{await day.LinkAsync(3)}/vote/{session}");
        await booth.PressAsync("next", "0");
        Page review = booth.Screen;
        Page first = await booth.PressAsync("cast");
        Page second = await booth.Remember(review).PressAsync("cast");
        Assert.Equal(Receipt(first), Receipt(second));
        Assert.Equal(1, await BallotsAsync(session));
    }

    [Fact]
    public async Task A_ballot_that_is_not_open_takes_nothing()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "shut");
        SessionId session = (await day.SessionAsync(1)).Id;
        using Visitor citizen = new(server.Address);
        string path = $"/c/{await day.LinkAsync(3)}/vote/{session}";
        Booth booth = await new Booth(citizen).OpenAsync(path);
        Assert.Contains("not open yet", booth.Screen.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<form", booth.Screen.Html, StringComparison.Ordinal);
        await day.BallotAsync(1, "open");
        await booth.OpenAsync(path);
        await booth.PressAsync("next", "0");
        Page review = booth.Screen;
        await day.BallotAsync(1, "close");
        Page late = await booth.Remember(review).PressAsync("cast");
        Assert.Equal(HttpStatusCode.Conflict, late.Status);
        Assert.Contains("This vote is closed.", late.Text, StringComparison.Ordinal);
        Assert.Contains("This vote is closed.", (await citizen.OpenAsync(path)).Text, StringComparison.Ordinal);
        Assert.Equal(0, await BallotsAsync(session));
    }

    [Theory]
    [InlineData(ParticipantStatus.Selected, "You have not said yes to taking part")]
    [InlineData(ParticipantStatus.Withdrew, "your place goes to somebody else")]
    public async Task Whoever_holds_no_place_is_offered_no_ballot_and_reads_why(ParticipantStatus status, string why)
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "no-place-" + (int)status);
        SessionId session = await day.BallotAsync(1, "open");
        using Visitor citizen = new(server.Address);
        string link = "/c/" + await day.LinkAsync(3);
        string path = $"{link}/vote/{session}";
        Booth booth = await new Booth(citizen).OpenAsync(path);
        await booth.PressAsync("next", "0");
        Page review = booth.Screen;
        await day.ChangeAsync(db => db.Participants.Where(p => p.DialogueId == day.Dialogue.Id && p.Number == 3).ExecuteUpdateAsync(set => set.SetProperty(p => p.Status, status), TestContext.Current.CancellationToken));

        Page overview = await citizen.OpenAsync(link + "/day");
        Assert.Contains(why, overview.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(path, overview.Html, StringComparison.Ordinal);
        await booth.OpenAsync(path);
        Assert.Contains(why, booth.Screen.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<fieldset", booth.Screen.Html, StringComparison.Ordinal);
        Page refused = await booth.Remember(review).PressAsync("cast");
        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        Assert.Contains(why, refused.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("This link has ended", refused.Text, StringComparison.Ordinal);
        Assert.Equal(0, await BallotsAsync(session));
    }

    [Fact]
    public async Task Another_dialogues_ballot_is_not_found()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "mine");
        using DialogueOfTheDay other = await DialogueOfTheDay.MakeAsync(server, "theirs");
        SessionId session = await day.BallotAsync(1, "open");
        SessionId foreign = await other.BallotAsync(1, "open");
        using Visitor citizen = new(server.Address);
        string link = "/c/" + await day.LinkAsync(3);
        Assert.Equal(HttpStatusCode.NotFound, (await citizen.OpenAsync($"{link}/vote/{foreign}")).Status);
        Booth booth = await new Booth(citizen).OpenAsync($"{link}/vote/{session}");
        await booth.SendAsync($"{link}/vote/{foreign}", ("go", "cast"), ("step", "1"), ("a0", "0"));
        Assert.Equal(HttpStatusCode.NotFound, booth.Screen.Status);
        Assert.Equal(0, await BallotsAsync(foreign));
    }

    [Fact]
    public async Task The_language_switch_comes_back_to_the_ballot()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "switch");
        SessionId session = await day.BallotAsync(1, "open");
        using Visitor citizen = new(server.Address);
        string path = $"/c/{await day.LinkAsync(3)}/vote/{session}";
        Booth booth = await new Booth(citizen).OpenAsync(path);
        await booth.PressAsync("next", "0");
        Assert.Contains($"/language/fr?back={Uri.EscapeDataString(path)}", WebUtility.HtmlDecode(booth.Screen.Html), StringComparison.Ordinal);
    }

    private async Task<SessionId> TwoQuestionsAsync(DialogueOfTheDay day)
    {
        SessionId session = (await day.SessionAsync(1)).Id;
        await server.WithDbAsync(db =>
        {
            Question question = new() { Id = new(Guid.CreateVersion7()), SessionId = session, DialogueId = day.Dialogue.Id, Position = 2, Kind = QuestionKind.MultipleChoice, MaxChoices = 2, Text = LocalizedText.Of(("en", "Which of these?")) };
            question.Options.AddRange(Enumerable.Range(1, 3).Select(option => new Option { Id = new(Guid.CreateVersion7()), QuestionId = question.Id, Position = option, Text = LocalizedText.Of(("en", "Choice " + option)) }));
            db.Questions.Add(question);
            return db.SaveChangesAsync(TestContext.Current.CancellationToken);
        });
        return await day.BallotAsync(1, "open");
    }

    private Task<int> BallotsAsync(SessionId session) => server.WithDbAsync(db => db.Ballots.CountAsync(ballot => ballot.SessionId == session, TestContext.Current.CancellationToken));

    private static string Receipt(Page page) => System.Text.RegularExpressions.Regex.Match(page.Text, "[0-9A-Z]{4}-[0-9A-Z]{4}").Value is { Length: > 0 } receipt ? receipt : throw new InvalidOperationException(page.Text);
}
