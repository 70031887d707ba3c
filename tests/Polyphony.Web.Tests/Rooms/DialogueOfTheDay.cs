using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Accounts;
using Polyphony.Storage.Agendas;
using Polyphony.Storage.Draws;
using Polyphony.Storage.Mandates;
using Polyphony.Storage.Participants;
using Polyphony.Storage.Pools;
using Polyphony.Storage.Tables;
using Polyphony.Web.Audiences;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Rooms;

/// <summary>A dialogue on its day: 24 people at 4 tables for 3 rounds, three sessions with a ballot, and an organiser who has signed in.</summary>
internal sealed partial class DialogueOfTheDay : IDisposable
{
    public const int People = 24;
    public const int Tables = 4;
    public const int Rounds = 3;
    private const string Password = "a calm and civic morning";

    private readonly TestServer server;

    private DialogueOfTheDay(TestServer server, Dialogue dialogue, Visitor organiser)
    {
        this.server = server;
        Dialogue = dialogue;
        Organiser = organiser;
    }

    public Dialogue Dialogue { get; }

    public Visitor Organiser { get; }

    public string Base => "/organise/" + Dialogue.Slug;

    public string Slug => Dialogue.Slug;

    /// <summary>Makes the dialogue; its sessions are today, on a clock on which the first one begins in an hour.</summary>
    public static async Task<DialogueOfTheDay> MakeAsync(TestServer server, string name)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        string slug = name + "-" + Guid.CreateVersion7().ToString("N")[20..];
        Dialogue dialogue = new()
        {
            Id = new(Guid.CreateVersion7()),
            Slug = slug,
            Languages = ["en"],
            Title = LocalizedText.Of(("en", "Driverless mobility")),
            CreatedAt = now,
        };
        dialogue.Sites.Add(new Site { Id = new(Guid.CreateVersion7()), DialogueId = dialogue.Id, Name = "Lyon", Country = "FR", TimeZone = "Europe/Paris", PlannedParticipants = People });
        StaffMember staff = new() { Id = Guid.CreateVersion7(), UserName = slug + "@example.org", Email = slug + "@example.org", DisplayName = "Odile", CreatedAt = now };
        await using (AsyncServiceScope scope = server.Services.CreateAsyncScope())
        {
            UserManager<StaffMember> users = scope.ServiceProvider.GetRequiredService<UserManager<StaffMember>>();
            IdentityResult created = await users.CreateAsync(staff, Password);
            Assert.True(created.Succeeded, string.Join(' ', created.Errors.Select(error => error.Code)));
            Db db = scope.ServiceProvider.GetRequiredService<Db>();
            db.Dialogues.Add(dialogue);
            db.RoleAssignments.Add(new RoleAssignment { Id = Guid.CreateVersion7(), DialogueId = dialogue.Id, StaffId = staff.Id, Role = DialogueRole.Organiser });
            Fill(db, dialogue, slug, now);
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        Visitor visitor = new(server.Address);
        Page home = await visitor.SubmitAsync("/account/sign-in", "/account/sign-in", ("email", staff.Email!), ("password", Password));
        Assert.Equal(System.Net.HttpStatusCode.OK, home.Status);
        return new(server, dialogue, visitor);
    }

    public Task<T> ChangeAsync<T>(Func<Db, Task<T>> work) => server.WithDbAsync(work);

    public Task<Participant> PersonAsync(int number) => server.WithDbAsync(db =>
        db.Participants.AsNoTracking().SingleAsync(p => p.DialogueId == Dialogue.Id && p.Number == number, TestContext.Current.CancellationToken));

    public Task<Session> SessionAsync(int position) => server.WithDbAsync(db =>
        db.Sessions.AsNoTracking().SingleAsync(s => s.DialogueId == Dialogue.Id && s.Position == position, TestContext.Current.CancellationToken));

    public Task<SeatingPlanVersion> PlanAsync() => server.WithDbAsync(db => db.SeatingPlans.AsNoTracking().Include(plan => plan.Seats)
        .SingleAsync(plan => plan.DialogueId == Dialogue.Id && plan.IsCurrent, TestContext.Current.CancellationToken));

    /// <summary>Marks somebody from the list.</summary>
    public async Task<Page> MarkAsync(int number, string attendance, params (string Name, string Value)[] more) => await Organiser.SubmitAsync(
        Base + "/check-in", $"{Base}/check-in/{(await PersonAsync(number)).Id}/attendance", [("attendance", attendance), .. more]);

    /// <summary>Writes down from the list at the door that somebody says yes and is here, after the words that stand there were read out.</summary>
    public async Task<Page> SayYesAtTheDoorAsync(int number)
    {
        string door = $"{Base}/check-in/{(await PersonAsync(number)).Id}/attendance";
        string list = (await Organiser.OpenAsync(Base + "/check-in")).Html;
        string form = list[list.IndexOf($"action=\"{door}\"", StringComparison.Ordinal)..];
        return await Organiser.SubmitAsync(Base + "/check-in", door, ("attendance", "present"), ("consent", ConsentPattern().Match(form).Groups[1].Value));
    }

    /// <summary>Opens or closes the ballot of a session from the control room.</summary>
    public async Task<SessionId> BallotAsync(int position, string verb)
    {
        SessionId session = (await SessionAsync(position)).Id;
        await Organiser.SubmitAsync(Base + "/room", $"{Base}/sessions/{session}/{verb}");
        return session;
    }

    /// <summary>Somebody who signs in and facilitates a table.</summary>
    public async Task<Visitor> FacilitatorAsync(int table)
    {
        string email = $"table-{table}-{Guid.CreateVersion7():N}@example.org";
        StaffMember staff = new() { Id = Guid.CreateVersion7(), UserName = email, Email = email, DisplayName = "Fadila", CreatedAt = TimeProvider.System.GetUtcNow() };
        await using (AsyncServiceScope scope = server.Services.CreateAsyncScope())
        {
            IdentityResult created = await scope.ServiceProvider.GetRequiredService<UserManager<StaffMember>>().CreateAsync(staff, Password);
            Assert.True(created.Succeeded);
            Db db = scope.ServiceProvider.GetRequiredService<Db>();
            db.RoleAssignments.Add(new RoleAssignment { Id = Guid.CreateVersion7(), DialogueId = Dialogue.Id, StaffId = staff.Id, Role = DialogueRole.Facilitator, Table = table });
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        Visitor visitor = new(server.Address);
        Page home = await visitor.SubmitAsync("/account/sign-in", "/account/sign-in", ("email", email), ("password", Password));
        Assert.Equal(System.Net.HttpStatusCode.OK, home.Status);
        return visitor;
    }

    /// <summary>A personal link of a citizen, as it would stand on a letter.</summary>
    public async Task<string> LinkAsync(int number)
    {
        ParticipantId participant = (await PersonAsync(number)).Id;
        await using AsyncServiceScope scope = server.Services.CreateAsyncScope();
        string code = await scope.ServiceProvider.GetRequiredService<ICitizenLinks>().IssueAsync(Dialogue.Id, participant, TestContext.Current.CancellationToken);
        await scope.ServiceProvider.GetRequiredService<Db>().SaveChangesAsync(TestContext.Current.CancellationToken);
        return code;
    }

    public void Dispose() => Organiser.Dispose();

    [GeneratedRegex("name=\"consent\" value=\"([^\"]+)\"")]
    private static partial Regex ConsentPattern();

    private static void Fill(Db db, Dialogue dialogue, string slug, DateTimeOffset now)
    {
        Criterion criterion = new() { Id = new(Guid.CreateVersion7()), DialogueId = dialogue.Id, SiteId = dialogue.Sites[0].Id, Name = "gender" };
        criterion.Values.AddRange(((string[])["woman", "man"]).Select((value, position) => new CriterionValue { Id = Guid.CreateVersion7(), CriterionId = criterion.Id, Name = value, Position = position }));
        db.Criteria.Add(criterion);
        Lottery lottery = new() { Id = new(Guid.CreateVersion7()), DialogueId = dialogue.Id, SiteId = dialogue.Sites[0].Id, Attempt = 1, Kind = LotteryKind.Panel, State = LotteryState.Drawn, Objective = "leximin", PanelCount = 1, PanelSize = People, CreatedAt = now, DrawnAt = now };
        db.Lotteries.Add(lottery);
        SeatingPlanVersion plan = new() { Id = new(Guid.CreateVersion7()), DialogueId = dialogue.Id, SiteId = dialogue.Sites[0].Id, Version = 1, Tables = Tables, Rounds = Rounds, IsCurrent = true, ReasonCode = "planned", CreatedAt = now, MeasuresJson = "{}" };
        foreach (int number in Enumerable.Range(1, People + 1))
        {
            Person person = new() { Id = new(Guid.CreateVersion7()), DialogueId = dialogue.Id, Name = number == 7 ? "Zoé Été" : "Person " + number };
            PoolMember member = new()
            {
                Id = new(Guid.CreateVersion7()),
                DialogueId = dialogue.Id,
                SiteId = dialogue.Sites[0].Id,
                PersonId = person.Id,
                ExternalId = slug + number,
                Values = [number % 2],
                Ticket = Guid.CreateVersion7().ToByteArray(),
                Nonce = new byte[32],
            };
            Participant participant = new()
            {
                Id = new(Guid.CreateVersion7()),
                DialogueId = dialogue.Id,
                SiteId = dialogue.Sites[0].Id,
                PersonId = person.Id,
                PoolMemberId = member.Id,
                Number = number,
                LotteryId = lottery.Id,
                SelectedAt = now,
                BadgeCode = slug[^4..].ToUpperInvariant() + number.ToString("00", System.Globalization.CultureInfo.InvariantCulture),

                // The last one was drawn in somebody's place and has not said yes.
                Status = number > People ? ParticipantStatus.Selected : ParticipantStatus.Confirmed,
            };
            db.AddRange(person, member, participant);
            for (int round = 1; round <= Rounds && number <= People; round++)
            {
                int index = number - 1;
                plan.Seats.Add(new Seat { PlanId = plan.Id, Round = round, Table = (((index % Tables) + (index / Tables * (round - 1))) % Tables) + 1, Number = number, ParticipantId = participant.Id });
            }
        }

        db.SeatingPlans.Add(plan);
        DateTime first = TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris")).DateTime.AddHours(1);
        for (int position = 1; position <= Rounds; position++)
        {
            DateTime start = first.AddHours(position - 1);
            Session session = new()
            {
                Id = new(Guid.CreateVersion7()),
                DialogueId = dialogue.Id,
                Position = position,
                Title = LocalizedText.Of(("en", "Session " + position)),
                Date = DateOnly.FromDateTime(start),
                Start = TimeOnly.FromDateTime(start),
                Minutes = 50,
                Round = position,
            };
            Question question = new() { Id = new(Guid.CreateVersion7()), SessionId = session.Id, DialogueId = dialogue.Id, Position = 1, Kind = QuestionKind.SingleChoice, Text = LocalizedText.Of(("en", "Why?")) };
            question.Options.AddRange(Enumerable.Range(1, 2).Select(option => new Option { Id = new(Guid.CreateVersion7()), QuestionId = question.Id, Position = option, Text = LocalizedText.Of(("en", "Option " + option)) }));
            session.Questions.Add(question);
            db.Sessions.Add(session);
        }
    }
}
