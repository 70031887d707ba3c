using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage.Jobs;
using Polyphony.Storage.Mandates;
using Polyphony.Web.Tests.Recruitment;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Sites;

/// <summary>A dialogue at three sites, made through the pages from three files.</summary>
internal sealed class SiteTown : IDisposable
{
    public const string SitesFile = "code,name,country,time_zone,planned,address\nFR,Lyon,FR,Europe/Paris,4,Town hall\nKE,Nairobi,KE,Africa/Nairobi,3,\nJP,Osaka,JP,Asia/Tokyo,2,\n";

    private readonly TestServer server;

    private SiteTown(TestServer server, Organiser organiser, string slug) => (this.server, Organiser, Slug) = (server, organiser, slug);

    public Organiser Organiser { get; }

    public string Slug { get; }

    public string Base => "/organise/" + Slug;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>With sites only.</summary>
    public static async Task<SiteTown> BeginAsync(TestServer server, string name)
    {
        string slug = name + "-" + Guid.CreateVersion7().ToString("N")[20..];
        Organiser organiser = await Organiser.ArriveAsync(server, slug + "@example.org");
        Page page = await organiser.PostAsync("/organise/new", ("languages", "en"), ("slug", slug), ("title.en", "Many places"), ("question.en", "What shall we do?"));
        Assert.Equal("/organise/" + slug, page.Path);
        SiteTown town = new(server, organiser, slug);
        Page sites = await town.UploadAsync("/sites/upload", "sites.csv", SitesFile);
        Assert.EndsWith("/sites?notice=imported", sites.Path, StringComparison.Ordinal);
        return town;
    }

    /// <summary>With quotas and pools too, and public.</summary>
    public static async Task<SiteTown> FilledAsync(TestServer server, string name)
    {
        SiteTown town = await BeginAsync(server, name);
        Assert.EndsWith("notice=quotas-imported", (await town.ImportAsync("quotas", Quotas())).Path, StringComparison.Ordinal);
        Assert.EndsWith("notice=pool-imported", (await town.ImportAsync("pool", Pool())).Path, StringComparison.Ordinal);
        await server.WithDbAsync(db => db.Dialogues.Where(d => d.Slug == town.Slug).ExecuteUpdateAsync(set => set.SetProperty(d => d.PublishedAt, DateTimeOffset.UnixEpoch), Stop));
        return town;
    }

    /// <summary>Quotas of all three sites; what Osaka asks for may be impossible.</summary>
    public static string Quotas(int osakaWomen = 1) => string.Create(CultureInfo.InvariantCulture, $"""
        site,feature,value,min,max,target
        FR,gender,woman,2,2,0.5
        FR,gender,man,2,2,0.5
        KE,gender,woman,1,2,0.5
        KE,gender,man,1,2,0.5
        JP,gender,woman,{osakaWomen},2,0.5
        JP,gender,man,0,1,0.5
        """);

    /// <summary>Twelve people in Lyon, nine in Nairobi, six in Osaka of whom one is a woman; their numbers begin anew at each site.</summary>
    public static string Pool()
    {
        StringBuilder rows = new("site,id,name,gender\n");
        foreach ((string site, int people, Func<int, bool> isWoman) in new (string, int, Func<int, bool>)[] { ("FR", 12, i => i % 2 == 0), ("KE", 9, i => i % 3 == 0), ("JP", 6, i => i == 0) })
        {
            for (int i = 0; i < people; i++)
            {
                rows.Append(CultureInfo.InvariantCulture, $"{site},{i + 1},{site} Person {i + 1},{(isWoman(i) ? "woman" : "man")}\n");
            }
        }

        return rows.ToString();
    }

    public Task<Page> UploadAsync(string path, string name, string content) => Organiser.UploadAsync(Base + path, name, Encoding.UTF8.GetBytes(content));

    /// <summary>Uploads a file of many sites and confirms it; answers with the page of problems when there are any.</summary>
    public async Task<Page> ImportAsync(string what, string content)
    {
        Page preview = await UploadAsync($"/sites/{what}/upload", what + ".csv", content);
        return preview.Status == System.Net.HttpStatusCode.OK ? await Organiser.PostAsync(preview.Path + "/confirm") : preview;
    }

    public async Task<Site> SiteAsync(string code) => await server.WithDbAsync(db => db.Dialogues.Where(d => d.Slug == Slug).SelectMany(d => d.Sites).AsNoTracking().SingleAsync(site => site.Code == code, Stop));

    /// <summary>Computes at all sites and waits for the end of it.</summary>
    public async Task<Job> ComputeAsync(params (string Name, string Value)[] fields)
    {
        Page page = await Organiser.PostAsync(Base + "/draw/compute", fields);
        Assert.DoesNotContain("problem", page.Path, StringComparison.Ordinal);
        for (int i = 0; i < 3_000; i++)
        {
            Job job = await server.WithDbAsync(async db =>
            {
                DialogueId id = await db.Dialogues.Where(d => d.Slug == Slug).Select(d => d.Id).SingleAsync(Stop);
                return await db.Jobs.AsNoTracking().Where(job => job.DialogueId == id).OrderByDescending(job => job.CreatedAt).FirstAsync(Stop);
            });
            if (job.State > JobState.Running)
            {
                return job;
            }

            await Task.Delay(20, Stop);
        }

        throw new TimeoutException("The lotteries did not come to an end.");
    }

    /// <summary>Freezes all sites for one beacon that speaks in two seconds, and waits for it.</summary>
    public async Task<Page> FreezeAsync(string kind = "beacon")
    {
        string at = TimeProvider.System.GetUtcNow().AddSeconds(2).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
        Page frozen = await Organiser.PostAsync(Base + "/draw/freeze", ("kind", kind), ("name", "The source of the day"), ("outOf", ""), ("at", at));
        await Task.Delay(TimeSpan.FromSeconds(2.1), Stop);
        return frozen;
    }

    public void Dispose() => Organiser.Dispose();
}
