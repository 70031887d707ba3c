using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Polyphony.Benchmarks.Ballots;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Accounts;
using Polyphony.Storage.Connections;
using Polyphony.Storage.Pools;
using Polyphony.Web.Rehearsal;

namespace Polyphony.Benchmarks.Seats;

/// <summary>The table planner of a large dialogue on the real server: its page, a move by request, and, where a Chromium is named, a person dragged with the mouse, which needs a published server: another one has no scripts here.</summary>
internal static partial class PlannerVerb
{
    private const string Email = "organiser@planner.example";
    private const string Password = "cedar maple hornbeam lime";
    private static readonly string[][] Values = [["woman", "man"], ["16-29", "30-44", "45-59", "60-74", "75+"], ["town", "suburb", "country"]];

    public static async Task<int> RunAsync(Arguments arguments)
    {
        string data = Directory.CreateTempSubdirectory("polyphony-planner-").FullName;
        string database = await arguments.FreshDatabaseAsync(data, CancellationToken.None);
        await using ServerProcess server = new(data, database, arguments.Text("published", "") is { Length: > 0 } folder ? Path.GetFullPath(Path.Combine(folder, "Polyphony.Web.dll")) : null);
        await server.StartAsync("/health/ready", CancellationToken.None);
        string first = await server.HearAsync(FirstLink(), CancellationToken.None);
        using Visitor organiser = new(server.Address);
        await organiser.SubmitAsync(first, first, ("displayName", "Ada"), ("email", Email), ("password", Password));
        string desk = $"/organise/{await LayAsync(DatabaseAddress.Parse(database, data), arguments.Number("people", 500))}/tables";

        Stopwatch watch = Stopwatch.StartNew();
        Page page = await organiser.SubmitAsync(desk, desk + "/plan", ("tables", arguments.Text("tables", "50")), ("rounds", arguments.Text("rounds", "6")));
        while (page.Html.Contains("data-running", StringComparison.Ordinal))
        {
            await Task.Delay(100);
            page = await organiser.OpenAsync(desk);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"planned in {watch.Elapsed.TotalSeconds:F1} s, {SeatPattern().Count(page.Html)} seats on a page of {page.Html.Length >> 10} KiB"));
        bool good = await OpenAsync(organiser, desk, 20) & await MoveAsync(organiser, desk, page, arguments.Number("moves", 60));
        if (arguments.Text("chromium", "") is { Length: > 0 } chromium)
        {
            // Chromium keeps cookies of localhost without encryption, not those of a number.
            await DragAsync(chromium, new Uri($"http://localhost:{server.Port}"), desk, arguments.Number("drags", 45));
        }

        await server.KillAsync();
        Directory.Delete(data, recursive: true);
        return good ? 0 : 1;
    }

    /// <summary>Confirmed people with three criteria, and the first administrator as their organiser.</summary>
    private static async Task<string> LayAsync(DatabaseAddress address, int people)
    {
        VotingFixture laid = await VotingFixture.AddAsync(() => VotingFixture.Open(address), people, 1, CancellationToken.None);
        await using Db db = VotingFixture.Open(address);
        SiteId site = await db.Sites.Where(known => known.DialogueId == laid.DialogueId).Select(known => known.Id).SingleAsync();
        Guid staff = await db.Users.Where(known => known.Email == Email).Select(known => known.Id).SingleAsync();
        db.Add(new RoleAssignment { Id = Guid.CreateVersion7(), DialogueId = laid.DialogueId, StaffId = staff, Role = DialogueRole.Organiser });
        foreach ((int position, string[] values) in Values.Index())
        {
            Criterion criterion = new() { Id = new(Guid.CreateVersion7()), DialogueId = laid.DialogueId, SiteId = site, Position = position, Name = ((string[])["gender", "age", "place"])[position] };
            criterion.Values.AddRange(values.Select((value, v) => new CriterionValue { Id = Guid.CreateVersion7(), CriterionId = criterion.Id, Name = value, Position = v }));
            db.Add(criterion);
        }

        await db.SaveChangesAsync();
        return laid.Slug;
    }

    private static async Task<bool> OpenAsync(Visitor organiser, string desk, int count)
    {
        List<double> times = [];
        bool good = true;
        for (int i = -3; i < count; i++)
        {
            await Task.Delay(25);
            long start = Stopwatch.GetTimestamp();
            good &= (await organiser.OpenAsync(desk)).Status == HttpStatusCode.OK;
            if (i >= 0)
            {
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        Say("the page", times);
        return good;
    }

    /// <summary>Exchanges two people at different tables, as the page's script asks for it.</summary>
    private static async Task<bool> MoveAsync(Visitor organiser, string desk, Page page, int count)
    {
        Dictionary<string, string> tableOf = TablePattern().Matches(page.Html)
            .SelectMany(table => SeatPattern().Matches(table.Groups[2].Value).Select(seat => (Person: seat.Groups[1].Value, Table: table.Groups[1].Value))).ToDictionary(pair => pair.Person, pair => pair.Table);
        string[] people = [.. tableOf.Keys.Order(StringComparer.Ordinal)];
        KeyValuePair<string, string>[] token = await organiser.TokenAsync(desk);
        string seen = SeenPattern().Match(page.Html).Groups[1].Value;
        Dice chance = new(7);
        List<double> times = [];
        bool good = people.Length > 1;
        int bytes = 0;
        for (int i = -5; i < count && good; i++)
        {
            string person = people[chance.Below(people.Length)];
            string other = people[chance.Below(people.Length)];
            if (tableOf[person] == tableOf[other])
            {
                continue;
            }

            await Task.Delay(25);
            using HttpRequestMessage request = new(HttpMethod.Post, desk + "/move")
            {
                Content = new FormUrlEncodedContent([.. token, new("seen", seen), new("round", "1"), new("person", person), new("to", $"{tableOf[other]}/{other}"), new("panel", "no")]),
            };
            request.Headers.Accept.ParseAdd("text/vnd.polyphony.parts");
            long start = Stopwatch.GetTimestamp();
            using HttpResponseMessage answer = await organiser.SendAsync(request);
            string parts = await answer.Content.ReadAsStringAsync();
            if (i >= 0)
            {
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            bytes = parts.Length;
            good = answer.StatusCode == HttpStatusCode.OK;
            seen = SeenPattern().Match(parts).Groups[1].Value;
            (tableOf[person], tableOf[other]) = (tableOf[other], tableOf[person]);
        }

        Say($"a move by request, {bytes >> 10} KiB back", times);
        return good;
    }

    private static async Task DragAsync(string chromium, Uri address, string desk, int count)
    {
        await using ChromiumPage page = await ChromiumPage.StartAsync(chromium);
        await page.GoAsync(new Uri(address, "/account/sign-in"));
        await page.EvaluateAsync($"document.querySelector('[name=email]').value = '{Email}'; document.querySelector('[name=password]').value = '{Password}'; document.querySelector('main form').requestSubmit()");
        await page.WaitAsync("location.pathname === '/organise' && document.readyState === 'complete'");
        await page.GoAsync(new Uri(address, desk));
        await page.WaitAsync("document.querySelector('poly-planner.scripted') !== null");
        List<double> answered = [];
        List<double> painted = [];
        List<double> blocked = [];
        for (int i = 0; i < count; i++)
        {
            double[] at = await page.NumbersAsync(Aim(i));
            await page.MouseAsync("mousePressed", at[0], at[1]);
            for (int step = 1; step <= 10; step++)
            {
                await page.MouseAsync("mouseMoved", at[0] + ((at[2] - at[0]) * step / 10), at[1] + ((at[3] - at[1]) * step / 10));
            }

            await page.MouseAsync("mouseReleased", at[2], at[3]);
            double[] times = await page.NumbersAsync("window.dragged");
            answered.Add(times[0]);
            painted.Add(times[1]);
            blocked.Add(times[2]);
        }

        Say("a drag, from letting go to the changed page", answered);
        Say("a drag, until it is painted", painted);
        Say("a drag, longest time in which the page heard nothing", blocked);
    }

    /// <summary>Two seats of neighbouring tables, with a watch that starts when the mouse lets go and stops when the person sits at the other table.</summary>
    private static string Aim(int turn) => $$"""
        (async () => {
          const tables = [...document.querySelectorAll('section[data-table]')];
          const one = tables[{{turn}} % (tables.length - 1)], two = tables[{{turn}} % (tables.length - 1) + 1];
          one.scrollIntoView({ block: 'center', behavior: 'instant' });
          const from = one.querySelector('a.seat'), to = two.querySelectorAll('a.seat')[1];
          const person = from.dataset.person;
          window.dragged = new Promise((resolve) => {
            let longest = 0;
            const tasks = new PerformanceObserver((list) => list.getEntries().forEach((entry) => { longest = Math.max(longest, entry.duration); }));
            tasks.observe({ type: 'longtask' });
            window.addEventListener('pointerup', () => {
              const start = performance.now();
              const watch = new MutationObserver(() => {
                if (document.querySelector(`#${two.id} a.seat[data-person="${person}"]`) === null) { return; }
                watch.disconnect();
                const changed = performance.now() - start;
                requestAnimationFrame(() => setTimeout(() => { tasks.disconnect(); resolve([changed, performance.now() - start, longest]); }));
              });
              watch.observe(document.querySelector('poly-planner'), { childList: true, subtree: true });
            }, { once: true, capture: true });
          });
          await new Promise((next) => requestAnimationFrame(() => setTimeout(next)));
          const a = from.getBoundingClientRect(), b = to.getBoundingClientRect();
          return [a.x + a.width / 2, a.y + a.height / 2, b.x + b.width / 2, b.y + b.height / 2];
        })()
        """;

    private static void Say(string what, List<double> times)
    {
        times.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {times.Count} times, p50 {times[times.Count / 2]:F1} ms, p95 {times[(int)(times.Count * 0.95)]:F1} ms, longest {times[^1]:F1} ms"));
    }

    [GeneratedRegex("/account/accept/[A-Za-z0-9_-]{22}")]
    private static partial Regex FirstLink();

    [GeneratedRegex("""<section id="table-(\d+)"(.*?)</section>""", RegexOptions.Singleline)]
    private static partial Regex TablePattern();

    [GeneratedRegex("""<a class="seat"[^>]* data-person="(\d+)""")]
    private static partial Regex SeatPattern();

    [GeneratedRegex("""name="seen" value="([^"]+)""")]
    private static partial Regex SeenPattern();
}
