using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Polyphony.Dialogues;

namespace Polyphony.Web.Rehearsal;

/// <summary>The vote on statements: seeded, written by citizens, looked at, voted on, closed.</summary>
internal sealed partial class RehearsalStage
{
    private string Room => Desk + "/statements";

    private async Task SayAsync(Visitor organiser, List<string> codes, CancellationToken cancellationToken)
    {
        StatementMaterial material = JsonSerializer.Deserialize<StatementMaterial>(Material("statements.json"), JsonSerializerOptions.Web)!;
        Demand(await organiser.SubmitAsync(Room, Room + "/topic", ("topic.en", material.Topic.In("en", "en")), ("topic.fr", material.Topic.In("fr", "en")), ("takes", "yes")), "notice=saved");
        Demand(await organiser.SubmitAsync(Room, Room + "/seed", Lines(material.Seeds)), "notice=seeded");
        Demand(await organiser.SubmitAsync(Room, Room + "/seed", [.. Lines(material.About), ("meta", "yes")]), "notice=seeded");
        Demand(await organiser.SubmitAsync(Room, Room + "/open"), "notice=opened");
        foreach ((int index, StatementMaterial.Entry written) in material.Written.Index())
        {
            using Visitor citizen = new(address);
            string page = "/c/" + codes[(index * 7) + 3] + "/statements";
            await citizen.OpenAsync($"/language/{written.Language}?back=/");
            Demand(await citizen.SubmitAsync(page, page + "/write", ("text", written.Text.In(written.Language, "en"))), "notice=written");
        }

        Page waiting = await organiser.OpenAsync(Room);
        foreach (Match block in WaitingPattern().Matches(waiting.Html))
        {
            string text = WebUtility.HtmlDecode(block.Groups[1].Value);
            StatementMaterial.Entry written = material.Written.Single(entry => entry.Text.In(entry.Language, "en") == text);
            string other = written.Language == "fr" ? "en" : "fr";
            string action = $"{Room}/{block.Groups[2].Value}/";
            Demand(written.Rejected is { } reason
                ? await organiser.SubmitAsync(Room, action + "reject", ("reason", reason))
                : await organiser.SubmitAsync(Room, action + "accept", ("text." + other, written.Text.In(other, "en"))), "notice=");
        }

        // One citizen sees the screens; the others' votes come as a table sends them that was offline.
        using HttpClient phones = new(new SocketsHttpHandler { MaxConnectionsPerServer = 8, UseCookies = false }) { BaseAddress = address };
        using Visitor first = new(address);
        string screen = "/c/" + codes[1] + "/statements";
        Page shown = await first.OpenAsync(screen);
        Match asked = NextPattern().Match(shown.Html);
        Demand(asked.Success ? await first.SubmitAsync(screen, screen, ("statement", asked.Groups[1].Value), ("choice", "Agree")) : shown, screen);
        int votes = 0;
        JsonElement statements = await GetAsync(phones, "/api/v1/statements", codes[0], cancellationToken);
        var known = statements.EnumerateArray().Select(statement => (
            Id: statement.GetProperty("id").GetString()!,
            material.All.Single(entry => entry.Text.In("en", "en") == statement.GetProperty("text").GetProperty("en").GetString()).Camps)).ToList();
        var ballots = codes.Where(_ => chance.Below(25) != 0).Select(code => (
            code, Votes: known.Select(statement => (statement.Id, Say: views.Say(code, statement.Camps))).Where(vote => vote.Say is not null).Select(vote => new { statement = vote.Id, vote = vote.Say }).ToList())).ToList();
        await Parallel.ForEachAsync(ballots, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellationToken }, async (ballot, token) =>
        {
            using HttpRequestMessage request = new(HttpMethod.Post, "/api/v1/statement-votes") { Content = JsonContent.Create(new { votes = ballot.Votes }) };
            request.Headers.Authorization = new("Bearer", ballot.code);
            using HttpResponseMessage answer = await phones.SendAsync(request, token);
            if (answer.StatusCode != HttpStatusCode.NoContent)
            {
                throw new RehearsalException($"statement-votes: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(token)}");
            }

            Interlocked.Add(ref votes, ballot.Votes.Count);
        });
        Demand(await organiser.SubmitAsync(Room, Room + "/close"), "notice=closed");
        await StepAsync("said", cancellationToken, ("votes", votes), ("statements", known.Count));
    }

    private static (string, string)[] Lines(IReadOnlyList<StatementMaterial.Entry> entries) =>
        [.. ((string[])["en", "fr"]).Select(language => ("lines." + language, string.Join('\n', entries.Select(entry => entry.Text.In(language, "en")))))];

    [GeneratedRegex("<li class=\"moderated\">\\s*<p[^>]*>([^<]+)</p>.*?/statements/([0-9a-f]{32})/accept\"", RegexOptions.Singleline)]
    private static partial Regex WaitingPattern();

    [GeneratedRegex("name=\"statement\" value=\"([0-9a-f]{32})\"")]
    private static partial Regex NextPattern();

    /// <summary>The statements of the rehearsal, with what each of the three camps thinks of them.</summary>
    private sealed record StatementMaterial(
        [property: JsonRequired] LocalizedText Topic, [property: JsonRequired] IReadOnlyList<StatementMaterial.Entry> Seeds,
        [property: JsonRequired] IReadOnlyList<StatementMaterial.Entry> About, [property: JsonRequired] IReadOnlyList<StatementMaterial.Entry> Written)
    {
        public IEnumerable<Entry> All => Seeds.Concat(About).Concat(Written);

        public sealed record Entry([property: JsonRequired] LocalizedText Text, [property: JsonRequired] string Camps, string Language = "en", string? Rejected = null);
    }
}
