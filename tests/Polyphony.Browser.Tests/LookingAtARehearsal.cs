using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Polyphony.Browser.Tests;

/// <summary>The pages of a rehearsed dialogue in a real browser: accessible, and nothing wider than the screen.</summary>
public sealed class LookingAtARehearsal(RehearsedServer server)
{
    public static TheoryData<string, bool> Pages => new()
    {
        { "/", false }, { "/d/{slug}", false }, { "/d/{slug}/draw", false }, { "/d/{slug}/results", false }, { "{citizen}", false }, { "{citizen}/day", false }, { "/account/sign-in", false },
        { "/organise/{slug}", true }, { "/organise/{slug}/quotas", true }, { "/organise/{slug}/pool", true }, { "/organise/{slug}/draw", true }, { "/organise/{slug}/participants", true },
        { "/organise/{slug}/agenda", true }, { "/organise/{slug}/tables", true }, { "/organise/{slug}/check-in", true }, { "/organise/{slug}/room", true }, { "/facilitate/{slug}/3", true }, { "/organise/{slug}/results", true },
    };

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_passes_axe_and_fits_its_screen(string path, bool organiser)
    {
        List<string> problems = [];
        foreach ((int width, string language) in new[] { (1280, "en"), (390, "fr") })
        {
            IPage page = await server.PageAsync(width, language, organiser);
            IResponse? answer = await page.GotoAsync(Address(path));
            Assert.Equal(200, answer!.Status);
            Assert.Equal(language, await page.GetAttributeAsync("html", "lang"));
            AxeResult result = await page.RunAxe(new AxeRunOptions { RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] } });
            problems.AddRange(result.Violations.Select(violation => $"{width} {language} {violation.Id}: {violation.Nodes[0].Html}"));
            if (await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth") is > 0 and int wider)
            {
                problems.Add($"{width} {language}: {wider} px wider than the screen");
            }

            await page.Context.CloseAsync();
        }

        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    /// <summary>Writes the pictures of the README; <c>tools/screenshots</c> runs it.</summary>
    [Fact(Explicit = true)]
    public async Task Pictures_for_the_readme()
    {
        string images = Path.Combine(Environment.GetEnvironmentVariable("POLYPHONY_IMAGES") ?? ".", "rehearsal-");
        await PictureAsync("/organise/{slug}", 1280, 800, true, images + "organiser.png");
        await PictureAsync("{citizen}", 390, 800, false, images + "citizen.png");
        await PictureAsync("/d/{slug}/results", 1280, 1400, false, images + "results.png");
        await PictureAsync("/organise/{slug}/room", 1280, 1400, true, Path.Combine(Path.GetTempPath(), "room.png"));
        await PictureAsync("/organise/{slug}/quotas", 1280, 1400, true, Path.Combine(Path.GetTempPath(), "quotas.png"));
        await PictureAsync("/d/{slug}/results", 390, 1400, false, Path.Combine(Path.GetTempPath(), "results-390.png"));
        Assert.True(File.Exists(images + "results.png"));
    }

    private async Task PictureAsync(string path, int width, int height, bool organiser, string file)
    {
        IPage page = await server.PageAsync(width, "en", organiser);
        await page.SetViewportSizeAsync(width, height);
        await page.GotoAsync(Address(path));
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = file });
        await page.Context.CloseAsync();
    }

    private string Address(string path) => path.Replace("{slug}", server.Links.Slug, StringComparison.Ordinal).Replace("{citizen}", server.Links.CitizenPath, StringComparison.Ordinal);
}
