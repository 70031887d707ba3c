using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Statistics.Change;
using Polyphony.Storage.Agendas;
using Polyphony.Storage.Ballots;
using Polyphony.Web.Tests.Rooms;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Votes;

public sealed class AskingTwice(TestServer server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Where_answers_went_is_fixed_at_the_second_closing_and_the_marks_are_erased()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "twice");
        (SessionId before, SessionId after) = await PlanAsync(day);
        string[] codes = [await day.LinkAsync(1), await day.LinkAsync(2), await day.LinkAsync(3), await day.LinkAsync(4)];
        await OpenAsync(day, before, "open");
        await CastAsync(codes[0], before, 1);
        await CastAsync(codes[0], before, 0);
        await CastAsync(codes[1], before, 0);
        await CastAsync(codes[2], before, 1);
        await OpenAsync(day, before, "close");
        List<Ballot> between = await BallotsAsync(before);
        Assert.Equal(3, between.Select(ballot => Convert.ToHexString(ballot.Pair!)).Distinct().Count());
        Assert.All(between, ballot => Assert.True(ballot.Locator is null && ballot.Strata is null));

        await OpenAsync(day, after, "open");
        await CastAsync(codes[0], after, 1);
        await CastAsync(codes[1], after, 0);
        await CastAsync(codes[3], after, -1);
        await OpenAsync(day, after, "close");
        PairCount count = await server.WithDbAsync(db => db.PairCounts.AsNoTracking().SingleAsync(c => c.SessionId == after, Stop));
        PairedFlow flow = Assert.Single(JsonSerializer.Deserialize<PairedFlow[]>(count.FlowsJson)!);
        Assert.Equal(["1,1,0", "0,0,0", "0,0,0"], flow.Counts.Select(row => string.Join(',', row)));
        List<Ballot> closed = [.. await BallotsAsync(before), .. await BallotsAsync(after)];
        Assert.Equal(6, closed.Count);
        Assert.All(closed, ballot => Assert.True(ballot.Pair is null && ballot.Locator is null));
        Assert.Empty(between.Select(ballot => Convert.ToHexString(ballot.Key)).Intersect(closed.Select(ballot => Convert.ToHexString(ballot.Key))));
    }

    [Fact]
    public async Task What_the_server_keeps_of_a_link_does_not_make_its_mark()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "mark");
        (SessionId before, _) = await PlanAsync(day);
        string code = await day.LinkAsync(1);
        await OpenAsync(day, before, "open");
        await CastAsync(code, before, 0);
        byte[] mark = Assert.Single(await BallotsAsync(before)).Pair!;
        byte[] subject = [.. "pair"u8, .. before.Value.ToByteArray()];
        Assert.Equal(HMACSHA256.HashData(Encoding.UTF8.GetBytes(code), subject), mark);
        foreach (byte[] known in (byte[][])[SHA256.HashData(Encoding.UTF8.GetBytes(code)), (await day.PersonAsync(1)).Id.Value.ToByteArray(), before.Value.ToByteArray()])
        {
            Assert.NotEqual(HMACSHA256.HashData(known, subject), mark);
        }
    }

    [Fact]
    public async Task The_second_asking_opens_after_the_first_is_closed()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "order");
        (SessionId before, SessionId after) = await PlanAsync(day);
        Assert.EndsWith("notice=before-first", (await OpenAsync(day, after, "open")).Path, StringComparison.Ordinal);
        await OpenAsync(day, before, "open");
        await OpenAsync(day, before, "close");
        await OpenAsync(day, after, "open");
        Assert.Equal(BallotState.Open, await server.WithDbAsync(db => db.SiteBallots.Where(ballot => ballot.SessionId == after).Select(ballot => ballot.State).SingleAsync(Stop)));
    }

    [Fact]
    public async Task Questions_asked_twice_stay_as_they_are()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "still");
        (SessionId before, SessionId after) = await PlanAsync(day);
        string page = day.Base + "/agenda";
        foreach (SessionId session in (SessionId[])[before, after])
        {
            QuestionId question = await server.WithDbAsync(db => db.Questions.Where(q => q.SessionId == session).Select(q => q.Id).SingleAsync(Stop));
            Page changed = await day.Organiser.SubmitAsync(page, $"{page}/questions/{question}", ("kind", "SingleChoice"), ("text.en", "Other?"), ("options.en", "a\nb"));
            Assert.EndsWith("problem=paired", changed.Path, StringComparison.Ordinal);
            Assert.EndsWith("problem=paired", (await day.Organiser.SubmitAsync(page, $"{page}/questions/{question}/delete")).Path, StringComparison.Ordinal);
            Assert.EndsWith("problem=paired", (await day.Organiser.SubmitAsync(page, $"{page}/sessions/{session}/questions/new", ("kind", "SingleChoice"), ("text.en", "More?"), ("options.en", "a\nb"))).Path, StringComparison.Ordinal);
        }

        Assert.EndsWith("problem=paired", (await day.Organiser.SubmitAsync(page, $"{page}/sessions/{before}/delete")).Path, StringComparison.Ordinal);
        Assert.EndsWith("problem=not-again", (await day.Organiser.SubmitAsync(page, $"{page}/sessions/{before}/again")).Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Giving_up_the_second_asking_erases_the_marks()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "given-up");
        (SessionId before, SessionId after) = await PlanAsync(day);
        await OpenAsync(day, before, "open");
        await CastAsync(await day.LinkAsync(1), before, 0);
        await OpenAsync(day, before, "close");
        Assert.NotNull(Assert.Single(await BallotsAsync(before)).Pair);
        string page = day.Base + "/agenda";
        await day.Organiser.SubmitAsync(page, $"{page}/sessions/{after}/delete");
        Assert.Null(Assert.Single(await BallotsAsync(before)).Pair);
        Assert.EndsWith("problem=not-again", (await day.Organiser.SubmitAsync(page, $"{page}/sessions/{before}/again")).Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_vote_has_no_mark()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "unmarked");
        SessionId session = await day.BallotAsync(1, "open");
        await CastAsync(await day.LinkAsync(1), session, 0);
        Assert.Null(Assert.Single(await BallotsAsync(session)).Pair);
    }

    [Fact]
    public async Task An_agenda_file_carries_both_askings()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "filed");
        await PlanAsync(day);
        HttpResponseMessage file = await day.Organiser.GetAsync(day.Base + "/agenda/agenda.json");
        byte[] agenda = await file.Content.ReadAsByteArrayAsync(Stop);
        using DialogueOfTheDay other = await DialogueOfTheDay.MakeAsync(server, "reader");
        await other.Organiser.UploadAsync(other.Base + "/agenda", other.Base + "/agenda/import", "file", "agenda.json", agenda);
        List<Session> read = await server.WithDbAsync(db => db.Sessions.AsNoTracking().Include(s => s.Questions).Where(s => s.DialogueId == other.Dialogue.Id && s.Kind != SessionKind.Vote).OrderBy(s => s.Position).ToListAsync(Stop));
        Assert.Equal([SessionKind.Before, SessionKind.After], read.Select(s => s.Kind));
        Assert.Equal((read[0].Id, read[0].Questions[0].Text), (read[1].BeforeId!.Value, read[1].Questions[0].Text));
        foreach ((string broken, string sentence) in ((string, string)[])[
            ("""{"sessions":[{"title":{"en":"A"},"kind":"after"}]}""", "asks again what no session before it asks"),
            ("""{"sessions":[{"title":{"en":"A"},"kind":"before"}]}""", "needs questions"),
            ("""{"sessions":[{"title":{"en":"A"},"kind":"poll"}]}""", "The kind of a session is before or after")])
        {
            Page refused = await other.Organiser.UploadAsync(other.Base + "/agenda", other.Base + "/agenda/import", "file", "agenda.json", Encoding.UTF8.GetBytes(broken));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
            Assert.Contains(sentence, refused.Text, StringComparison.Ordinal);
        }
    }

    /// <summary>Makes the first session a questionnaire that is asked again at the end.</summary>
    private async Task<(SessionId Before, SessionId After)> PlanAsync(DialogueOfTheDay day)
    {
        SessionId before = (await day.SessionAsync(1)).Id;
        await server.WithDbAsync(db => db.Sessions.Where(s => s.Id == before).ExecuteUpdateAsync(set => set.SetProperty(s => s.Kind, SessionKind.Before), Stop));
        Page agenda = await day.Organiser.SubmitAsync(day.Base + "/agenda", $"{day.Base}/agenda/sessions/{before}/again");
        Assert.Contains("The same questions again", agenda.Text, StringComparison.Ordinal);
        return (before, await server.WithDbAsync(db => db.Sessions.Where(s => s.BeforeId == before).Select(s => s.Id).SingleAsync(Stop)));
    }

    private static Task<Page> OpenAsync(DialogueOfTheDay day, SessionId session, string verb) => day.Organiser.SubmitAsync(day.Base + "/room", $"{day.Base}/sessions/{session}/{verb}");

    private Task<List<Ballot>> BallotsAsync(SessionId session) => server.WithDbAsync(db => db.Ballots.AsNoTracking().Where(ballot => ballot.SessionId == session).ToListAsync(Stop));

    /// <summary>Votes by the JSON door; −1 is "don't know".</summary>
    private async Task CastAsync(string code, SessionId session, int answer)
    {
        Question question = await server.WithDbAsync(db => db.Questions.AsNoTracking().Include(q => q.Options.OrderBy(option => option.Position)).SingleAsync(q => q.SessionId == session, Stop));
        using HttpClient phone = new() { BaseAddress = server.Address };
        using HttpRequestMessage request = new(HttpMethod.Post, $"/api/v1/sessions/{session}/ballot")
        {
            Content = JsonContent.Create(new { answers = new[] { new { question = question.Id.ToString(), options = answer < 0 ? [] : new[] { question.Options[answer].Id.ToString() } } } }),
        };
        request.Headers.Authorization = new("Bearer", code);
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString("N"));
        using HttpResponseMessage stored = await phone.SendAsync(request, Stop);
        Assert.Equal(HttpStatusCode.OK, stored.StatusCode);
    }
}
