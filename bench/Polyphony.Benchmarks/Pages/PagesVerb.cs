using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Polyphony.Benchmarks.Ballots;
using Polyphony.Web.Rehearsal;

namespace Polyphony.Benchmarks.Pages;

/// <summary>A rehearsal with a large pool, then every kind of page that links lead the organiser to, and the published results, on the real server.</summary>
internal static partial class PagesVerb
{
    public static async Task<int> RunAsync(Arguments arguments)
    {
        string data = Directory.CreateTempSubdirectory("polyphony-pages-").FullName;
        await using ServerProcess server = new(data, await arguments.FreshDatabaseAsync(data, CancellationToken.None));
        await server.StartAsync("/health/ready", CancellationToken.None);
        string first = await server.HearAsync(FirstLink(), CancellationToken.None);
        int people = arguments.Number("people", 10_000);
        Stopwatch watch = Stopwatch.StartNew();
        RehearsalStage stage = new(server.Address, first, live: false, step => Console.WriteLine($"{watch.Elapsed.TotalSeconds,6:F1} s {step.Code}"), people);
        RehearsalLinks links = await stage.PlayAsync(CancellationToken.None);

        using Visitor organiser = new(server.Address);
        await organiser.SubmitAsync("/account/sign-in", "/account/sign-in", ("email", links.OrganiserEmail), ("password", links.Password));
        string desk = "/organise/" + links.Slug;
        IReadOnlyList<string> pages = await CrawlAsync(organiser, desk);
        bool good = pages.Count > 20;
        Console.WriteLine($"organiser's pages with {people} people in the pool, one after the other:");
        foreach (string page in pages)
        {
            List<double> times = [];
            int bytes = 0;
            for (int round = -3; round < arguments.Number("rounds", 40); round++)
            {
                // Slower than the limit that keeps one account from taking the server for itself.
                await Task.Delay(25);
                long start = Stopwatch.GetTimestamp();
                using HttpResponseMessage answer = await organiser.GetAsync(page);
                bytes = (await answer.Content.ReadAsByteArrayAsync()).Length;
                good &= answer.StatusCode == HttpStatusCode.OK;
                if (round >= 0)
                {
                    times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                }
            }

            times.Sort();
            Console.WriteLine($"{page[desk.Length..],-40} p50 {times[times.Count / 2],7:F1} ms  p95 {times[(int)(times.Count * 0.95)],7:F1} ms  {bytes >> 10,6} KiB");
        }

        foreach (string packing in (string[])["identity", "gzip"])
        {
            byte[] request = Encoding.ASCII.GetBytes($"GET /d/{links.Slug}/results/en HTTP/1.1\r\nHost: 127.0.0.1:{server.Port}\r\nAccept-Encoding: {packing}\r\n\r\n");
            Loopback.Run(server.Port, 16, 2, 0, new Always(request));
            LoadReport report = Loopback.Run(server.Port, arguments.Number("connections", 64), arguments.Number("seconds", 10), 0, new Always(request));
            Console.WriteLine($"results page, {packing}: {report.PerSecond:F0} requests/s; p50 {report.Percentile(0.5):F1} ms, p99 {report.Percentile(0.99):F1} ms; {report.Failures} failures {report.FirstFailure}");
            good &= report.Failures == 0;
        }

        await server.KillAsync();
        Directory.Delete(data, recursive: true);
        return good ? 0 : 1;
    }

    /// <summary>One address of each kind of page that links lead to, from the dialogue's first page on. What differs by an identifier, a number or a value asked for
    /// is one kind.</summary>
    private static async Task<IReadOnlyList<string>> CrawlAsync(Visitor organiser, string desk)
    {
        List<string> found = [desk, desk + "/draw/chances?q=ma", desk + "/pool?q=ma", desk + "/participants/replace", desk + "/room/seats"];
        HashSet<string> kinds = [.. found];
        for (int at = 0; at < found.Count; at++)
        {
            using HttpResponseMessage answer = await organiser.GetAsync(found[at]);
            if (answer.StatusCode != HttpStatusCode.OK || answer.Content.Headers.ContentType?.MediaType != "text/html")
            {
                found.RemoveAt(at--);
                continue;
            }

            await Task.Delay(25);
            foreach (Match link in Regex.Matches(await answer.Content.ReadAsStringAsync(), $"href=\"({desk}[/?][^\"#]*)"))
            {
                string address = WebUtility.HtmlDecode(link.Groups[1].Value);
                if (kinds.Add(Identifier().Replace(address, "*")))
                {
                    found.Add(address);
                }
            }
        }

        return found;
    }

    [GeneratedRegex("[0-9a-f]{32}|[0-9a-f-]{36}|[A-Za-z0-9_-]{22}|[0-9]+|(?<==)[^&]+")]
    private static partial Regex Identifier();

    [GeneratedRegex("/account/accept/[A-Za-z0-9_-]{22}")]
    private static partial Regex FirstLink();

    private sealed class Always(byte[] request) : IQuestioner
    {
        public int Next(Span<byte> bytes)
        {
            request.CopyTo(bytes);
            return request.Length;
        }

        public void Heard(ReadOnlySpan<byte> answer)
        {
        }
    }
}
