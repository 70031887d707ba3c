using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Polyphony.Web.Rehearsal;

/// <summary>A step that was played, for the console.</summary>
internal sealed record RehearsalStep(string Code, params (string Name, object? Value)[] Values);

/// <summary>What one can look at afterwards.</summary>
internal sealed record RehearsalLinks(string Slug, string OrganiserEmail, string FacilitatorEmail, string Password, string CitizenPath);

/// <summary>A page did not do what the rehearsal needs of it; the message names page and status.</summary>
internal sealed class RehearsalException(string message) : Exception(message);

/// <summary>Plays a dialogue through pages and doors, as an organiser, a facilitator and a hundred citizens.</summary>
internal sealed partial class RehearsalStage(Uri address, string firstAdministrator, bool live, Action<RehearsalStep> tell, int poolSize = RehearsalStage.PoolSize)
{
    public const string Password = "lantern river seven bridges";
    private const string Organiser = "organiser@belmarais.example";
    private const string Facilitator = "facilitator@belmarais.example";
    public const int PoolSize = 800;
    private const int Panel = 100;
    private const int Declining = 8;
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

    private readonly RehearsalChance chance = new(20270530);
    private readonly byte[] pool = SyntheticPeople.PoolCsv(poolSize, 20270104);
    private SyntheticViews views = null!;
    private string slug = "";

    private string Desk => "/organise/" + slug;

    public async Task<RehearsalLinks> PlayAsync(CancellationToken cancellationToken)
    {
        views = new SyntheticViews(pool, 20270531);
        using Visitor organiser = new(address);
        await OpenHouseAsync(organiser);
        await InvitePeopleInAsync(organiser);
        await DrawAsync(organiser, cancellationToken);
        List<string> codes = await InviteAsync(organiser, cancellationToken);
        await SeatAsync(organiser, cancellationToken);
        await VoteAsync(organiser, codes, cancellationToken);
        await SayAsync(organiser, codes, cancellationToken);
        Demand(await organiser.SubmitAsync(Desk + "/results", Desk + "/results/publish"), "notice=published");
        await StepAsync("published", cancellationToken);
        return new RehearsalLinks(slug, Organiser, Facilitator, Password, "/c/" + codes[0]);
    }

    private async Task StepAsync(string code, CancellationToken cancellationToken, params (string, object?)[] values)
    {
        tell(new RehearsalStep(code, values));
        if (live)
        {
            await Task.Delay(TimeSpan.FromSeconds(8), cancellationToken);
        }
    }

    private async Task OpenHouseAsync(Visitor organiser)
    {
        Demand(await organiser.SubmitAsync(firstAdministrator, firstAdministrator, ("displayName", "Claire Dumont"), ("email", Organiser), ("password", Password)), "/organise");
        Dictionary<string, string> mandate = JsonSerializer.Deserialize<Dictionary<string, string>>(Material("mandate.json"))!;
        DateOnly today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow(), Zone).DateTime);
        mandate["startsOn"] = mandate["endsOn"] = today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        mandate["answerBy"] = today.AddDays(90).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        slug = mandate["slug"];
        Demand(await organiser.SubmitAsync("/organise/new", "/organise/new", [.. mandate.Select(field => (field.Key, field.Value))]), Desk);
        Demand(await organiser.SubmitAsync(Desk, Desk + "/publish"), Desk);
        Page team = await organiser.SubmitAsync(Desk + "/team", Desk + "/team/invite", ("displayName", "Karim Benali"), ("email", Facilitator), ("role", "Facilitator"), ("table", "1"));
        string invitation = AcceptLink().Match(team.Html) is { Success: true } link ? link.Value : throw new RehearsalException("team: no invitation link");
        using Visitor facilitator = new(address);
        Demand(await facilitator.SubmitAsync(invitation, invitation, ("displayName", "Karim Benali"), ("password", Password)), "/organise");
        tell(new RehearsalStep("mandate"));
    }

    private async Task InvitePeopleInAsync(Visitor organiser)
    {
        await UploadAsync(organiser, Desk + "/quotas", "quotas.csv", Material("quotas.csv"));
        tell(new RehearsalStep("quotas"));
        await UploadAsync(organiser, Desk + "/pool", "pool.csv", pool);
        tell(new RehearsalStep("pool", ("people", poolSize)));
    }

    private static async Task UploadAsync(Visitor organiser, string page, string name, byte[] content)
    {
        Page preview = await organiser.UploadAsync(page, page + "/upload", "file", name, content);
        Demand(preview, page + "/uploads/");
        Demand(await organiser.SubmitAsync(preview.Path, preview.Path + "/confirm"), "notice=imported");
    }

    private async Task DrawAsync(Visitor organiser, CancellationToken cancellationToken)
    {
        string page = Desk + "/draw";
        Demand(await organiser.SubmitAsync(page, page + "/compute"), page);
        await WaitForJobAsync(organiser, page, cancellationToken);
        await StepAsync("lottery", cancellationToken);
        await FreezeAsync(organiser, page, page + "/freeze", "dice", "Three ten-sided dice, thrown in the Halle aux Grains", cancellationToken);
        string dice = string.Concat(Enumerable.Range(0, 3).Select(_ => RandomNumberGenerator.GetInt32(10).ToString(CultureInfo.InvariantCulture)));
        Demand(await organiser.SubmitAsync(page, page + "/ceremony", ("value", dice)), page);
        await StepAsync("drawn", cancellationToken, ("dice", string.Join(' ', dice.ToCharArray())), ("people", Panel));
    }

    /// <summary>Names a source that does not exist yet, then waits until it does: the order is the point of the ceremony.</summary>
    private static async Task FreezeAsync(Visitor organiser, string page, string action, string kind, string name, CancellationToken cancellationToken)
    {
        for (int seconds = 2; ; seconds *= 4)
        {
            DateTimeOffset at = TimeProvider.System.GetUtcNow().AddSeconds(seconds);
            Page frozen = await organiser.SubmitAsync(page, action, ("kind", kind), ("name", name), ("outOf", ""), ("at", TimeZoneInfo.ConvertTime(at, Zone).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture)));
            if (seconds < 100 && frozen.Path.EndsWith("problem=source-too-early", StringComparison.Ordinal))
            {
                // A busy machine came too late for the moment that it had named.
                continue;
            }

            Demand(frozen, page);
            TimeSpan left = at.AddSeconds(0.2) - TimeProvider.System.GetUtcNow();
            await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellationToken);
            return;
        }
    }

    private async Task<List<string>> InviteAsync(Visitor organiser, CancellationToken cancellationToken)
    {
        string page = Desk + "/participants";
        List<string> invited = await LettersAsync(organiser);
        HashSet<string> declining = [];
        while (declining.Count < Declining)
        {
            declining.Add(chance.Of(invited));
        }

        await AnswerAsync(invited, declining, cancellationToken);
        await StepAsync("answered", cancellationToken, ("yes", Panel - Declining), ("no", Declining));
        await FreezeAsync(organiser, page + "/replace", page + "/replace/freeze", "beacon", "drand quicknet, the round after the freeze (rehearsal value)", cancellationToken);
        Demand(await organiser.SubmitAsync(page + "/replace", page + "/replace/draw", ("value", Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)))), "notice=replaced");
        List<string> replacements = await LettersAsync(organiser);
        await AnswerAsync(replacements, [], cancellationToken);
        await StepAsync("replaced", cancellationToken, ("people", replacements.Count));
        return [.. invited.Where(code => !declining.Contains(code)), .. replacements];
    }

    private async Task<List<string>> LettersAsync(Visitor organiser)
    {
        DateOnly by = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow(), Zone).DateTime).AddDays(14);
        Page letters = await organiser.SubmitAsync(Desk + "/participants", Desk + "/participants/invite", ("answerBy", by.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
        List<string> codes = [];
        foreach (Match letter in LetterPattern().Matches(letters.Html))
        {
            codes.Add(letter.Groups[3].Value);
            views.Meet(letter.Groups[3].Value, WebUtility.HtmlDecode(letter.Groups[1].Value), WebUtility.HtmlDecode(letter.Groups[2].Value));
        }

        return codes.Count > 0 ? codes : throw new RehearsalException($"participants/invite: {(int)letters.Status}, no letters");
    }

    private Task AnswerAsync(IEnumerable<string> codes, HashSet<string> declining, CancellationToken cancellationToken)
    {
        var needs = codes.Select(code => (Code: code, Access: chance.Below(25) == 0, Diet: chance.Below(5) == 0)).ToList();
        return Parallel.ForEachAsync(needs, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellationToken }, async (person, _) =>
        {
            using Visitor citizen = new(address);
            string page = "/c/" + person.Code;
            Demand(
                declining.Contains(person.Code)
                    ? await citizen.SubmitAsync(page, page + "/decline")
                    : await citizen.SubmitAsync(page, page + "/accept", ("consent", "yes"), ("access", person.Access ? "Fauteuil roulant" : ""), ("diet", person.Diet ? "Végétarien" : ""), ("languageNeeds", ""), ("other", "")),
                page);
        });
    }

    private async Task SeatAsync(Visitor organiser, CancellationToken cancellationToken)
    {
        Demand(await organiser.UploadAsync(Desk + "/agenda", Desk + "/agenda/import", "file", "agenda.json", Material("agenda.json")), Desk + "/agenda");
        Demand(await organiser.SubmitAsync(Desk + "/tables", Desk + "/tables/plan", ("tables", "10"), ("rounds", "4")), Desk + "/tables");
        await WaitForJobAsync(organiser, Desk + "/tables", cancellationToken);
        await StepAsync("seated", cancellationToken, ("people", Panel));
        string page = Desk + "/check-in";
        Page list = await organiser.OpenAsync(page);
        string[] people = [.. Arrival().Matches(list.Html).Select(form => form.Groups[1].Value).Distinct()];
        KeyValuePair<string, string>[] token = await organiser.TokenAsync(page);
        foreach (string person in people)
        {
            using HttpResponseMessage marked = await organiser.PostAsync(page, $"{page}/{person}/attendance", new FormUrlEncodedContent([.. token, KeyValuePair.Create("attendance", "present")]));
            if (marked.StatusCode != HttpStatusCode.Redirect)
            {
                throw new RehearsalException($"check-in: {(int)marked.StatusCode}");
            }
        }

        await StepAsync("arrived", cancellationToken, ("people", people.Length));
    }

    private async Task VoteAsync(Visitor organiser, List<string> codes, CancellationToken cancellationToken)
    {
        using HttpClient phones = new(new SocketsHttpHandler { MaxConnectionsPerServer = 8, UseCookies = false }) { BaseAddress = address };
        Page room = await organiser.OpenAsync(Desk + "/room");
        string[] sessions = [.. OpenForm().Matches(room.Html).Select(form => form.Groups[1].Value).Distinct()];
        if (sessions.Length == 0)
        {
            throw new RehearsalException("room: no session to open");
        }

        foreach ((int index, string session) in sessions.Index())
        {
            Demand(await organiser.SubmitAsync(Desk + "/room", $"{Desk}/sessions/{session}/open"), Desk + "/room");
            JsonElement paper = (await ReadAsync(phones, codes[0], cancellationToken)).EnumerateArray().Single(open => open.GetProperty("session").GetString() == session);
            int ballots = 0;
            var ballotsToCast = codes.Where(_ => chance.Below(40) != 0).Select(code => (code, Answers: Answers(code, paper, index, sessions.Length - 1))).ToList();
            await Parallel.ForEachAsync(ballotsToCast, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken }, async (ballot, token) =>
            {
                if (live)
                {
                    await Task.Delay(TimeSpan.FromSeconds(ballotsToCast.Count / 100.0), token);
                }

                using HttpRequestMessage request = new(HttpMethod.Post, $"/api/v1/sessions/{session}/ballot") { Content = JsonContent.Create(new { answers = ballot.Answers }) };
                request.Headers.Authorization = new("Bearer", ballot.code);
                request.Headers.Add("Idempotency-Key", Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
                using HttpResponseMessage answer = await phones.SendAsync(request, token);
                if (answer.StatusCode != HttpStatusCode.OK)
                {
                    throw new RehearsalException($"ballot: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(token)}");
                }

                Interlocked.Increment(ref ballots);
            });
            Demand(await organiser.SubmitAsync($"{Desk}/room/close/{session}", $"{Desk}/sessions/{session}/close"), Desk + "/room");
            await StepAsync("voted", cancellationToken, ("session", index + 1), ("ballots", ballots));
        }
    }

    private static Task<JsonElement> ReadAsync(HttpClient phones, string code, CancellationToken cancellationToken) => GetAsync(phones, "/api/v1/ballot-papers", code, cancellationToken);

    private static async Task<JsonElement> GetAsync(HttpClient phones, string path, string code, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        request.Headers.Authorization = new("Bearer", code);
        using HttpResponseMessage answer = await phones.SendAsync(request, cancellationToken);
        return answer.StatusCode == HttpStatusCode.OK ? await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken) : throw new RehearsalException($"{path}: {(int)answer.StatusCode}");
    }

    /// <summary>Answers of one person; the first and the last session are the two askings of the questionnaire.</summary>
    private List<object> Answers(string code, JsonElement paper, int session, int last) =>
    [
        .. paper.GetProperty("questions").EnumerateArray().Index().Select(asked =>
        {
            string[] options = [.. asked.Item.GetProperty("options").EnumerateArray().Select(option => option.GetProperty("id").GetString()!)];
            IReadOnlyList<int> chosen = session == 0 || session == last
                ? views.Answer(code, asked.Index, options.Length, again: session == last)
                : views.Vote(code, session, asked.Index, options.Length, asked.Item.GetProperty("maxChoices").GetInt32());
            return (object)new { question = asked.Item.GetProperty("id").GetString(), options = chosen.Select(position => options[position]) };
        }),
    ];

    private static async Task WaitForJobAsync(Visitor organiser, string page, CancellationToken cancellationToken)
    {
        for (int i = 0; i < 6_000; i++)
        {
            Page shown = await organiser.OpenAsync(page);
            if (!shown.Html.Contains("data-running", StringComparison.Ordinal))
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(150), cancellationToken);
        }

        throw new RehearsalException(page + ": the job does not end");
    }

    private static void Demand(Page page, string path)
    {
        if (page.Status != HttpStatusCode.OK || !page.Path.Contains(path, StringComparison.Ordinal) || page.Path.Contains("problem=", StringComparison.Ordinal))
        {
            throw new RehearsalException($"{page.Path}: {(int)page.Status}, expected {path}");
        }
    }

    public static byte[] Material(string name)
    {
        using Stream stream = typeof(RehearsalStage).Assembly.GetManifestResourceStream("Rehearsal." + name) ?? throw new InvalidOperationException(name);
        using MemoryStream content = new();
        stream.CopyTo(content);
        return content.ToArray();
    }

    [GeneratedRegex("/account/accept/[A-Za-z0-9_-]{22}")]
    private static partial Regex AcceptLink();

    [GeneratedRegex("<bdi>([^<]+)</bdi><br><bdi>([^<]+)</bdi>.*?/c/([A-Za-z0-9_-]{22})\"", RegexOptions.Singleline)]
    private static partial Regex LetterPattern();

    [GeneratedRegex("/check-in/([0-9a-f]{32})/attendance")]
    private static partial Regex Arrival();

    [GeneratedRegex("/sessions/([0-9a-f]{32})/open")]
    private static partial Regex OpenForm();
}
