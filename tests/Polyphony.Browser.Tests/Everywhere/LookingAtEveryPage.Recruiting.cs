using Microsoft.Playwright;
using Polyphony.Browser.Tests.Browsing;
using Polyphony.Web.Rehearsal;

namespace Polyphony.Browser.Tests.Everywhere;

/// <summary>From the files of the pool to those who have said yes.</summary>
public sealed partial class LookingAtEveryPage
{
    private async Task BringThePoolAsync()
    {
        await RefusedFileAsync("/quotas", "quotas.csv", SmallTown.BrokenQuotas());
        await StageAsync("/quotas", "quotas.csv", SmallTown.Quotas());
        await organiser.PictureAsync("quota-preview", Onlooker.Phone);
        await SubmitAsync(scribe, staged, staged + "/confirm", "notice=imported");
        await organiser.VisitAsync(Rooms("/quotas", "/pool"));

        await RefusedFileAsync("/pool", "pool.xlsx", [0x50, 0x4b, 3, 4]);
        await StageAsync("/pool", "pool.csv", SmallTown.BrokenPool(), 422);
        await organiser.PictureAsync("pool-problems", Onlooker.Phone);
        await SubmitAsync(scribe, staged, staged + "/discard", "notice=discarded");
        await StageAsync("/pool", "a pool whose file has a name as long as names of files become when they are sent around.csv", SmallTown.Pool());
        await organiser.PictureAsync("pool-preview", Onlooker.Phone);
        await organiser.PictureAsync("pool-preview", Onlooker.Desk);
        await SubmitAsync(scribe, staged, staged + "/confirm", "notice=imported");
        await organiser.VisitAsync(staged, 404);
        Page pool = await scribe.OpenAsync(Desk + "/pool");
        await organiser.VisitAsync(Rooms("/pool?notice=imported", "/pool?q=nobody", "/pool/people/new", "/pool/people/" + MemberLink().Match(pool.Html).Groups[1].Value, "/quotas", "/draw", ""));
        await organiser.PictureAsync("overview", Onlooker.Phone);
        await organiser.VisitAsync(Rooms("/quotas"));
        await organiser.PictureAsync("quota-advice", Onlooker.Phone);
        await organiser.PictureAsync("quota-advice", Onlooker.Desk);
        await organiser.BeRefusedAsync(Desk + "/pool/people/new", "/people/new", ("id", ""), ("email", "nobody"), ("language", "x"));
        await SubmitAsync(scribe, Desk + "/quotas", Desk + "/quotas/apply", Desk + "/quotas", ("value", "all"));
        await organiser.VisitAsync(Rooms("/quotas"));
    }

    private string staged = "";

    private async Task StageAsync(string room, string name, byte[] content, int status = 200)
    {
        staged = (await scribe.UploadAsync(Desk + room, Desk + room + "/upload", "file", name, content)).Path;
        Assert.Contains("/uploads/", staged, StringComparison.Ordinal);
        await organiser.VisitAsync(staged, status);
    }

    private Task RefusedFileAsync(string room, string name, byte[] content) => organiser.EachAsync(async person =>
    {
        await person.OpenAsync(Desk + room);
        await person.UploadAsync(room + "/upload", name, content, good: false);
        await person.LookAsync();
    });

    private async Task DrawAsync()
    {
        await SubmitAsync(scribe, Desk + "/draw", Desk + "/draw/compute", Desk + "/draw");
        await JobEndsAsync(Desk + "/draw");
        await organiser.VisitAsync(Rooms("/draw"));
        await organiser.PictureAsync("draw-reasons", Onlooker.Phone);
        await organiser.PictureAsync("draw-reasons", Onlooker.Desk);
        await organiser.VisitAsync(Rooms("/draw/chances"));
        await organiser.PictureAsync("draw-chances", Onlooker.Phone);
        await organiser.PictureAsync("draw-chances", Onlooker.Desk);
        await SubmitAsync(scribe, Desk + "/draw", Desk + "/draw/test", "run=test");
        await organiser.VisitAsync(Rooms("/draw/stage", "/draw/stage?run=test", "/draw/stage?run=test&light=plain"));
        await organiser.PictureAsync("stage-dice", Onlooker.Phone);
        await organiser.PictureAsync("stage-dice", Onlooker.Desk);
        DateTime at = await FreezeAsync("/draw");
        await organiser.VisitAsync(Rooms("/draw"));
        await anybody.VisitAsync($"/d/{Slug}/draw");
        await UntilAsync(at);
        await organiser.VisitAsync(Rooms("/draw", "/draw/stage"));
        await SubmitAsync(scribe, Desk + "/draw/stage?run=test", Desk + "/draw/ceremony", "run=test", ("run", "test"), ("stage", "dark"), ("die", "1"), ("die", "8"), ("die", "7"));
        await organiser.VisitAsync(Rooms("/draw/stage?run=test"));
        await SubmitAsync(scribe, Desk + "/draw", Desk + "/draw/ceremony", Desk + "/draw", Beacon());
        await organiser.VisitAsync(Rooms("/draw", "/draw?by=2", "/draw/stage?by=1", "", "/participants"));
        await organiser.PictureAsync("stage-drawn", Onlooker.Phone);
        await anybody.VisitAsync("/d/" + Slug, $"/d/{Slug}/draw", $"/d/{Slug}/draw/check");
    }

    private static Task UntilAsync(DateTime at)
    {
        TimeSpan wait = at.AddSeconds(0.3) - TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow(), Zone).DateTime;
        return Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
    }

    private async Task<List<string>> InviteAsync()
    {
        await ChooseSeveralAsync("Invite");
        await organiser.EachAsync(async person =>
        {
            await person.BeRefusedAsync("/several/do", null, ("answerBy", ""));
            await person.LookAsync();
        });
        await organiser.PictureAsync("several-refused", Onlooker.Phone);
        List<string> links = await LettersAsync();
        Assert.Equal(SmallTown.Places, links.Count);
        await anybody.VisitAsync(links[0]);
        await anybody.PictureAsync("invitation", Onlooker.Phone);
        await anybody.BeRefusedAsync(links[0], links[0] + "/accept", ("diet", "Végétarien"));
        await Arrive().SubmitAsync(links[1], links[1] + "/decline");
        await anybody.VisitAsync(links[1]);

        // A link that is issued anew: the letter stands on the page that answers, once.
        await organiser.InTurnAsync(async (person, _) =>
        {
            await person.OpenAsync(Desk + "/participants");
            await person.SendAsync("/reissue");
            await person.LookAsync();
            ILocator letter = person.Page.Locator("article.letter");
            Assert.StartsWith(await letter.GetAttributeAsync("lang") == "fr" ? "Une question" : "Questions", await letter.Locator(".contact").InnerTextAsync(), StringComparison.Ordinal);
            links[0] = new Uri((await person.Page.Locator("article.letter a.personal-link").GetAttributeAsync("href"))!).AbsolutePath;
        });
        await organiser.PictureAsync("letter", Onlooker.Phone);
        await organiser.PictureAsync("letter", Onlooker.Desk);
        await organiser.PrintAsync("letter");
        string answer = AnswerLink().Match((await scribe.OpenAsync(Desk + "/participants")).Html).Value;
        await organiser.VisitAsync([.. Rooms("/participants", "/participants?show=Invited", "/participants?show=Withdrew", "/participants/replace", "/participants/alternates", "/participants/alternates?by=1", "/participants/alternates?problem=numbers", "/participants/alternates?problem=minutes"), answer, answer + "?problem=read-again"]);
        await ChooseSeveralAsync("Remind");
        await ChooseSeveralAsync("Withdrew");
        string alternates = Desk + "/participants/alternates";
        await SubmitAsync(scribe, alternates, alternates + "/compute", alternates, ("n", "3"), ("rate", "20"));
        await JobEndsAsync(alternates);
        await organiser.VisitAsync(alternates);
        await organiser.PictureAsync("alternates", Onlooker.Phone);
        await organiser.PictureAsync("alternates", Onlooker.Desk);
        await SubmitAsync(scribe, Desk + "/participants/replace", Desk + "/participants/replace/compute", Desk + "/participants/replace");
        await JobEndsAsync(Desk + "/participants/replace");
        await organiser.VisitAsync(Rooms("/participants/replace"));
        DateTime at = await FreezeAsync("/participants/replace");
        await organiser.VisitAsync(Rooms("/participants/replace"));
        await UntilAsync(at);
        await organiser.VisitAsync(Rooms("/participants/replace"));
        await SubmitAsync(scribe, Desk + "/participants/replace", Desk + "/participants/replace/draw", "notice=replaced", Beacon());
        await anybody.VisitAsync(links[1]);
        links.RemoveAt(1);
        links.AddRange(await LettersAsync());
        foreach ((int number, string link) in links.Index())
        {
            await SubmitAsync(Arrive(), link, link + "/accept", link, [
                ("consent", "yes"), ("access", number % 3 == 0 ? "Fauteuil roulant, largeur 78 cm ; un accompagnateur" : ""), ("diet", number % 2 == 0 ? "Végétarien" : ""), ("languageNeeds", ""), ("other", ""),
                .. number is >= 1 and <= 3 ? [("withoutPhone", "yes")] : ((string, string)[])[]]);
        }

        await anybody.VisitAsync(links[0]);
        await organiser.VisitAsync(Rooms("/participants"));
        await organiser.PictureAsync("participants", Onlooker.Phone);
        return links;
    }

    /// <summary>Ticks people in the list and goes on to what would happen to them; nothing is done yet.</summary>
    private async Task ChooseSeveralAsync(string step)
    {
        await organiser.EachAsync(async person =>
        {
            await person.OpenAsync(Desk + "/participants");
            await person.Page.Locator("#people input[type=checkbox]").Nth(0).CheckAsync();
            await person.Page.Locator("#people input[type=checkbox]").Nth(1).CheckAsync();
            await person.Page.Locator("#several select").SelectOptionAsync(step);
            await person.LookAsync();
        });
        await organiser.PictureAsync("participants-chosen", Onlooker.Phone);
        await organiser.PictureAsync("participants-chosen", Onlooker.Desk);
        await organiser.EachAsync(async person =>
        {
            await person.LeaveAsync(() => person.Page.Locator("#several button").ClickAsync());
            await person.LookAsync();
        });
        await organiser.PictureAsync("several-" + step, Onlooker.Phone);
        await organiser.PictureAsync("several-" + step, Onlooker.Desk);
    }

    private async Task<List<string>> LettersAsync()
    {
        Page letters = await SubmitAsync(scribe, Desk + "/participants", Desk + "/participants/invite", Desk, ("answerBy", Iso(Today.AddDays(5))));
        return [.. PersonalLink().Matches(letters.Html).Select(link => "/c/" + link.Groups[1].Value).Distinct()];
    }
}
