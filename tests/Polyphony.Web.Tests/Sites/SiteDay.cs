using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Agendas;
using Polyphony.Storage.Draws;
using Polyphony.Storage.Mandates;
using Polyphony.Storage.Participants;
using Polyphony.Storage.Pools;
using Polyphony.Web.Audiences;
using Polyphony.Web.Tests.Recruitment;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Sites;

/// <summary>A public dialogue on its day at three sites, Lyon, Nairobi and Osaka: everybody has a link, and one session asks one question with three answers.</summary>
internal sealed class SiteDay : IDisposable
{
    public static readonly string[] Codes = ["FR", "KE", "JP"];

    private readonly TestServer server;
    private readonly Dictionary<string, List<string>> links = [];

    private SiteDay(TestServer server, Organiser organiser, Dialogue dialogue) => (this.server, Organiser, Dialogue) = (server, organiser, dialogue);

    public Organiser Organiser { get; }

    public Dialogue Dialogue { get; }

    public SessionId Session { get; } = new(Guid.CreateVersion7());

    public IReadOnlyList<OptionId> Options { get; } = [.. Enumerable.Range(0, 3).Select(_ => new OptionId(Guid.CreateVersion7()))];

    public QuestionId Question { get; } = new(Guid.CreateVersion7());

    public string Base => "/organise/" + Dialogue.Slug;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The dialogue with so many people at each site.</summary>
    public static async Task<SiteDay> MakeAsync(TestServer server, string name, params int[] people)
    {
        string slug = name + "-" + Guid.CreateVersion7().ToString("N")[20..];
        Organiser organiser = await Organiser.ArriveAsync(server, slug + "@example.org");
        Page page = await organiser.PostAsync("/organise/new", ("languages", "en"), ("slug", slug), ("title.en", "Many places"), ("question.en", "What shall we do?"));
        Assert.Equal("/organise/" + slug, page.Path);
        Assert.EndsWith("notice=imported", (await organiser.UploadAsync($"/organise/{slug}/sites/upload", "sites.csv", System.Text.Encoding.UTF8.GetBytes(SiteTown.SitesFile))).Path, StringComparison.Ordinal);
        Dialogue dialogue = await server.WithDbAsync(db => db.Dialogues.AsNoTracking().Include(d => d.Sites).SingleAsync(d => d.Slug == slug, Stop));
        SiteDay day = new(server, organiser, dialogue);
        await day.FillAsync(people);
        return day;
    }

    public Site Site(string code) => Dialogue.Sites.Single(site => site.Code == code);

    /// <summary>The address of an organiser at a site; of all of them without one.</summary>
    public string At(string? code) => code is null ? Base : $"{Base}@{code}";

    /// <summary>Opens, closes or leaves out the session's ballot at a site, or everywhere.</summary>
    public Task<Page> BallotAsync(string? code, string verb, SessionId? session = null) => Organiser.PostAsync($"{At(code)}/sessions/{session ?? Session}/{verb}");

    /// <summary>Somebody of a site votes by the JSON door; −1 is "don't know".</summary>
    public async Task<HttpStatusCode> CastAsync(string site, int person, int answer, SessionId? session = null, string? key = null)
    {
        SessionId asked = session ?? Session;
        Question question = await server.WithDbAsync(db => db.Questions.AsNoTracking().Include(q => q.Options.OrderBy(option => option.Position)).SingleAsync(q => q.SessionId == asked, Stop));
        using HttpClient phone = new() { BaseAddress = server.Address };
        using HttpRequestMessage request = new(HttpMethod.Post, $"/api/v1/sessions/{asked}/ballot")
        {
            Content = JsonContent.Create(new { answers = new[] { new { question = question.Id.ToString(), options = answer < 0 ? [] : new[] { question.Options[answer].Id.ToString() } } } }),
        };
        request.Headers.Authorization = new("Bearer", Link(site, person));
        request.Headers.Add("Idempotency-Key", key ?? Guid.NewGuid().ToString("N"));
        using HttpResponseMessage answered = await phone.SendAsync(request, Stop);
        return answered.StatusCode;
    }

    /// <summary>So many people of a site give each answer, the first ones the first; a fourth number is of those who don't know.</summary>
    public async Task CastAllAsync(string site, params int[] answers)
    {
        int person = 0;
        foreach ((int answer, int people) in answers.Index())
        {
            for (int i = 0; i < people; i++)
            {
                Assert.Equal(HttpStatusCode.OK, await CastAsync(site, person++, answer < Options.Count ? answer : -1));
            }
        }
    }

    public string Link(string site, int person) => links[site][person];

    /// <summary>Enters the paper of a table twice.</summary>
    public async Task PaperAsync(string site, int table, string counts, int? second = null)
    {
        string[] numbers = counts.Split(',');
        for (int entry = 0; entry < 2; entry++)
        {
            string first = entry == 1 && second is { } other ? other.ToString(CultureInfo.InvariantCulture) : numbers[0];
            int all = numbers.Skip(1).Sum(number => int.Parse(number, CultureInfo.InvariantCulture)) + int.Parse(first, CultureInfo.InvariantCulture);
            string path = string.Create(CultureInfo.InvariantCulture, $"{At(site)}/sessions/{Session}/paper/{table}");
            await Organiser.PostAsync(path, ("entry", entry == 0 ? "1" : "2"), ("ballots", all.ToString(CultureInfo.InvariantCulture)), ("q0o0", first), ("q0o1", numbers[1]), ("q0o2", numbers[2]), ("q0none", numbers[3]), ("note", "Counted in the hall"));
        }
    }

    public void Dispose() => Organiser.Dispose();

    private async Task FillAsync(int[] people)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        await using AsyncServiceScope scope = server.Services.CreateAsyncScope();
        Db db = scope.ServiceProvider.GetRequiredService<Db>();
        ICitizenLinks issuer = scope.ServiceProvider.GetRequiredService<ICitizenLinks>();
        await db.Dialogues.Where(d => d.Id == Dialogue.Id).ExecuteUpdateAsync(set => set.SetProperty(d => d.PublishedAt, DateTimeOffset.UnixEpoch), Stop);
        db.Sessions.Add(new Session
        {
            Id = Session,
            DialogueId = Dialogue.Id,
            Position = 1,
            Title = LocalizedText.Of(("en", "The one session")),
            Date = DateOnly.FromDateTime(now.DateTime),
            Start = new(9, 0),
            Minutes = 60,
            Questions =
            [
                new Question
                {
                    Id = Question, DialogueId = Dialogue.Id, Position = 1, Kind = QuestionKind.SingleChoice, Text = LocalizedText.Of(("en", "Should they come?")),
                    Options = [.. new[] { "Yes", "No", "Perhaps" }.Index().Select(option => new Option { Id = Options[option.Index], Position = option.Index + 1, Text = LocalizedText.Of(("en", option.Item)) })],
                },
            ],
        });
        int number = 0;
        foreach ((string code, int size) in Codes.Zip(people))
        {
            Site site = Site(code);
            Criterion criterion = new() { Id = new(Guid.CreateVersion7()), DialogueId = Dialogue.Id, SiteId = site.Id, Name = "gender" };
            criterion.Values.AddRange(((string[])["woman", "man"]).Select((value, position) => new CriterionValue { Id = Guid.CreateVersion7(), CriterionId = criterion.Id, Name = value, Position = position }));
            Lottery lottery = new() { Id = new(Guid.CreateVersion7()), DialogueId = Dialogue.Id, SiteId = site.Id, Attempt = 10 + site.Position, Kind = LotteryKind.Panel, State = LotteryState.Drawn, Objective = "leximin", PanelCount = 1, PanelSize = size, CreatedAt = now, DrawnAt = now };
            db.AddRange(criterion, lottery);
            List<ParticipantId> drawn = [];
            for (int i = 0; i < size; i++)
            {
                Person person = new() { Id = new(Guid.CreateVersion7()), DialogueId = Dialogue.Id, Name = $"{code} Person {i + 1}" };
                PoolMember member = new() { Id = new(Guid.CreateVersion7()), DialogueId = Dialogue.Id, SiteId = site.Id, PersonId = person.Id, ExternalId = $"{i + 1}", Values = [i % 2], Ticket = Guid.CreateVersion7().ToByteArray(), Nonce = new byte[32] };
                Participant participant = new()
                {
                    Id = new(Guid.CreateVersion7()),
                    DialogueId = Dialogue.Id,
                    SiteId = site.Id,
                    PersonId = person.Id,
                    PoolMemberId = member.Id,
                    Number = ++number,
                    LotteryId = lottery.Id,
                    SelectedAt = now,
                    BadgeCode = string.Create(CultureInfo.InvariantCulture, $"{code}{i:000}"),
                    Status = ParticipantStatus.Confirmed,
                    Attendance = Attendance.Present,
                };
                db.AddRange(person, member, participant);
                drawn.Add(participant.Id);
            }

            await db.SaveChangesAsync(Stop);
            links[code] = [];
            foreach (ParticipantId participant in drawn)
            {
                links[code].Add(await issuer.IssueAsync(Dialogue.Id, participant, Stop));
            }

            await db.SaveChangesAsync(Stop);
        }
    }
}
