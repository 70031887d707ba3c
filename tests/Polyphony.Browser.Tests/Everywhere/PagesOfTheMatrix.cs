using System.Text.RegularExpressions;
using Polyphony.Browser.Tests.Browsing;

namespace Polyphony.Browser.Tests.Everywhere;

/// <summary>What the table of doors knows of pages: everything that can be opened there must have been looked at, or stand here with a reason.</summary>
internal sealed partial class PagesOfTheMatrix
{
    private static readonly string[] Languages = ["en", "fr", Look.Mirrored];

    private static readonly Dictionary<string, string> NotPages = new(StringComparer.Ordinal)
    {
        ["GET /api/v1/ballot-papers"] = "answers programs in JSON",
        ["GET /api/v1/dialogues/{dialogue}"] = "answers programs in JSON",
        ["GET /api/v1/statements"] = "answers programs in JSON",
        ["GET /c/{code}/calendar.ics"] = "a file for a calendar",
        ["GET /c/{code}/draw-proof.json"] = "a file",
        ["GET /d/{dialogue}/draw/manifests.txt"] = "a file",
        ["GET /d/{dialogue}/draw/records.zip"] = "a file",
        ["GET /d/{dialogue}/draw/{attempt:int}/manifest.json"] = "a file",
        ["GET /d/{dialogue}/draw/{attempt:int}/panels.csv"] = "a file",
        ["GET /d/{dialogue}/draw/{attempt:int}/panels.json"] = "a file",
        ["GET /d/{dialogue}/draw/{attempt:int}/record.json"] = "a file",
        ["GET /d/{dialogue}/insights"] = "leads on to the insights in the reader's language",
        ["GET /d/{dialogue}/results"] = "leads on to the results in the reader's language",
        ["GET /d/{dialogue}/results.csv"] = "a file",
        ["GET /d/{dialogue}/results.json"] = "a file",
        ["GET /health/live"] = "answers watching programs in one word",
        ["GET /health/ready"] = "answers watching programs in one word",
        ["GET /language/{language}"] = "leads back to the page it was called from",
        ["GET /log/checkpoint"] = "answers programs that check the journal",
        ["GET /log/entries/{from:long:min(0)}-{to:long:min(0)}.json"] = "answers programs that check the journal",
        ["GET /log/key"] = "answers programs that check the journal",
        ["GET /log/tile/{level:int:range(0,5)}/{**place}"] = "answers programs that check the journal",
        ["GET /openapi/{documentName}.json"] = "a file",
        ["GET /organise/{dialogue}/agenda/agenda.json"] = "a file",
        ["GET /organise/{dialogue}/pool/pool.csv"] = "a file",
        ["GET /organise/{dialogue}/quotas/quotas.csv"] = "a file",
        ["GET /organise/{dialogue}/statements/comments.csv"] = "a file",
        ["GET /organise/{dialogue}/statements/participants-votes.csv"] = "a file",
        ["GET /organise/{dialogue}/statements/votes.csv"] = "a file",
        ["GET /organise/{dialogue}/representation/representation.csv"] = "a file",
        ["GET /organise/{dialogue}/sites/sites.csv"] = "a file",
        ["GET /organise/{dialogue}/tables/plan.csv"] = "a file",
    };

    private readonly (string Row, Regex Path, int Parameters)[] rows;

    private PagesOfTheMatrix(IEnumerable<string> doors) => rows = [.. doors.Where(door => door.StartsWith("GET ", StringComparison.Ordinal)).Select(door =>
    {
        string[] segments = [.. door["GET /".Length..].Split('/', StringSplitOptions.RemoveEmptyEntries)];
        string path = string.Concat(segments.Select(segment => "/" + string.Join("[^/]+", Parameter().Split(segment).Select(Regex.Escape))));
        return (door, new Regex($"^{path}/?$"), segments.Count(segment => segment.Contains('{', StringComparison.Ordinal)));
    })];

    public static PagesOfTheMatrix Read() =>
        new(File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Everywhere", "matrix.tsv")).Skip(1).Select(line => line.Split('\t')[0]));

    /// <summary>What was not looked at in each language at each width, and reasons that hold no longer.</summary>
    public IEnumerable<string> Missing(IEnumerable<Look> looks)
    {
        ILookup<string, Look> seen = looks.ToLookup(look => rows.Where(row => row.Path.IsMatch(look.Path)).OrderBy(row => row.Parameters).Select(row => row.Row).FirstOrDefault() ?? "");
        foreach ((string row, _, _) in rows)
        {
            if (NotPages.ContainsKey(row))
            {
                if (seen[row].Any())
                {
                    yield return row + " is said to be no page, but was looked at";
                }

                continue;
            }

            foreach (string language in Languages)
            {
                foreach (int width in (int[])[Onlooker.Phone, Onlooker.Desk])
                {
                    if (!seen[row].Any(look => look.Language == language && look.Width == width))
                    {
                        yield return $"{row} was not looked at: {language}, {width} px";
                    }
                }
            }
        }

        foreach (string gone in NotPages.Keys.Except(rows.Select(row => row.Row)))
        {
            yield return gone + " is excused, but there is no such door";
        }
    }

    [GeneratedRegex(@"\{.*\}")]
    private static partial Regex Parameter();
}
