using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Accounts;
using Polyphony.Storage.Draws;
using Polyphony.Storage.Jobs;
using Polyphony.Storage.Mandates;
using Polyphony.Storage.Pools;
using Polyphony.Web.Tests.Recruitment;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Draws;

/// <summary>A dialogue with a pool, and an organiser who draws from it.</summary>
internal sealed class DrawTown : IDisposable
{
    private readonly TestServer server;

    private DrawTown(TestServer server, Organiser organiser, string slug, Site site) => (this.server, Organiser, Slug, Site) = (server, organiser, slug, site);

    public Organiser Organiser { get; }

    public string Slug { get; }

    /// <summary>The only site.</summary>
    public Site Site { get; }

    public DialogueId Dialogue => Site.DialogueId;

    public string Draw => $"/organise/{Slug}/draw";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Six men for one or two seats, two women for as many: panels of 3, and the women are far more likely.</summary>
    public static async Task<DrawTown> SmallAsync(TestServer server, string name)
    {
        DrawTown town = await BeginAsync(server, name, 3);
        await server.WithDbAsync(async db =>
        {
            (await db.Dialogues.SingleAsync(d => d.Id == town.Dialogue, Stop)).PublishedAt = DateTimeOffset.UnixEpoch;
            Fill(db, town.Site, [[(1, 2), (1, 2)]], [.. Enumerable.Range(0, 8).Select(person => (int[])[person < 6 ? 0 : 1])]);
            return await db.SaveChangesAsync(Stop);
        });
        return town;
    }

    /// <summary>Quotas that cannot be fair to all at once: what is best for the least likely is not best for the most likely, nor for all together.</summary>
    public static async Task<DrawTown> TornAsync(TestServer server, string name)
    {
        DrawTown town = await BeginAsync(server, name, 4);
        await server.WithDbAsync(async db =>
        {
            // Two of each sex, two of each age; one old woman, many young ones, few young men.
            int[][] people = [[0, 0], .. Enumerable.Repeat((int[])[0, 1], 9), .. Enumerable.Repeat((int[])[1, 0], 5), .. Enumerable.Repeat((int[])[1, 1], 2)];
            Fill(db, town.Site, [[(2, 2), (2, 2)], [(2, 3), (1, 2)]], people);
            return await db.SaveChangesAsync(Stop);
        });
        return town;
    }

    /// <summary>One of each value on a panel of two, and one of the five people has nobody who would go with them.</summary>
    public static async Task<DrawTown> KeptOutAsync(TestServer server, string name)
    {
        DrawTown town = await BeginAsync(server, name, 2);
        await server.WithDbAsync(async db =>
        {
            Fill(db, town.Site, [[(1, 1), (1, 1)], [(1, 1), (1, 1)]], [[0, 0], [1, 1], [0, 0], [1, 1], [0, 1]]);
            return await db.SaveChangesAsync(Stop);
        });
        return town;
    }

    /// <summary>So many quotas of one number only that the fairest lottery takes long to find.</summary>
    public static async Task<DrawTown> HardAsync(TestServer server, string name, int people = 260)
    {
        DrawTown town = await BeginAsync(server, name, HardSize);
        await server.WithDbAsync(async db =>
        {
            FillHard(db, town.Site, people);
            return await db.SaveChangesAsync(Stop);
        });
        return town;
    }

    public const int HardSize = 30;

    /// <summary>Everybody is of one of three values in each of eight criteria; the quotas are what thirty of them happen to be.</summary>
    public static void FillHard(Db db, Site site, int number = 260)
    {
        ulong state = 20_261_125;
        int Next(int below)
        {
            state = (state * 6_364_136_223_846_793_005) + 1_442_695_040_888_963_407;
            return (int)((state >> 33) % (ulong)below);
        }

        int[][] people = [.. Enumerable.Range(0, number).Select(_ => (int[])[.. Enumerable.Range(0, 8).Select(c => Math.Max(0, Next(3 + (c % 2)) - Next(2)))])];
        (int, int)[][] quotas = [.. Enumerable.Range(0, 8).Select(c => ((int, int)[])[.. Enumerable.Range(0, 4).Select(v => people.Take(HardSize).Count(person => person[c] == v)).Select(count => (count, count))])];
        Fill(db, site, quotas, people);
    }

    /// <summary>Adds criteria and people with tickets.</summary>
    public static void Fill(Db db, Site site, (int Min, int Max)[][] quotas, int[][] people)
    {
        foreach ((int c, (int Min, int Max)[] values) in quotas.Index())
        {
            Criterion criterion = new() { Id = new(Guid.CreateVersion7()), DialogueId = site.DialogueId, SiteId = site.Id, Position = c, Name = "criterion " + c };
            criterion.Values.AddRange(values.Select((quota, v) => new CriterionValue { Id = Guid.CreateVersion7(), CriterionId = criterion.Id, Position = v, Name = $"value {c}.{v}", Min = quota.Min, Max = quota.Max, Target = 1.0 / values.Length }));
            db.Criteria.Add(criterion);
        }

        foreach ((int number, int[] values) in people.Index())
        {
            Person person = new() { Id = new(Guid.CreateVersion7()), DialogueId = site.DialogueId, Name = string.Create(CultureInfo.InvariantCulture, $"Name-{number:000}") };
            db.People.Add(person);
            db.PoolMembers.Add(new PoolMember
            {
                Id = new(Guid.CreateVersion7()),
                DialogueId = site.DialogueId,
                SiteId = site.Id,
                PersonId = person.Id,
                ExternalId = string.Create(CultureInfo.InvariantCulture, $"Id-{number:000}"),
                Values = [.. values],
                Ticket = System.Security.Cryptography.RandomNumberGenerator.GetBytes(16),
                Nonce = System.Security.Cryptography.RandomNumberGenerator.GetBytes(32),
            });
        }
    }

    /// <summary>Computes a lottery and waits for its end.</summary>
    public async Task<Lottery> ComputeAsync(params (string Name, string Value)[] fields)
    {
        Page page = await Organiser.PostAsync(Draw + "/compute", fields);
        Assert.DoesNotContain("problem", page.Path, StringComparison.Ordinal);
        await UntilAsync(job => job.State > JobState.Running);
        return await NewestAsync(LotteryKind.Panel);
    }

    /// <summary>Waits until the newest job of the dialogue is as it should be.</summary>
    public async Task<Job> UntilAsync(Func<Job, bool> so)
    {
        for (int i = 0; i < 6_000; i++)
        {
            Job? job = await server.WithDbAsync(db => db.Jobs.AsNoTracking().Where(job => job.DialogueId == Dialogue).OrderByDescending(job => job.CreatedAt).FirstOrDefaultAsync(Stop));
            if (job is not null && so(job))
            {
                return job;
            }

            await Task.Delay(20, Stop);
        }

        throw new TimeoutException("The job did not come so far.");
    }

    public Task<Lottery> NewestAsync(LotteryKind kind) => server.WithDbAsync(db => db.Lotteries.AsNoTracking().Where(lottery => lottery.DialogueId == Dialogue && lottery.Kind == kind).OrderByDescending(lottery => lottery.Attempt).FirstAsync(Stop));

    /// <summary>Freezes with a source that speaks in two seconds, and waits for it.</summary>
    public async Task<Page> FreezeAsync(string page, string kind, string name, params (string Name, string Value)[] more)
    {
        DateTimeOffset at = TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow().AddSeconds(2), TimeZoneInfo.FindSystemTimeZoneById("Europe/Zurich"));
        Page frozen = await Organiser.PostAsync(page + "/freeze", [("kind", kind), ("name", name), ("outOf", ""), ("at", at.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture)), .. more]);
        await Task.Delay(TimeSpan.FromSeconds(2.1), Stop);
        return frozen;
    }

    /// <summary>Somebody who may read the dialogue and see nobody in it.</summary>
    public async Task<Visitor> AuditorAsync()
    {
        string password = "numbers and no names here";
        StaffMember staff = new() { Id = Guid.CreateVersion7(), UserName = $"auditor-{Slug}@example.org", Email = $"auditor-{Slug}@example.org", DisplayName = "Aurel", CreatedAt = TimeProvider.System.GetUtcNow() };
        await using (AsyncServiceScope scope = server.Services.CreateAsyncScope())
        {
            Assert.True((await scope.ServiceProvider.GetRequiredService<UserManager<StaffMember>>().CreateAsync(staff, password)).Succeeded);
            Db db = scope.ServiceProvider.GetRequiredService<Db>();
            db.RoleAssignments.Add(new RoleAssignment { Id = Guid.CreateVersion7(), DialogueId = Dialogue, StaffId = staff.Id, Role = DialogueRole.Auditor });
            await db.SaveChangesAsync(Stop);
        }

        Visitor visitor = new(server.Address);
        Page home = await visitor.SubmitAsync("/account/sign-in", "/account/sign-in", ("email", staff.Email!), ("password", password));
        Assert.Equal(System.Net.HttpStatusCode.OK, home.Status);
        return visitor;
    }

    public Task<string[]> CodesAsync() => server.WithDbAsync(db => db.Journal.Where(entry => entry.DialogueId == Dialogue).OrderBy(entry => entry.Id).Select(entry => entry.Code).ToArrayAsync(Stop));

    public void Dispose() => Organiser.Dispose();

    private static async Task<DrawTown> BeginAsync(TestServer server, string name, int size)
    {
        string slug = name + "-" + Guid.CreateVersion7().ToString("N")[20..];
        Organiser organiser = await Organiser.ArriveAsync(server, slug + "@example.org");
        await organiser.BeginAsync(slug, size);
        return new(server, organiser, slug, await server.WithDbAsync(db => db.Dialogues.Where(d => d.Slug == slug).SelectMany(d => d.Sites).AsNoTracking().SingleAsync(Stop)));
    }
}
