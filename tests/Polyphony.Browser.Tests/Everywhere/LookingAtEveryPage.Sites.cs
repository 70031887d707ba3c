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
        await organiser.VisitAsync(Elsewhere + "/draw", Elsewhere + "@KE/draw", Elsewhere + "/participants", Elsewhere + "/representation", Elsewhere + "/tables", Elsewhere + "/check-in", Elsewhere + "/room");
        await organiser.PictureAsync("sites-representation", Onlooker.Desk);
        await anybody.VisitAsync("/d/elsewhere", "/d/elsewhere/draw");
    }

    private async Task StageElsewhereAsync(string what, int status, params string[] lines)
    {
        staged = (await scribe.UploadAsync(Elsewhere + "/sites", $"{Elsewhere}/sites/{what}/upload", "file", what + ".csv", Lines(lines))).Path;
        Assert.Contains("/uploads/", staged, StringComparison.Ordinal);
        await organiser.VisitAsync(staged, status);
    }

    private static byte[] Lines(params string[] lines) => Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n");

    [GeneratedRegex("/sites/([0-9a-f-]{32,36})\"")]
    private static partial Regex SiteLink();
}
