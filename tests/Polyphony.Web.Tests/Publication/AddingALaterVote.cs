using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage.Agendas;
using Polyphony.Storage.Ballots;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Publication;

/// <summary>The results of the first vote are published, and another one is held afterwards.</summary>
public sealed class AddingALaterVote(TestServer server)
{
    private readonly SessionId later = new(Guid.CreateVersion7());
    private readonly QuestionId question = new(Guid.CreateVersion7());

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_vote_still_to_come_is_named_before_anything_is_published()
    {
        using ClosedDialogue dialogue = await BeginAsync("to-come");
        Assert.Matches("These votes have not been closed:\\s+The later vote", (await dialogue.Organiser.OpenAsync(dialogue.Manage)).Text);
        await CloseAsync(dialogue);
        Assert.DoesNotContain("These votes have not been closed", (await dialogue.Organiser.OpenAsync(dialogue.Manage)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_vote_that_closed_since_is_named_until_it_is_public()
    {
        using ClosedDialogue dialogue = await BeginAsync("lacking");
        Assert.DoesNotContain("The public page lacks", (await dialogue.PublishAsync()).Text, StringComparison.Ordinal);
        await CloseAsync(dialogue);
        Assert.Matches("The public page lacks these votes.+:\\s+The later vote", (await dialogue.Organiser.OpenAsync(dialogue.Manage)).Text);
        await dialogue.TakeBackAsync("A further vote is added.");
        Assert.DoesNotContain("The public page lacks", (await dialogue.PublishAsync("With the later vote.")).Text, StringComparison.Ordinal);
        Assert.Contains("The later vote", await dialogue.ReadAsync("results/en"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_preview_says_whether_it_is_what_the_public_sees()
    {
        using ClosedDialogue dialogue = await BeginAsync("preview");
        Page published = await dialogue.PublishAsync();
        Assert.Contains("Exactly what the public sees", published.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("This is a corrected version", published.Text, StringComparison.Ordinal);
        await CloseAsync(dialogue);
        Page then = await dialogue.Organiser.OpenAsync(dialogue.Manage);
        Assert.Contains("Not what the public sees now", then.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exactly what the public sees", then.Text, StringComparison.Ordinal);
        await dialogue.TakeBackAsync("A further vote is added.");
        Assert.Contains("This is a corrected version", (await dialogue.Organiser.OpenAsync(dialogue.Manage)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_overview_says_that_it_is_due()
    {
        using ClosedDialogue dialogue = await BeginAsync("due");
        await dialogue.PublishAsync();
        string overview = "/organise/" + dialogue.Slug;
        Assert.DoesNotContain("since the results were published", (await dialogue.Organiser.OpenAsync(overview)).Text, StringComparison.Ordinal);
        await CloseAsync(dialogue);
        Assert.Contains("A vote has closed since the results were published", (await dialogue.Organiser.OpenAsync(overview)).Text, StringComparison.Ordinal);
    }

    private async Task<ClosedDialogue> BeginAsync(string name)
    {
        ClosedDialogue dialogue = await ClosedDialogue.BeginAsync(server, "later-" + name);
        await dialogue.AddSessionAsync(BallotState.Closed);
        await dialogue.ChangeAsync(async db =>
        {
            Session first = await db.Sessions.AsNoTracking().Include(session => session.Questions).ThenInclude(asked => asked.Options).SingleAsync(session => session.Id == dialogue.Session, Stop);
            Question asked = new() { Id = question, DialogueId = first.DialogueId, Kind = QuestionKind.SingleChoice, Text = LocalizedText.Of(("en", "And then?")) };
            asked.Options.AddRange(first.Questions[0].Options.Select(option => new Option { Id = new(Guid.CreateVersion7()), Position = option.Position, Text = option.Text }));
            db.Sessions.Add(new Session { Id = later, DialogueId = first.DialogueId, Position = 2, Title = LocalizedText.Of(("en", "The later vote")), Questions = [asked] });
            return await db.SaveChangesAsync(Stop);
        });
        return dialogue;
    }

    private Task<int> CloseAsync(ClosedDialogue dialogue) => dialogue.ChangeAsync(async db =>
    {
        SessionCount first = await db.SessionCounts.AsNoTracking().SingleAsync(count => count.SessionId == dialogue.Session, Stop);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        db.SiteBallots.Add(new SiteBallot { SessionId = later, SiteId = first.SiteId, DialogueId = first.DialogueId, State = BallotState.Closed, OpenedAt = now, ClosedAt = now });
        string counts = JsonSerializer.Serialize(dialogue.Counts).Replace(dialogue.Session.ToString(), later.ToString(), StringComparison.Ordinal).Replace(dialogue.Question.ToString(), question.ToString(), StringComparison.Ordinal);
        db.SessionCounts.Add(new SessionCount { SessionId = later, SiteId = first.SiteId, DialogueId = first.DialogueId, CountsJson = counts, ClosedAt = now });
        return await db.SaveChangesAsync(Stop);
    });
}
