using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Accounts;
using Polyphony.Storage.Agendas;
using Polyphony.Storage.Ballots;
using Polyphony.Storage.Mandates;
using Polyphony.Web.Tests.Rooms;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Votes;

/// <summary>A dialogue of the day whose first session asks one of two, up to two of three, and a scale; all 24 people are here and vote on paper.</summary>
internal sealed class PaperDay : IDisposable
{
    private readonly TestServer server;
    private readonly List<Visitor> others = [];

    private PaperDay(TestServer server, DialogueOfTheDay day, SessionId session) => (this.server, Day, Session) = (server, day, session);

    public DialogueOfTheDay Day { get; }

    public SessionId Session { get; }

    public Visitor Organiser => Day.Organiser;

    public string Overview => $"{Day.Base}/sessions/{Session}/paper";

    public string Results => Day.Base + "/results";

    /// <summary>Six ballots that add up: 4 and 2; 5 (of them one both), 1, 1 and none; one in the middle and five at the end.</summary>
    public static Dictionary<string, string> Six => new()
    {
        ["ballots"] = "6",
        ["q0o0"] = "4",
        ["q0o1"] = "2",
        ["q0none"] = "0",
        ["q1o0"] = "5",
        ["q1o1"] = "1",
        ["q1o2"] = "1",
        ["q1none"] = "0",
        ["q2o0"] = "0",
        ["q2o1"] = "0",
        ["q2o2"] = "1",
        ["q2o3"] = "0",
        ["q2o4"] = "4",
        ["q2none"] = "1",
    };

    public static async Task<PaperDay> MakeAsync(TestServer server, string name, bool closed = true)
    {
        DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, name);
        Session first = await day.SessionAsync(1);
        await server.WithDbAsync(async db =>
        {
            db.Questions.AddRange(
                Ask(first, 2, QuestionKind.MultipleChoice, 2, "Which of these?", "Buses", "Bicycles", "Trains"),
                Ask(first, 3, QuestionKind.Scale5, 1, "How sure are you?", "Not at all", "Little", "So so", "Rather", "Very"));
            await db.Participants.Where(p => p.DialogueId == day.Dialogue.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.Attendance, Attendance.Present), TestContext.Current.CancellationToken);
            return await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        });
        if (closed)
        {
            await day.BallotAsync(1, "open");
            await day.BallotAsync(1, "close");
        }

        return new(server, day, first.Id);
    }

    /// <summary>Somebody else of the team, with a role that has no table.</summary>
    public async Task<Visitor> ColleagueAsync(DialogueRole role)
    {
        string email = $"{role}-{Guid.CreateVersion7():N}@example.org";
        await using AsyncServiceScope scope = server.Services.CreateAsyncScope();
        StaffMember staff = new() { Id = Guid.CreateVersion7(), UserName = email, Email = email, DisplayName = "Paul", CreatedAt = TimeProvider.System.GetUtcNow() };
        Assert.True((await scope.ServiceProvider.GetRequiredService<UserManager<StaffMember>>().CreateAsync(staff, "a calm and civic morning")).Succeeded);
        Db db = scope.ServiceProvider.GetRequiredService<Db>();
        db.RoleAssignments.Add(new RoleAssignment { Id = Guid.CreateVersion7(), DialogueId = Day.Dialogue.Id, StaffId = staff.Id, Role = role });
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        Visitor visitor = new(server.Address);
        others.Add(visitor);
        await visitor.SubmitAsync("/account/sign-in", "/account/sign-in", ("email", email), ("password", "a calm and civic morning"));
        return visitor;
    }

    public async Task<Visitor> FacilitatorAsync(int table)
    {
        Visitor visitor = await Day.FacilitatorAsync(table);
        others.Add(visitor);
        return visitor;
    }

    /// <summary>Makes an entry as a browser does, with what its page carries hidden.</summary>
    /// <param name="who">Who enters.</param>
    /// <param name="path">The page, with <c>?again=</c> to make an entry anew.</param>
    /// <param name="counts">The counts.</param>
    /// <param name="changes">Counts that differ from them.</param>
    public static async Task<Page> EnterAsync(Visitor who, string path, IReadOnlyDictionary<string, string> counts, params (string Field, string Value)[] changes)
    {
        Booth booth = await new Booth(who).OpenAsync(path);
        return await booth.SendAsync(null, counts.Where(count => changes.All(change => change.Field != count.Key)).Select(count => (count.Key, count.Value)).Concat(changes));
    }

    /// <summary>Six ballots at every table but one, entered twice by two people, so that the session has enough of them to be published.</summary>
    public async Task<Visitor> FillAllButAsync(int table)
    {
        Visitor colleague = await ColleagueAsync(DialogueRole.Organiser);
        foreach (int other in Enumerable.Range(1, DialogueOfTheDay.Tables).Where(other => other != table))
        {
            await EnterAsync(Organiser, $"{Overview}/{other}", Six);
            await EnterAsync(colleague, $"{Overview}/{other}", Six);
        }

        return colleague;
    }

    public Task<PaperTally?> TallyAsync(int table, int entry) => server.WithDbAsync(db => db.PaperTallies.AsNoTracking()
        .SingleOrDefaultAsync(tally => tally.SessionId == Session && tally.Table == table && tally.Entry == entry, TestContext.Current.CancellationToken));

    public void Dispose()
    {
        Day.Dispose();
        others.ForEach(visitor => visitor.Dispose());
    }

    private static Question Ask(Session session, int position, QuestionKind kind, int most, string text, params string[] options)
    {
        QuestionId id = new(Guid.CreateVersion7());
        return new()
        {
            Id = id,
            SessionId = session.Id,
            DialogueId = session.DialogueId,
            Position = position,
            Kind = kind,
            MaxChoices = most,
            Text = LocalizedText.Of(("en", text)),
            Options = [.. options.Index().Select(option => new Option { Id = new(Guid.CreateVersion7()), QuestionId = id, Position = option.Index + 1, Text = LocalizedText.Of(("en", option.Item)) })],
        };
    }
}
