using System.Text.RegularExpressions;

namespace Polyphony.Browser.Tests.Hostile;

/// <summary>Statements of organisers and of citizens: read by everybody, written by anybody with a link.</summary>
public sealed partial class TypingHostileText
{
    private async Task DiscussAsync(List<string> links)
    {
        const string statements = Desk + "/statements";
        string[] seeds = [.. HostileTexts.All.Where((_, i) => i % 2 == 0)];
        string[] written = [.. HostileTexts.All.Where((text, i) => i % 2 == 1 && text.Length > 8)];
        await SendAsync(statements, statements + "/topic", "notice=saved", ("topic.en", HostileTexts.At(0)), ("topic.fr", HostileTexts.At(5)), ("takes", "yes"));
        await SendAsync(statements, statements + "/seed", "notice=seeded", [.. Languages.Select(language => ("lines." + language, string.Join('\n', seeds)))]);
        await OpenAsync(statements);
        await victim.UploadAsync("/statements/upload", "<img src=x onerror=window.__xss=1>.csv", HostileTexts.Csv([["comment-body", HostileTexts.At(3)], .. HostileTexts.All.Where((_, i) => i % 2 == 1).Select(text => (string[])[text + " 2", "x"])]));
        await CheckAsync();
        await victim.SendAsync("/confirm");
        Assert.Contains("notice=seeded", victim.Page.Url, StringComparison.Ordinal);
        await SendAsync(statements, statements + "/open", "notice=opened");
        foreach ((int i, string text) in written.Index())
        {
            string link = links[i % links.Count];
            await SendAsync(link + "/statements", link + "/statements/write", "notice=written", ("text", text));
        }

        await ShowsAsync(statements, HostileTexts.All.Where(text => text.Length > 8));
        foreach (string waiting in Waiting().Matches((await scribe.OpenAsync(statements)).Html).Select(match => match.Groups[1].Value).Distinct().Take(4).ToArray())
        {
            await SendAsync(statements, $"{statements}/{waiting}/accept", "notice=accepted", ("text.fr", HostileTexts.At(12)), ("text.en", HostileTexts.At(12)));
        }

        await OpenAsync(links[0] + "/statements");
        for (int vote = 0; vote < 6; vote++)
        {
            await victim.LeaveAsync(() => victim.Page.Locator("button[value=Agree]").ClickAsync());
            await CheckAsync();
        }

        await OpenAsync(links[0] + "/statements/mine");
        await SendAsync(statements, statements + "/close", "notice=closed");
        await OpenAsync(statements);
    }

    [GeneratedRegex("/statements/([0-9a-f-]{32,36})/accept\"")]
    private static partial Regex Waiting();
}
