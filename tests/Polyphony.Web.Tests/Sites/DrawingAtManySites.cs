using System.Diagnostics;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Proofs;
using Polyphony.Storage.Draws;
using Polyphony.Storage.Jobs;
using Polyphony.Storage.Journal;
using Polyphony.Storage.Participants;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Sites;

/// <summary>Three sites draw by one job, one freeze and one ceremony; strangers check every record without the server.</summary>
public sealed class DrawingAtManySites(TestServer server) : IClassFixture<TestServer>
{
    private const string Beacon = "00112233445566778899aabbccddeeff0123456789abcdef0123456789abcdef";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task From_three_files_to_three_panels_that_anybody_can_check()
    {
        using SiteTown town = await SiteTown.FilledAsync(server, "three");
        Job job = await town.ComputeAsync(("panels", "100"));
        Assert.Equal((JobState.Done, "lotteries"), (job.State, job.Kind));
        Page all = await town.Organiser.OpenAsync(town.Base + "/draw");
        Assert.Contains("3 of 3 sites", all.Html, StringComparison.Ordinal);

        // Three dice would pick the same number everywhere.
        Page frozen = await town.FreezeAsync("beacon");
        Assert.DoesNotContain("problem", frozen.Path, StringComparison.Ordinal);
        Page drawn = await town.Organiser.PostAsync(town.Base + "/draw/ceremony", ("value", Beacon));
        Assert.DoesNotContain("problem", drawn.Path, StringComparison.Ordinal);
        List<Lottery> lotteries = await LotteriesAsync(town);
        Assert.All(lotteries, lottery => Assert.Equal(LotteryState.Drawn, lottery.State));
        Assert.Single(lotteries.Select(lottery => lottery.FrozenAt).Distinct());
        Assert.Single(lotteries.Select(lottery => lottery.DrawnAt).Distinct());
        List<Participant> people = await server.WithDbAsync(db => db.Participants.AsNoTracking().Where(p => p.DialogueId == lotteries[0].DialogueId).ToListAsync(Stop));
        Assert.Equal([2, 3, 4], people.GroupBy(p => p.SiteId).Select(site => site.Count()).Order());
        Assert.Equal(Enumerable.Range(1, 9), people.Select(p => p.Number).Order());

        // One number in the log stands for all manifests, from before the values.
        using HttpClient anybody = new() { BaseAddress = server.Address };
        byte[] list = await anybody.GetByteArrayAsync($"/d/{town.Slug}/draw/manifests.txt", Stop);
        JournalEntry together = await server.WithDbAsync(db => db.Journal.AsNoTracking().SingleAsync(entry => entry.DialogueId == lotteries[0].DialogueId && entry.Code == "sites.frozen", Stop));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(list)), (string)JsonNode.Parse(together.Facts)!["list"]!);
        string[] lines = Encoding.UTF8.GetString(list).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["FR", "JP", "KE"], lines.Select(line => line.Split(' ')[0]));
        string key = (await anybody.GetStringAsync("/log/key", Stop)).TrimEnd();
        foreach (string line in lines)
        {
            string code = line.Split(' ')[0];
            Lottery lottery = lotteries.Single(l => (string?)JsonNode.Parse(l.ManifestJson)!["label"] == code);
            byte[] record = await anybody.GetByteArrayAsync($"/d/{town.Slug}/draw/{lottery.Attempt}/record.json", Stop);
            byte[] manifest = await anybody.GetByteArrayAsync($"/d/{town.Slug}/draw/{lottery.Attempt}/manifest.json", Stop);
            byte[] panels = await anybody.GetByteArrayAsync($"/d/{town.Slug}/draw/{lottery.Attempt}/panels.json", Stop);
            IReadOnlyList<DrawCheck> checks = DrawVerifier.Verify(new DrawEvidence(record) { Manifest = manifest, Panels = panels, KnownLogKey = key, KnownManifestHash = line.Split(' ')[1] });
            Assert.True(DrawVerifier.Holds(checks), code + "\n" + string.Join('\n', checks));
        }

        // And the other verifier, over the file with all records.
        await CheckByPythonAsync(await anybody.GetByteArrayAsync($"/d/{town.Slug}/draw/records.zip", Stop), lines);

        // And the offline tool, down to the proof of each lottery, from the organiser's files of each site.
        await CheckOfflineAsync(town, lotteries);

        // Composition per site: no panel is shown by the criteria of another.
        Page osaka = await town.Organiser.OpenAsync($"/d/{town.Slug}@JP/draw");
        Assert.Contains("Osaka", osaka.Html, StringComparison.Ordinal);
        Page everywhere = await town.Organiser.OpenAsync($"/d/{town.Slug}/draw");
        Assert.All((string[])["Lyon", "Nairobi", "Osaka", "records.zip"], name => Assert.Contains(name, everywhere.Html, StringComparison.Ordinal));

        // The roll-up counts each stage at each site; who was invited is not known until somebody says so.
        Page representation = await town.Organiser.OpenAsync(town.Base + "/representation");
        Assert.Contains("not recorded", representation.Html, StringComparison.Ordinal);
        Page recorded = await town.UploadAsync("/representation/invited", "strata.csv", "site,gender,rows,invited\nFR,woman,900,60\nFR,man,900,40\nKE,woman,9,7\nKE,man,9,7\n");
        Assert.EndsWith("?recorded=yes", recorded.Path, StringComparison.Ordinal);
        string table = await CsvAsync(town);
        Assert.Contains("gender,FR,invited,woman,60,0.6,0.5,0.1,0.1,4,1,", table, StringComparison.Ordinal);
        Assert.Contains("gender,JP,selected,woman,1,0.5,0.5,0,0,0,1,1,0,1,2,0", table, StringComparison.Ordinal);
        Assert.DoesNotContain("gender,JP,invited", table, StringComparison.Ordinal);
        // Over all sites there is no quota: its three columns stay empty.
        Assert.Contains(table.Split('\n'), row => row.StartsWith("gender,,selected,woman,", StringComparison.Ordinal) && row.TrimEnd('\r').EndsWith(",,,", StringComparison.Ordinal));

        // Whether a quota is met is said of those who came, at the site that has it: one of Lyon's two women stayed at home.
        Assert.DoesNotContain("below the quota", (await town.Organiser.OpenAsync($"/organise/{town.Slug}@FR/representation")).Html, StringComparison.Ordinal);
        SiteId lyon = (await town.SiteAsync("FR")).Id;
        await server.WithDbAsync(async db =>
        {
            var seated = await (from participant in db.Participants where participant.SiteId == lyon join member in db.PoolMembers on participant.PoolMemberId equals member.Id orderby participant.Number select new { participant, member.Values }).ToListAsync(Stop);
            seated.ForEach(person => person.participant.Attendance = Attendance.Present);
            seated.First(person => person.Values[0] == 0).participant.Attendance = Attendance.Absent;
            return await db.SaveChangesAsync(Stop);
        });
        Page came = await town.Organiser.OpenAsync($"/organise/{town.Slug}@FR/representation");
        Assert.Contains("1 below the quota", came.Html, StringComparison.Ordinal);
        Assert.Contains("gender,FR,attended,woman,1,0.333333,0.5,-0.166667,0.166667,0.333333,1,0.563703,0.333333,2,2,-1", await CsvAsync(town), StringComparison.Ordinal);
        Assert.DoesNotContain("below the quota", (await town.Organiser.OpenAsync(town.Base + "/representation")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_stage_shows_every_panel_with_its_number_and_composition_and_without_a_name()
    {
        using SiteTown town = await SiteTown.FilledAsync(server, "stage");
        await town.ComputeAsync(("panels", "20"));
        string stage = town.Base + "/draw/stage";
        Page test = await town.Organiser.PostAsync(town.Base + "/draw/test");
        Assert.DoesNotContain("site-panels", test.Html, StringComparison.Ordinal);
        await Task.Delay(TimeSpan.FromSeconds(2.1), Stop);
        await town.Organiser.PostAsync(town.Base + "/draw/ceremony", ("run", "test"), ("stage", "dark"), ("value", Beacon));
        Composed(await town.Organiser.OpenAsync(stage + "?run=test"));
        await town.FreezeAsync();
        await town.Organiser.PostAsync(town.Base + "/draw/ceremony", ("value", Beacon));
        Composed(await town.Organiser.OpenAsync(stage + "?by=0"));

        // A site's own screen has all of its panel, keeps to the site, and leads back.
        Page osaka = await town.Organiser.OpenAsync($"/organise/{town.Slug}@JP/draw/stage");
        Assert.Contains("hemicycle", osaka.Html, StringComparison.Ordinal);
        Assert.Contains($"/organise/{town.Slug}@JP/draw/stage?light=plain", osaka.Html, StringComparison.Ordinal);
        Assert.Contains($"/organise/{town.Slug}/draw/stage?light=dark", osaka.Html, StringComparison.Ordinal);

        static void Composed(Page page)
        {
            Assert.Equal(3, Regex.Count(page.Html, "<span class=\"number\">[0-9]{2}</span>"));
            Assert.Equal(12, Regex.Count(page.Html, "<rect class=\"k[01]\""));
            Assert.Equal(["2", "2", "1", "1"], Row("Lyon").Concat(Row("Osaka")));
            Assert.Equal(3, Row("Nairobi").Sum(count => int.Parse(count, System.Globalization.CultureInfo.InvariantCulture)));
            Assert.DoesNotContain("Person", page.Html, StringComparison.Ordinal);

            string[] Row(string site) => [.. Regex.Match(page.Html, $"<tr><th scope=\"row\"><bdi>{site}</bdi></th>(.*?)</tr>", RegexOptions.Singleline).Groups[1].Value
                .Split("<td class=\"n\">", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(cell => cell.Replace("</td>", "", StringComparison.Ordinal).Trim())];
        }
    }

    [Fact]
    public async Task A_site_whose_quotas_cannot_be_met_ends_alone_and_is_computed_again_alone()
    {
        using SiteTown town = await SiteTown.BeginAsync(server, "alone");
        await town.ImportAsync("quotas", SiteTown.Quotas(osakaWomen: 2));
        await town.ImportAsync("pool", SiteTown.Pool());
        await town.ComputeAsync(("panels", "20"));
        List<Lottery> first = await LotteriesAsync(town);
        Assert.Equal([(LotteryState.Computed, ""), (LotteryState.Computed, ""), (LotteryState.Ended, "no-panel")], first.Select(lottery => (lottery.State, lottery.EndCode)));
        Page page = await town.Organiser.OpenAsync(town.Base + "/draw");
        Assert.Contains("quotas cannot be met", page.Html, StringComparison.Ordinal);
        Assert.Contains($"/organise/{town.Slug}@JP/quotas", page.Html, StringComparison.Ordinal);
        Assert.Contains("problem=not-computed&at=JP", (await town.FreezeAsync()).Path, StringComparison.Ordinal);

        // The quotas of one site change; the lotteries of the others stay.
        await town.ImportAsync("quotas", "site,feature,value,min,max\nJP,gender,woman,1,1\nJP,gender,man,1,1\n");
        await town.ComputeAsync(("panels", "20"));
        List<Lottery> second = await LotteriesAsync(town);
        Assert.Equal(4, second.Count);
        Assert.Equal(3, second.Count(lottery => lottery.State == LotteryState.Computed));
        Assert.Equal([1, 1, 2], second.GroupBy(lottery => lottery.SiteId).Select(site => site.Count()).Order());
    }

    [Fact]
    public async Task Replacements_come_from_the_site_of_those_who_are_out()
    {
        using SiteTown town = await SiteTown.FilledAsync(server, "replace");
        await town.ComputeAsync(("panels", "20"));
        await town.FreezeAsync();
        await town.Organiser.PostAsync(town.Base + "/draw/ceremony", ("value", Beacon));
        SiteId lyon = (await town.SiteAsync("FR")).Id;
        await server.WithDbAsync(async db =>
        {
            (await db.Participants.OrderBy(p => p.Number).FirstAsync(p => p.SiteId == lyon, Stop)).Status = ParticipantStatus.Withdrew;
            return await db.SaveChangesAsync(Stop);
        });
        string page = $"/organise/{town.Slug}@FR/participants/replace";
        string at = TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow().AddSeconds(2), TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris")).ToString("yyyy-MM-dd'T'HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);
        Assert.DoesNotContain("problem", (await town.Organiser.PostAsync(page + "/freeze", ("kind", "beacon"), ("name", "later"), ("outOf", ""), ("at", at))).Path, StringComparison.Ordinal);
        Page elsewhere = await town.Organiser.OpenAsync($"/organise/{town.Slug}@KE/participants/replace");
        Assert.DoesNotContain("later", elsewhere.Html, StringComparison.Ordinal);
        await Task.Delay(TimeSpan.FromSeconds(2.1), Stop);
        Assert.Contains("notice=replaced", (await town.Organiser.PostAsync(page + "/draw", ("value", Beacon))).Path, StringComparison.Ordinal);
        Participant instead = await server.WithDbAsync(db => db.Participants.AsNoTracking().SingleAsync(p => p.Replaces != null && p.SiteId == lyon, Stop));
        Assert.Equal(lyon, await server.WithDbAsync(db => db.PoolMembers.Where(member => member.Id == instead.PoolMemberId).Select(member => member.SiteId).SingleAsync(Stop)));
        Assert.Equal(10, instead.Number);
    }

    private async Task<List<Lottery>> LotteriesAsync(SiteTown town) => await server.WithDbAsync(db => (
        from lottery in db.Lotteries.AsNoTracking()
        join dialogue in db.Dialogues on lottery.DialogueId equals dialogue.Id
        where dialogue.Slug == town.Slug && lottery.Kind == LotteryKind.Panel
        orderby lottery.Attempt
        select lottery).ToListAsync(Stop));

    private static async Task<string> CsvAsync(SiteTown town) => (await town.Organiser.OpenAsync(town.Base + "/representation/representation.csv")).Html.Replace("\"", "", StringComparison.Ordinal);

    private static async Task CheckByPythonAsync(byte[] zip, string[] hashes)
    {
        string folder = Directory.CreateTempSubdirectory("polyphony-records-").FullName;
        try
        {
            await using (ZipArchive archive = new(new MemoryStream(zip)))
            {
                archive.ExtractToDirectory(folder);
            }

            string[] sites = Directory.GetDirectories(folder);
            Assert.Equal(3, sites.Length);
            string tool = Polyphony.Tests.Repository.PathOf("tools", "verify_draw.py");
            foreach (string site in sites)
            {
                using Process python = Process.Start(new ProcessStartInfo("python3", [tool, Path.Combine(site, "record.json"), "--hash", hashes.Single(line => line.Split(' ')[0] == Path.GetFileName(site)).Split(' ')[1]]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
                string said = await python.StandardOutput.ReadToEndAsync(Stop) + await python.StandardError.ReadToEndAsync(Stop);
                await python.WaitForExitAsync(Stop);
                Assert.True(python.ExitCode == 0, said);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task CheckOfflineAsync(SiteTown town, List<Lottery> lotteries)
    {
        string folder = Directory.CreateTempSubdirectory("polyphony-offline-").FullName;
        try
        {
            foreach (Lottery lottery in lotteries)
            {
                string code = (string)JsonNode.Parse(lottery.ManifestJson)!["label"]!;
                await using ZipArchive archive = new(new MemoryStream(await town.Organiser.DownloadAsync($"/organise/{town.Slug}@{code}/draw/{lottery.Attempt}/files")));
                await archive.ExtractToDirectoryAsync(folder, Stop);
                string draw = Path.Combine(folder, $"{town.Slug}-{code}-draw-{lottery.Attempt}");
                using StringWriter output = new();
                using StringWriter error = new();
                int exit = Cli.Frame.Tool.Run(["draw", "verify", draw, "--deep", "--pool", Path.Combine(draw, "pool.csv"), "--quotas", Path.Combine(draw, "quotas.csv"), "--json"], output, error, terminal: false, Stop);
                Assert.True(exit == 0, code + output + error);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
