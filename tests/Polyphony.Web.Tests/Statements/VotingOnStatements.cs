using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Statistics.Disclosure;
using Polyphony.Statistics.Selection;
using Polyphony.Storage.Statements;
using Polyphony.Web.Publication;
using Polyphony.Web.Statements;
using Polyphony.Web.Tests.Rooms;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Statements;

public sealed partial class VotingOnStatements(TestServer server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_at_a_time_until_all_are_done_and_votes_may_change()
    {
        using DialogueOfTheDay day = await OpenAsync("say", "Let them in.\nKeep them out.\nLet us wait.");
        using Visitor citizen = new(server.Address);
        string page = $"/c/{await day.LinkAsync(3)}/statements";
        Assert.Contains("/statements\"", (await citizen.OpenAsync(page.Replace("/statements", "/day", StringComparison.Ordinal))).Html, StringComparison.Ordinal);
        List<string> seen = [];
        for (Page screen = await citizen.OpenAsync(page); Next(screen) is { } statement; screen = await citizen.OpenAsync(page))
        {
            seen.Add(statement);
            Assert.True(seen.Count <= 3, "What was voted on is shown again.");
            await citizen.SubmitAsync(page, page, ("statement", statement), ("choice", "Agree"));
        }

        Assert.Equal(3, seen.Distinct().Count());
        Assert.Equal(3, seen.Count);
        Assert.Contains("You have voted on every statement", (await citizen.OpenAsync(page)).Text, StringComparison.Ordinal);
        Page mine = await citizen.SubmitAsync(page + "/mine", page, ("statement", seen[0]), ("choice", "Disagree"), ("back", "mine"));
        Assert.StartsWith(page + "/mine", mine.Path, StringComparison.Ordinal);
        List<StatementBallot> votes = await VotesAsync(day);
        Assert.Equal(3, votes.Count);
        Assert.Equal([seen[0]], votes.Where(vote => vote.Choice == StatementChoice.Disagree).Select(vote => vote.StatementId.ToString()));

        // Whoever changes a vote comes to nothing new.
        Assert.Contains("3 views so far", (await day.Organiser.OpenAsync(day.Base + "/statements")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_citizen_writes_is_seen_by_others_once_it_was_looked_at()
    {
        using DialogueOfTheDay day = await OpenAsync("write", "Let them in.\nKeep them out.");
        using Visitor author = new(server.Address);
        using Visitor other = new(server.Address);
        string page = $"/c/{await day.LinkAsync(3)}/statements";
        string elsewhere = $"/c/{await day.LinkAsync(4)}/statements";
        Assert.Contains("problem=too-short", (await author.SubmitAsync(page, page + "/write", ("text", " a b "))).Path, StringComparison.Ordinal);
        Assert.Contains("problem=too-long", (await author.SubmitAsync(page, page + "/write", ("text", new string('a', 281)))).Path, StringComparison.Ordinal);
        Assert.Contains("notice=written", (await author.SubmitAsync(page, page + "/write", ("text", "Let them  drive\nat night."))).Path, StringComparison.Ordinal);
        Assert.DoesNotContain("Let them drive at night.", (await other.OpenAsync(elsewhere + "/mine")).Text, StringComparison.Ordinal);
        Assert.Contains("being read", (await author.OpenAsync(page + "/mine")).Text, StringComparison.Ordinal);
        Statement written = await server.WithDbAsync(db => db.Statements.AsNoTracking().SingleAsync(s => s.DialogueId == day.Dialogue.Id && !s.IsSeed, Stop));
        Assert.Equal((0, "Let them drive at night."), (written.Number, written.Text.Exactly("en")));
        using HttpClient phone = new() { BaseAddress = server.Address };
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await SendAsync(phone, elsewhere.Split('/')[2], (written.Id.ToString(), "agree"))).StatusCode);
        string room = day.Base + "/statements";
        Assert.Contains("problem=reason", (await day.Organiser.SubmitAsync(room, $"{room}/{written.Id}/reject")).Path, StringComparison.Ordinal);
        await day.Organiser.SubmitAsync(room, $"{room}/{written.Id}/reject", ("reason", "OffTopic"));
        Assert.Contains("not shown: It is about something else", (await author.OpenAsync(page + "/mine")).Text, StringComparison.Ordinal);
        await day.Organiser.SubmitAsync(room, $"{room}/{written.Id}/accept", ("text.en", "Other words"));
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(phone, elsewhere.Split('/')[2], (written.Id.ToString(), "agree"))).StatusCode);
        Statement shown = await server.WithDbAsync(db => db.Statements.AsNoTracking().SingleAsync(s => s.Id == written.Id, Stop));
        Assert.Equal((3, "Let them drive at night."), (shown.Number, shown.Text.Exactly("en")));
    }

    [Fact]
    public async Task What_may_say_the_same_stands_beside_and_what_denies_it_does_not()
    {
        using DialogueOfTheDay day = await OpenAsync("twins", "Shuttles should run at night.\nShuttles should not run at night.\nKeep the old town for walkers.");
        using Visitor author = new(server.Address);
        string page = $"/c/{await day.LinkAsync(3)}/statements";
        await author.SubmitAsync(page, page + "/write", ("text", "Shuttles should run by night."));
        string beside = (await day.Organiser.OpenAsync(day.Base + "/statements")).Html.Split("class=\"twins\"")[1].Split("</div>")[0];
        Assert.Contains("Shuttles should run at night.", beside, StringComparison.Ordinal);
        Assert.Contains("shown, no. 1", beside, StringComparison.Ordinal);
        Assert.DoesNotContain("should not", beside, StringComparison.Ordinal);
        Assert.DoesNotContain("walkers", beside, StringComparison.Ordinal);
        Assert.Equal(4, await server.WithDbAsync(db => db.Statements.CountAsync(s => s.DialogueId == day.Dialogue.Id, Stop)));
    }

    [Fact]
    public async Task Closing_replaces_every_mark_and_the_files_name_nobody()
    {
        using DialogueOfTheDay day = await OpenAsync("close", "Let them in.\nKeep them out.");
        string room = day.Base + "/statements";
        Assert.Contains("problem=not-closed", (await day.Organiser.OpenAsync(room + "/votes.csv")).Path, StringComparison.Ordinal);
        string[] ids = await IdsAsync(day);
        string[] codes = [await day.LinkAsync(1), await day.LinkAsync(2), await day.LinkAsync(3)];
        using HttpClient phone = new() { BaseAddress = server.Address };
        await SendAsync(phone, codes[0], (ids[0], "agree"), (ids[1], "disagree"));
        await SendAsync(phone, codes[1], (ids[0], "pass"));
        await SendAsync(phone, codes[0], (ids[1], "agree"));
        HashSet<string> before = [.. (await VotesAsync(day)).Select(vote => Convert.ToHexString(vote.Voter))];
        Assert.Equal(codes.Take(2).Select(code => Convert.ToHexString(StatementDesk.MarkOf(code, day.Dialogue.Id))).Order(), before.Order());
        Assert.Contains("notice=closed", (await day.Organiser.SubmitAsync(room, room + "/close")).Path, StringComparison.Ordinal);
        List<StatementBallot> votes = await VotesAsync(day);
        Assert.Equal((3, 2), (votes.Count, votes.Select(vote => Convert.ToHexString(vote.Voter)).Distinct().Count()));
        Assert.Empty(votes.Select(vote => Convert.ToHexString(vote.Voter)).Intersect(before));
        Assert.Equal(HttpStatusCode.Conflict, (await SendAsync(phone, codes[2], (ids[0], "agree"))).StatusCode);
        string[] file = (await day.Organiser.OpenAsync(room + "/votes.csv")).Html.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4, file.Length);
        Assert.Single(file.Skip(1).Select(line => line.Split(',')[1]).Distinct());
        Assert.Equal(["0", "1", "1"], file.Skip(1).Select(line => line.Split(',')[^1]).Order());
        Assert.Equal(3, (await day.Organiser.OpenAsync(room + "/participants-votes.csv")).Html.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(3, (await day.Organiser.OpenAsync(room + "/comments.csv")).Html.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task Everybody_has_a_dot_in_a_group_and_nobody_has_one_in_public()
    {
        using DialogueOfTheDay day = await OpenAsync("land", string.Join('\n', Enumerable.Range(1, 12).Select(number => "Statement number " + number)));
        string room = day.Base + "/statements";
        Assert.Contains("When ten people have voted", (await day.Organiser.OpenAsync(day.Base + "/landscape")).Text, StringComparison.Ordinal);
        string[] ids = await IdsAsync(day);
        using HttpClient phone = new() { BaseAddress = server.Address };
        for (int person = 1; person <= DialogueOfTheDay.People; person++)
        {
            // Two camps of fourteen and ten: each is for what the other is against, but for two statements on which all agree.
            HttpResponseMessage stored = await SendAsync(phone, await day.LinkAsync(person), [.. ids.Index().Select(id => (id.Item, id.Index > 9 || id.Index % 2 == 0 == (person <= 14) ? "agree" : "disagree"))]);
            Assert.Equal(HttpStatusCode.NoContent, stored.StatusCode);
        }

        await day.Organiser.SubmitAsync(room, room + "/close");
        Page page = await day.Organiser.OpenAsync(day.Base + "/landscape");
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("Group A: 14 people", page.Text, StringComparison.Ordinal);
        Assert.Contains("Group B: 10 people", page.Text, StringComparison.Ordinal);
        string released = await server.WithDbAsync(db => db.StatementVotes.Where(vote => vote.DialogueId == day.Dialogue.Id).Select(vote => vote.LandscapeJson).SingleAsync(Stop));
        Assert.Contains("\"together\":[11,12]", released, StringComparison.Ordinal);

        // Fewer than 45 people: nothing is said of groups.
        Assert.Contains("\"groups\":[],\"statements\"", released, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_slate_is_chosen_by_the_rule_that_was_set_before_closing_and_says_in_public_neither_who_paid_nor_whom_of_a_group_it_covers()
    {
        using DialogueOfTheDay day = await OpenAsync("slate", string.Join('\n', Enumerable.Range(1, 6).Select(number => "Statement number " + number)));
        string landscape = day.Base + "/landscape";
        string[] ids = await IdsAsync(day);
        using HttpClient phone = new() { BaseAddress = server.Address };

        // Sixteen are for the first three, eight for the last three: with three places the eight have a right to one.
        for (int person = 1; person <= DialogueOfTheDay.People; person++)
        {
            await SendAsync(phone, await day.LinkAsync(person), [.. ids.Index().Select(id => (id.Item, id.Index < 3 == (person <= 16) ? "agree" : "disagree"))]);
        }

        await server.WithDbAsync(db => db.Dialogues.Where(d => d.Id == day.Dialogue.Id).ExecuteUpdateAsync(set => set.SetProperty(d => d.PublishedAt, DateTimeOffset.UnixEpoch), Stop));
        using Visitor anybody = new(server.Address);
        string results = $"/d/{day.Slug}/results/en";
        Assert.Contains("Cars without drivers 20 people or more", (await anybody.OpenAsync(results)).Text, StringComparison.Ordinal);
        Page live = await day.Organiser.OpenAsync(landscape + "?rule=EqualShares&size=3");
        Assert.Contains("3 statements that speak for many", live.Text, StringComparison.Ordinal);
        Assert.Contains("Paid for it: Everybody: 67", live.Text, StringComparison.Ordinal);
        await day.Organiser.SubmitAsync(landscape + "?rule=EqualShares&size=3", landscape + "/slate", ("rule", "Phragmen"), ("size", "3"));
        await day.Organiser.SubmitAsync(day.Base + "/statements", day.Base + "/statements/close");
        PublishedSlate slate = JsonSerializer.Deserialize<PublishedLandscape>(
            await server.WithDbAsync(db => db.StatementVotes.Where(vote => vote.DialogueId == day.Dialogue.Id).Select(vote => vote.LandscapeJson).SingleAsync(Stop)), PublishedResults.Json)!.Slate!;
        Assert.Equal((SlateRule.Phragmen, 3, 3), (slate.Rule, slate.Size, slate.Members.Count));
        Assert.Single(slate.Members, member => member.Number > 3);
        Assert.Equal((Certificate.Holds, Certificate.Holds, Certificate.Holds), (slate.Jr, slate.Pjr, slate.Ejr));
        Assert.All(slate.Members, member => Assert.Null(member.Payers));
        Assert.Empty(slate.Coverage.Groups);
        Assert.Null(slate.NotReady);

        // Of so few people the tables hold back how many agree, and with it how many are covered.
        Assert.All(slate.Coverage.Overall.Options.Append(slate.Coverage.Overall.NoAnswer), answer => Assert.IsType<ReleasedCell.Withheld>(answer.Count));
        await Task.Delay(TimeSpan.FromSeconds(1.1), Stop);
        Assert.DoesNotContain("people or more", (await anybody.OpenAsync(results)).Text, StringComparison.Ordinal);
        Assert.NotEmpty(slate.Beside);

        // Afterwards one may look at other rules, and what is out stays.
        Assert.Equal(HttpStatusCode.OK, (await day.Organiser.SubmitAsync("/account", landscape + "/slate", ("rule", "EqualShares"), ("size", "1"))).Status);
        StatementVote kept = await server.WithDbAsync(db => db.StatementVotes.AsNoTracking().SingleAsync(vote => vote.DialogueId == day.Dialogue.Id, Stop));
        Assert.Equal((SlateRule.Phragmen, 3), (kept.SlateRule, kept.SlateSize));
        Assert.Contains("1 statement that speaks for many", (await day.Organiser.OpenAsync(landscape + "?rule=EqualShares&size=1")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Votes_on_what_is_no_longer_shown_draw_nothing_while_the_vote_is_open()
    {
        List<string> marks = [];
        foreach (bool all in new[] { true, false })
        {
            using DialogueOfTheDay day = await OpenAsync(all ? "moderated" : "without", string.Join('\n', Enumerable.Range(1, all ? 9 : 8).Select(number => "Statement number " + number)));
            string room = day.Base + "/statements";
            string[] ids = await IdsAsync(day);
            using HttpClient phone = new() { BaseAddress = server.Address };
            for (int person = 1; person <= DialogueOfTheDay.People; person++)
            {
                await SendAsync(phone, await day.LinkAsync(person), [.. ids.Index().Select(id => (id.Item, (id.Index == 8 ? person % 3 : (person * (id.Index + 3)) % 5) < 2 ? "agree" : "disagree"))]);
            }

            Assert.True(!all || (await day.Organiser.OpenAsync(day.Base + "/landscape")).Text.Contains("Statement number 9", StringComparison.Ordinal));
            if (all)
            {
                await day.Organiser.SubmitAsync(room, $"{room}/{ids[8]}/reject", ("reason", "OffTopic"));
            }

            Page live = await day.Organiser.OpenAsync(day.Base + "/landscape");
            Assert.DoesNotContain("Statement number 9", live.Text, StringComparison.Ordinal);
            Assert.Contains("seen by 24 of 24 (100", live.Text, StringComparison.Ordinal);
            Assert.Contains("3 statements more", live.Text, StringComparison.Ordinal);
            marks.Add(MarkPattern().Match(live.Html).Groups[1].Value);
        }

        // The mark of a map has no names in it: without the votes on the ninth statement it is the map of the other eight.
        Assert.Equal(64, marks[0].Length);
        Assert.Equal(marks[0], marks[1]);
    }

    [Fact]
    public async Task Statements_that_go_together_are_a_topic_with_the_words_that_tell_it_apart()
    {
        using DialogueOfTheDay day = await OpenAsync("topics", "Shuttles should run at night.\nShuttles should stop at midnight.\nShuttles are too dear.\nSchools should begin later.\nSchools should teach driving.\nI drive every day.");
        string[] ids = await IdsAsync(day);
        Assert.Contains("When ten people have voted", (await day.Organiser.OpenAsync(day.Base + "/landscape")).Text, StringComparison.Ordinal);
        using HttpClient phone = new() { BaseAddress = server.Address };
        for (int person = 1; person <= DialogueOfTheDay.People; person++)
        {
            bool shuttles = person % 2 == 0, schools = person % 3 == 0;
            await SendAsync(phone, await day.LinkAsync(person), [
                (ids[0], shuttles ? "agree" : "disagree"), (ids[1], shuttles ? "disagree" : "agree"), (ids[2], shuttles ? "agree" : "disagree"),
                (ids[3], schools ? "agree" : "disagree"), (ids[4], schools ? "agree" : "pass"), .. person <= 12 ? [(ids[5], "pass")] : Array.Empty<(string, string)>()]);
        }

        Page page = await day.Organiser.OpenAsync(day.Base + "/landscape");
        Assert.Contains("2 topics, found from votes alone", page.Text, StringComparison.Ordinal);
        Assert.Contains("Topic 1 shuttles", page.Text, StringComparison.Ordinal);
        Assert.Contains("Topic 2 schools", page.Text, StringComparison.Ordinal);
        Assert.Contains("1 statement goes with no other", page.Text, StringComparison.Ordinal);
        Assert.Contains("The statement seen least was seen by 50", page.Text, StringComparison.Ordinal);
        Assert.Contains("seen by 12 of 24 (50", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_few_have_come_to_is_shown_more_often_and_a_page_loaded_again_is_the_same()
    {
        SiteId here = new(Guid.NewGuid());
        Statement[] statements = [.. Enumerable.Range(1, 12).Select(number => new Statement { Id = new(Guid.NewGuid()), Number = number })];
        long[] views = new long[12];
        for (int person = 0; person < 200; person++)
        {
            HashSet<StatementId> own = [];
            for (int turn = 0; turn < 5; turn++)
            {
                StatementRoute route = new(statements, [here], [.. views.Select(seen => new Polyphony.Statistics.Routing.StatementViews(0, [seen]))], [person]);
                ulong chance = StatementRoute.ChanceOf([(byte)person], turn);
                Statement next = route.Next(here, own, chance)!;
                Assert.Same(next, route.Next(here, own, chance));
                Assert.True(own.Add(next.Id));
                views[next.Number - 1]++;
            }
        }

        // By chance alone some would be some twenty views apart; each must have its least.
        Assert.Equal(1_000, views.Sum());
        Assert.True(views.Min() >= 60 && views.Max() <= 110, string.Join(' ', views));
        StatementRoute late = new(statements, [here], [.. views.Select((seen, index) => new Polyphony.Statistics.Routing.StatementViews(0, [index == 4 ? 3 : seen]))], [200]);
        Assert.Equal([statements[4].Id], late.Unready());
        Assert.True(late.Weights(here, [])[4] > late.Weights(here, [])[0]);
    }

    [Fact]
    public async Task A_new_link_does_not_vote_a_second_time()
    {
        using DialogueOfTheDay day = await OpenAsync("again", "Let them in.\nKeep them out.");
        string[] ids = await IdsAsync(day);
        using HttpClient phone = new() { BaseAddress = server.Address };
        await SendAsync(phone, await day.LinkAsync(5), (ids[0], "agree"));
        string renewed = await day.LinkAsync(5);
        HttpResponseMessage refused = await SendAsync(phone, renewed, (ids[0], "agree"));
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains("new-link", await refused.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.Single(await VotesAsync(day));
    }

    [Fact]
    public async Task Nothing_is_taken_that_is_no_vote()
    {
        using DialogueOfTheDay day = await OpenAsync("refuse", "Let them in.\nKeep them out.");
        using DialogueOfTheDay other = await OpenAsync("foreign", "Let them in.\nKeep them out.");
        string code = await day.LinkAsync(1);
        string foreign = (await IdsAsync(other))[0];
        string own = (await IdsAsync(day))[0];
        using HttpClient phone = new() { BaseAddress = server.Address };
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await SendAsync(phone, code, (foreign, "agree"))).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await SendAsync(phone, code, (own, "perhaps"))).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await SendAsync(phone, code, (own, "agree"), ("x", "agree"))).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await SendAsync(phone, await day.LinkAsync(25), (own, "agree"))).StatusCode);
        Assert.Empty(await VotesAsync(day));
    }

    private async Task<DialogueOfTheDay> OpenAsync(string name, string seeds)
    {
        DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, name);
        string room = day.Base + "/statements";
        Assert.Contains("problem=cannot-open", (await day.Organiser.SubmitAsync(room, room + "/open")).Path, StringComparison.Ordinal);
        await day.Organiser.SubmitAsync(room, room + "/topic", ("topic.en", "Cars without drivers"), ("takes", "yes"));
        Assert.Contains("notice=seeded", (await day.Organiser.SubmitAsync(room, room + "/seed", ("lines.en", seeds))).Path, StringComparison.Ordinal);
        Assert.Contains("notice=opened", (await day.Organiser.SubmitAsync(room, room + "/open")).Path, StringComparison.Ordinal);
        return day;
    }

    private Task<List<StatementBallot>> VotesAsync(DialogueOfTheDay day) => server.WithDbAsync(db => db.StatementBallots.AsNoTracking().Where(vote => vote.DialogueId == day.Dialogue.Id).ToListAsync(Stop));

    private async Task<string[]> IdsAsync(DialogueOfTheDay day) =>
        [.. (await server.WithDbAsync(db => db.Statements.AsNoTracking().Where(s => s.DialogueId == day.Dialogue.Id).OrderBy(s => s.Number).Select(s => s.Id).ToListAsync(Stop))).Select(id => id.ToString())];

    private static async Task<HttpResponseMessage> SendAsync(HttpClient phone, string code, params (string Statement, string Vote)[] votes)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/api/v1/statement-votes") { Content = JsonContent.Create(new { votes = votes.Select(vote => new { statement = vote.Statement, vote = vote.Vote }) }) };
        request.Headers.Authorization = new("Bearer", code);
        return await phone.SendAsync(request, Stop);
    }

    private static string? Next(Page screen) => StatementPattern().Match(screen.Html) is { Success: true } found ? found.Groups[1].Value : null;

    [GeneratedRegex("<code>([0-9a-f]{64})</code>")]
    private static partial Regex MarkPattern();

    [GeneratedRegex("name=\"statement\" value=\"([0-9a-f]{32})\"")]
    private static partial Regex StatementPattern();
}
