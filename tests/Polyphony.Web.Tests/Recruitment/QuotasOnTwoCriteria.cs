using System.IO.Compression;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Sheets;
using Polyphony.Storage.Draws;
using Polyphony.Storage.Jobs;
using Polyphony.Storage.Pools;
using Polyphony.Web.Draws;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Recruitment;

/// <summary>A quota on age and gender together, from the files to the record of the draw: no column of the pool holds it, because it follows from two others.</summary>
public sealed class QuotasOnTwoCriteria : IAsyncLifetime
{
    private const string Quotas = "feature,value,min,max\nage,young,2,2\nage,old,2,2\ngender,woman,2,2\ngender,man,2,2\nage*gender,young * woman,1,1\nage*gender,old*man,1,4\n";
    private static readonly string Pool = "id,Gender,Age\n" + string.Concat(Enumerable.Range(0, 16).Select(i => $"{i},{(i % 2 == 0 ? "woman" : "man")},{(i % 4 < 2 ? "young" : "old")}\n"));

    private readonly TestServer server = new();
    private Organiser? organiser;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private Organiser Ada => organiser!;

    public async ValueTask InitializeAsync()
    {
        await server.InitializeAsync();
        organiser = await Organiser.ArriveAsync(server, "ada@example.org");
        await Ada.BeginAsync("town", 4);
    }

    public async ValueTask DisposeAsync()
    {
        organiser?.Dispose();
        await server.DisposeAsync();
    }

    private async Task ImportAsync()
    {
        Page quotas = await Ada.PostAsync((await Ada.UploadAsync("/organise/town/quotas/upload", "quotas.csv", Corpus.Utf8(Quotas))).Path + "/confirm");
        Assert.EndsWith("/quotas?notice=imported", quotas.Path, StringComparison.Ordinal);
        Page preview = await Ada.UploadAsync("/organise/town/pool/upload", "pool.csv", Corpus.Utf8(Pool));
        Assert.Equal(HttpStatusCode.OK, preview.Status);
        Assert.Contains("Follows from “age” and “gender”.", preview.Text, StringComparison.Ordinal);
        Assert.EndsWith("/pool?notice=imported", (await Ada.PostAsync(preview.Path + "/confirm")).Path, StringComparison.Ordinal);
    }

    private Task<string[]> ValuesAsync() => server.WithDbAsync<string[]>(async db =>
    {
        CriterionValue[] joint = [.. (await db.Criteria.Include(criterion => criterion.Values).SingleAsync(criterion => criterion.Name == "age*gender", Stop)).Values.OrderBy(value => value.Position)];
        return [.. (await db.PoolMembers.ToListAsync(Stop)).OrderBy(member => member.ExternalId.Length).ThenBy(member => member.ExternalId, StringComparer.Ordinal).Select(member => joint[member.Values[2]].Name)];
    });

    [Fact]
    public async Task Everybody_has_the_value_that_follows_and_all_other_pairs_are_free()
    {
        await ImportAsync();
        string[] values = await ValuesAsync();
        Assert.Equal([.. Enumerable.Range(0, 16).Select(i => (i % 4) switch { 0 => "young * woman", 3 => "old*man", _ => JointQuota.RestNames[0] })], values);
        Page page = await Ada.OpenAsync("/organise/town/quotas");
        Assert.Contains("These quotas can be met", page.Text, StringComparison.Ordinal);
        Assert.Contains(JointQuota.RestNames[0] + " 8 free free", string.Join(' ', page.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);

        // The same file again changes the numbers alone, whatever language it is taken in.
        Page again = await Ada.PostAsync((await Ada.UploadAsync("/organise/town/quotas/upload", "quotas.csv", Corpus.Utf8(Quotas + "age*gender,(tout autre),0,1000000\n"))).Path + "/confirm");
        Assert.EndsWith("/quotas?notice=imported", again.Path, StringComparison.Ordinal);
        Assert.Equal(3, await server.WithDbAsync(db => db.Criteria.CountAsync(Stop)));
    }

    [Fact]
    public async Task Whoever_is_corrected_gets_the_other_value_too()
    {
        await ImportAsync();
        PoolMemberId id = await server.WithDbAsync(db => db.PoolMembers.Where(member => member.ExternalId == "0").Select(member => member.Id).SingleAsync(Stop));
        Assert.DoesNotContain("value-2", (await Ada.OpenAsync($"/organise/town/pool/people/{id}")).Html, StringComparison.Ordinal);
        Assert.EndsWith("?notice=saved", (await Ada.PostAsync($"/organise/town/pool/people/{id}", ("id", "0"), ("value-0", "1"), ("value-1", "1"))).Path, StringComparison.Ordinal);
        Assert.Equal("old*man", (await ValuesAsync())[0]);
        Assert.EndsWith("?notice=added", (await Ada.PostAsync("/organise/town/pool/people/new", ("id", "17"), ("value-0", "0"), ("value-1", "1"))).Path, StringComparison.Ordinal);
        Assert.Equal(JointQuota.RestNames[0], (await ValuesAsync())[^1]);
    }

    [Fact]
    public async Task The_draw_keeps_it_and_the_tool_proves_it_from_the_files()
    {
        await ImportAsync();
        await Ada.PostAsync("/organise/town/draw/compute", ("panels", "100"));
        Lottery lottery = await LotteryAsync();
        Dictionary<string, string> joint = (await ValuesAsync()).Index().ToDictionary(pair => pair.Index.ToString(System.Globalization.CultureInfo.InvariantCulture), pair => pair.Item);
        string[] ids = await server.WithDbAsync<string[]>(async db => [.. (await db.PoolMembers.ToListAsync(Stop)).OrderBy(member => Convert.ToHexString(member.Ticket), StringComparer.Ordinal).Select(member => member.ExternalId)]);
        Assert.All(Enumerable.Range(0, 100), number =>
        {
            string[] panel = [.. DrawDesk.Panel(lottery, number).Select(person => joint[ids[person]])];
            Assert.Equal((1, true), (panel.Count(value => value == "young * woman"), panel.Contains("old*man")));
        });
        DateTimeOffset at = TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow().AddSeconds(2), TimeZoneInfo.FindSystemTimeZoneById("Europe/Zurich"));
        await Ada.PostAsync("/organise/town/draw/freeze", ("kind", "beacon"), ("name", "drand"), ("outOf", ""), ("at", at.ToString("yyyy-MM-dd'T'HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture)));
        await Task.Delay(TimeSpan.FromSeconds(2.1), Stop);
        await Ada.PostAsync("/organise/town/draw/ceremony", ("value", new string('c', 64)));
        string directory = Directory.CreateTempSubdirectory("polyphony-joint-").FullName;
        try
        {
            await using ZipArchive archive = new(new MemoryStream(await Ada.DownloadAsync($"/organise/town/draw/{lottery.Attempt}/files")));
            await archive.ExtractToDirectoryAsync(directory, Stop);
            string folder = Assert.Single(Directory.GetDirectories(directory));
            Assert.Contains("age*gender,(any other),0,4", await File.ReadAllTextAsync(Path.Combine(folder, "quotas.csv"), Stop), StringComparison.Ordinal);
            using StringWriter output = new();
            int code = Cli.Frame.Tool.Run(["draw", "verify", folder, "--deep", "--pool", Path.Combine(folder, "pool.csv"), "--quotas", Path.Combine(folder, "quotas.csv"), "--json"], output, TextWriter.Null, terminal: false, Stop);
            Assert.True(code == 0, output.ToString());
            Assert.Equal("holds", (string)JsonNode.Parse(output.ToString())!["outcome"]!);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Theory]
    [InlineData("age*gender*town,young*woman*A,1,1", "joint-parts@6:feature")]
    [InlineData("age*gender,youngwoman,1,1", "joint-parts@6:value")]
    [InlineData("age*gender,young*women,1,1", "unknown-value@6:value")]
    [InlineData("age*gender,young*woman,1,1\nage*gender,young * WOMAN,0,1", "value-twice@7:value")]
    public async Task What_cannot_be_read_as_two_is_refused(string row, string problem)
    {
        Page page = await Ada.UploadAsync("/organise/town/quotas/upload", "quotas.csv", Corpus.Utf8(Quotas[..Quotas.IndexOf("age*", StringComparison.Ordinal)] + row + "\n"));
        Assert.Equal([problem], Organiser.Problems(page).Select(told => $"{told.Code}@{told.Row}:{told.Column}"));
        Assert.False(await server.WithDbAsync(db => db.Criteria.AnyAsync(Stop)));
    }

    private async Task<Lottery> LotteryAsync()
    {
        for (int i = 0; i < 3_000; i++)
        {
            if (await server.WithDbAsync(db => db.Jobs.AsNoTracking().AnyAsync(job => job.State > JobState.Running, Stop)))
            {
                return await server.WithDbAsync(db => db.Lotteries.AsNoTracking().SingleAsync(lottery => lottery.State == LotteryState.Computed, Stop));
            }

            await Task.Delay(20, Stop);
        }

        throw new TimeoutException("The lottery did not come so far.");
    }
}
