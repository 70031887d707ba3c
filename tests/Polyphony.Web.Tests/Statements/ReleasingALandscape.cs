using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Statistics.Disclosure;
using Polyphony.Statistics.Opinion.Findings;
using Polyphony.Storage.Statements;
using Polyphony.Web.Publication;
using Polyphony.Web.Statements;
using Polyphony.Web.Tests.Publication;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Statements;

/// <summary>What everybody may see of a landscape follows from the released numbers, and is the same whenever it is published.</summary>
public sealed class ReleasingALandscape(TestServer server)
{
    private const int Camp = 60;
    private const int Parting = 30;

    /// <summary>In each camp 29 of the 51 who voted agree, which is not beyond chance; rounded they are 30 of 50, which is.</summary>
    private const int OnTheEdge = Parting + 1;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lists_are_made_from_shown_numbers_and_not_from_true_ones()
    {
        using ClosedDialogue dialogue = await BeginAsync("edge");
        (PublishedLandscape released, WholeVote vote) = await ReadAsync(dialogue);
        Assert.Equal(["A", "B"], released.Groups.Select(group => group.Name));
        ResultTable[] tables = [.. released.Statements.Select(statement => statement.Table)];
        (GroupTallies reckoned, IEnumerable<int> order) = Reckon(tables);
        int[] list = [.. order];
        int Number(int index) => released.Statements[index].Number;
        Assert.Equal(Consensus.AcrossGroups(reckoned, list).Agree.Select(said => Number(said.Statement)), released.Together);
        Assert.Equal(Consensus.AcrossGroups(reckoned, list).Disagree.Select(said => Number(said.Statement)), released.Rejected);
        Assert.Equal(Divisive.Of(reckoned, list, 5).Select(said => Number(said.Statement)), released.Apart);
        Assert.NotEmpty(released.Apart);
        foreach ((int index, PublishedOpinionGroup group) in released.Groups.Index())
        {
            Assert.Equal(Representative.Of(reckoned, index, list).Select(said => new PublishedTrait(Number(said.Statement), said.Side == Side.Agree)), group.Says);
        }

        // By true counts the list would be another: what is on the edge tells which of both it was made from.
        Assert.Contains(OnTheEdge, released.Together);
        Assert.DoesNotContain(Landscape.Of(vote)!.Map.Consensus.Agree, said => vote.Statements[said.Statement].Number == OnTheEdge);
    }

    [Fact]
    public async Task A_second_publication_is_the_first_to_the_letter_whatever_became_of_the_votes()
    {
        using ClosedDialogue dialogue = await BeginAsync("letter");
        await dialogue.AddSessionAsync(BallotState.Closed);
        await dialogue.PublishAsync();
        string first = LandscapeOf(await dialogue.ReadAsync("results.json"));
        string stored = await StoredAsync(dialogue);
        Assert.Equal(stored, first);
        await dialogue.TakeBackAsync("A table is counted anew.");

        // Computed anew, everything would be turned round.
        await dialogue.ChangeAsync(async db => await db.StatementBallots.Where(ballot => db.Dialogues.Any(d => d.Slug == dialogue.Slug && d.Id == ballot.DialogueId))
            .ExecuteUpdateAsync(set => set.SetProperty(ballot => ballot.Choice, ballot => ballot.Choice == StatementChoice.Agree ? StatementChoice.Disagree : StatementChoice.Agree), Stop));
        await dialogue.PublishAsync("Counted anew.");
        string second = await dialogue.ReadAsync("results.json");
        Assert.Contains("\"release\":2", second.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(first, LandscapeOf(second));
        Assert.Equal(stored, await StoredAsync(dialogue));
    }

    private static (GroupTallies Tallies, IEnumerable<int> Shown) Reckon(ResultTable[] tables)
    {
        (GroupTallies tallies, System.Collections.Immutable.ImmutableArray<int> shown) = ReleasedVotes.Reckon(tables, ["A", "B"]);
        return (tallies, shown);
    }

    private async Task<(PublishedLandscape Released, WholeVote Vote)> ReadAsync(ClosedDialogue dialogue)
    {
        PublishedLandscape released = JsonSerializer.Deserialize<PublishedLandscape>(await StoredAsync(dialogue), PublishedResults.Json)!;
        return (released, (await server.WithDbAsync(async db => await WholeVote.ClosedAsync(db, await db.Dialogues.Where(d => d.Slug == dialogue.Slug).Select(d => d.Id).SingleAsync(Stop), Stop)))!);
    }

    private Task<string> StoredAsync(ClosedDialogue dialogue) =>
        server.WithDbAsync(db => db.StatementVotes.Where(vote => db.Dialogues.Any(d => d.Slug == dialogue.Slug && d.Id == vote.DialogueId)).Select(vote => vote.LandscapeJson).SingleAsync(Stop));

    private static string LandscapeOf(string results)
    {
        using JsonDocument document = JsonDocument.Parse(results);
        return document.RootElement.GetProperty("landscape").GetRawText();
    }

    /// <summary>Two camps of sixty that part on thirty statements, mostly, and nearly agree on one; then it closes. No count is small, so that all are shown.</summary>
    private async Task<ClosedDialogue> BeginAsync(string name)
    {
        ClosedDialogue dialogue = await ClosedDialogue.BeginAsync(server, "landscape-" + name);
        await dialogue.ChangeAsync(async db =>
        {
            Random random = new(7);
            DialogueId id = await db.Dialogues.Where(d => d.Slug == dialogue.Slug).Select(d => d.Id).SingleAsync(Stop);
            db.StatementVotes.Add(new StatementVote { DialogueId = id, Topic = LocalizedText.Of(("en", "Cars")), State = BallotState.Open, Version = Guid.CreateVersion7() });
            Statement[] statements = [
                .. Enumerable.Range(1, OnTheEdge).Select(number => new Statement
                {
                    Id = new(Guid.NewGuid()), DialogueId = id, Number = number, Text = LocalizedText.Of(("en", "Statement " + number)), Language = "en", State = StatementState.Accepted, IsSeed = true,
                }),
            ];
            db.Statements.AddRange(statements);
            foreach (int camp in (int[])[0, 1])
            {
                byte[][] marks = [.. Enumerable.Range(0, Camp).Select(_ => RandomNumberGenerator.GetBytes(16))];
                foreach (Statement statement in statements)
                {
                    (int agree, int disagree, int pass) = statement.Number == OnTheEdge ? (29, 11, 11) : statement.Number % 2 == camp ? (34, 9, 9) : (9, 34, 9);
                    random.Shuffle(marks);
                    db.StatementBallots.AddRange(marks.Take(agree + disagree + pass).Select((mark, place) => new StatementBallot
                    {
                        DialogueId = id,
                        Voter = mark,
                        StatementId = statement.Id,
                        Choice = place < agree ? StatementChoice.Agree : place < agree + disagree ? StatementChoice.Disagree : StatementChoice.Pass,
                    }));
                }
            }

            return await db.SaveChangesAsync(Stop);
        });
        Assert.Contains("notice=closed", (await dialogue.Organiser.PostAsync($"/organise/{dialogue.Slug}/statements/close")).Path, StringComparison.Ordinal);
        return dialogue;
    }
}
