using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage.Ballots;
using Polyphony.Web.Tests.Server;
using static Polyphony.Web.Tests.Votes.PaperDay;

namespace Polyphony.Web.Tests.Votes;

/// <summary>Number n sits at table 1 to 4 in turn: 2, 6, 10 … at table 2. Session 1 is closed, everybody is here.</summary>
public sealed class ForgettingPaper(TestServer server)
{
    private static readonly int[] Everybody = [.. Enumerable.Range(1, 24)];

    [Fact]
    public async Task A_table_at_which_nobody_voted_otherwise_stops_publication_until_somebody_answers_for_it()
    {
        using PaperDay paper = await MakeAsync(server, "forgot-table");
        await VoteAsync(paper, Everybody.Where(number => number % 4 != 2), BallotChannel.Phone);
        await AssertNamedAsync(paper, "2");
        await RefusedAsync(paper);
        await RefusedAsync(paper, ("noPaper", "yes"), ("noPaper", $"{paper.Session}:3"), ("noPaper", $"{Guid.CreateVersion7()}:2"));
        Page published = await PublishAsync(paper, ("noPaper", $"{paper.Session}:2"));
        Assert.Contains("The results are public.", published.Text, StringComparison.Ordinal);
        Assert.Contains("\"tablesSaidWithoutPaper\":1", await PublishedFactsAsync(paper), StringComparison.Ordinal);
    }

    [Fact]
    public async Task So_does_one_person_without_a_phone_who_did_not_vote_on_the_tablet()
    {
        using PaperDay paper = await MakeAsync(server, "forgot-one");
        await WithoutPhoneAsync(paper, 7, 8);
        await VoteAsync(paper, Everybody.Except([7, 8]), BallotChannel.Phone);
        await VoteAsync(paper, [8], BallotChannel.Tablet);
        await AssertNamedAsync(paper, "3");
        await RefusedAsync(paper);
    }

    [Fact]
    public async Task It_does_not_matter_that_nobody_was_checked_in()
    {
        using PaperDay paper = await MakeAsync(server, "forgot-door");
        await WithoutPhoneAsync(paper, 5, 9);
        await server.WithDbAsync(db => db.Participants.Where(p => p.DialogueId == paper.Day.Dialogue.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.Attendance, Attendance.Expected), TestContext.Current.CancellationToken));
        await paper.Day.MarkAsync(9, "absent");
        await AssertNamedAsync(paper, "1");
        await paper.Day.MarkAsync(5, "absent");
        await AssertNamedAsync(paper, "");
    }

    [Fact]
    public async Task Whoever_did_not_come_left_no_paper()
    {
        using PaperDay paper = await MakeAsync(server, "forgot-absent");
        await WithoutPhoneAsync(paper, 7);
        await VoteAsync(paper, Everybody.Except([7]), BallotChannel.Phone);
        await paper.Day.MarkAsync(7, "expected");
        await AssertNamedAsync(paper, "");
    }

    [Fact]
    public async Task Somebody_with_a_phone_who_abstains_among_others_raises_no_question()
    {
        using PaperDay paper = await MakeAsync(server, "forgot-not");
        await VoteAsync(paper, Everybody.Except([1, 2, 6]), BallotChannel.Phone);
        await AssertNamedAsync(paper, "");
        Page published = await PublishAsync(paper);
        Assert.Contains("The results are public.", published.Text, StringComparison.Ordinal);
        Assert.Contains("\"tablesSaidWithoutPaper\":0", await PublishedFactsAsync(paper), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Once_the_papers_are_entered_nothing_is_asked()
    {
        using PaperDay paper = await MakeAsync(server, "forgot-late");
        Visitor colleague = await paper.FillAllButAsync(table: 2);
        await AssertNamedAsync(paper, "2");
        await EnterAsync(paper.Organiser, paper.Overview + "/2", Six);
        await EnterAsync(colleague, paper.Overview + "/2", Six);
        await AssertNamedAsync(paper, "");
        Assert.Contains("The results are public.", (await PublishAsync(paper)).Text, StringComparison.Ordinal);
    }

    private static Task<Page> PublishAsync(PaperDay paper, params (string Name, string Value)[] word) => paper.Organiser.SubmitAsync(paper.Results, paper.Results + "/publish", word);

    private static async Task RefusedAsync(PaperDay paper, params (string Name, string Value)[] word)
    {
        Page refused = await PublishAsync(paper, word);
        Assert.Contains("Nothing was published: for the tables named below, enter the paper ballots or say that none was cast.", refused.Text, StringComparison.Ordinal);
    }

    /// <summary>The tables are named on all three pages, or on none.</summary>
    private static async Task AssertNamedAsync(PaperDay paper, string tables)
    {
        string results = (await paper.Organiser.OpenAsync(paper.Results)).Text.Replace("“ Session 1 ”", "“Session 1”", StringComparison.Ordinal);
        string room = (await paper.Organiser.OpenAsync(paper.Day.Base + "/room")).Text;
        string overview = (await paper.Organiser.OpenAsync(paper.Overview)).Text;
        if (tables.Length == 0)
        {
            Assert.DoesNotContain("no paper ballot was cast there", results, StringComparison.Ordinal);
            Assert.DoesNotContain("nothing entered, table", room, StringComparison.Ordinal);
            Assert.DoesNotContain("Nothing entered, table", overview, StringComparison.Ordinal);
            return;
        }

        Assert.Contains($"“Session 1”, table {tables}: no paper ballot was cast there.", results, StringComparison.Ordinal);
        Assert.Contains($"nothing entered, table {tables}", room, StringComparison.Ordinal);
        Assert.Contains("Nothing entered where people may have voted on paper: Session 1", room, StringComparison.Ordinal);
        Assert.Contains($"Nothing entered, table: {tables}.", overview, StringComparison.Ordinal);
    }

    private async Task VoteAsync(PaperDay paper, IEnumerable<int> numbers, BallotChannel channel) => await server.WithDbAsync(async db =>
    {
        int[] wanted = [.. numbers];
        List<ParticipantId> people = await db.Participants.Where(p => p.DialogueId == paper.Day.Dialogue.Id && wanted.Contains(p.Number)).Select(p => p.Id).ToListAsync(TestContext.Current.CancellationToken);
        db.Participations.AddRange(people.Select(person => new Participation { SessionId = paper.Session, ParticipantId = person, Channel = channel }));
        return await db.SaveChangesAsync(TestContext.Current.CancellationToken);
    });

    private Task<int> WithoutPhoneAsync(PaperDay paper, params int[] numbers) => server.WithDbAsync(db => db.Participants
        .Where(p => p.DialogueId == paper.Day.Dialogue.Id && numbers.Contains(p.Number)).ExecuteUpdateAsync(set => set.SetProperty(p => p.WithoutPhone, true), TestContext.Current.CancellationToken));

    private Task<string> PublishedFactsAsync(PaperDay paper) => server.WithDbAsync(db => db.Journal
        .Where(entry => entry.DialogueId == paper.Day.Dialogue.Id && entry.Code == "results.published").Select(entry => entry.Facts).SingleAsync(TestContext.Current.CancellationToken));
}
