using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Polyphony.Benchmarks.Ballots;
using Polyphony.Web.Rehearsal;

namespace Polyphony.Benchmarks.Draws;

/// <summary>A dialogue at many sites on the real server, through its pages: three files, one job, one freeze, one ceremony; how long each takes and how much memory the server holds.</summary>
internal static partial class SitesVerb
{
    private static readonly (string Name, string[] Values, double[] Targets)[] Criteria =
    [
        ("gender", ["woman", "man"], [0.51, 0.49]),
        ("age", ["16-29", "30-44", "45-64", "65+"], [0.2, 0.25, 0.32, 0.23]),
        ("education", ["low", "middle", "high"], [0.3, 0.4, 0.3]),
        ("area", ["city", "town", "country", "coast"], [0.4, 0.3, 0.2, 0.1]),
    ];

    public static async Task<int> RunAsync(Arguments arguments)
    {
        int sites = arguments.Number("sites", 27);
        int size = arguments.Number("size", 96);
        int people = arguments.Number("people", 600);
        string data = Directory.CreateTempSubdirectory("polyphony-sites-").FullName;
        await using ServerProcess server = new(data, await arguments.FreshDatabaseAsync(data, CancellationToken.None));
        await server.StartAsync("/health/ready", CancellationToken.None);
        string first = await server.HearAsync(FirstLink(), CancellationToken.None);
        using Visitor organiser = new(server.Address);
        await organiser.SubmitAsync(first, first, ("displayName", "Ada"), ("email", "ada@example.org"), ("password", "a quiet hall of dots"));
        await organiser.SubmitAsync("/organise/new", "/organise/new", ("languages", "en"), ("slug", "many-places"), ("title.en", "Many places"), ("question.en", "What shall we do?"));
        const string desk = "/organise/many-places";
        string[] codes = [.. Enumerable.Range(1, sites).Select(site => string.Create(CultureInfo.InvariantCulture, $"S{site:00}"))];
        Stopwatch watch = Stopwatch.StartNew();
        await UploadAsync("sites", "/sites/upload", ["code,name,country,time_zone,planned", .. codes.Select(code => string.Create(CultureInfo.InvariantCulture, $"{code},Place {code},FR,Europe/Paris,{size}"))]);
        await ImportAsync("quotas", ["site,feature,value,min,max,target", .. codes.SelectMany(code => Quotas(code, size))]);
        await ImportAsync("pool", ["site,id,name,gender,age,education,area", .. codes.Index().SelectMany(site => People(site.Item, people, site.Index))]);

        watch.Restart();
        TimeSpan before = server.ProcessorTime;
        Good(await organiser.SubmitAsync("/organise/new", desk + "/draw/compute"), "compute");
        long most = 0;
        while (true)
        {
            await Task.Delay(1_000);
            most = Math.Max(most, server.WorkingSet);
            Page page = await organiser.OpenAsync(desk + "/draw");
            if (page.Status == HttpStatusCode.OK && !page.Html.Contains("data-running=\"true\"", StringComparison.Ordinal))
            {
                break;
            }
        }

        TimeSpan processor = server.ProcessorTime - before;
        Say(string.Create(CultureInfo.InvariantCulture, $"all lotteries computed, {processor.TotalSeconds:F1} s of processor time on {Environment.ProcessorCount} cores"));
        TimeSpan computed = watch.Elapsed;
        string at = TimeProvider.System.GetUtcNow().AddSeconds(30).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
        watch.Restart();
        Good(await organiser.SubmitAsync("/organise/new", desk + "/draw/freeze", ("kind", "beacon"), ("name", "drand"), ("outOf", ""), ("at", at)), "freeze");
        Say("all sites frozen");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"from the start of the job to all frozen: {(computed + watch.Elapsed).TotalSeconds:F1} s"));
        await Task.Delay(TimeSpan.FromSeconds(31));
        watch.Restart();
        Good(await organiser.SubmitAsync("/organise/new", desk + "/draw/ceremony", ("value", new string('7', 64))), "ceremony");
        Say("all panels drawn");
        foreach (string path in (string[])[desk + "/draw", desk + "/sites", desk + "/participants", desk + "/representation", desk + "@S02/draw"])
        {
            watch.Restart();
            Page page = await organiser.OpenAsync(path);
            Say(string.Create(CultureInfo.InvariantCulture, $"{path}: {(int)page.Status}, {page.Html.Length >> 10} KiB"));
        }

        most = Math.Max(most, server.WorkingSet);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{sites} sites of {size} from {people}; the server held at most {most >> 20} MiB"));
        await server.KillAsync();
        Directory.Delete(data, recursive: true);
        return 0;

        void Say(string what) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalSeconds,7:F2} s {what}"));

        async Task UploadAsync(string what, string action, IEnumerable<string> lines)
        {
            watch.Restart();
            Good(await organiser.UploadAsync("/organise/new", desk + action, "file", what + ".csv", Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n")), what);
            Say(what);
        }

        async Task ImportAsync(string what, IEnumerable<string> lines)
        {
            watch.Restart();
            Page preview = await organiser.UploadAsync("/organise/new", $"{desk}/sites/{what}/upload", "file", what + ".csv", Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));
            Good(preview, what);
            Good(await organiser.SubmitAsync("/organise/new", preview.Path + "/confirm"), what);
            Say(what);
        }
    }

    private static void Good(Page page, string what)
    {
        if (page.Status != HttpStatusCode.OK || page.Path.Contains("problem=", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"{what}: {page.Path} answered {(int)page.Status}");
        }
    }

    /// <summary>One person more or less than the population would have.</summary>
    private static IEnumerable<string> Quotas(string code, int size) => Criteria.SelectMany(criterion => criterion.Values.Zip(criterion.Targets).Select(value => string.Create(
        CultureInfo.InvariantCulture, $"{code},{criterion.Name},{value.First},{Math.Max(0, (int)Math.Floor(size * value.Second) - 1)},{(int)Math.Ceiling(size * value.Second) + 1},{value.Second}")));

    /// <summary>Volunteers as they come: older, better educated, from cities.</summary>
    private static IEnumerable<string> People(string code, int people, int site)
    {
        double[][] leaning = [[0.56, 0.44], [0.1, 0.2, 0.35, 0.35], [0.12, 0.33, 0.55], [0.52, 0.26, 0.15, 0.07]];
        ulong state = 77_001UL + (ulong)site;
        for (int i = 0; i < people; i++)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{code},{i + 1},Person {i + 1},{string.Join(',', Criteria.Select((criterion, c) => criterion.Values[Draw(leaning[c])]))}");
        }

        int Draw(double[] chances)
        {
            state = (state * 6_364_136_223_846_793_005) + 1_442_695_040_888_963_407;
            double at = (state >> 11) / (double)(1UL << 53);
            int value = 0;
            while (value < chances.Length - 1 && at >= chances[value])
            {
                at -= chances[value++];
            }

            return value;
        }
    }

    [GeneratedRegex("/account/accept/[A-Za-z0-9_-]{22}")]
    private static partial Regex FirstLink();
}
