using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Statistics.Disclosure;
using Polyphony.Storage.Ballots;
using Polyphony.Storage.Mandates;
using Polyphony.Web.Publication;
using Polyphony.Web.Tests.Rooms;
using Polyphony.Web.Tests.Server;
using static Polyphony.Web.Tests.Votes.PaperDay;

namespace Polyphony.Web.Tests.Votes;

public sealed partial class CountingPaper(TestServer server)
{
    [Fact]
    public async Task A_paper_has_the_questions_and_boxes_and_nothing_that_leads_to_a_person()
    {
        using PaperDay paper = await MakeAsync(server, "paper-print", closed: false);
        await server.WithDbAsync(db => db.Participants.Where(p => p.DialogueId == paper.Day.Dialogue.Id && p.Number <= 3)
            .ExecuteUpdateAsync(set => set.SetProperty(p => p.WithoutPhone, true), TestContext.Current.CancellationToken));
        Page few = await paper.Organiser.OpenAsync(paper.Overview + "/ballots");
        Page all = await paper.Organiser.OpenAsync(paper.Overview + "/ballots?for=everybody");

        // In the first round 1, 2 and 3 sit at tables 1, 2 and 3; each table gets one more.
        Assert.Equal([2, 2, 2, 1], Enumerable.Range(1, DialogueOfTheDay.Tables).Select(table => Papers(few).Count(one => one.Contains($"<p>Table {table}</p>", StringComparison.Ordinal))));
        Assert.Equal(DialogueOfTheDay.People + DialogueOfTheDay.Tables, Papers(all).Length);
        string first = Papers(few)[0];
        foreach (string there in (string[])["Driverless mobility · Lyon", "Session 1", "1. Why?", "2. Which of these?", "Tick one box.", "Tick up to 2 boxes.", "Bicycles", "Very", "know / no answer"])
        {
            Assert.Contains(there, WebUtility.HtmlDecode(Regex.Replace(first, "<[^>]+>", "")), StringComparison.Ordinal);
        }

        // Two options, three and five, and "don't know" with each.
        Assert.Equal(2 + 3 + 5 + 3, Regex.Count(first, "class=\"box\""));
        Assert.Single(Papers(few).Where(one => one.Contains("<p>Table 1</p>", StringComparison.Ordinal)).Distinct());
        Assert.DoesNotContain("Person 1", first, StringComparison.Ordinal);
        Assert.DoesNotContain((await paper.Day.PersonAsync(1)).BadgeCode, few.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", first, StringComparison.Ordinal);

        Page sheets = await paper.Organiser.OpenAsync(paper.Overview + "/sheets");
        Assert.Equal(DialogueOfTheDay.Tables, Regex.Count(sheets.Html, "class=\"sheet tally-sheet\""));
        Assert.Contains("Second count:", sheets.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_paper_speaks_a_language_of_the_dialogue()
    {
        using PaperDay paper = await MakeAsync(server, "paper-french", closed: false);
        await server.WithDbAsync(async db =>
        {
            Dialogue dialogue = await db.Dialogues.SingleAsync(d => d.Id == paper.Day.Dialogue.Id, TestContext.Current.CancellationToken);
            dialogue.Languages = ["en", "fr"];
            return await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        });
        Page french = await paper.Organiser.OpenAsync(paper.Overview + "/ballots?language=fr");
        Assert.Contains("lang=\"fr\"", Papers(french)[0], StringComparison.Ordinal);
        Assert.Contains("Cochez une case.", french.Text, StringComparison.Ordinal);
        Assert.Contains("Tick one box.", (await paper.Organiser.OpenAsync(paper.Overview + "/ballots?language=xx")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_entered_before_the_vote_is_closed()
    {
        using PaperDay paper = await MakeAsync(server, "paper-early", closed: false);
        Assert.DoesNotContain("name=\"ballots\"", (await paper.Organiser.OpenAsync(paper.Overview + "/1")).Html, StringComparison.Ordinal);
        Page refused = await paper.Organiser.SubmitAsync(paper.Day.Base + "/room", paper.Overview + "/1", [.. Six.Select(count => (count.Key, count.Value))]);
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains("once the vote is closed", refused.Text, StringComparison.Ordinal);
        Assert.Null(await paper.TallyAsync(1, 1));
    }

    [Fact]
    public async Task All_that_does_not_add_up_is_said_at_once()
    {
        using PaperDay paper = await MakeAsync(server, "paper-wrong");
        Page refused = await EnterAsync(paper.Organiser, paper.Overview + "/1", Six, ("q0o0", "5"), ("q1o0", "7"), ("q1o1", "6"), ("q2o4", "3"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains("4 things to put right", refused.Text, StringComparison.Ordinal);
        Assert.Contains("The answers add up to 7, but there are 6 ballots.", refused.Text, StringComparison.Ordinal);
        Assert.Contains("Only 6 ballots answered this question.", refused.Text, StringComparison.Ordinal);
        Assert.Contains("There are 14 ticks, but 6 ballots with an answer have between 6 and 12.", refused.Text, StringComparison.Ordinal);
        Assert.Contains("The answers add up to 5, but there are 6 ballots.", refused.Text, StringComparison.Ordinal);
        Assert.Contains("value=\"7\"", refused.Html, StringComparison.Ordinal);

        refused = await EnterAsync(paper.Organiser, paper.Overview + "/1", Six, ("q0o0", "-4"), ("q0none", ""), ("q1none", "7"), ("q2o0", "x"));
        Assert.Contains("4 things to put right", refused.Text, StringComparison.Ordinal);
        Assert.Equal(3, Regex.Count(refused.Html, "id=\"f-q[^\"]*-error\">A whole number from 0"));
        Assert.Contains("There are only 6 ballots.", refused.Text, StringComparison.Ordinal);

        // Every paper with an answer has at least one tick.
        refused = await EnterAsync(paper.Organiser, paper.Overview + "/1", Six, ("q1o0", "3"));
        Assert.Contains("There are 5 ticks", refused.Text, StringComparison.Ordinal);
        Assert.Null(await paper.TallyAsync(1, 1));
    }

    [Fact]
    public async Task More_papers_than_people_without_another_ballot_need_a_remark()
    {
        using PaperDay paper = await MakeAsync(server, "paper-more");
        ParticipantId phone = (await paper.Day.PersonAsync(1)).Id;
        await server.WithDbAsync(db =>
        {
            db.Participations.Add(new Participation { SessionId = paper.Session, ParticipantId = phone, Channel = BallotChannel.Phone });
            return db.SaveChangesAsync(TestContext.Current.CancellationToken);
        });
        Assert.Contains("5 people of this table", (await paper.Organiser.OpenAsync(paper.Overview + "/1")).Text, StringComparison.Ordinal);
        Page refused = await EnterAsync(paper.Organiser, paper.Overview + "/1", Six);
        Assert.Contains("People of this table who are here and have not voted by phone or tablet: 5. More papers than that mean that somebody may have voted twice", refused.Text, StringComparison.Ordinal);
        Assert.Null(await paper.TallyAsync(1, 1));
        await EnterAsync(paper.Organiser, paper.Overview + "/1", Six, ("note", "A guest of table 2 sat here"));
        Assert.Equal("4,2,0;5,1,1,0;0,0,1,0,4,1", (await paper.TallyAsync(1, 1))!.Counts);
        Assert.Contains("A guest of table 2 sat here", (await paper.Organiser.OpenAsync(paper.Overview)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_second_entry_is_another_persons_who_does_not_see_the_first()
    {
        using PaperDay paper = await MakeAsync(server, "paper-second");
        Visitor colleague = await paper.ColleagueAsync(DialogueRole.Organiser);
        Dictionary<string, string> seen = new(Six) { ["ballots"] = "91", ["q0o0"] = "89", ["q1o0"] = "90", ["q2o4"] = "89", ["note"] = "ninety guests" };
        Page first = await EnterAsync(paper.Organiser, paper.Overview + "/1", seen);
        Assert.Contains("entered once", first.Text, StringComparison.Ordinal);
        foreach (Page page in (Page[])[first, await colleague.OpenAsync(paper.Overview), await colleague.OpenAsync(paper.Overview + "/1"), await paper.Organiser.OpenAsync(paper.Overview + "/1?again=1")])
        {
            Assert.DoesNotMatch(@"\b(89|90|91)\b", page.Text);
            Assert.DoesNotMatch("value=\"(89|90|91)\"", page.Html);
        }

        Page own = await paper.Organiser.OpenAsync(paper.Overview + "/1");
        Assert.Contains("must be made by somebody else", own.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"ballots\"", own.Html, StringComparison.Ordinal);
        Page refused = await paper.Organiser.SubmitAsync(paper.Overview + "/2", paper.Overview + "/1", [("entry", "2"), .. Six.Select(count => (count.Key, count.Value))]);
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Null(await paper.TallyAsync(1, 2));
        Assert.Contains("both entries agree", (await EnterAsync(colleague, paper.Overview + "/1", seen)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_is_alone_may_make_both_and_is_told_so()
    {
        using PaperDay paper = await MakeAsync(server, "paper-alone");
        await EnterAsync(paper.Organiser, paper.Overview + "/1", Six);
        Assert.Contains("Nobody else of the team", (await paper.Organiser.OpenAsync(paper.Overview + "/1")).Text, StringComparison.Ordinal);

        // The first form sent once more, as by a double click, is not the second entry.
        Page again = await paper.Organiser.SubmitAsync(paper.Overview + "/1", paper.Overview + "/1", [("entry", "1"), .. Six.Select(count => (count.Key, count.Value))]);
        Assert.Contains("had been stored before", again.Text, StringComparison.Ordinal);
        Assert.Null(await paper.TallyAsync(1, 2));
        Assert.Contains("both entries agree", (await EnterAsync(paper.Organiser, paper.Overview + "/1", Six)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_who_count_at_the_same_time_make_both_entries()
    {
        using PaperDay paper = await MakeAsync(server, "paper-both");
        Visitor colleague = await paper.ColleagueAsync(DialogueRole.Organiser);
        Booth slow = await new Booth(colleague).OpenAsync(paper.Overview + "/1");
        await EnterAsync(paper.Organiser, paper.Overview + "/1", Six);
        Page done = await slow.SendAsync(null, Six.Select(count => (count.Key, count.Value)));
        Assert.Contains("both entries agree", done.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_who_send_in_the_same_moment_make_both_entries_and_lose_neither()
    {
        using PaperDay paper = await MakeAsync(server, "paper-moment");
        Visitor colleague = await paper.ColleagueAsync(DialogueRole.Organiser);
        Dictionary<string, string> other = new(Six) { ["q0o0"] = "3", ["q0o1"] = "3" };
        for (int table = 1; table <= DialogueOfTheDay.Tables; table++)
        {
            Booth one = await new Booth(paper.Organiser).OpenAsync($"{paper.Overview}/{table}");
            Booth two = await new Booth(colleague).OpenAsync($"{paper.Overview}/{table}");
            await Task.WhenAll(one.SendAsync(null, Six.Select(count => (count.Key, count.Value))), two.SendAsync(null, other.Select(count => (count.Key, count.Value))));
            PaperTally?[] entries = [await paper.TallyAsync(table, 1), await paper.TallyAsync(table, 2)];
            Assert.DoesNotContain(null, entries);
            Assert.Equal(2, entries.Select(entry => entry!.EnteredBy).Distinct().Count());
            Assert.Equal(["3,3,0", "4,2,0"], entries.Select(entry => entry!.Counts.Split(';')[0]).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task The_facilitator_of_a_table_enters_for_it_and_for_no_other()
    {
        using PaperDay paper = await MakeAsync(server, "paper-table");
        Visitor facilitator = await paper.FacilitatorAsync(2);
        string own = $"/facilitate/{paper.Day.Slug}/2/sessions/{paper.Session}/paper";
        Assert.Contains($"href=\"{own}\"", (await facilitator.OpenAsync($"/facilitate/{paper.Day.Slug}/2")).Html, StringComparison.Ordinal);
        Page entered = await EnterAsync(facilitator, own, Six);
        Assert.Contains("The entry is stored.", entered.Text, StringComparison.Ordinal);
        Assert.Equal(1, (await paper.TallyAsync(2, 1))!.Entry);
        Assert.Equal(HttpStatusCode.Forbidden, (await facilitator.OpenAsync($"/facilitate/{paper.Day.Slug}/1/sessions/{paper.Session}/paper")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await facilitator.OpenAsync(paper.Overview)).Status);
        Assert.Contains("both entries agree", (await EnterAsync(paper.Organiser, paper.Overview + "/2", Six)).Text, StringComparison.Ordinal);
        Assert.Contains("both entries agree", (await facilitator.OpenAsync(own)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_auditor_reads_and_enters_nothing()
    {
        using PaperDay paper = await MakeAsync(server, "paper-audit");
        Visitor auditor = await paper.ColleagueAsync(DialogueRole.Auditor);
        Page overview = await auditor.OpenAsync(paper.Overview);
        Assert.Contains("nothing entered", overview.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(paper.Overview + "/1\"", overview.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await auditor.OpenAsync(paper.Overview + "/1")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await auditor.SubmitAsync("/account", paper.Overview + "/1", [.. Six.Select(count => (count.Key, count.Value))])).Status);
        Assert.Null(await paper.TallyAsync(1, 1));
    }

    [Fact]
    public async Task Another_dialogues_session_is_not_found()
    {
        using PaperDay paper = await MakeAsync(server, "paper-here");
        using PaperDay other = await MakeAsync(server, "paper-there");
        string elsewhere = $"{paper.Day.Base}/sessions/{other.Session}/paper";
        foreach (string page in (string[])["", "/1", "/ballots", "/sheets"])
        {
            Assert.Equal(HttpStatusCode.NotFound, (await paper.Organiser.OpenAsync(elsewhere + page)).Status);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await paper.Organiser.SubmitAsync(paper.Overview + "/1", elsewhere + "/1", [.. Six.Select(count => (count.Key, count.Value))])).Status);
        Assert.Null(await other.TallyAsync(1, 1));
        Assert.Equal(HttpStatusCode.NotFound, (await paper.Organiser.OpenAsync($"{paper.Overview}/{DialogueOfTheDay.Tables + 1}")).Status);
    }

    [Fact]
    public async Task Ballots_count_once_both_entries_agree_and_publishing_waits_for_it()
    {
        using PaperDay paper = await MakeAsync(server, "paper-count");
        Visitor colleague = await paper.FillAllButAsync(table: 2);
        Assert.Contains("about 20", (await paper.Organiser.OpenAsync(paper.Results)).Text, StringComparison.Ordinal);

        await EnterAsync(paper.Organiser, paper.Overview + "/2", Six);
        await RefusedAsync(paper);
        Page differs = await EnterAsync(colleague, paper.Overview + "/2", Six, ("q0o0", "3"), ("q0none", "1"));
        await RefusedAsync(paper);
        Assert.Contains("the entries differ", differs.Text, StringComparison.Ordinal);

        // The cells that differ stand side by side; those that agree stand nowhere.
        Assert.Equal(["4|3", "0|1"], CellPattern().Matches(differs.Html).Select(cell => cell.Groups[1].Value + "|" + cell.Groups[2].Value));
        Assert.Contains("to be compared", (await paper.Organiser.OpenAsync(paper.Day.Base + "/room")).Text, StringComparison.Ordinal);

        await EnterAsync(colleague, paper.Overview + "/2?again=2", Six);
        Assert.DoesNotContain("to be compared", (await paper.Organiser.OpenAsync(paper.Day.Base + "/room")).Text, StringComparison.Ordinal);
        Assert.Contains("about 25", (await paper.Organiser.OpenAsync(paper.Results)).Text, StringComparison.Ordinal);
        Page published = await paper.Organiser.SubmitAsync(paper.Results, paper.Results + "/publish");
        Assert.Contains("The results are public.", published.Text, StringComparison.Ordinal);
        string release = await server.WithDbAsync(db => db.Releases.Where(r => r.DialogueId == paper.Day.Dialogue.Id).Select(r => r.ResultsJson).SingleAsync(TestContext.Current.CancellationToken));
        Assert.Equal(new ReleasedCell.Rounded(25), PublishedResults.Of(release).Sessions[0].Questions[0].Table.Overall.Ballots);

        string[] facts = await server.WithDbAsync(db => db.Journal.Where(entry => entry.DialogueId == paper.Day.Dialogue.Id && entry.Code == "paper.entered")
            .OrderBy(entry => entry.Id).Select(entry => entry.Facts).ToArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal(
            [(1, "false"), (2, "false"), (2, "true")],
            facts[^3..].Select(fact => FactPattern().Match(fact)).Select(fact => (int.Parse(fact.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture), fact.Groups[2].Value)));
    }

    [Fact]
    public async Task What_agreed_is_changed_with_a_reason_and_a_publication_stays_as_it_is()
    {
        using PaperDay paper = await MakeAsync(server, "paper-change");
        await paper.FillAllButAsync(table: 4);
        await paper.Organiser.SubmitAsync(paper.Results, paper.Results + "/publish", ("noPaper", $"{paper.Session}:4"));
        Assert.Contains("What is entered now does not change them", (await paper.Organiser.OpenAsync(paper.Overview)).Text, StringComparison.Ordinal);
        Page refused = await EnterAsync(paper.Organiser, paper.Overview + "/1?again=1", Six, ("q0o0", "3"), ("q0o1", "3"));
        Assert.Contains("say why this one is changed", refused.Text, StringComparison.Ordinal);
        Page changed = await EnterAsync(paper.Organiser, paper.Overview + "/1?again=1", Six, ("q0o0", "3"), ("q0o1", "3"), ("note", "Two papers stuck together"));
        Assert.Contains("the entries differ", changed.Text, StringComparison.Ordinal);
        Assert.Contains("Two papers stuck together", changed.Text, StringComparison.Ordinal);
        Assert.Single(await server.WithDbAsync(db => db.Releases.Where(r => r.DialogueId == paper.Day.Dialogue.Id).ToListAsync(TestContext.Current.CancellationToken)));
    }

    private static async Task RefusedAsync(PaperDay paper)
    {
        Page results = await paper.Organiser.OpenAsync(paper.Results);
        Assert.Contains("were not entered twice with the same numbers at these tables: 2.", results.Text, StringComparison.Ordinal);
        Assert.Contains($"href=\"{paper.Overview}\"", results.Html, StringComparison.Ordinal);
        Page refused = await paper.Organiser.SubmitAsync(paper.Day.Base + "/room", paper.Results + "/publish");
        Assert.Contains("The results cannot be published yet", refused.Text, StringComparison.Ordinal);
        Assert.Contains("Table 2", (await paper.Organiser.OpenAsync(paper.Overview)).Text, StringComparison.Ordinal);
    }

    private static string[] Papers(Page page) => [.. PaperPattern().Matches(page.Html).Select(match => match.Value)];

    [GeneratedRegex("<article class=\"ballot-paper\".*?</article>", RegexOptions.Singleline)]
    private static partial Regex PaperPattern();

    [GeneratedRegex("<td class=\"n\">(\\d+)</td>\\s*<td class=\"n\">(\\d+)</td>")]
    private static partial Regex CellPattern();

    [GeneratedRegex("\"entry\":(\\d),\"replaced\":(\\w+)")]
    private static partial Regex FactPattern();
}
