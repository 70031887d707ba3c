using System.Text.RegularExpressions;
using Polyphony.Browser.Tests.Browsing;
using Polyphony.Web.Rehearsal;

namespace Polyphony.Browser.Tests.Everywhere;

/// <summary>Statements: the topic, a vote, one that waits to be read, and what is seen when the vote is closed.</summary>
public sealed partial class LookingAtEveryPage
{
    private async Task SayAsync(string link)
    {
        string room = Desk + "/statements";
        string[] insights = [$"/d/{Slug}/insights/en", $"/d/{Slug}/insights/fr", $"/d/{Slug}/insights/qps-plocm"];
        await organiser.VisitAsync(Rooms("/statements?problem=topic", "/landscape", "/insights"));
        await anybody.VisitAsync([link + "/statements", .. insights]);
        await SubmitAsync(scribe, room, room + "/topic", "notice=saved", ("topic.en", "Vehicles without a driver"), ("topic.fr", "Des véhicules sans conducteur"), ("takes", "yes"));
        await SubmitAsync(scribe, room, room + "/seed", "notice=seeded", ("lines.en", "Let them in at walking pace.\nKeep them out of the old town."), ("lines.fr", "Les laisser entrer au pas.\nLes tenir hors de la vieille ville."));
        await StageAsync("/statements", "comments.csv", "comment-body,moderated,is-meta\nLet us wait and see.,1,false\nI drive every day.,0,true\nNobody wants this.,-1,false\n"u8.ToArray());
        await SubmitAsync(scribe, staged, staged + "/confirm", "notice=seeded");
        await RefusedFileAsync("/statements", "comments.csv", "comment-body,moderated\nLet us wait and see.,1\n,2\n"u8.ToArray());
        await SubmitAsync(scribe, room, room + "/open", "notice=opened");
        await anybody.VisitAsync(link + "/day", link + "/statements?problem=too-short");
        await anybody.PictureAsync("statement", Onlooker.Phone);
        string page = link + "/statements";
        using (Visitor citizen = Arrive())
        {
            await SubmitAsync(citizen, page, page + "/write", "notice=written", ("text", "There must be a stop button in plain sight."));
            string next = StatementField().Match((await citizen.OpenAsync(page)).Html).Groups[1].Value;
            await SubmitAsync(citizen, page, page, "/statements", ("statement", next), ("choice", "Agree"));
        }

        await organiser.VisitAsync(Rooms("/statements"));
        await organiser.PictureAsync("statements-waiting", Onlooker.Phone);
        await anybody.VisitAsync(page, page + "/mine");
        await SubmitAsync(scribe, room, room + "/close", "notice=closed");
        await organiser.VisitAsync(Rooms("/statements", "/landscape", "/insights"));
        await anybody.VisitAsync(page, page + "/mine");
    }

    [GeneratedRegex("name=\"statement\" value=\"([0-9a-f]{32})\"")]
    private static partial Regex StatementField();
}
