using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Polyphony.Browser.Tests.Browsing;
using Polyphony.Web.Rehearsal;

namespace Polyphony.Browser.Tests.Everywhere;

/// <summary>A dialogue of its own that meets in three countries: its sites, its files with a column for the site, one lottery and one ceremony for all, and who was reached where.</summary>
public sealed partial class LookingAtEveryPage
{
    private const string Elsewhere = "/organise/elsewhere";

    private async Task MeetElsewhereAsync()
    {
        Dictionary<string, string> mandate = JsonSerializer.Deserialize<Dictionary<string, string>>(RehearsalStage.Material("mandate.json"))!;
        mandate["slug"] = "elsewhere";
        mandate["startsOn"] = mandate["endsOn"] = Iso(Today);
        mandate["answerBy"] = Iso(Today.AddDays(90));
        await SubmitAsync(scribe, "/organise/new", "/organise/new", Elsewhere, [.. mandate.Select(field => (field.Key, field.Value))]);
        await organiser.VisitAsync(Elsewhere + "/sites");
        await organiser.BeRefusedAsync(Elsewhere + "/sites", "/sites", ("code", ""), ("name", ""), ("planned", "many"));
        Page sites = await scribe.UploadAsync(Elsewhere + "/sites", Elsewhere + "/sites/upload", "file", "sites.csv", Lines(
            "code,name,country,time_zone,planned,address", "FR,Belmarais,FR,Europe/Paris,4,Town hall", "KE,Nairobi,KE,Africa/Nairobi,3,", "JP,Osaka,JP,Asia/Tokyo,2,"));
        Assert.EndsWith("notice=imported", sites.Path, StringComparison.Ordinal);
        await organiser.VisitAsync(Elsewhere + "/sites?notice=imported", Elsewhere + "/pool", Elsewhere + "/sites/" + SiteLink().Match(sites.Html).Groups[1].Value);
        await StageElsewhereAsync("quotas", 200,
            "site,feature,value,min,max,target", "FR,gender,woman,2,2,0.5", "FR,gender,man,2,2,0.5", "KE,gender,woman,1,2,0.5", "KE,gender,man,1,2,0.5", "JP,gender,woman,1,2,0.5", "JP,gender,man,0,1,0.5");
        await SubmitAsync(scribe, staged, staged + "/confirm", "notice=quotas-imported");
        await StageElsewhereAsync("pool", 422, "site,id,name,gender", "FR,1,Awa Diop,woman", "FR,1,Jean Petit,mam", "XX,2,Nobody,woman");
        await StageElsewhereAsync("pool", 200, ["site,id,name,gender", .. ((string[])["FR", "KE", "JP"]).SelectMany(site => Enumerable.Range(1, 9).Select(i => string.Create(CultureInfo.InvariantCulture, $"{site},{i},{site} Person {i},{(i % 2 == 0 ? "woman" : "man")}")))]);
        await SubmitAsync(scribe, staged, staged + "/confirm", "notice=pool-imported");
        await organiser.VisitAsync(Elsewhere + "/sites", Elsewhere + "@KE/quotas", Elsewhere + "@KE/pool", Elsewhere + "/draw", Elsewhere);
        await SubmitAsync(scribe, Elsewhere, Elsewhere + "/publish", Elsewhere);
        await SubmitAsync(scribe, Elsewhere + "/draw", Elsewhere + "/draw/compute", Elsewhere + "/draw");
        await JobEndsAsync(Elsewhere + "/draw");
        await organiser.VisitAsync(Elsewhere + "/draw");
        await organiser.PictureAsync("sites-draw", Onlooker.Desk);

        // Many sites have one moment and no common clock: it is told in universal time.
        string at = TimeProvider.System.GetUtcNow().AddSeconds(2).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
        await SubmitAsync(scribe, Elsewhere + "/draw", Elsewhere + "/draw/freeze", Elsewhere + "/draw", ("kind", "beacon"), ("name", "drand quicknet, the round after the freeze"), ("outOf", ""), ("at", at));
        await Task.Delay(TimeSpan.FromSeconds(2.3));
        await organiser.VisitAsync(Elsewhere + "/draw", Elsewhere + "/draw/stage");
        await SubmitAsync(scribe, Elsewhere + "/draw", Elsewhere + "/draw/ceremony", Elsewhere + "/draw", Beacon());
        await organiser.VisitAsync(Elsewhere + "/draw", Elsewhere + "/draw/stage", Elsewhere + "@KE/draw/stage", Elsewhere + "@KE/draw", Elsewhere + "/participants", Elsewhere + "/representation", Elsewhere + "/tables", Elsewhere + "/check-in", Elsewhere + "/room");
        await organiser.PictureAsync("sites-representation", Onlooker.Desk);
        await anybody.VisitAsync("/d/elsewhere", "/d/elsewhere/draw");
        await VoteElsewhereAsync();
    }

    /// <summary>One site has closed its ballot, one votes, one has not begun; then all have closed, and the results are out.</summary>
    private async Task VoteElsewhereAsync()
    {
        Assert.EndsWith("/agenda", (await scribe.UploadAsync(Elsewhere + "/agenda", Elsewhere + "/agenda/import", "file", "agenda.json", SmallTown.Agenda())).Path, StringComparison.Ordinal);
        string[] sessions = [.. SiteBallotsLink().Matches((await scribe.OpenAsync(Elsewhere + "/agenda")).Html).Select(match => match.Groups[1].Value).Distinct()];
        string ballots = $"/sessions/{sessions[0]}/sites";
        await organiser.VisitAsync(Elsewhere + "/agenda", Elsewhere + ballots);
        await SubmitAsync(scribe, Elsewhere + "@FR/room", $"{Elsewhere}@FR/sessions/{sessions[0]}/open", "@FR/room");
        await SubmitAsync(scribe, Elsewhere + "@KE/room", $"{Elsewhere}@KE/sessions/{sessions[0]}/open", "@KE/room");
        await organiser.VisitAsync($"{Elsewhere}@FR/room/close/{sessions[0]}");
        await SubmitAsync(scribe, $"{Elsewhere}@FR/room/close/{sessions[0]}", $"{Elsewhere}@FR/sessions/{sessions[0]}/close", "@FR/room");
        await organiser.VisitAsync(Elsewhere + ballots, Elsewhere + "@KE/room", $"{Elsewhere}@FR/sessions/{sessions[0]}/paper", Elsewhere + "/results", Elsewhere + "/insights");
        await organiser.PictureAsync("sites-ballots", Onlooker.Desk);
        await anybody.VisitAsync("/d/elsewhere/results/en");
        await SubmitAsync(scribe, Elsewhere + ballots, $"{Elsewhere}@JP/sessions/{sessions[0]}/leave-out", "@JP/room");
        await SubmitAsync(scribe, Elsewhere + ballots, $"{Elsewhere}/sessions/{sessions[0]}/close", "/sites");
        await organiser.VisitAsync(Elsewhere + ballots, Elsewhere + ballots + "?notice=cannot-leave-out", Elsewhere + "/insights");
    }

    private async Task StageElsewhereAsync(string what, int status, params string[] lines)
    {
        staged = (await scribe.UploadAsync(Elsewhere + "/sites", $"{Elsewhere}/sites/{what}/upload", "file", what + ".csv", Lines(lines))).Path;
        Assert.Contains("/uploads/", staged, StringComparison.Ordinal);
        await organiser.VisitAsync(staged, status);
    }

    private static byte[] Lines(params string[] lines) => Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n");

    [GeneratedRegex("/sessions/([0-9a-f-]{32,36})/sites\"")]
    private static partial Regex SiteBallotsLink();

    [GeneratedRegex("/sites/([0-9a-f-]{32,36})\"")]
    private static partial Regex SiteLink();
}
