using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Statistics.Counts;
using Polyphony.Statistics.Disclosure;
using Polyphony.Storage;
using Polyphony.Storage.Agendas;
using Polyphony.Storage.Ballots;
using Polyphony.Storage.Mandates;
using Polyphony.Web.Tests.Recruitment;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Publication;

/// <summary>A public dialogue of a hundred people whose first vote has closed; one of them alone said no.</summary>
internal sealed class ClosedDialogue : IDisposable
{
    private readonly TestServer server;

    private ClosedDialogue(TestServer server, Organiser organiser, Visitor visitor, string slug)
    {
        (this.server, Organiser, Public, Slug) = (server, organiser, visitor, slug);
        Manage = $"/organise/{slug}/results";
    }

    public Organiser Organiser { get; }

    public Visitor Public { get; }

    public string Slug { get; }

    public string Manage { get; }

    public SessionId Session { get; } = new(Guid.CreateVersion7());

    public QuestionId Question { get; } = new(Guid.CreateVersion7());

    /// <summary>What closing fixed: 97 ballots, 53 yes, 31 no, 9 perhaps, 4 without an answer; among the 12 oldest one no.</summary>
    public SessionCounts Counts => new(
        Session.ToString(), 97, [Tally(97, [53, 31, 9], 4)],
        [new CriterionCounts("age", [Group("young", 44, [21, 18, 3], 2), Group("middle", 41, [24, 12, 4], 1), Group("old", 12, [8, 1, 2], 1)])]);

    public static async Task<ClosedDialogue> BeginAsync(TestServer server, string slug)
    {
        ClosedDialogue dialogue = new(server, await Organiser.ArriveAsync(server, slug + "@example.org"), new Visitor(server.Address), slug);
        await dialogue.Organiser.BeginAsync(slug, 100);
        await dialogue.ChangeAsync(db => db.Dialogues.Where(d => d.Slug == slug).ExecuteUpdateAsync(set => set.SetProperty(d => d.PublishedAt, DateTimeOffset.UnixEpoch)));
        return dialogue;
    }

    /// <summary>Puts the session into the agenda, its ballot in the state wanted.</summary>
    public Task AddSessionAsync(BallotState state, int participations = 0) => ChangeAsync(async db =>
    {
        DialogueId id = await IdAsync(db);
        SiteId site = await db.Sites.Where(s => s.DialogueId == id).Select(s => s.Id).SingleAsync();
        db.Sessions.Add(new Session
        {
            Id = Session,
            DialogueId = id,
            Title = Text("Cars without drivers"),
            Ballots = state == BallotState.Draft ? [] : [new SiteBallot { SessionId = Session, SiteId = site, DialogueId = id, State = state, OpenedAt = DateTimeOffset.UnixEpoch }],
            Questions =
            [
                new Question
                {
                    Id = Question, DialogueId = id, Kind = QuestionKind.SingleChoice, Text = Text("Should they come?"),
                    Options = [.. new[] { "Yes", "No", "Perhaps" }.Index().Select(option => new Option { Id = new(Guid.CreateVersion7()), Position = option.Index, Text = Text(option.Item) })],
                },
            ],
        });
        db.Participations.AddRange(Enumerable.Range(0, participations).Select(_ => new Participation { SessionId = Session, ParticipantId = new(Guid.CreateVersion7()), Channel = BallotChannel.Phone }));
        if (state == BallotState.Closed)
        {
            db.SessionCounts.Add(new SessionCount { SessionId = Session, SiteId = site, DialogueId = id, CountsJson = JsonSerializer.Serialize(Counts), ClosedAt = DateTimeOffset.UnixEpoch });
        }

        return await db.SaveChangesAsync();
    });

    /// <summary>Enters the paper ballots of a table, twice, as the two people wrote them.</summary>
    public Task AddPaperAsync(int table, int ballots, string first, string second) => ChangeAsync(async db =>
    {
        DialogueId id = await IdAsync(db);
        SiteId site = await db.Sites.Where(s => s.DialogueId == id).Select(s => s.Id).SingleAsync();
        db.PaperTallies.AddRange(new[] { first, second }.Index().Select(entry => new PaperTally { SessionId = Session, SiteId = site, DialogueId = id, Table = table, Entry = entry.Index + 1, Ballots = ballots, Counts = entry.Item }));
        return await db.SaveChangesAsync();
    });

    public Task<T> ChangeAsync<T>(Func<Db, Task<T>> work) => server.WithDbAsync(work);

    public Task<Page> PublishAsync(string? note = null) => Organiser.PostAsync(Manage + "/publish", note is null ? [] : [("note.en", note)]);

    public Task<Page> TakeBackAsync(string reason) => Organiser.PostAsync(Manage + "/take-back", ("note.en", reason));

    /// <summary>Waits until snapshots made before are looked at again, then asks as the public.</summary>
    public async Task<HttpResponseMessage> AskAsync(string path)
    {
        await Task.Delay(TimeSpan.FromSeconds(1.1), TestContext.Current.CancellationToken);
        return await Public.GetAsync($"/d/{Slug}/{path}");
    }

    public async Task<string> ReadAsync(string path)
    {
        HttpResponseMessage response = await AskAsync(path);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync();
    }

    public void Dispose()
    {
        Organiser.Dispose();
        Public.Dispose();
    }

    private Task<DialogueId> IdAsync(Db db) => db.Dialogues.Where(d => d.Slug == Slug).Select(d => d.Id).SingleAsync();

    private static LocalizedText Text(string text) => LocalizedText.Of(("en", text));

    private GroupCounts Group(string value, int ballots, ImmutableArray<int> counts, int silent) => new(value, ballots, [Tally(ballots, counts, silent)]);

    private QuestionTally Tally(int ballots, ImmutableArray<int> counts, int silent) => new(Question.ToString(), AnswerForm.SingleChoice, ballots, counts, silent);
}
