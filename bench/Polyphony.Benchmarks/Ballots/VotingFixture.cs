using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Agendas;
using Polyphony.Storage.Ballots;
using Polyphony.Storage.Connections;
using Polyphony.Storage.Draws;
using Polyphony.Storage.Mandates;
using Polyphony.Storage.Participants;
using Polyphony.Storage.Pools;

namespace Polyphony.Benchmarks.Ballots;

/// <summary>A dialogue laid straight into an empty database: people with valid links, and open sessions of three questions each
/// (one choice, several choices, a scale).</summary>
/// <param name="Slug">The dialogue's slug.</param>
/// <param name="DialogueId">The dialogue.</param>
/// <param name="Codes">The link codes, one a person.</param>
/// <param name="Sessions">The open sessions.</param>
internal sealed record VotingFixture(string Slug, DialogueId DialogueId, IReadOnlyList<string> Codes, IReadOnlyList<OpenSession> Sessions)
{
    /// <summary>Brings the database to the model and lays the dialogue.</summary>
    public static async Task<VotingFixture> SeedAsync(DatabaseAddress address, int people, int sessions, CancellationToken cancellationToken)
    {
        await using (Db db = Open(address))
        {
            await Migrator.MigrateAsync(db, TimeProvider.System, cancellationToken);
        }

        return await AddAsync(() => Open(address), people, sessions, cancellationToken);
    }

    /// <summary>Lays the dialogue into a database that has the model.</summary>
    public static async Task<VotingFixture> AddAsync(Func<Db> open, int people, int sessions, CancellationToken cancellationToken)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        Dialogue dialogue = new()
        {
            Id = new(Guid.CreateVersion7(now)),
            Slug = "voting-" + Guid.CreateVersion7(now).ToString("N"),
            Languages = ["en", "fr"],
            Title = LocalizedText.Of(("en", "Voting under load")),
            ContactName = "Office",
            ContactEmail = "office@example.org",
            CreatedAt = now,
            PublishedAt = now,
            Version = Guid.CreateVersion7(now),
        };
        Site site = new() { Id = new(Guid.CreateVersion7(now)), DialogueId = dialogue.Id, Name = "Hall" };
        OpenSession[] openSessions = [.. Enumerable.Range(1, sessions).Select(position => OpenSession.Create(site, position, now))];
        dialogue.Sites.Add(site);
        Lottery lottery = new() { Id = new(Guid.CreateVersion7(now)), DialogueId = dialogue.Id, SiteId = site.Id, CreatedAt = now };
        await using (Db db = open())
        {
            db.Add(dialogue);
            db.AddRange(openSessions.Select(session => session.Row));
            db.Add(lottery);
            await db.SaveChangesAsync(cancellationToken);
        }

        string[] codes = new string[people];
        for (int start = 0; start < people; start += 2_000)
        {
            await using Db db = open();
            db.ChangeTracker.AutoDetectChangesEnabled = false;
            for (int i = start; i < Math.Min(people, start + 2_000); i++)
            {
                codes[i] = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
                AddPerson(db, site, lottery.Id, i, codes[i], now);
            }

            await db.SaveChangesAsync(cancellationToken);
        }

        return new(dialogue.Slug, dialogue.Id, codes, openSessions);
    }

    public static Db Open(DatabaseAddress address)
    {
        switch (address)
        {
            case DatabaseAddress.Sqlite sqlite:
                DbContextOptionsBuilder<SqliteDb> file = new();
                StorageRegistration.UseSqlite(file, sqlite);
                return new SqliteDb(file.Options);
            case DatabaseAddress.Postgres postgres:
                DbContextOptionsBuilder<PostgresDb> server = new();
                StorageRegistration.UsePostgres(server, postgres);
                return new PostgresDb(server.Options);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static void AddPerson(Db db, Site site, LotteryId lottery, int i, string code, DateTimeOffset now)
    {
        Person person = new() { Id = new(Guid.CreateVersion7(now)), DialogueId = site.DialogueId, Name = string.Create(CultureInfo.InvariantCulture, $"Person {i}"), Language = "en" };
        PoolMember member = new()
        {
            Id = new(Guid.CreateVersion7(now)),
            DialogueId = site.DialogueId,
            SiteId = site.Id,
            PersonId = person.Id,
            ExternalId = i.ToString(CultureInfo.InvariantCulture),
            Values = [i % 2, i % 5, i % 3],
            Ticket = RandomNumberGenerator.GetBytes(16),
            Nonce = RandomNumberGenerator.GetBytes(32),
        };
        Participant participant = new()
        {
            Id = new(Guid.CreateVersion7(now)),
            DialogueId = site.DialogueId,
            SiteId = site.Id,
            PoolMemberId = member.Id,
            PersonId = person.Id,
            Number = i + 1,
            Status = ParticipantStatus.Confirmed,
            LotteryId = lottery,
            SelectedAt = now,
            BadgeCode = string.Create(CultureInfo.InvariantCulture, $"B{i}"),
        };
        db.Add(person);
        db.Add(member);
        db.Add(participant);
        db.Add(new Credential { Hash = SHA256.HashData(Encoding.UTF8.GetBytes(code)), DialogueId = site.DialogueId, ParticipantId = participant.Id, IssuedAt = now });
    }
}

/// <summary>An open session and how a ballot to it is sent and written.</summary>
internal sealed record OpenSession(Session Row)
{
    public SessionId Id => Row.Id;

    public static OpenSession Create(Site site, int position, DateTimeOffset now)
    {
        DialogueId dialogue = site.DialogueId;
        Session session = new()
        {
            Id = new(Guid.CreateVersion7(now)),
            DialogueId = dialogue,
            Position = position,
            Title = LocalizedText.Of(("en", $"Session {position}")),
            Date = new DateOnly(2026, 11, 24),
            Start = new TimeOnly(9, 0),
            Minutes = 60,
        };
        session.Ballots.Add(new SiteBallot { SessionId = session.Id, SiteId = site.Id, DialogueId = dialogue, State = BallotState.Open, OpenedAt = now });
        foreach ((QuestionKind kind, int options, int most) in new[] { (QuestionKind.SingleChoice, 4, 1), (QuestionKind.MultipleChoice, 6, 3), (QuestionKind.Scale5, 5, 1) })
        {
            Question question = new()
            {
                Id = new(Guid.CreateVersion7(now)),
                SessionId = session.Id,
                DialogueId = dialogue,
                Position = session.Questions.Count + 1,
                Kind = kind,
                MaxChoices = most,
                Text = LocalizedText.Of(("en", $"Question {session.Questions.Count + 1}")),
            };
            for (int i = 1; i <= options; i++)
            {
                question.Options.Add(new Option { Id = new(Guid.CreateVersion7(now)), QuestionId = question.Id, Position = i, Text = LocalizedText.Of(("en", $"Option {i}")) });
            }

            session.Questions.Add(question);
        }

        return new(session);
    }

    /// <summary>The request body of answers; always of the same length.</summary>
    /// <param name="a">Option of the first question, 0 to 3.</param>
    /// <param name="b">First option of the second question, 0 to 2; the other chosen one is three further.</param>
    /// <param name="c">Option of the scale, 0 to 4.</param>
    public string Body(int a, int b, int c) =>
        $$"""{"answers":[{"question":"{{Q(0)}}","options":["{{O(0, a)}}"]},{"question":"{{Q(1)}}","options":["{{O(1, b)}}","{{O(1, b + 3)}}"]},{"question":"{{Q(2)}}","options":["{{O(2, c)}}"]}]}""";

    /// <summary>The same answers as the store writes them.</summary>
    public static string Written(int a, int b, int c) => string.Create(CultureInfo.InvariantCulture, $"{a};{b},{b + 3};{c}");

    private QuestionId Q(int question) => Row.Questions[question].Id;

    private OptionId O(int question, int option) => Row.Questions[question].Options[option].Id;
}
