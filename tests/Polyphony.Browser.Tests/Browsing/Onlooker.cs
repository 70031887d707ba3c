using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Polyphony.Browser.Tests.Browsing;

/// <summary>A person at a browser. Every page they look at must be accessible, fit its screen and run no script but its own; what is wrong is
/// gathered and said at the end, so that one run tells all of it.</summary>
internal sealed partial class Onlooker : IAsyncDisposable
{
    public const int Desk = 1280;
    public const int Phone = 390;
    public const int Tall = 640;

    /// <summary>What is painted costs more than what is laid out: who only measures looks through a narrow slit.</summary>
    public const int Slit = 240;

    // Run in the page itself: the package's own runner opens a second page for each look, which costs four times as much.
    private const string Violations = """
        async () => (window.axe ?? (bringAxe(), window.axe), await axe.run(document, { preload: false, resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }))
          .violations.map((violation) => `${violation.id}: ${violation.nodes[0].html}`)
        """;

    // Laid into every page as a function that is read only when it is called: half a megabyte sent anew for each look cost more than the look itself.
    private static readonly string Axe = $"window.bringAxe = () => {{\n{new BundledAxeScriptProvider().GetScript()}\n}};";

    // Each element by what can make it inaccessible: its name, classes, kind and which attributes it has, and the same of all it stands in, as two hashes.
    private const string Kinds = """
        () => {
          const kinds = new Map([[null, ""]]);
          const counts = new Set(["class", "type", "role", "dir", "lang"]);
          const without = /^(?:id|href|value|for|name|action|src|d|style|content|[xycr][12xy]?|width|height|points|data-.*)$/;
          for (const element of document.querySelectorAll("*")) {
            const own = [...element.attributes].filter((a) => !without.test(a.name)).map((a) => counts.has(a.name) ? `${a.name}=${a.value}` : a.name).sort();
            let [one, other] = [0, 1];
            for (const letter of `${kinds.get(element.parentElement)}>${element.localName} ${own}`) {
              one = Math.imul(one ^ letter.codePointAt(0), 2654435761);
              other = Math.imul(other ^ letter.codePointAt(0), 1597334677);
            }
            kinds.set(element, `${one}.${other}`);
          }
          return [...new Set(kinds.values())];
        }
        """;

    // The compiler of pages drops a space here and there, and then one sentence begins on the heels of another.
    private const string Glued = """() => document.body.innerText.match(/\S*[\p{Ll}\d]\.\p{Lu}\p{Ll}\S*/gu) ?? []""";

    // Sticking out counts where it makes the page scroll: what lies in a box that scrolls by itself does not.
    private const string StickingOut = """
        () => {
          const root = document.documentElement;
          if (root.scrollWidth <= root.clientWidth) return [];
          const scrolls = (e) => e !== null && e !== root && (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(e).overflowX) || scrolls(e.parentElement));
          const out = [...document.body.querySelectorAll("*")].filter((e) => {
            const box = e.getBoundingClientRect();
            return (box.right > root.clientWidth + 1 || box.left < -1) && !scrolls(e.parentElement);
          });
          return [`${root.scrollWidth - root.clientWidth} px wider than the screen`, ...out.slice(-4).map((e) => "  " + e.outerHTML.slice(0, 160))];
        }
        """;

    private readonly List<string> problems = [];
    private readonly HashSet<Look> looks = [];
    private readonly Examined examined;
    private bool isGoodPage;

    private Onlooker(IPage page, Examined examined)
    {
        Page = page;
        this.examined = examined;
        Page.Response += (_, answer) =>
        {
            if (answer.Request.IsNavigationRequest && answer.Frame == Page.MainFrame)
            {
                isGoodPage = answer.Request.Method == "GET" && answer.Status == 200;
            }
        };
        Page.PageError += (_, error) => problems.Add($"{Here}: script error {error}");
        Page.Dialog += (_, dialog) =>
        {
            problems.Add($"{Here}: a script opened a dialog: {dialog.Message}");
            _ = dialog.DismissAsync();
        };
        Page.Console += (_, message) =>
        {
            if (message.Text.Contains("Content Security Policy", StringComparison.OrdinalIgnoreCase))
            {
                problems.Add($"{Here}: {message.Text}");
            }
        };
    }

    public IPage Page { get; }

    /// <summary>Sees only whether pages fit: for a journey whose pages are looked at closely elsewhere.</summary>
    public bool OnlyMeasures { get; init; }

    /// <summary>Sits down at a browser that shows nothing yet.</summary>
    public static async Task<Onlooker> SitDownAsync(IPage page, Examined examined, bool onlyMeasures)
    {
        if (!onlyMeasures)
        {
            await page.AddInitScriptAsync(Axe);
        }

        return new Onlooker(page, examined) { OnlyMeasures = onlyMeasures };
    }

    /// <summary>What was wrong so far.</summary>
    public IReadOnlyList<string> Problems => problems;

    /// <summary>The pages that were there when their address was opened, as they were looked at.</summary>
    public IReadOnlySet<Look> Looks => looks;

    private int Width => Page.ViewportSize?.Width ?? 0;

    private string Here => new Uri(Page.Url).PathAndQuery;

    /// <summary>Opens a page, which must be there.</summary>
    public Task OpenAsync(string path) => OpenAsync(path, 200);

    /// <summary>Opens a page that answers with a status.</summary>
    public async Task OpenAsync(string path, int status)
    {
        IResponse? answer = await Page.GotoAsync(path);
        Assert.True(answer!.Status == status, $"{path}: {answer.Status}");
    }

    /// <summary>Opens a page and looks at it.</summary>
    public async Task VisitAsync(string path)
    {
        await OpenAsync(path);
        await LookAsync();
    }

    /// <summary>Looks at the page that is open, at the width of a desk and of a phone. What is mirrored is in no language: there only its measures count.</summary>
    public async Task LookAsync()
    {
        string language = await Page.EvaluateAsync<string>("() => document.documentElement.dir === 'rtl' ? 'mirrored' : document.documentElement.lang");
        if (language == Look.Mirrored)
        {
            Assert.Contains("~]", await Page.InnerTextAsync("body"), StringComparison.Ordinal);
        }
        else if (!OnlyMeasures)
        {
            problems.AddRange((await Page.EvaluateAsync<string[]>(Glued)).Select(glued => $"{Here}: no space in {glued}"));
        }

        string page = Identifier().Replace(new Uri(Page.Url).AbsolutePath, "*");
        string[] kinds = OnlyMeasures || language == Look.Mirrored ? [] : await Page.EvaluateAsync<string[]>(Kinds);

        // The width at which the page was opened comes first: a page that changes its width is laid out and painted anew.
        foreach (int width in Width == Phone ? (int[])[Phone, Desk] : [Desk, Phone])
        {
            await FitsAsync(width);
            if (isGoodPage && !OnlyMeasures)
            {
                looks.Add(new Look(new Uri(Page.Url).AbsolutePath, language, width));
            }

            if (!OnlyMeasures && language != Look.Mirrored && examined.HasNew(page, language, width, kinds))
            {
                problems.AddRange((await Page.EvaluateAsync<string[]>(Violations)).Select(violation => $"{Here} at {width}: {violation}"));
            }
        }
    }

    /// <summary>Gives the screen a width and sees that nothing sticks out.</summary>
    public async Task FitsAsync(int width)
    {
        await WidenAsync(width);
        string[] wide = await Page.EvaluateAsync<string[]>(StickingOut);
        if (wide.Length > 0)
        {
            problems.Add($"{Here} at {width}: {string.Join('\n', wide)}");
        }
    }

    private Task WidenAsync(int width) => width == Width ? Task.CompletedTask : Page.SetViewportSizeAsync(width, OnlyMeasures ? Slit : Tall);

    /// <summary>Notes something that is wrong with the page that is open.</summary>
    public void Note(string problem) => problems.Add($"{Here}: {problem}");

    /// <summary>Follows the link that leads to an address, as a person would.</summary>
    public Task FollowAsync(string href) => LeaveAsync(() => Page.Locator($"a[href='{href}']").First.ClickAsync());

    /// <summary>Fills in the form that goes to an address and sends it with its button, or with the one that has a value.</summary>
    public Task SendAsync(string action, string? button = null, params (string Name, string Value)[] fields) => SendAsync(action, button, good: true, fields);

    /// <summary>Sends a form with something that is refused, past what the browser itself would not let through.</summary>
    public Task BeRefusedAsync(string action, string? button = null, params (string Name, string Value)[] fields) => SendAsync(action, button, good: false, fields);

    private async Task SendAsync(string action, string? button, bool good, (string Name, string Value)[] fields)
    {
        ILocator form = await UnfoldAsync(action);
        foreach ((string name, string value) in fields)
        {
            await FillAsync(form, name, value);
        }

        if (!good)
        {
            await form.EvaluateAsync("form => { form.noValidate = true }");
        }

        await LeaveAsync(() => form.Locator(button is null ? "button:not([formaction])" : $"button[value='{button}']").First.ClickAsync(), good);
    }

    /// <summary>The form that goes to an address, with what it is folded into opened.</summary>
    private async Task<ILocator> UnfoldAsync(string action)
    {
        ILocator form = Page.Locator($"form[action$='{action}']").First;
        if (await form.Locator("xpath=ancestor::details[not(@open)]").CountAsync() > 0)
        {
            await form.Locator("xpath=ancestor::details").First.Locator("> summary").ClickAsync();
        }

        return form;
    }

    /// <summary>Uploads a file by the form that goes to an address.</summary>
    public async Task UploadAsync(string action, string name, byte[] content, bool good = true)
    {
        ILocator form = await UnfoldAsync(action);
        await form.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = name, MimeType = "text/csv", Buffer = content });
        await LeaveAsync(() => form.Locator("button").First.ClickAsync(), good);
    }

    /// <summary>Waits until a background job has ended and the page has shown it.</summary>
    public Task JobEndsAsync() => Page.Locator("html:not(:has([data-running]))").WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Attached, Timeout = 120_000 });

    /// <summary>Does something that leads to another page, and waits for that page to be there: a good one, or one that refuses.</summary>
    public async Task LeaveAsync(Func<Task> step, bool good = true)
    {
        await WidenAsync(Desk);
        await Page.EvaluateAsync("() => { document.documentElement.dataset.left = '1' }");
        Task<IResponse> answered = Page.WaitForResponseAsync(answer => answer.Request.IsNavigationRequest && answer.Status is < 300 or >= 400);
        await step();
        IResponse answer = await answered;
        Assert.True(good ? answer.Status == 200 : answer.Status < 500, $"{answer.Request.Method} {answer.Url}: {answer.Status}");
        await Page.Locator("html:not([data-left])").WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Attached });
        await Page.WaitForLoadStateAsync();
    }

    /// <summary>Keeps a picture for those who want to see the pages: only where <c>POLYPHONY_PICTURES</c> names a folder.</summary>
    public async Task PictureAsync(string name, int width)
    {
        if (Environment.GetEnvironmentVariable("POLYPHONY_PICTURES") is { Length: > 0 } folder)
        {
            await WidenAsync(width);
            await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, name + ".png"), FullPage = true });
        }
    }

    /// <summary>Keeps what a printer would print, where pictures are kept.</summary>
    public async Task PrintAsync(string name)
    {
        if (Environment.GetEnvironmentVariable("POLYPHONY_PICTURES") is { Length: > 0 } folder)
        {
            await Page.PdfAsync(new PagePdfOptions { Path = Path.Combine(folder, name + ".pdf"), PreferCSSPageSize = true });
        }
    }

    /// <summary>Nothing was wrong with any page that was looked at.</summary>
    public void WasContent() => Assert.True(problems.Count == 0, string.Join('\n', problems));

    public async ValueTask DisposeAsync() => await Page.Context.CloseAsync();

    [System.Text.RegularExpressions.GeneratedRegex("(?<=^/(?:organise|facilitate|d)/)(?!new$)[a-z0-9-]+|[0-9a-f]{32}|[0-9a-f-]{36}|[A-Za-z0-9_-]{22}|[0-9]+")]
    private static partial System.Text.RegularExpressions.Regex Identifier();

    private static async Task FillAsync(ILocator form, string name, string value)
    {
        ILocator field = form.Locator($"[name='{name}']").First;
        switch (await field.EvaluateAsync<string>("e => e.type ?? e.tagName"))
        {
            case "select-one":
                await field.SelectOptionAsync(value);
                break;
            case "checkbox" or "radio":
                await form.Locator($"[name='{name}'][value='{value}']").CheckAsync();
                break;
            default:
                await field.FillAsync(value);
                break;
        }
    }
}

/// <summary>A page that was looked at.</summary>
/// <param name="Language">The language of the page, or <see cref="Mirrored"/>.</param>
internal sealed record Look(string Path, string Language, int Width)
{
    public const string Mirrored = "mirrored";
}
